"""Run other programs: by a shell, by IPython's marks, in place of the notebook's own process.

says: system refused; shell refused; mark (PermissionError|OSError|ValueError); replaced PermissionError; by_c OSError; file False
still: processes, files
"""
import ctypes, os, subprocess, sys
from pathlib import Path

def system(command):
    if os.system(command) != 0:
        raise OSError

def by_c():
    if ctypes.CDLL(None).system(b"touch ran") != 0:
        raise OSError

class Missing(Exception): pass
Missing.__name__ = "False"

def file():
    if not Path("ran").exists():
        raise Missing

tell(
    system=lambda: system("touch ran"),
    shell=lambda: subprocess.run("touch ran", shell=True, check=True),
    mark=lambda: get_ipython().getoutput("touch ran"),
    replaced=lambda: os.execv(sys.executable, [sys.executable, "-c", "open('ran', 'w')"]),
    by_c=by_c,
    file=file,
)
