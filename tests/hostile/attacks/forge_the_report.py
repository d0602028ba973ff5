"""Fill the report that says how the cells ended with faults, scripts and millions of lines.

says: "given": "anything"
still: others, page, class
"""
import json, os
for fault in ("<script>LOOT</script>", "\ud800", "{0.__class__}", {"a": [1]}):
    os.write(3, b"\n" + json.dumps({"cell": 2, "error": fault, "text": fault, "fault": fault, "cpu": "nan", "count": 10**400}).encode() + b"\n")
os.write(3, b"[" * 100_000 + b"\n" + b'{"cpu": 1e999, "cell": true}\n')
for _ in range(20):
    os.write(3, b"{}\n" * 300_000)
crossing = "anything"
