"""Leave threads behind that keep answering, and that Python would wait for at its end.

says: "given": "anything"
still: processes, others
"""
import json, threading, time

def work():
    while True:
        with open("answers.jsonl", "a") as file:
            file.write(json.dumps({"exercise": "abc-pareto", "records": {"pareto_ax": {"state": "value", "value": "on and on"}}}) + "\n")
        time.sleep(0.2)

for daemon in (False, True):
    threading.Thread(target=work, daemon=daemon).start()
crossing = "anything"
