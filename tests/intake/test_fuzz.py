"""Random damage: never an exception, always a named status."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crm_exercises.grading.intake import Status

from .build import archive, hand_in, notebook, packed, put, sidecar, taken


def damaged(content: bytes, chance: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    if chance.random() < 0.2:
        del broken[chance.randrange(len(broken)) :]
    if chance.random() < 0.2:
        place = chance.randrange(len(broken) + 1)
        broken[place:place] = chance.choice(
            (b"[" * 2000, b'{"a":' * 2000, b'"', b"\\", b"\0", b"\xff\xfe", b"NaN", b"}")
        )
    return bytes(broken)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_notebooks_and_answers(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = packed(notebook())
    for turn in range(150):
        put(tmp_path / f"{turn}" / "ch06_value.ipynb", damaged(whole, chance))
        put(tmp_path / f"{turn}" / "ch06_value.answers.json", damaged(sidecar(), chance))
    found = taken(tmp_path, {"20230001": "张三"})
    assert len(found.submissions) == 150
    assert all(isinstance(submission.status, Status) for submission in found.submissions)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_archives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for turn in range(150):
        inner = archive(
            {"张三/20230001-ch06_value.zip": hand_in(), "b.ipynb": packed(notebook())}, method=chance.choice((0, 8))
        )
        put(tmp_path / f"{turn:03}.zip", damaged(inner, chance))
    found = taken(tmp_path)
    told = {item.source[:3] for item in (*found.submissions, *found.refused)}
    assert len(told) > 140  # an archive may be damaged so that it is validly empty
