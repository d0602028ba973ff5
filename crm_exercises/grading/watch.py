"""What the supervisor looks at while a notebook runs (its folder, its open files, its threads), and clearing up."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from pathlib import Path


def disk(folder: Path, pid: int, most_bytes: int, most_files: int) -> str:
    """Say in what ``folder`` and the deleted files that the process ``pid`` holds open exceed; empty if in nothing."""
    size = files = 0
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    if files > most_files:
                        return f"more than {most_files} files"
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
        except FileNotFoundError:
            continue
        except OSError as error:
            # A folder without rights or deeper than any path can say: nothing that a notebook does by chance.
            return f"a folder that cannot be read ({error.strerror})"
    return f"more than {most_bytes >> 20} MiB" if size + _deleted(pid) > most_bytes else ""


def _deleted(pid: int) -> int:
    size = 0
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found = link.stat()
                if found.st_nlink == 0 and stat.S_ISREG(found.st_mode):
                    size += found.st_blocks * 512
    return size


def threads(pid: int) -> int:
    """Return how many threads a process has, 0 if it is gone."""
    try:
        return Path(f"/proc/{pid}/task").stat().st_nlink - 2
    except OSError:
        return 0


def end_orphans(running: set[int]) -> None:
    """End every child of this process that is not in ``running``: what a notebook has left behind, its parents gone."""
    seen: set[int] = set()
    while strays := _children() - running - seen:
        seen |= strays
        for pid in strays:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> set[int]:
    me = os.getpid()
    try:
        return {int(pid) for pid in Path(f"/proc/{me}/task/{me}/children").read_text().split()}
    except OSError:
        return set()


def clear(folder: Path) -> None:
    """Delete ``folder`` whatever a notebook has made of it: folders without rights, or too deep for a path.

    Inner folders are moved up beside it first, so that no path gets long.
    """
    count = 0
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        with contextlib.suppress(OSError):
            with os.scandir(here) as entries:
                for entry in entries:
                    if not entry.is_dir(follow_symlinks=False):
                        Path(entry.path).unlink(missing_ok=True)
                        continue
                    count += 1
                    up = folder.with_name(f"{folder.name}-{count}")
                    Path(entry.path).chmod(0o700)
                    Path(entry.path).rename(up)
                    waiting.append(up)
            here.rmdir()
