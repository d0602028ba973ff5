"""The files of a hand-in, out of folders and zip archives, without trusting either: nothing is unpacked to disk.

What is refused is said in the report and the rest goes on. Of an archive only notebooks, nested archives and saved
answers are ever decompressed.
"""

from __future__ import annotations

import io
import mmap
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO

from ..core.messages import Message
from .naming import Kind, kind, label, note, visible

MB = 2**20
FILE_MAX = 200 * MB
SIDECAR_MAX = 1 * MB
NESTING_MAX = 3  # a platform's archive, a hand-in, and one that the student packed around it
DEPTH_MAX = 32
NAME_MAX = 255
PATH_MAX = 1000
RATIO_MAX = 500
RATIO_FREE = 20 * MB  # below this size a high ratio does no harm

Parts = tuple[str, ...]

_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_CENTRAL_ENTRY = re.compile(rb"PK\x01\x02")
_ZIP_START = b"PK\x03\x04"
_PACKED_STARTS = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"\xfd7zXZ")


@dataclass(frozen=True)
class File:
    """A notebook or a file of saved answers; ``content`` is ``None`` if it is too large to be read.

    ``packed`` is the archive in which one person handed it in: the outermost, but for the one that was given to be marked.
    """

    parts: Parts
    received: datetime
    content: bytes | None
    packed: Parts = ()

    @property
    def source(self) -> str:
        return shown(self.parts)

    @property
    def kind(self) -> Kind:
        return kind(self.parts[-1])

    @property
    def beside(self) -> tuple[Parts, str]:
        """What it shares with the files of the same hand-in: the folder or archive, and its owner where all lie in one."""
        about = label(self.parts[-1])
        return self.parts[:-1], f"{about.who} {about.user}"


@dataclass(frozen=True)
class Refused:
    """What was not taken in, and why."""

    source: str
    reason: Message


@dataclass
class _Budget:
    """What may still come out of an archive and all that is nested in it."""

    entries: int
    size: int
    whole_class: bool = False

    def below(self) -> _Budget:
        """Return the budget for an archive inside: each hand-in of a class has its own."""
        return _hand_in() if self.whole_class else self

    def take(self, size: int) -> bool:
        """Say whether ``size`` more bytes may come out, and if so count them."""
        fits = size <= self.size
        self.size -= size if fits else 0
        return fits


def _hand_in() -> _Budget:
    return _Budget(entries=5_000, size=512 * MB)


@dataclass(frozen=True)
class _Place:
    """Where a file is: its path so far, its time if it has none of its own, archives around it, and what may come out."""

    parts: Parts
    received: datetime
    nesting: int
    budget: _Budget
    packed: Parts = ()

    def refused(self, reason: str, **params: object) -> Refused:
        return Refused(shown(self.parts), note(reason, **params))


def shown(parts: Parts) -> str:
    """Return a path as reports show it."""
    return visible("/".join(parts)) or "."


def walk(path: Path) -> Iterator[File | Refused]:
    """Yield what lies at ``path`` (a folder, a zip archive or a notebook), one file in memory at a time."""
    if path.is_dir():
        yield from _folder(path, ())
    else:
        yield from _on_disk(path, (path.name,), _Budget(entries=50_000, size=20_000 * MB, whole_class=True))


def _folder(folder: Path, parts: Parts) -> Iterator[File | Refused]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(shown(parts), note("unreadable", error=error.strerror))
        return
    for entry in entries:
        inner = (*parts, entry.name)
        if kind(entry.name) is Kind.SILENT:
            continue
        if entry.is_symlink():
            yield Refused(shown(inner), note("symlink"))
        elif entry.is_dir(follow_symlinks=False):
            if len(inner) > DEPTH_MAX:
                yield Refused(shown(inner), note("absurd-name"))
            else:
                yield from _folder(Path(entry.path), inner)
        elif not entry.is_file(follow_symlinks=False):
            yield Refused(shown(inner), note("special-file"))
        else:
            yield from _on_disk(Path(entry.path), inner, _hand_in())


def _on_disk(path: Path, parts: Parts, budget: _Budget) -> Iterator[File | Refused]:
    try:
        about = path.stat()
        place = _Place(parts, datetime.fromtimestamp(about.st_mtime), 0, budget)
        what = kind(path.name)
        if not stat.S_ISREG(about.st_mode):
            yield place.refused("special-file")
        elif what is Kind.ZIP:
            with path.open("rb") as stream:
                yield from _archive(stream, place)
        elif what in (Kind.PACKED, Kind.OTHER, Kind.SILENT):
            yield place.refused("packed" if what is Kind.PACKED else "other-file")
        elif about.st_size > _limit(what):
            yield File(parts, place.received, None)
        else:
            yield from _read(path.read_bytes(), place)
    except OSError as error:
        yield Refused(shown(parts), note("unreadable", error=error.strerror or error))


