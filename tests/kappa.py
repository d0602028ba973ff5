"""How well free text is marked: the labelled answers in ``tests/prose/`` against what the marker finds.

    python tests/kappa.py       print the figures
    python tests/kappa.py -v    and every answer on which the marker and the label differ

The wordings of some questions were written with their labelled answers at hand (``tuned: true``), those of the others were not touched
after their answers were written; the marker and its thesaurus were, where they took one thing for another. All answers were made up by
the authors of the course; those of a real class will differ more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crm_exercises.authoring.source import read_source
from crm_exercises.core.prose import Prose, Reading

FOLDER = Path(__file__).parent / "prose"
COURSE = Path(__file__).parents[1] / "course"
LEVELS = 5
"""Credit is compared in quarters: 0, 1/4, 1/2, 3/4, 1."""


@cache
def questions() -> dict[str, Prose]:
    """Return every free-text question of the course by exercise id."""
    found: dict[str, Prose] = {}
    for path in sorted(COURSE.glob("ch12*.md")):
        for exercise in read_source(path).chapter:
            for kind in exercise.answer.values():
                if isinstance(kind, Prose):
                    found[exercise.id] = kind
    return found


@cache
def labelled() -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


@dataclass
class Score:
    """Counts over some answers; ``pairs`` are (label, mark) in quarters of credit, with whether a person is asked to look."""

    pairs: list[tuple[int, int, bool]] = field(default_factory=list)
    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, kind: Prose, points: list[int], reading: Reading) -> None:
        made, said = {finding.index for finding in reading.found}, set(points)
        self.right += len(made & said)
        self.extra += len(made - said)
        self.missed += len(said - made)
        slips = any(finding.slip for finding in reading.findings)
        asked = len(kind.points) if slips else kind.enough or len(kind.points)
        self.pairs.append((level(min(1.0, len(said) / asked)), level(reading.credit), reading.needs_person))

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    @property
    def to_person(self) -> float:
        return sum(doubt for *_, doubt in self.pairs) / len(self.pairs)

    def kappa(self, *, sure: bool = False) -> float:
        """Return the quadratic weighted kappa, of all answers or only of those that nobody needs to look at."""
        return kappa([(label, mark) for label, mark, doubt in self.pairs if not (sure and doubt)])


def level(credit: float) -> int:
    return round(credit * (LEVELS - 1))


def kappa(pairs: list[tuple[int, int]]) -> float:
    """Return Cohen's kappa with quadratic weights."""
    count = len(pairs)
    seen = sum((label - mark) ** 2 for label, mark in pairs) / count
    chance = sum((label - mark) ** 2 for label, _ in pairs for _, mark in pairs) / count**2
    return 1 - seen / chance


def measure(*, tuned: bool, verbose: bool = False) -> dict[str, Score]:
    """Return a score for each question (and ``""`` for all) whose wordings were tuned on its answers, or were not."""
    scores = {"": Score()}
    for one in labelled():
        if one["tuned"] != tuned:
            continue
        kind = questions()[one["question"]]
        for answer in one["answers"]:
            reading = kind.read(answer["text"])
            for name in ("", one["question"]):
                scores.setdefault(name, Score()).add(kind, answer["points"], reading)
            found = [finding.index for finding in reading.found]
            if verbose and found != sorted(answer["points"]):
                print(
                    f"  {one['question']} {answer['sort']}: label {answer['points']}, found {found}: {answer['text'][:80]}"
                )
    return scores


def main() -> None:
    for tuned in (True, False):
        print("wordings tuned on these answers" if tuned else "wordings not tuned on these answers")
        for name, score in sorted(measure(tuned=tuned, verbose="-v" in sys.argv).items()):
            print(
                f"  {name or 'all':22} n {len(score.pairs):3}  kappa {score.kappa():.3f}  points: precision {score.precision:.3f} "
                f"recall {score.recall:.3f}  to a person {score.to_person:.0%}"
                + (f"  kappa of the rest {score.kappa(sure=True):.3f}" if not name else "")
            )


if __name__ == "__main__":
    main()
