"""Start processes that go on when the notebook has ended.

says: fork PermissionError; spawn PermissionError; program (PermissionError|SubprocessError); pool refused; pty refused; clone OSError
still: processes
"""
import ctypes, multiprocessing, os, pty, subprocess, sys, time

def daemon():
    if os.fork() == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
    return "started"

def clone():
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.syscall(ctypes.c_long(56), ctypes.c_ulong(17), None, None, None, None)
    if made == 0:
        time.sleep(30)
        os._exit(0)
    if made < 0:
        raise OSError
    return made

tell(
    fork=daemon,
    spawn=lambda: os.posix_spawn("/bin/sleep", ["sleep", "30"], {}),
    program=lambda: subprocess.Popen(["sleep", "30"], start_new_session=True),
    pool=lambda: multiprocessing.get_context("fork").Pool(1),
    pty=pty.fork,
    clone=clone,
)
