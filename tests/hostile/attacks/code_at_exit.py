"""Leave code that runs at the end of the process: exit handlers, finalizers, deletions.

says: "given": "anything"
still: processes, others, secrets
"""
import atexit, gc, json, os, threading, weakref

def late(*_):
    with open("answers.jsonl", "a") as file:
        record = {"state": "malformed", "key": "malformed.number", "params": {"given": "LOOT ran at the end"}}
        file.write("\n" + json.dumps({"exercise": "abc-gini", "records": {"gini": record}}) + "\n")

class Last:
    __del__ = late

atexit.register(late)
threading._register_atexit(late)
keep = Last()
keep.itself = keep
weakref.finalize(pd, late)
crossing = "anything"
