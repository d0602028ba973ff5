"""Unusually alike answer cells: a question for a person, never a verdict.

Cells are compared as token sequences without comments, with the starter removed and the student's own names replaced by their order of
appearance, so renaming hides nothing. Fragments that many students share, or that the reference has, say nothing and are left out
(fingerprints by winnowing: Schleimer, Wilkerson & Aiken 2003).
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from ..core.chapter import Chapter
from .cells import parsed

FRAGMENT = 8
"""Tokens in a fragment."""
WINDOW = 4
"""One fingerprint is kept of each so many neighbouring fragments."""
COMMON = 0.25
"""A fragment that more than this share of the class has is common knowledge."""
LEAST = 6
"""Fingerprints that two students must share before they are shown."""
MOST = 300
"""A fragment that more students have is common in a class of any size; this keeps the work from growing with the square of the class."""


@dataclass(frozen=True)
class Pair:
    """Two students and how alike their rare fragments are (shared over the smaller of both, 0 to 1)."""

    left: str
    right: str
    alike: float
    shared: int
    exercises: tuple[str, ...]


def pairs(chapter: Chapter, cells: Mapping[str, Mapping[str, str]], most: int = 20) -> list[Pair]:
    """Return the most alike pairs of students.

    Parameters
    ----------
    cells
        Sources of the answer cells: student → exercise → code.
    """
    read = cache(fingerprints)  # much code is the same as another's
    prints = {
        student: {(exercise, mark) for exercise, code in mine.items() for mark in read(code)}
        for student, mine in cells.items()
    }
    known = {(exercise.id, mark) for exercise in chapter for code in _known(exercise) for mark in read(code)}
    counts = Counter(mark for mine in prints.values() for mark in mine)
    limit = min(max(2, COMMON * len(prints)), MOST)
    rare = {
        student: {mark for mark in mine if counts[mark] <= limit and mark not in known}
        for student, mine in prints.items()
    }
    students = sorted(rare)
    return [
        _pair(students[left], students[right], rare)
        for left, right in _most_alike([rare[student] for student in students], most)
    ]


def _most_alike(sets: Sequence[Set[tuple[str, int]]], most: int) -> list[tuple[int, int]]:
    """Return the places of the ``most`` pairs of sets that share at least ``LEAST`` members and, by what they share, are most alike."""
    import numpy as np
    from scipy.sparse import csr_array, triu

    columns: dict[tuple[str, int], int] = {}
    members = [columns.setdefault(mark, len(columns)) for mine in sets for mark in mine]
    sizes = np.array([len(mine) for mine in sets], dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    holds = csr_array((np.ones(len(members), dtype=np.int32), members, starts), shape=(len(sets), len(columns)))
    shared = triu(holds @ holds.T, k=1).tocoo()
    enough = shared.data >= LEAST
    count, left, right = shared.data[enough], shared.row[enough], shared.col[enough]
    score = count**2 / np.minimum(sizes[left], sizes[right])
    order = np.lexsort((right, left, -score))[:most]
    return [(int(left[place]), int(right[place])) for place in order]


def _known(exercise: object) -> list[str]:
    body, starter = getattr(exercise, "body", ""), getattr(exercise, "starter", None) or ""
    return [body, starter, *(f"{body}\n{mistake.code}" for mistake in getattr(exercise, "mistakes", ()))]


def _pair(left: str, right: str, rare: Mapping[str, set[tuple[str, int]]]) -> Pair:
    common = rare[left] & rare[right]
    smaller = min(len(rare[left]), len(rare[right]))
    counts = Counter(exercise for exercise, _ in common)
    return Pair(
        left, right, len(common) / smaller, len(common), tuple(sorted(counts, key=lambda name: (-counts[name], name)))
    )


def fingerprints(code: str) -> set[int]:
    """Return the fingerprints of a piece of code; code that is no Python is compared word by word."""
    words = _words(code)
    fragments = [_hash(words[place : place + FRAGMENT]) for place in range(max(len(words) - FRAGMENT + 1, 0))]
    return {min(fragments[place : place + WINDOW]) for place in range(max(len(fragments) - WINDOW + 1, 0))}


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\x00".join(words).encode(), digest_size=8).digest(), "big")


def _words(code: str) -> list[str]:
    own = _own_names(code)
    order: dict[str, str] = {}
    words = []
    for kind, text in _tokens(code):
        if kind == tokenize.NAME and text in own:
            words.append(order.setdefault(text, f"name{len(order)}"))
        else:
            words.append(text)
    return words


def _tokens(code: str) -> Iterable[tuple[int, str]]:
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    try:
        found = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return [(tokenize.OP, word) for word in code.split()]
    return [(token.type, token.string) for token in found if token.type not in skipped]


def _own_names(code: str) -> set[str]:
    """Return the names that the code itself gives: variables, functions, parameters."""
    tree = parsed(code)
    if tree is None:
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return {name for name in names if not keyword.iskeyword(name) and not hasattr(builtins, name)}
