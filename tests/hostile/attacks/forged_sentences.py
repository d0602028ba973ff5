"""Send messages of the package itself: unknown ones, without their words, with words that reach into Python.

says: malformed.unreadable
still: class, page, secrets
"""
import json
words = {"given": "{0.__class__.__init__.__globals__}", "type": "{say.__globals__[catalogue]}", "0": "%s%n", "limit": "{limit!r:>99999999}", "lang": "en", "key": "x"}
forged = [("malformed.number", {}), ("malformed.number", words), ("malformed.large", words), ("malformed.nothing", words), ("check.mistake", {"sentence": {"zh": "满分", "en": "LOOT"}}),
          ("malformed.{0.__class__}", {}), ("malformed.key", {"key": {"key": "check.correct", "params": {}}}), (None, words), (["malformed.number"], None), ("malformed.unreadable", {"error": words})]
places = [("abc-gini", "gini"), ("abc-classes", "crossing"), ("abc-classes", "abc"), ("abc-rule", "rule"), ("rfm-abc", "asleep"),
          ("rfm-map", "segments"), ("rfm-mailing", "response"), ("clv-simple", "clv"), ("mvc-treat", "treatment"), ("level-decide", "net")]
with open("answers.jsonl", "a") as file:
    for (exercise, name), (key, params) in zip(places, forged, strict=True):
        file.write(json.dumps({"exercise": exercise, "records": {name: {"state": "malformed", "key": key, "params": params}}}) + "\n")
