"""The runner's end of the warm process (``zygote``)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..core.errors import CrmError
from .box import PACKAGE, PLAIN_VARIABLE, READ_VARIABLE, BoxError, Limits

MESSAGE = 1 << 16
START = 180.0
# This very package, but nothing beside it before what is installed.
CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import crm_exercises; sys.path.append(sys.path.pop(0));"
    "from crm_exercises.grading.zygote import main; main()"
)


class GoneError(Exception):
    """The process that ran notebooks is no more."""


class EngineError(CrmError):
    """The process that runs notebooks does not start."""


class Warm:
    """A running warm process; raises ``BoxError`` if it cannot lock notebooks in.

    It is started as a program of its own, not forked, so that nothing of this process's memory is in it.
    """

    def __init__(self, root: Path, limits: Limits, settings: Mapping[str, Any], env: Mapping[str, str]) -> None:
        empty = root / "empty"
        empty.mkdir(exist_ok=True)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channel = ours
        told = json.dumps({**settings, "limits": asdict(limits)})
        with theirs, (root / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", CODE, os.fspath(PACKAGE.parent), str(theirs.fileno()), told],
                pass_fds=[theirs.fileno()],
                cwd=empty,
                env={**_environment(empty), **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            [ready] = self.messages(START)
        except (GoneError, ValueError):
            ready = {}
        self.box = str(ready.get("box", ""))
        if not ready.get("ready"):
            self.close()
            if "walls" in ready:
                raise BoxError("box.missing", reason=ready["walls"])
            last = (root / "log").read_text(errors="replace").strip().splitlines()[-1:]
            raise EngineError("runner.start", reason=ready.get("failed") or (last or ["it does not answer"])[0])

    def send(self, number: int, folder: Path) -> None:
        """Start the notebook in ``folder``."""
        try:
            self.channel.send(json.dumps({"number": number, "folder": os.fspath(folder)}).encode())
        except OSError:
            raise GoneError from None

    def messages(self, seconds: float) -> list[dict[str, Any]]:
        """Return what has come within ``seconds``."""
        self.channel.settimeout(seconds)
        try:
            message = self.channel.recv(MESSAGE)
        except TimeoutError:
            return []
        except OSError:
            raise GoneError from None
        if not message:
            raise GoneError
        return [json.loads(message)]

    def close(self) -> None:
        """Hang up; it ends its notebooks and itself. If it does not, it is ended, and its notebooks with it."""
        self.channel.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _environment(empty: Path) -> dict[str, str]:
    """Return an environment with nothing of this process's but where the course lies.

    One thread for numerical libraries: a process that forks must not have more, and notebooks run side by side.
    """
    one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB")}
    names = ("CRM_HOME", READ_VARIABLE, PLAIN_VARIABLE, "TZ")
    passed = {name: os.environ[name] for name in names if name in os.environ}
    return {
        **one,
        **passed,
        "HOME": os.fspath(empty),
        "IPYTHONDIR": os.fspath(empty / "ipython"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        # Otherwise each thread sets aside address space, which is what the memory limit counts.
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": os.fspath(empty / "matplotlib"),
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "TMPDIR": os.fspath(empty),
        "USER": "student",
    }
