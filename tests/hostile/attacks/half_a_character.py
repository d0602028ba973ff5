r"""Answer with halves of characters, which JSON can carry and no file can hold.

says: "exercise": "abc-classes",\s+"outcome": "wrong"
still: class, others
"""
with open("answers.jsonl", "ab") as file:
    file.write(b'{"exercise": "abc-classes", "records": {"crossing": {"state": "value", "value": "\\ud800 \\udfff \xed\xa0\x80 \xff"}}, "error": "\\udc00"}\n')
    file.write(b'{"exercise": "abc-gini", "records": {"gini": {"state": "malformed", "key": "malformed.number", "params": {"given": "\\ud800", "\\udfff": "\\ud800"}}}}\n')
# exercise: abc-rule
raise ValueError("\ud800")
