"""The hostile set: notebooks that try to earn, read, change or break what is not theirs, each named after its attack.

An attack that stands in answer cells is a file in ``attacks/``: its docstring says what it tries, what it earns (``earns:``, the exercises
of its honest part), what marking must say of it (``says:``, a regular expression; it proves that the attack was tried) and which promises
it is out to break (``still:``). Attacks that are in the file itself are in ``files.py``.

``python tests/hostile/build.py`` writes the notebooks beside this file; a test checks that they are fresh.
"""

from __future__ import annotations

import ast
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHAPTER = "ch06_value"
ATTACKED = "abc-classes"
HONEST = {
    "abc-decide": 'c_class = "b"',
    "rfm-table": (
        'rfm = orders.groupby("customer_id").agg(last=("date", "max"), frequency=("date", "nunique"), monetary=("amount", "sum"))\n'
        'rfm["recency"] = (snapshot - rfm["last"]).dt.days'
    ),
}
"""What every attacker also answers, and rightly."""

STILL = {
    "others": "results of the other students are the same to the letter",
    "files": "no file outside is new, changed or gone",
    "processes": "nothing runs on",
    "secrets": "no secret is in a result",
    "page": "the feedback page runs nothing",
    "book": "the gradebook computes nothing",
    "class": "marking goes on to the end",
}
"""The promises; every run is held to all of them, an attack names those that it is out to break."""

REFUSED = "(PermissionError|FileNotFoundError|ProcessLookupError|OSError)"
"""What ``refused`` means in an attack's ``says``: which error it is depends on the walls that a system has."""

PRELUDE = '''\
class Tried(Exception): pass
def tell(**acts):
    """Do each act, then end the cell with what became of them: an error is quoted in the result, and so would be the loot."""
    def told(act):
        try: return "LOOT " + str(act())[:60]
        except BaseException as error: return type(error).__name__
    raise Tried("; ".join(f"{name} {told(act)}" for name, act in acts.items()))
'''


@dataclass(frozen=True)
class Attack:
    """One attack. ``earns`` are the exercises that still earn full marks; all others earn nothing."""

    name: str
    tries: str
    earns: tuple[str, ...] = tuple(HONEST)
    says: tuple[str, ...] = ()
    still: tuple[str, ...] = ("others", "class")
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def student(self) -> str:
        """The attacker's number; it depends on the name alone."""
        return f"66{zlib.crc32(self.name.encode()) % 10**6:06}"


def attacks() -> Iterator[Attack]:
    """Yield the attacks in ``attacks/``, by name."""
    for path in sorted((HERE / "attacks").glob("*.py")):
        yield _read(path.stem.replace("_", "-"), path.read_text(encoding="utf-8"))


def _read(name: str, text: str) -> Attack:
    tree = ast.parse(text)
    about = (ast.get_docstring(tree) or "").split("\n\n")
    code = "\n".join(text.split("\n")[tree.body[0].end_lineno :]).strip()
    fields: dict[str, list[str]] = {}
    for line in about[-1].splitlines() if len(about) > 1 else ():
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    if unknown := fields.keys() - {"earns", "says", "still"}:
        raise ValueError(f"{name}: {unknown}")
    lists = {key: _split(values[0]) for key, values in fields.items() if key != "says"}
    says = tuple(said.replace("refused", REFUSED) for said in fields.get("says", ()))
    return Attack(name, " ".join(about[0].split()), says=says, cells=tuple(_cells(code)), **lists)


def _split(value: str) -> tuple[str, ...]:
    return () if value == "nothing" else tuple(value.split(", "))


def _cells(code: str) -> Iterator[tuple[str, str]]:
    """Cut code at its ``# exercise: …`` lines; what stands before the first belongs to the exercise that most attacks use."""
    parts = re.split(r"^# exercise: (\S+)\n", code, flags=re.M)
    for exercise, source in [(ATTACKED, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]:
        if source.strip():
            yield exercise, (PRELUDE if re.search(r"\btell\(", source) else "") + source.strip()


def notebook(student: str, cells: dict[str, str], lang: str = "en", chapter: str = CHAPTER) -> dict[str, Any]:
    """Return a notebook with only what intake looks at."""
    made = [_cell("student", f'student = "{student}"', {"tags": ["parameters"]})]
    made.append(_cell("begin", f'from crm_exercises import *\nbegin("{chapter}", "{lang}", student)', {}))
    for exercise, source in cells.items():
        made.append(
            _cell(
                f"{exercise}-answer",
                f"# exercise: {exercise}\n{source}",
                {"crm": {"role": "answer", "exercise": exercise}},
            )
        )
    about = {
        "crm": {"chapter": chapter, "lang": lang},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    }
    return {"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": metadata,
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def dumped(book: dict[str, Any]) -> bytes:
    return (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode()


def write_notebooks(folder: Path) -> list[Path]:
    """Write the notebooks of all attacks in ``attacks/`` and return their paths."""
    made = []
    for attack in attacks():
        path = folder / f"{attack.name}.ipynb"
        path.write_bytes(
            dumped(
                notebook(
                    attack.student,
                    dict(attack.cells) | {name: HONEST[name] for name in HONEST if name not in dict(attack.cells)},
                )
            )
        )
        made.append(path)
    return made


if __name__ == "__main__":
    for old in HERE.glob("*.ipynb"):
        old.unlink()
    print(f"{len(write_notebooks(HERE))} notebooks")
