"""What is wrong with a chapter source and how it is mended, as sentences of the catalogue; no author must read a library's error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from ..core.messages import Message

KEY = r"[A-Za-z_][\w.-]*"
WIDE = re.compile(rf"(?:^|[{{,\[-])\s*{KEY}\s*(：)|(，)(?=\s*{KEY}\s*[:：])|([｛｝［］])")
"""A Chinese sign where YAML wants its own; inside a sentence it is welcome."""
PLAIN = dict(zip("：，｛｝［］", ":,{}[]", strict=True))
NO_SPACE = re.compile(rf"(?:^|[{{,]|^\s*-)\s*({KEY}:)(?=[^\s/])")
ROW = re.compile(r"^\+\+\+\s*(\{.*)$")
FENCE = re.compile(r"^`{3,}\{code-cell\}")


def broken(lines: Sequence[str]) -> tuple[int, Message] | None:
    """Return the first line (from 1) of a source that its reader cannot read, and what is wrong with it."""
    for start, head in _heads(lines):
        if "---" not in (line.strip() for line in head):
            return start - 1, Message("source.head_open")
        if fault := yaml_fault(head[: [line.strip() for line in head].index("---")]):
            return start + fault[0], fault[1]
    for number, line in enumerate(lines, 1):
        if (row := ROW.match(line)) and not _is_json(row.group(1)):
            return number, Message("source.row", {"given": line.strip()[:60]})
    return None


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the head of the file and of each cell: the number of its first line, and what follows up to the end of the cell."""
    if lines and lines[0].strip() == "---":
        yield 2, lines[1:]
    for place, line in enumerate(lines[:-1]):
        if FENCE.match(line) and lines[place + 1].strip() == "---":
            rest = lines[place + 2 :]
            end = next((index for index, each in enumerate(rest) if each.startswith("```")), len(rest))
            yield place + 3, rest[:end]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def yaml_fault(lines: Sequence[str]) -> tuple[int, Message] | None:
    """Return the place (from 0) in ``lines`` of YAML where it cannot be read and what is wrong there, or ``None``."""
    try:
        yaml.compose("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark]
        near = [place for mark in marks for place in (mark, mark - 1) if 0 <= place < len(lines)]
        told = ((place, _sign(lines[place])) for place in near)
        if found := next(((place, message) for place, message in told if message), None):
            return found
        first, last = (min(mark, len(lines) - 1) for mark in (marks[0], marks[-1]))
        return (first, Message("source.unclosed")) if _is_unclosed(lines[first]) else (last, Message("source.yaml"))
    except yaml.YAMLError:  # a character that YAML does not take
        return 0, Message("source.yaml")
    return None


def _sign(line: str) -> Message | None:
    """Return what is wrong with the signs of a line: a tab, a Chinese sign, a space that is missing."""
    if "\t" in line:
        return Message("source.tab")
    if wide := WIDE.search(line):
        given = next(sign for sign in wide.groups() if sign)
        return Message("source.wide", {"given": given, "plain": PLAIN[given]})
    if narrow := NO_SPACE.search(line):
        return Message("source.no_space", {"given": narrow.group(1)})
    return None


def _is_unclosed(line: str) -> bool:
    return any(line.count(left) != line.count(right) for left, right in ("{}", "[]")) or line.count('"') % 2 == 1


def field_fault(error: Any) -> Message:
    """Return what is wrong with a field, from one of pydantic's error records."""
    given = str(error["input"])[:60]
    about = error.get("ctx", {})
    match error["type"]:
        case "missing" if isinstance(error["input"], dict) and any("：" in str(name) for name in error["input"]):
            return Message("source.wide", {"given": "：", "plain": ":"})
        case "missing":
            return Message("source.missing")
        case "extra_forbidden":
            return Message("source.extra")
        case "three_hints":
            return Message("source.hints")
        case "union_tag_not_found" | "model_attributes_type":
            return Message("source.no_kind")
        case "union_tag_invalid":
            return Message("source.one_of", {"given": about["tag"], "known": about["expected_tags"].replace("'", "")})
        case "literal_error":
            return Message("source.one_of", {"given": given, "known": _listed(about["expected"])})
        case "too_short":
            return Message("source.too_short", {"count": about["actual_length"], "least": about["min_length"]})
        case "too_long":
            return Message("source.too_long", {"count": about["actual_length"], "most": about["max_length"]})
        case "string_pattern_mismatch" | "string_too_long":
            return Message("source.id", {"given": given})
        case "int_parsing" | "int_type" | "int_from_float":
            return Message("source.whole", {"given": given})
        case "float_parsing" | "float_type":
            return Message("source.number", {"given": given})
        case "greater_than_equal" | "less_than_equal" | "greater_than":
            return Message("source.bound", {"given": given, "bound": _bound(about)})
        case "string_type":
            return Message("source.text", {"given": given})
        case "model_type" | "dict_type":
            return Message("source.mapping", {"given": given})
        case "tuple_type" | "list_type":
            return Message("source.list", {"given": given})
    return Message("source.value", {"given": given, "error": error["msg"]})


def _bound(about: dict[str, Any]) -> str:
    signs = {"ge": "≥", "le": "≤", "gt": ">"}
    return next(f"{signs[name]} {value}" for name, value in about.items() if name in signs)


def _listed(expected: str) -> str:
    """Return pydantic's ``'own' or 'fresh'`` without its English."""
    return ", ".join(re.findall(r"[\w-]+", expected.replace(" or ", ", ")))
