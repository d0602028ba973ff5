"""Raise one's own limits, those of the parent, and one's priority.

says: memory (ValueError|PermissionError|OSError); files (ValueError|PermissionError|OSError); parent refused; nice PermissionError; user PermissionError; filter OSError; spaces OSError
still: others
"""
import ctypes, os, resource
libc = ctypes.CDLL(None, use_errno=True)

def checked(result):
    if result < 0:
        raise OSError

tell(
    memory=lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    files=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1)),
    parent=lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3)),
    nice=lambda: os.nice(-5),
    user=lambda: os.setuid(0),
    filter=lambda: checked(libc.prctl(22, 2, 0, 0, 0)),
    spaces=lambda: checked(libc.unshare(0x10000000)),
)
