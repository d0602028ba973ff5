"""The box: what a process gives up, for good, before it runs a student's code.

First wall, in the process itself: Landlock (files), seccomp (system calls), resource limits, no privileges. Any user
of Linux 5.13 or later can build it. ``enter`` builds it, ``probe`` tries it.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import CrmError
from ..core.paths import ROOT
from . import landlock, seccomp

MIB = 1 << 20
PACKAGE = Path(__file__).resolve().parents[1]
# More folders to read, separated like PATH.
READ_VARIABLE = "CRM_BOX_READ"
# Anything in it: do without the second wall (``namespaces``).
PLAIN_VARIABLE = "CRM_BOX_PLAIN"

SYSTEM = (
    "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/nix/store", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/usr/share/locale",
    "/usr/share/mime", "/usr/share/misc", "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/mime.types",
    "/etc/fonts", "/sys/devices/system/cpu", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
    "/dev/urandom", "/dev/random",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
# Opened by the boxed process itself, so "self" is itself. Numerical libraries look for one another there.
OWN = ("/proc/self/maps", "/proc/cpuinfo", "/proc/meminfo")
# Not the whole of "share": where the prefix is somebody's ~/.local, their Jupyter tokens are in it.
OF_PREFIX = (
    "lib", "lib64", "fonts", "share/fonts", "share/zoneinfo", "share/locale", "share/mime", "pyvenv.cfg",
)  # fmt: skip


class BoxError(CrmError):
    """Student code cannot be locked in on this machine."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may use. Sizes are in bytes, times in seconds."""

    wall: float = 120.0
    cell: float = 60.0
    cpu: int = 90
    memory: int = 2048 * MIB
    file: int = 32 * MIB
    folder: int = 64 * MIB
    files: int = 1000
    output: int = 8 * MIB
    answers: int = 4 * MIB
    open_files: int = 256
    threads: int = 64


def readable(extra: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Return what a notebook needs to read here: interpreter, libraries, fonts, time zones, the package, the data.

    Raises ``OSError`` if that would show the course source, e.g. because it lies inside a library folder.
    """
    prefixes = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    wanted = {Path(path) for path in SYSTEM}
    wanted |= {prefix / part for prefix in prefixes - {Path("/"), Path("/usr")} for part in OF_PREFIX}
    wanted |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    wanted |= {Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    wanted |= {PACKAGE, ROOT / "datasets", *extra}
    wanted |= {Path(path) for path in os.environ.get(READ_VARIABLE, "").split(os.pathsep) if path}
    found = {path.resolve() for path in wanted if path.exists()}
    for secret in (ROOT / "course", ROOT / "solutions", ROOT / "notebooks"):
        for path in found:
            if secret.is_relative_to(path):
                raise OSError(f"{path} would show {secret}")
    return tuple(sorted(path for path in found if not any(other in found for other in path.parents)))


def enter(folder: Path, limits: Limits, read: Iterable[Path]) -> None:
    """Lock this process into ``folder``. Raises ``OSError`` if a wall cannot be built; then nothing must be run.

    The process must have one thread only: Landlock and seccomp bind the thread that calls and those made later.
    """
    _limit(limits)
    _prctl(38, 1)  # PR_SET_NO_NEW_PRIVS
    landlock.restrict([*read, *map(Path, OWN)], write=[folder], devices=map(Path, DEVICES))
    _drop_privileges()
    seccomp.install(os.getpid())


def _limit(limits: Limits) -> None:
    import resource

    # The address space of the warm parent is shared and not this notebook's doing.
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    space = pages * resource.getpagesize() + limits.memory
    for what, soft, hard in (
        (resource.RLIMIT_AS, space, space),
        (resource.RLIMIT_CPU, limits.cpu, limits.cpu + 1),
        (resource.RLIMIT_FSIZE, limits.file, limits.file),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_STACK, 8 * MIB, 8 * MIB),
        (resource.RLIMIT_MEMLOCK, 65536, 65536),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_NPROC, *(2 * [_processes_now() + limits.threads])),
    ):
        most = resource.getrlimit(what)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(what, (soft, hard))


def _processes_now() -> int:
    # The limit counts all processes of the user, so it must leave room for what runs already. Root is exempt from it:
    # there the filter (no processes) and the supervisor (threads) do the counting.
    return int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])


def _drop_privileges() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, ctypes.c_ulong(capability), 0, 0, 0)  # PR_CAPBSET_DROP, refused where there is nothing to drop
    libc.prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "cannot drop privileges")


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def die_with(parent: int) -> None:
    """Make this process end when its parent, the process ``parent``, ends."""
    _prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Make processes whose parent ends below this one its own children, so that none gets away."""
    _prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
