"""Drawing papers: a blueprint fixes how many questions of each chapter, kind and difficulty there are; the seed only chooses which.

So two papers of one blueprint are comparable: as many marks, as many questions of each kind and difficulty, chapters alike to within
one question.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil, floor

from ..core.errors import UsageError
from ..core.kinds import Pair
from ..core.messages import in_marks, say
from ..core.paper import Paper
from .bank import Item, items
from .exports.text import asked, question

KINDS = ("choice", "choices", "fill", "matching", "ordering", "prose")
"""The kinds of questions in the order in which a paper has them."""
SLACK = 100.0
"""What a question of a chapter beyond its share costs in the choice, against 0 to 1 for chance."""


def blueprint(pool: Sequence[Item], count: int) -> dict[str, dict[str, int]]:
    """Return how many questions a paper of ``count`` has in each cell, in proportion to the pool; the same for every seed."""
    cells = shares(Counter(cell(item) for item in pool), count)
    chapters = shares(Counter(str(item.chapter) for item in pool), count)
    return {"cells": cells, "chapters": chapters}


def cell(item: Item) -> str:
    """Return what must be exactly equal in two papers of one blueprint."""
    return f"{item.kind}/{item.difficulty}/{item.marks}"


def shares(pool: Counter[str], count: int) -> dict[str, int]:
    """Return ``count`` shared out in proportion to ``pool`` by largest remainders, no share above what there is."""
    total = sum(pool.values())
    exact = {name: pool[name] * count / total for name in sorted(pool)}
    given = {name: floor(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in rest[: count - sum(given.values())]:
        given[name] += 1
    return {name: share for name, share in given.items() if share}


def draw(
    count: int,
    seed: str,
    *,
    topics: Iterable[str] = (),
    chapters: Iterable[int] = (),
    kinds: Iterable[str] = (),
    avoid: Iterable[str] = (),
    name: str = "",
) -> Paper:
    """Return a paper of ``count`` questions.

    Parameters
    ----------
    seed
        Decides which questions are taken; the same seed gives the same paper.
    topics, chapters, kinds
        Draw only from these, where named.
    avoid
        Questions that other papers have; they are taken only where the blueprint cannot be met without them.

    Raises
    ------
    UsageError
        If there are fewer questions than asked for, or there is no such kind.
    """
    wanted = set(kinds)
    if strange := wanted - set(KINDS):
        raise UsageError("bank.kinds", kinds=", ".join(sorted(strange)), known=", ".join(KINDS))
    pool = [item for item in items("zh", topics=topics, chapters=chapters) if not wanted or item.kind in wanted]
    if not 0 < count <= len(pool):
        raise UsageError("paper.few", count=count, found=len(pool))
    plan = blueprint(pool, count)
    chosen = _chosen(pool, plan, random.Random(f"{seed}|{count}"), set(avoid))
    chosen.sort(key=lambda item: (KINDS.index(item.kind), item.chapter, item.id))
    title = Pair(**{lang: say("paper.title", lang, seed=seed, count=count) for lang in ("zh", "en")})
    questions = tuple(item.id for item in chosen)
    return Paper(
        name=name or re.sub(r"[^\w-]+", "-", f"paper-{seed}"),
        title=title,
        seed=seed,
        questions=questions,
        blueprint=plan,
    )


def _chosen(pool: list[Item], plan: dict[str, dict[str, int]], chance: random.Random, avoid: set[str]) -> list[Item]:
    """Return questions that fill every cell exactly and every chapter as nearly as can be, at random otherwise."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    chapters = sorted({str(item.chapter) for item in pool}, key=int)
    count, rest = len(pool), 2 * len(chapters)
    cost = np.array([chance.random() + 10 * (item.id in avoid) for item in pool] + [SLACK] * rest)
    rows, low, high = [], [], []
    for name in sorted({cell(item) for item in pool}):
        rows.append([float(cell(item) == name) for item in pool] + [0.0] * rest)
        low.append(plan["cells"].get(name, 0))
        high.append(plan["cells"].get(name, 0))
    for place, chapter in enumerate(chapters):
        over = [0.0] * rest
        over[2 * place], over[2 * place + 1] = 1.0, -1.0
        rows.append([float(str(item.chapter) == chapter) for item in pool] + over)
        low.append(plan["chapters"].get(chapter, 0))
        high.append(plan["chapters"].get(chapter, 0))
    bounds = Bounds([0.0] * (count + rest), [1.0] * count + [np.inf] * rest)
    whole = np.array([1] * count + [0] * rest)
    found = milp(cost, constraints=LinearConstraint(np.array(rows), low, high), integrality=whole, bounds=bounds)
    return [item for item, taken in zip(pool, found.x, strict=False) if taken > 0.5]


def printed(paper: Paper, lang: str, *, key: bool) -> str:
    """Return a paper as text to print: questions, or (``key``) with answers and explanations."""
    found = items(lang, ids=paper.questions)
    text = question if key else asked
    texts = [text(place, item, lang) for place, item in enumerate(found, start=1)]
    marks = sum(item.marks for item in found)
    return f"{paper.title[lang]}　{in_marks(marks).text(lang)}\n\n" + "\n\n".join(texts) + "\n"


def comparison(papers: Sequence[Paper]) -> dict[str, int]:
    """Return how alike papers are: questions in common, and the largest difference in marks and in a chapter's questions."""
    sets = [set(paper.questions) for paper in papers]
    found = [items("zh", ids=paper.questions) for paper in papers]
    marks = [sum(item.marks for item in each) for each in found]
    chapters = [Counter(item.chapter for item in each) for each in found]
    apart = max(
        (
            max(each[chapter] for each in chapters) - min(each[chapter] for each in chapters)
            for chapter in set().union(*chapters)
        ),
        default=0,
    )
    return {"common": len(set.intersection(*sets)), "marks": max(marks) - min(marks), "chapter": ceil(apart)}
