"""The second wall, where the system grants it: the warm process and its children live in namespaces of their own.

In there is no network, no process but theirs, and nothing to share memory with. It is built once, before anything is
imported, so it costs a notebook nothing. Many systems forbid it (containers, hardened kernels); the first wall holds
without it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

from .box import PLAIN_VARIABLE

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
ALL = NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
NAMES = "net, pid, ipc, uts, mount"


def enter(keep: int) -> str:
    """Move this process into new namespaces if the system allows it, and say which; empty if it does not.

    The caller goes on as process 1 of the new world, in a child; the process that called stays behind as its guard and
    ends with it. ``keep`` is a descriptor that only the child shall hold.
    """
    if os.environ.get(PLAIN_VARIABLE) or not _allowed():
        return ""
    user = _unshare()
    child = os.fork()
    if child:
        os.close(keep)
        _guard(child)
    # Ends with its guard. Seen from in here the guard has the number 0.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    _mount_proc()
    return f"{NAMES}, user" if user else NAMES


def _allowed() -> bool:
    """Try all of it in a child: some of it can only be seen to fail when half of it is done."""
    child = os.fork()
    if not child:
        try:
            _unshare()
            inner = os.fork()
            if not inner:
                _mount_proc()
                os._exit(0 if os.getpid() == 1 and Path("/proc/1/fd").exists() else 1)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _unshare() -> bool:
    """Make the namespaces; as root without a user namespace if possible, otherwise with one. Says if with one."""
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0 and _call("unshare", ctypes.c_int(ALL)):
        return False
    if not _call("unshare", ctypes.c_int(ALL | NEWUSER)):
        raise OSError("no namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return True


def _mount_proc() -> None:
    """Give the process list of the new world; nothing of this reaches the old one's mounts."""
    if not (
        _call("mount", None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
        and _call("mount", b"proc", b"/proc", b"proc", ctypes.c_ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC), None)
    ):
        raise OSError("cannot mount /proc")


def _call(name: str, *args: object) -> bool:
    return not getattr(ctypes.CDLL(None, use_errno=True), name)(*args)


def _guard(child: int) -> None:
    """Wait for ``child`` and end as it did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stderr.flush()
    os._exit(code if code >= 0 else 128 - code)
