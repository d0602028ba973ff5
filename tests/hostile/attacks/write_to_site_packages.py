"""Leave files where Python looks when the next process starts: site-packages, the package, its caches, the checkout.

says: start_file PermissionError; customised refused; package PermissionError; cache refused; checkout PermissionError; appended PermissionError
still: files, others
"""
import sysconfig
from pathlib import Path
import crm_exercises
from crm_exercises.core.paths import ROOT
packages, own = Path(sysconfig.get_path("purelib")), Path(crm_exercises.__file__).parent
tell(
    start_file=lambda: (packages / "crm-was-here.pth").write_text("import os"),
    customised=lambda: (packages / "sitecustomize.py").open("x").write("# crm-was-here"),
    package=lambda: (own / "crm_was_here.py").write_text("# crm-was-here"),
    cache=lambda: (own / "core" / "__pycache__" / "crm-was-here.pyc").write_bytes(b"crm-was-here"),
    checkout=lambda: (ROOT / "course" / "crm-was-here.md").write_text("crm-was-here"),
    appended=lambda: (own / "core" / "marking.py").open("a"),
)
