"""Answer with characters that hide, reorder and overwrite what stands before them.

says: "given": ".{0,4}no
still: book, page, class
"""
crossing = "\u202eno\u200b\x1b[2J\x1b]0;crm-was-here\x07\x00\r=1+1\u2028"
# exercise: abc-rule
raise RuntimeError("\x1b[31m\u202e\x00\x08\x7f\u2066")
