"""Read the secret that chooses the data, the other submissions and the results.

says: salt PermissionError; own_salt refused; submissions PermissionError; results PermissionError; home PermissionError
still: secrets
"""
import os
from pathlib import Path
base = Path.cwd().parents[3]
tell(
    salt=lambda: (base / "salt").read_text(),
    own_salt=lambda: (base / "out" / "salt.txt").read_text(),
    submissions=lambda: os.listdir(base / "class"),
    results=lambda: os.listdir(base / "out" / "results"),
    home=lambda: (base / "home" / "canary.txt").read_text(),
)
