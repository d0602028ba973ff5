"""Leave start-up files for IPython, matplotlib and shells in the homes that they are read from.

says: ipython refused; matplotlib refused; parent refused; tmp PermissionError; home PermissionError
still: files, others
"""
import os
from pathlib import Path
text = "open('crm-was-here', 'w')"
folders = [Path(os.environ.get("IPYTHONDIR", "/")), Path(os.environ.get("MPLCONFIGDIR", "/"))]
base = Path.cwd().parents[3]

def made(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)

tell(
    ipython=lambda: made(folders[0] / "profile_default" / "startup" / "crm-was-here.py"),
    matplotlib=lambda: made(folders[1] / "matplotlibrc"),
    parent=lambda: made(Path.cwd().parents[1] / "empty" / "crm-was-here.py"),
    tmp=lambda: made(Path.cwd().parents[2] / "crm-was-here"),
    home=lambda: made(base / "home" / ".bashrc"),
)
