"""Read the course and its solutions by every means of opening a file.

says: listed PermissionError; opened PermissionError; solved PermissionError; by_pandas PermissionError; by_number PermissionError; by_c refused; by_sqlite OperationalError
still: secrets
"""
import ctypes, os, sqlite3
from pathlib import Path
from crm_exercises.core.paths import ROOT
source = ROOT / "course" / "ch06_value.md"

def by_c():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.open(os.fsencode(source), 0) < 0:
        raise OSError(ctypes.get_errno(), "open")

tell(
    listed=lambda: os.listdir(ROOT / "course"),
    opened=lambda: source.read_text(),
    solved=lambda: (ROOT / "solutions" / "zh" / "ch06_value.ipynb").read_text(),
    by_pandas=lambda: pd.read_csv(source, sep="\0"),
    by_number=lambda: np.fromfile(source, dtype="uint8"),
    by_c=by_c,
    by_sqlite=lambda: sqlite3.connect(source).execute("select * from x"),
)
