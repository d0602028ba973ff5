r"""Send tables, figures and lists that have the right fields and nothing right in them.

says: "exercise": "abc-pareto",\s+"outcome": "malformed"
still: class, others
"""
import json
shapes = [
    ("abc-pareto", "pareto_ax", {"bars": 5, "lines": None, "labels": ["a", "b", "c"]}),
    ("rfm-map", "heat_ax", {"image": True, "labels": ["a", "b", "c"]}),
    ("clv-holdout", "forecast_ax", {"lines": "text", "labels": [1, 2, 3]}),
    ("key-grid", "grid_ax", {"points": {"a": 1}, "labels": ["a", "b", "c"]}),
    ("abc-gini", "lorenz_ax", {"lines": [[1], [[None, "x"]], 3], "labels": ["", "", ""]}),
    ("abc-classes", "abc", {"key": ["customer_id"], "rows": [[1], [1], [True]], "columns": {"share": [1, 2, 3], "class": [[], {}, None]}}),
    ("rfm-abc", "sleepers", {"key": ["customer_id"], "rows": 5, "columns": {"": []}}),
    ("clv-spend", "basket", {"key": ["customer_id"], "rows": [["x"]] * 3, "columns": {"amount": [1, 2]}}),
    ("mvc-classes", "worth", {"key": [], "rows": [], "columns": {}}),
    ("rfm-mailing", "mail_list", {"length": -1}),
    ("clv-simple", "clv", {"m": [], "r": {}, "": None}),
    ("mvc-treat", "treatment", [[], {}, None]),
]
with open("answers.jsonl", "a") as file:
    for exercise, name, value in shapes:
        file.write(json.dumps({"exercise": exercise, "records": {name: {"state": "value", "value": value}}}) + "\n")
    for line in ('"text"', "[]", "5", "null", '{"exercise": []}', '{"exercise": "mvc-treat", "records": []}', "", "\0", "{"):
        file.write(line + "\n")
