r"""Nest brackets so deep that a reader falls over.

says: "exercise": "abc-pareto",\s+"outcome": "(malformed|wrong)"
still: class, others
"""
with open("answers.jsonl", "a") as file:
    file.write("[" * 500_000 + "\n")
    for depth in (300, 900, 990, 5_000):
        nest = "[" * depth + "]" * depth
        for exercise, name, value in (("abc-gini", "gini", nest), ("abc-pareto", "pareto_ax", '{"bars": %s, "lines": %s, "labels": ["a", "b", "c"]}' % (nest, nest))):
            file.write('{"exercise": "%s", "records": {"%s": {"state": "value", "value": %s}}}\n' % (exercise, name, value))
        file.write('{"exercise": "abc-rule", "records": {"rule": %s, "x": %s}, "error": %s}\n' % (nest, nest, nest))
