"""What the supervisor looks at while a notebook runs: its folder, its open files, its threads."""

from __future__ import annotations

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
                        size += _blocks(entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            continue
        except OSError as error:
            # A folder without rights or deeper than any path can say: nothing that a notebook does by chance.
            return f"a folder that cannot be read ({error.strerror})"
    size += _deleted(pid)
    return f"more than {most_bytes >> 20} MiB" if size > most_bytes else ""


def _blocks(found: os.stat_result) -> int:
    return found.st_blocks * 512


def _deleted(pid: int) -> int:
    size = 0
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                found = os.stat(f"/proc/{pid}/fd/{name}")
            except OSError:
                continue
            if found.st_nlink == 0 and stat.S_ISREG(found.st_mode):
                size += _blocks(found)
    except OSError:
        pass
    return size


def threads(pid: int) -> int:
    """Return how many threads a process has, 0 if it is gone."""
    try:
        return os.stat(f"/proc/{pid}/task").st_nlink - 2
    except OSError:
        return 0


def end_orphans(running: set[int]) -> None:
    """End every child of this process that is not in ``running``: what a notebook has left behind, its parents gone."""
    while strays := _children() - running:
        for pid in strays:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


def _children() -> set[int]:
    me = os.getpid()
    try:
        return {int(pid) for pid in Path(f"/proc/{me}/task/{me}/children").read_text().split()}
    except OSError:
        return set()
