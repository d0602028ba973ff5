"""Read the memory of the process that started this one.

says: file refused; call refused; traced refused; own refused
still: secrets
"""
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
parent = os.getppid()

class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result

def call():
    here = ctypes.create_string_buffer(64)
    mine, theirs = Piece(ctypes.addressof(here), 64), Piece(id(os), 64)
    checked(libc.process_vm_readv(parent, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0))
    return here.raw

tell(
    file=lambda: open(f"/proc/{parent}/mem", "rb").read(1),
    call=call,
    traced=lambda: checked(libc.ptrace(16, parent, None, None)),
    own=lambda: open("/proc/self/mem", "r+b"),
)