def _limit(what: Kind) -> int:
    return SIDECAR_MAX if what is Kind.SIDECAR else FILE_MAX


def _read(content: bytes, place: _Place) -> Iterator[File | Refused]:
    """Yield the file with this content, or what is in it: an archive may be named like a notebook."""
    if content.startswith(_ZIP_START) or kind(place.parts[-1]) is Kind.ZIP:
        yield from _archive(io.BytesIO(content), place)
    else:
        yield File(place.parts, place.received, content, place.packed)


def _archive(stream: IO[bytes], place: _Place) -> Iterator[File | Refused]:
    budget = place.budget.below() if place.nesting else place.budget
    packed = () if budget.whole_class else place.packed or place.parts
    inside = replace(place, nesting=place.nesting + 1, budget=budget, packed=packed)
    if inside.nesting > NESTING_MAX:
        yield place.refused("zip-nested", limit=NESTING_MAX)
        return
    start = stream.read(8)
    try:
        count = _count_entries(stream, inside.budget.entries)
        inside.budget.entries -= count
        if inside.budget.entries < 0:
            yield place.refused("zip-entries")
            return
        archive = zipfile.ZipFile(stream)
    except _UNREADABLE:
        yield place.refused("packed" if start.startswith(_PACKED_STARTS) else "zip-broken")
        return
    with archive:
        for info in archive.infolist():
            yield from _entry(archive, info, inside)


def _count_entries(stream: IO[bytes], limit: int) -> int:
    """Count the entries of an archive before anything is made of them, up to one more than ``limit``."""
    buffer = (
        stream.getbuffer() if isinstance(stream, io.BytesIO) else mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    )
    with buffer:
        return sum(1 for _ in islice(_CENTRAL_ENTRY.finditer(buffer), limit + 1))


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: _Place) -> Iterator[File | Refused]:
    name = decoded_name(info)
    own = tuple(part for part in re.split(r"[\\/]", name) if part not in ("", "."))
    if name.endswith(("/", "\\")) or any(kind(part) is Kind.SILENT for part in own):
        return
    here = replace(place, parts=(*place.parts, *own), received=_time(info) or place.received)
    what = kind(own[-1]) if own else Kind.OTHER
    if problem := _problem(name, own, info):
        yield here.refused(problem)
    elif what in (Kind.PACKED, Kind.OTHER):
        yield here.refused("packed" if what is Kind.PACKED else "other-file")
    elif info.file_size > _limit(what):
        yield here.refused("zip-large") if what is Kind.ZIP else File(here.parts, here.received, None, here.packed)
    elif info.file_size > RATIO_FREE and info.file_size > RATIO_MAX * info.compress_size:
        yield here.refused("zip-ratio", ratio=info.file_size // max(info.compress_size, 1))
    elif not here.budget.take(info.file_size):
        yield here.refused("zip-size")
    else:
        try:
            with archive.open(info) as stream:
                content = stream.read(info.file_size + 1)
        except _UNREADABLE:
            yield here.refused("zip-broken-entry")
        else:
            yield from _read(content, here)


def _problem(name: str, own: Parts, info: zipfile.ZipInfo) -> str:
    """Return why an entry is not even looked at, or ``""``."""
    mode = info.external_attr >> 16
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in own:
        return "outside"
    if len(name) > PATH_MAX or len(own) > DEPTH_MAX or not own or max(map(len, own)) > NAME_MAX:
        return "absurd-name"
    if stat.S_ISLNK(mode):
        return "symlink"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "special-file"
    if info.flag_bits & 0x1:
        return "encrypted"
    # Of the others the standard library decompresses without a limit.
    return "" if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else "compression"


def _time(info: zipfile.ZipInfo) -> datetime | None:
    """Return an entry's own time; 1980 is what an archive says that knows none."""
    try:
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def decoded_name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name: Windows packs Chinese names in GBK and says nothing, others UTF-8 and say nothing either."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_chinese(name):
            return name
    return info.orig_filename


def _is_chinese(name: str) -> bool:
    """Say whether a character of GB 2312 is among those beyond ASCII: what Western bytes make in GBK are rare ones."""
    return bool("".join(c for c in name if not c.isascii()).encode("gb2312", "ignore"))
