"""Send deadly signals to the parent, to the group, to everybody.

says: parent refused; first PermissionError; group PermissionError; everybody PermissionError; queued OSError; by_handle OSError
still: others, processes
"""
import ctypes, os, signal
parent = os.getppid()
libc = ctypes.CDLL(None, use_errno=True)

def checked(result):
    if result < 0:
        raise OSError

tell(
    parent=lambda: os.kill(parent, signal.SIGKILL),
    first=lambda: os.kill(1, signal.SIGKILL),
    group=lambda: os.killpg(os.getpgid(parent), signal.SIGKILL),
    everybody=lambda: os.kill(-1, signal.SIGKILL),
    queued=lambda: checked(libc.sigqueue(parent, 9, None)),
    by_handle=lambda: checked(libc.syscall(ctypes.c_long(434), parent, 0)),
)
