"""Reading what a process has left in which student code ran: data to judge, never evidence."""

from __future__ import annotations

import contextlib
import copy
import io
import itertools
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOST_LINES = 10_000


def read_untrusted(folder: Path, name: str, most: int) -> bytes:
    """Return the file ``name`` that student code may have put into ``folder``, cut at ``most`` bytes; empty if none.

    Neither follows a link nor waits for a pipe.
    """
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        fd = os.open(folder / name, flags)
    except OSError:
        return b""
    try:
        parts: list[bytes] = []
        # A folder can be opened too.
        while stat.S_ISREG(os.fstat(fd).st_mode) and most > 0 and (part := os.read(fd, most)):
            parts.append(part)
            most -= len(part)
        return b"".join(parts)
    finally:
        os.close(fd)


class Statement:
    """What a child says about its cells: lines of JSON that student code may have written."""

    def __init__(self, text: bytes) -> None:
        self.errors: dict[int, str] = {}
        self.outputs: dict[int, tuple[int | None, list[Any]]] = {}
        self.fault = ""
        self.ended = False
        self.cpu = 0.0
        # One line a cell: whoever writes more wants to keep the reader busy.
        for line in itertools.islice(io.BytesIO(text), MOST_LINES):
            with contextlib.suppress(ValueError, RecursionError, TypeError, AttributeError):
                self._read(json.loads(line))

    def _read(self, line: dict[str, Any]) -> None:
        self.ended |= line.get("end") is True
        self.fault = str(line.get("fault") or self.fault)[:500]
        self.cpu = float(line.get("cpu") or self.cpu)
        index = line.get("cell")
        if type(index) is not int:
            return
        if line.get("error"):
            self.errors[index] = f"{line['error']}: {line.get('text', '')}"[:500].rstrip(": ")
        count, outputs = line.get("count"), line.get("outputs", [])
        if isinstance(outputs, list):
            good = [output for output in outputs if isinstance(output, dict) and "output_type" in output]
            self.outputs[index] = (count if type(count) is int else None, good)

    def filled(self, notebook: Mapping[str, Any]) -> dict[str, Any]:
        """Return a copy of ``notebook`` with the outputs."""
        copied = copy.deepcopy(dict(notebook))
        for index, cell in enumerate(copied["cells"]):
            if cell["cell_type"] == "code":
                cell["execution_count"], cell["outputs"] = self.outputs.get(index, (None, []))
        return copied
