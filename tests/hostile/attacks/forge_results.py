"""Write result files, a gradebook and manual marks where marking might look for them.

says: page refused; book PermissionError; result PermissionError; manual PermissionError
still: others, files
"""
import json, os
from pathlib import Path
base = Path.cwd().parents[3]
forged = json.dumps({"format": 1, "student": "20260001", "total": 96, "marks": 96, "status": "graded", "exercises": [], "earned": 96})
for name in ("results/20260001.json", "feedback/20260001.html", "gradebook.csv", "overrides.csv", "report.jsonl", "notebook.json"):
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(forged)
tell(
    page=lambda: (base / "out" / "feedback" / "crm-was-here.html").write_text(forged),
    book=lambda: (base / "out" / "gradebook.csv").write_text(forged),
    result=lambda: (base / "out" / "results" / "20260001.json").write_text(forged),
    manual=lambda: (base / "out" / "overrides.csv").write_text("student,exercise,marks\n20260001,abc-classes,5\n"),
    notebook=lambda: (Path.cwd().parent / "notebook.json").write_text(forged),
    report=lambda: os.truncate("../report.jsonl", 0),
)
