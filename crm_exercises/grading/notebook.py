"""A notebook as it arrives, of any age and size and in any state, reduced to its cells.

It is read as plain JSON: ``nbformat`` would want it whole in memory and valid, and a submission may be neither. Outputs
are cut out of the bytes before they are parsed, so a notebook that printed without end costs no more than its code.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..core.errors import MalformedError
from ..core.messages import Message
from .naming import note

SOURCE_MAX = 8 * 2**20  # what is left without outputs
TOKENS_MAX = 5_000_000  # strings and brackets
NESTING_MAX = 64
CELLS_MAX = 10_000

_BLANK = re.compile(rb"(?:\xef\xbb\xbf|\s)*+")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{}]', re.S)
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+["\[\]{}]', re.S)  # with all that stands before it
_BEFORE_VALUE = re.compile(rb"\s*+:\s*+(?=[\[{])")
_BULKY = {b'"outputs"', b'"attachments"', b'"widgets"'}
_LONGEST = max(map(len, _BULKY))
_QUOTE, _OPENING = ord('"'), frozenset(b"[{")


class UnreadableError(MalformedError):
    """A file of which no cells can be had; ``status`` is the status of its submission."""

    def __init__(self, status: str, **params: object) -> None:
        super().__init__(f"intake.{status}", **params)
        self.status = status


@dataclass(frozen=True)
class Cell:
    """What marking needs of a cell."""

    source: str
    code: bool
    metadata: dict[str, Any]
    id: str

    @property
    def crm(self) -> dict[str, Any]:
        return _mapping(self.metadata.get("crm"))


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook, what the course wrote into its metadata, and what had to be mended."""

    cells: tuple[Cell, ...]
    crm: dict[str, Any]
    notes: tuple[Message, ...] = ()


def read(content: bytes) -> Notebook:
    """Read a notebook file.

    Raises
    ------
    UnreadableError
        ``empty``, ``not-a-notebook``, ``broken-json`` or ``too-large``.
    """
    content = _as_utf8(content)
    start = _BLANK.match(content).end()  # type: ignore[union-attr]  # it always matches
    if start == len(content):
        raise UnreadableError("empty")
    if content[start] != ord("{"):
        raise UnreadableError("not-a-notebook")
    text = without_outputs(content, start).decode("utf-8", "replace")
    try:
        whole = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("broken-json") from error
    cells = tuple(_cell(raw) for raw in _raw_cells(whole) if isinstance(raw, dict))
    if not any(cell.source.strip() for cell in cells):
        raise UnreadableError("empty")
    damaged = text.count("\ufffd")
    return Notebook(
        cells,
        _mapping(_mapping(whole.get("metadata")).get("crm")),
        (note("damaged-text", count=damaged),) if damaged else (),
    )


def _raw_cells(whole: dict[str, Any]) -> list[Any]:
    """Return the cells of format 4, or of formats 2 and 3, where they lie in worksheets."""
    cells = whole.get("cells")
    if isinstance(sheets := whole.get("worksheets"), list) and not isinstance(cells, list):
        cells = [cell for sheet in sheets for cell in _list(_mapping(sheet).get("cells"))]
    if not isinstance(cells, list):
        raise UnreadableError("not-a-notebook")
    if len(cells) > CELLS_MAX:
        raise UnreadableError("too-large")
    return cells


def _cell(raw: dict[str, Any]) -> Cell:
    source = raw.get("source", raw.get("input"))
    lines = [source] if isinstance(source, str) else [line for line in _list(source) if isinstance(line, str)]
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    return Cell(
        text.encode("utf-8", "replace").decode(),  # a lone surrogate could not be written to a file
        raw.get("cell_type") == "code",
        _mapping(raw.get("metadata")),
        name if isinstance(name := raw.get("id"), str) else "",
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _as_utf8(content: bytes) -> bytes:
    """Return the same text in UTF-8: JSON may be UTF-16 or UTF-32, and an editor on a Chinese Windows saves GBK."""
    encoding: str = json.detect_encoding(content)
    if encoding == "utf-8" and _looks_like_gbk(content):
        encoding = "gb18030"
    if encoding.startswith("utf-8"):
        return content
    return b"".join(part.encode() for part in codecs.iterdecode(_chunks(content), encoding, "replace"))


def _looks_like_gbk(content: bytes) -> bool:
    """Say whether most of what is not ASCII makes no sense in UTF-8 (a damaged byte or two do not decide it)."""
    if len(content) > SOURCE_MAX:
        return False
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return lost > 0 and 2 * lost > len(text) - len(text.encode("ascii", "ignore"))


def _chunks(content: bytes, size: int = 2**20) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def without_outputs(content: bytes, start: int = 0) -> bytes:
    """Return the JSON text ``content`` from ``start`` on with ``null`` for each value under ``outputs``, ``attachments`` and ``widgets``.

    One pass over strings and brackets; what is cut out is never decoded.

    Raises
    ------
    UnreadableError
        ``broken-json`` if the brackets or quotes do not match; ``too-large`` if there is too much without outputs.
    """
    kept: list[bytes] = []
    size = depth = tokens = 0
    place = start
    while token := _TOKEN.search(content, place):
        first, place = token.span()
        tokens += 1
        if content[first] == _QUOTE:
            if place - first == 1:  # a quote that nothing closes
                raise UnreadableError("broken-json")
            bulky = place - first <= _LONGEST and content[first:place] in _BULKY
            if bulky and (value := _BEFORE_VALUE.match(content, place)):
                kept += (content[start : value.end()], b"null")
                size += value.end() - start
                start, tokens = _behind(content, value.end(), tokens)
                place = start
        else:
            depth += 1 if content[first] in _OPENING else -1
        if depth > NESTING_MAX:
            raise UnreadableError("broken-json")
        if size + place - start > SOURCE_MAX or tokens > TOKENS_MAX:
            raise UnreadableError("too-large")
    if depth:
        raise UnreadableError("broken-json")
    if size + len(content) - start > SOURCE_MAX:
        raise UnreadableError("too-large")
    return b"".join((*kept, content[start:]))


def _behind(content: bytes, start: int, tokens: int) -> tuple[int, int]:
    """Return where the bracketed value at ``start`` ends, and the number of tokens with its own."""
    depth = 0
    while token := _BRACKET.match(content, start):  # a search would look again from each place where none is left
        start = token.end()
        byte = content[start - 1]
        tokens += 1
        if tokens > TOKENS_MAX:
            raise UnreadableError("too-large")
        if byte == _QUOTE:
            break
        depth += 1 if byte in _OPENING else -1
        if depth == 0:
            return start, tokens
    raise UnreadableError("broken-json")
