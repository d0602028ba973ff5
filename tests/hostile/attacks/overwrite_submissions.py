"""Overwrite the submissions of the class, the results and the salt.

says: submission PermissionError; truncated refused; salt PermissionError; result PermissionError; moved refused
still: others, files
"""
import os
from pathlib import Path
base = Path.cwd().parents[3]
own = Path("own.ipynb")
own.write_text("{}")
tell(
    submission=lambda: (base / "class" / "20260001-perfect.ipynb").write_text("crm-was-here"),
    truncated=lambda: os.truncate(base / "class" / "20260001-perfect.ipynb", 0),
    salt=lambda: (base / "salt").write_text("crm-was-here"),
    result=lambda: (base / "out" / "results" / "20260003.json").write_text("crm-was-here"),
    moved=lambda: own.replace(base / "class" / "20260001-perfect.ipynb"),
)
