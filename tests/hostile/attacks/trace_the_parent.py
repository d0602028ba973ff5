"""Attach to the parent as a debugger and change what it does.

says: attached OSError; seized OSError; written OSError; allowed OSError
still: others
"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
parent = os.getppid()

def checked(result):
    if result < 0:
        raise OSError

tell(
    attached=lambda: checked(libc.ptrace(16, parent, None, None)),
    seized=lambda: checked(libc.ptrace(0x4206, parent, None, None)),
    written=lambda: checked(libc.ptrace(4, parent, None, None)),
    allowed=lambda: checked(libc.prctl(0x59616D61, ctypes.c_ulong(2**64 - 1), 0, 0, 0)),
)
