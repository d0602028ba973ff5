"""Delete the submissions of the class, the results and the salt.

says: submission refused; folder refused; results refused; salt refused; renamed refused
still: others, files
"""
import shutil
from pathlib import Path
base = Path.cwd().parents[3]
tell(
    submission=lambda: (base / "class" / "20260001-perfect.ipynb").unlink(),
    folder=lambda: shutil.rmtree(base / "class"),
    results=lambda: shutil.rmtree(base / "out"),
    salt=lambda: (base / "salt").unlink(),
    renamed=lambda: (base / "class").rename(base / "crm-was-here"),
)
