"""CSV files that people open in a spreadsheet: read in whatever encoding they come back, written so that nothing in them is executed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from ..core.errors import UsageError

Cell = str | float | int | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a formula may begin in one spreadsheet or another."""


def decoded(content: bytes) -> str | None:
    """Decode what spreadsheets save: UTF-8 with or without a mark, UTF-16, GBK; ``None`` if it is no text."""
    for encoding in (json.detect_encoding(content), "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def delimiter(text: str) -> str:
    """Return what stands between the columns, by the first line."""
    return max(",\t;", key=text.split("\n", 1)[0].count)


def read_rows(path: Path, wanted: Collection[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of ``path`` that are not blank with their line numbers; nothing if there is no such file.

    Raises
    ------
    UsageError
        If the file cannot be read as a table, or lacks one of the columns ``wanted``.
    """
    if not path.is_file():
        return []
    try:
        text = decoded(path.read_bytes())
        if text is None:
            raise csv.Error
        text = text.removeprefix("\ufeff")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter(text))
        columns = list(rows.fieldnames or ())
        read = ((rows.line_num, {name: _as_written(row.get(name) or "") for name in columns}) for row in rows)
        found = [(line, row) for line, row in read if any(value.strip() for value in row.values())]
    except (OSError, csv.Error) as error:
        raise UsageError("overrides.not_csv", path=str(path)) from error
    if not set(wanted) <= set(columns):
        raise UsageError("overrides.columns", path=str(path), wanted=", ".join(wanted), found=", ".join(columns) or "–")
    return found


def to_csv(header: Sequence[str], table: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file (UTF-8 with BOM) that a spreadsheet opens without executing anything in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in cells] for cells in table)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _harmless(value: Cell) -> Cell:
    """Return text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    if isinstance(value, str):
        text = printable(value)
        return "'" + text if text.startswith(FORMULA) else text
    return f"{value:g}" if isinstance(value, float) else value


def _as_written(text: str) -> str:
    """Undo :func:`_harmless`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def printable(text: str) -> str:
    """Return ``text`` with what cannot be shown made visible."""
    return "".join(char if char.isprintable() or char == "\n" else "�" for char in text)
