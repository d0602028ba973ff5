"""Look for secrets in the environment, by Python and in the memory where the process got it.

says: variables 0; in memory 0
still: secrets
"""
import ctypes, os
found = [name for name, value in os.environ.items() if "canary" in f"{name}{value}".lower() or "SALT" in name]
libc = ctypes.CDLL(None)
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
place, memory = 0, []
while environ[place]:
    memory += [environ[place]] if b"canary" in environ[place].lower() else []
    place += 1
crossing = f"variables {len(found)}; in memory {len(memory)}" + "LOOT" * bool(found or memory)
