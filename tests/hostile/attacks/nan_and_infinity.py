r"""Answer with what is no number, in every spelling that JSON readers take.

says: "exercise": "abc-gini",\s+"outcome": "(malformed|unattempted)"
still: class, others
"""
with open("answers.jsonl", "a") as file:
    for number in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "nan", "9" * 5000):
        file.write('{"exercise": "abc-gini", "records": {"gini": {"state": "value", "value": %s}}}\n' % number)
    file.write('{"exercise": "abc-rule", "records": {"rule": {"state": "value", "value": {"top20": 1e999, "top25": true, "need80": null}}}}\n')
abc = pd.DataFrame({"customer_id": ["1", "2"], "share": [np.nan, np.inf], "class": [None, pd.NA]})
crossing = float("nan")
