"""The temporary folder in which notebooks run: locked by its owner, and removed by the next one if the owner was killed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .watch import clear

try:
    import fcntl
except ImportError:  # Windows: nothing is locked, so nothing of others is removed
    fcntl = None  # type: ignore[assignment]

PREFIX = "crm-run-"
LOCK = "owner.lock"


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Give a new temporary folder, which is removed in the end; remove those whose owners did not come that far."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        with _locked(root):
            yield root


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the lock of ``root``; the system lets go of it when this process ends, in whatever way."""
    if not fcntl:
        yield
        return
    with (root / "lock.new").open("wb") as file:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
            (root / "lock.new").rename(root / LOCK)  # seen by others only when it is held
        yield


def _sweep(place: Path) -> None:
    """Remove the folders in ``place`` that are this user's, and whose lock nobody holds."""
    for folder in place.glob(f"{PREFIX}*") if fcntl else ():
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # The lock goes last, or a sweep that is killed leaves what no other takes.
                for inner in [*folder.iterdir(), folder]:
                    if inner.is_dir() and not inner.is_symlink():
                        clear(inner)
