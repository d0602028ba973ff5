"""Write the same key several times, so that one reader sees this answer and another reader that one.

earns: rfm-table
says: "total": 4
still: others
"""
value = '"c_class": {"state": "value", "value": "%s"}'
line = '{"exercise": "abc-decide", "records": {%s}, "records": {%s, %s}, "exercise": "abc-decide"}' % (value % "b", value % "b", value % "a")
with open("answers.jsonl", "a") as file:
    file.write(line + "\n" + line.replace('"a"', '"b"') + "\n")
