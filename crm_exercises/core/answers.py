"""From what stands in a notebook's names to answers as data, and back from untrusted data to answers.

An answer is one of three records: ``{"state": "blank"}``, ``{"state": "malformed", "key": …, "params": {…}}`` or
``{"state": "value", "value": canonical JSON}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .chapter import Exercise
from .errors import MalformedError
from .kinds import Json, Kind
from .messages import Message

Record = dict[str, Any]
BLANK: Record = {"state": "blank"}
UNREADABLE: Record = {"state": "malformed", "key": "malformed.unreadable", "params": {"error": "–"}}


def collect(exercise: Exercise, names: Mapping[str, Any]) -> dict[str, Record]:
    """Return a record for each answer of ``exercise`` found in ``names`` (a notebook's namespace)."""
    return {name: _record(kind, names.get(name, ...)) for name, kind in exercise.answer.items()}


def _record(kind: Kind, value: Any) -> Record:
    if value is ... or value is None or (isinstance(value, str) and not value.strip()):
        return BLANK
    try:
        return {"state": "value", "value": kind.canonical(value)}
    except MalformedError as error:
        return {"state": "malformed", "key": error.key, "params": error.params}
    except Exception as error:  # a value of the student's own making may fail in any way
        return {"state": "malformed", "key": "malformed.unreadable", "params": {"error": type(error).__name__}}


def values(exercise: Exercise, names: Mapping[str, Any]) -> dict[str, Json]:
    """Return the canonical answers of ``exercise`` in ``names``; the caller is the course itself, so errors are raised."""
    return {name: kind.canonical(names[name]) for name, kind in exercise.answer.items()}


def accept(exercise: Exercise, records: Any) -> dict[str, Record]:
    """Return records that came from outside, each checked against the exercise; what does not fit is malformed or blank."""
    found = records if isinstance(records, dict) else {}
    return {name: _accepted(kind, found.get(name)) for name, kind in exercise.answer.items()}


def _accepted(kind: Kind, record: Any) -> Record:
    if not isinstance(record, dict):
        return BLANK
    if record.get("state") == "value":
        return _record(kind, record.get("value"))
    if record.get("state") == "malformed":
        return _told(record.get("key"), record.get("params"))
    return BLANK


def _told(key: Any, params: Any) -> Record:
    """Return a stranger's account of what is malformed if it makes a sentence of the catalogue."""
    said = {str(name)[:40]: str(value)[:200] for name, value in params.items()} if isinstance(params, dict) else {}
    fits = isinstance(key, str) and key.startswith("malformed.") and Message(key, said).sayable
    return {"state": "malformed", "key": key, "params": said} if fits else UNREADABLE
