"""Answer with objects that run code when they are written down, unpickled, copied or shown.

says: "total": 6
still: others, secrets, class
"""
import os

class Trap(pd.DataFrame):
    reached = []
    def __getattribute__(self, name):
        Trap.reached.append(name)
        raise KeyError(name)
    def __reduce__(self): return os.system, ("echo LOOT",)
    def __repr__(self): return os.environ["HOME"] * 10**6

class Text(str):
    def strip(self): raise SystemExit
    def __str__(self): raise KeyboardInterrupt

abc = Trap()
crossing = Text("x")
