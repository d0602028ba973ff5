"""Trying the box: in a locked-in child, do everything that must be refused, and the little that must work."""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..core.paths import ROOT
from . import box, landlock, seccomp


@dataclass(frozen=True)
class Probe:
    """What stands. ``holes`` maps what should have been refused (or should have worked) to what happened instead."""

    landlock: int
    seccomp: bool
    namespaces: str = ""
    tried: int = 0
    holes: dict[str, str] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether student code can be run in the box here."""
        return self.landlock > 0 and self.seccomp and self.tried > 0 and not self.holes

    @property
    def walls(self) -> str:
        """The walls in a line, for a report."""
        first = f"Landlock {self.landlock}, seccomp, limits, no privileges"
        return f"{first}; namespaces: {self.namespaces}" if self.namespaces else first

    @property
    def reason(self) -> str:
        """Why the box does not stand, in a line."""
        found = [] if sys.platform == "linux" else [f"the system is {sys.platform}, not Linux"]
        if not self.landlock:
            found.append(f"no Landlock (kernel {platform.release()}; it needs 5.13 and lsm=landlock)")
        if not self.seccomp:
            found.append(f"no seccomp table for {platform.machine()}")
        return "; ".join(found + [f"{what}: {how}" for what, how in self.holes.items()])


def probe(read: Iterable[Path] = ()) -> Probe:
    """Try the box in a fresh process and say what stands."""
    if sys.platform != "linux":
        return Probe(0, False)
    code = (
        "import sys; sys.path.append(sys.argv.pop(1)); from crm_exercises.grading import namespaces, probe;"
        "import json, os, pathlib; from dataclasses import asdict;"
        "spare = os.open('/dev/null', 0); inside = namespaces.enter(spare);"
        "print(json.dumps(asdict(probe.probe_here(map(pathlib.Path, sys.argv[1:]), inside))))"
    )
    command = [sys.executable, "-P", "-c", code, str(box.PACKAGE.parent), *map(os.fspath, read)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    try:
        return Probe(**json.loads(ran.stdout))
    except (ValueError, TypeError):
        last = (ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1]
        return Probe(landlock.version(), seccomp.supported(), holes={"the trial": last})


def probe_here(read: Iterable[Path] = (), namespaces: str = "") -> Probe:
    """Try the box in a fork of this process, which must have one thread."""
    abi, table = landlock.version(), seccomp.supported()
    if not (abi and table):
        return Probe(abi, table, namespaces)
    with tempfile.TemporaryDirectory(prefix="crm-probe-") as folder:
        outside, inside = Path(folder, "outside"), Path(folder, "inside")
        inside.mkdir()
        outside.write_text("secret")
        outside.chmod(0o600)
        out, into = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(out)
                _try_all(into, outside, inside, tuple(read))
            finally:
                os._exit(0)
        os.close(into)
        with open(out, "rb") as pipe:  # noqa: PTH123 - a descriptor, not a path
            lines = [json.loads(line) for line in pipe.read().splitlines()]
        os.waitpid(child, 0)
        holes = {what: how for what, how in lines if how}
        if lines[-1:] != [["end", ""]]:
            holes["the trial"] = f"broke off after {lines[-1][0] if lines else 'nothing'}"
        if outside.read_text() != "secret" or outside.stat().st_mode & 0o777 != 0o600:
            holes["changing a file outside"] = "went through"
        return Probe(abi, table, namespaces, len(lines), holes)


def _try_all(report: int, outside: Path, inside: Path, read: tuple[Path, ...]) -> None:
    def tell(what: str, how: str) -> None:
        os.write(report, json.dumps([what, how]).encode() + b"\n")

    limits = box.Limits()
    try:
        os.chdir(inside)
        box.enter(inside, limits, box.readable(read))
    except BaseException as error:
        tell("building the box", f"{type(error).__name__}: {error}")
        return
    for what, act in needed(inside).items():
        try:
            act()
            tell(what, "")
        except BaseException as error:
            tell(what, f"does not work: {error}")
    for what, act in refused(outside, inside, limits, os.getppid()).items():
        try:
            act()
            tell(what, "went through")
        except (OSError, MemoryError, ValueError):
            tell(what, "")
    tell("end", "")


def needed(inside: Path) -> dict[str, Callable[[], object]]:
    """Return what must work in the box."""

    def thread() -> None:
        started = threading.Thread(target=lambda: None)
        started.start()
        started.join()

    return {
        "writing in the folder": lambda: (inside / "file").write_text("text"),
        "reading it back": lambda: (inside / "file").read_text(),
        "reading the library": lambda: Path(os.__file__).read_bytes(),
        "a thread": thread,
        "a pair of streams": socket.socketpair,
        "a signal to itself": lambda: os.kill(os.getpid(), 0),
    }


def refused(outside: Path, inside: Path, limits: box.Limits, parent: int) -> dict[str, Callable[[], object]]:
    """Return what must be refused; each act raises ``OSError`` if it is."""
    libc = ctypes.CDLL(None, use_errno=True)
    column = seccomp.ARCHITECTURES[platform.machine()][0]
    numbers = seccomp.numbers(seccomp.REFUSED, column)

    def call(name: str, *args: int) -> None:
        if libc.syscall(ctypes.c_long(numbers[name]), *map(ctypes.c_long, args)) < 0:
            raise OSError(ctypes.get_errno(), name)

    def fork() -> None:
        if not os.fork():
            os._exit(0)

    def large_file() -> None:
        with (inside / "large").open("wb") as file:
            file.truncate(limits.file + 1)

    def many_files() -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(limits.open_files + 1):
                stack.enter_context(open(os.devnull))  # noqa: PTH123

    def chmod() -> None:
        # Pretends to succeed; the file outside is looked at afterwards.
        outside.chmod(0o4777)
        raise PermissionError

    acts: dict[str, Callable[[], object]] = {
        "reading a file outside": outside.read_text,
        "writing a file outside": lambda: outside.write_text("mine"),
        "making a file outside": lambda: (outside.parent / "new").write_text("mine"),
        "listing a folder outside": lambda: list(outside.parent.iterdir()),
        "emptying a file outside": lambda: os.truncate(outside, 0),
        "changing the rights of a file outside": chmod,
        "linking a file into the folder": lambda: (inside / "hard").hardlink_to(outside),
        "a symbolic link": lambda: (inside / "soft").symlink_to(outside),
        "a named pipe": lambda: os.mkfifo(inside / "pipe"),
        "emptying a library file": lambda: os.close(os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)),
        "the process list": lambda: list(Path("/proc").iterdir()),
        "another process's environment": Path(f"/proc/{parent}/environ").read_bytes,
        "TCP": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix sockets": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "a pair of datagram sockets": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
        "a new process": fork,
        "a signal to another process": lambda: os.kill(parent, 0),
        "a signal to everybody": lambda: os.kill(-1, 0),
        "the limits of another process": lambda: _prlimit(parent),
        "another user": lambda: os.setuid(os.getuid()),
        "too much memory": lambda: mmap.mmap(-1, limits.memory + 64 * box.MIB),
        "too large a file": large_file,
        "too many open files": many_files,
        "ptrace": lambda: call("ptrace", 0x4206, parent),
        "the memory of another process": lambda: call("process_vm_readv", parent),
    }
    plain = ("memfd_create", "unshare", "mount", "bpf", "userfaultfd", "perf_event_open", "keyctl", "io_uring_setup")
    acts |= {name: lambda name=name: call(name) for name in plain}  # type: ignore[misc]
    course = ROOT / "course"
    if course.is_dir():
        acts["the course source"] = lambda: list(course.iterdir())
    # The last one, since nothing is told after it if it goes through.
    acts["another program"] = lambda: os.execv(sys.executable, [sys.executable, "-c", ""])
    return acts


def _prlimit(pid: int) -> None:
    import resource

    resource.prlimit(pid, resource.RLIMIT_NOFILE)
