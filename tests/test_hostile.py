"""A class of attackers, marked together with two honest students: no attack earns a mark, changes another's result or outlives the run.

Each attack (see ``hostile/build.py``) would show its success in its own marks or, as loot, in its own result.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hostile.build import HERE, Attack, attacks, write_notebooks
from hostile.files import ATTACKS, UNKNOWN, FileAttack
from hostile.table import table
from make_sample_class import SUBMISSIONS
from openpyxl import load_workbook

from crm_exercises.core.answers import BLANK, accept
from crm_exercises.core.chapter import chapter_names, read_chapter
from crm_exercises.core.paths import ROOT
from crm_exercises.grading import collect
from crm_exercises.grading.mark import Marker
from crm_exercises.learning.session import starting_names

CHAPTER = read_chapter("ch06_value")
CELLS = list(attacks())
ALL: list[Attack] = [*CELLS, *ATTACKS]
HONEST = {"20260001": "perfect", "20260003": "one-known-mistake"}
LEFT = re.compile(r"crm.was.here")
SECRETS = ("canary-environment", "canary-salt", "canary-home", "LOOT")
WATCHED = [ROOT / name for name in ("course", "solutions", "notebooks", "datasets", "crm_exercises")] + [
    Path(sysconfig.get_path("purelib"))
]


@dataclass
class Class:
    """A class that was marked, in a folder of its own that is its only home and temporary folder."""

    base: Path
    output: str = ""
    seconds: float = 0.0
    before: dict[str, Any] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)

    def of(self, name: str) -> dict[str, Any] | None:
        """Return the result whose file is named ``name``."""
        return next(
            (result for result in self.results if re.search(rf"(^|-){re.escape(name)}(?![\w-])", result["source"])),
            None,
        )


def mark(base: Path, hostile: list[Attack]) -> Class:
    for name in ("class", "home", "tmp"):
        (base / name).mkdir(parents=True)
    (base / "salt").write_text("canary-salt")
    (base / "home" / "canary.txt").write_text("canary-home")
    for student, name in HONEST.items():
        path = base / "class" / f"{student}-{name}.ipynb"
        path.write_bytes(SUBMISSIONS[name](CHAPTER, student))
        os.utime(path, (1.7e9, 1.7e9))
    for attack in hostile:
        if isinstance(attack, FileAttack):
            attack.put(base / "class", attack)
        else:
            (base / "class" / f"{attack.name}.ipynb").write_bytes((HERE / f"{attack.name}.ipynb").read_bytes())
    before = {"class": listed(base / "class"), "watched": watched()}
    began = time.monotonic()
    limits = ["--box", "auto", "--cell-seconds", "3", "--seconds", "6", "--variants", "2"]
    command = [
        sys.executable,
        "-m",
        "crm_exercises.cli",
        "--lang",
        "en",
        "grade",
        str(base / "class"),
        "--out",
        str(base / "out"),
        "--salt",
        str(base / "salt"),
        *limits,
    ]
    environment = os.environ | {
        "HOME": str(base / "home"),
        "TMPDIR": str(base / "tmp"),
        "CRM_CANARY": "canary-environment",
        "MPLCONFIGDIR": str(base / "home"),
    }
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((base / "out" / "results").glob("*.json"))
    ]
    return Class(base, done.stdout, time.monotonic() - began, before, results)


def listed(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.lstat().st_size for path in folder.rglob("*")}


def watched() -> set[str]:
    """Return the files where Python or the course would be changed, and what lies in the folders for everybody."""
    found = {str(path) for folder in WATCHED[:-1] for path in folder.rglob("*") if "__pycache__" not in path.parts}
    return found | {
        str(path)
        for folder in (WATCHED[-1], Path("/tmp"), Path("/dev/shm"))
        for path in folder.glob("*")
        if LEFT.search(path.name)
    }


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, box: str) -> Class:
    """The honest students, marked without anybody else."""
    if box == "none":
        pytest.skip("the box does not stand here, and without it no attack is let loose")
    return mark(tmp_path_factory.mktemp("alone") / "base", [])


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, box: str) -> Class:
    """The honest students and all attackers, marked in one call."""
    if box == "none":
        pytest.skip("the box does not stand here, and without it no attack is let loose")
    return mark(tmp_path_factory.mktemp("hostile") / "base", ALL)


def test_the_notebooks_are_fresh(tmp_path: Path) -> None:
    made = write_notebooks(tmp_path)
    assert len(made) >= 40
    assert {path.name for path in made} == {path.name for path in HERE.glob("*.ipynb")}, (
        "run: python tests/hostile/build.py"
    )
    assert [path.name for path in made if path.read_bytes() != (HERE / path.name).read_bytes()] == []
    assert len({attack.student for attack in ALL}) == len(ALL)


def test_the_threat_model_shows_this_table() -> None:
    assert table() in (ROOT / "docs" / "grading.md").read_text(encoding="utf-8"), (
        "run: python tests/hostile/table.py docs/grading.md"
    )


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)
def test_an_attack_earns_what_its_honest_part_earns(marked: Class, attack: Attack) -> None:
    result = marked.of(attack.name)
    if result is None:
        assert isinstance(attack, FileAttack)
        assert not attack.status and attack.name in marked.output
        return
    earned = {entry["exercise"]: entry["earned"] for entry in result["exercises"] if entry["earned"]}
    assert earned == {name: CHAPTER.exercises[name].marks for name in attack.earns}
    assert result["total"] == (sum(earned.values()) if result["exercises"] else None)
    assert not isinstance(attack, FileAttack) or result["status"] in attack.status.split("|")
    told = said(result)
    assert [pattern for pattern in attack.says if not re.search(pattern, told)] == []
    assert "LOOT" not in told


def said(result: dict[str, Any]) -> str:
    """Return all that marking says in a result; the student's own cells are kept there too."""
    return json.dumps({name: value for name, value in result.items() if name != "cells"}, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("student", HONEST)
def test_nobody_s_result_is_changed(alone: Class, marked: Class, student: str) -> None:
    def lasting(run: Class) -> dict[str, Any]:
        [result] = [result for result in run.results if result["student"] == student]
        return {key: value for key, value in result.items() if key not in {"graded_at", "seconds", "cpu"}}

    assert {note["key"] for note in lasting(marked)["notes"]} <= {"intake.counts-instead", "intake.number-also-claimed"}
    assert lasting(marked) | {"notes": []} == lasting(alone) | {"notes": []}
    pages = [(run.base / "out" / "feedback" / f"{student}.html").read_text(encoding="utf-8") for run in (alone, marked)]
    assert without_notes(pages[0]) == without_notes(pages[1])


def without_notes(page: str) -> str:
    return re.sub(r"^<p>.*$\n", "", page, flags=re.M)


def test_nobody_is_marked_under_a_number_that_somebody_made_up(marked: Class) -> None:
    assert [result["student"] for result in marked.results if result["student"].startswith(UNKNOWN)] == []
    refused = [line for line in marked.output.splitlines() if "numbers-without-end" in line]
    assert len(refused) == 200 and all("says 7700" in line and "put them beside it" in line for line in refused)


def test_everybody_has_a_row(marked: Class) -> None:
    rows = list(csv.DictReader((marked.base / "out" / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len(marked.results)
    assert {attack.student for attack in CELLS} | set(HONEST) <= {row["student"] for row in rows}
    assert marked.output.count("marked now") == 1


def test_nothing_is_left_outside(marked: Class) -> None:
    base = marked.base
    assert sorted(path.name for path in base.iterdir()) == ["class", "home", "out", "salt", "tmp"]
    assert list((base / "tmp").iterdir()) == []
    assert (base / "salt").read_text() == "canary-salt"
    assert (base / "home" / "canary.txt").read_text() == "canary-home"
    assert not [path for path in (base / "home").rglob("*") if LEFT.search(path.name) or path.name == ".bashrc"]
    assert listed(base / "class") == marked.before["class"]
    assert not [path for path in (base / "out").rglob("*") if LEFT.search(path.name) or path.name == "overrides.csv"]
    now = watched()
    assert [path for path in marked.before["watched"] - now if not Path(path).exists()] == []
    assert [path for path in now if LEFT.search(Path(path).name)] == []
    assert [
        path
        for path in changed(WATCHED[:-1], marked)
        if LEFT.search(Path(path).read_text(encoding="utf-8", errors="ignore"))
    ] == []


def changed(folders: list[Path], marked: Class) -> list[Path]:
    """Return the files that are younger than the run."""
    start = (marked.base / "salt").stat().st_mtime
    return [
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime >= start
    ]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_nothing_runs_on(marked: Class) -> None:
    def inside(process: Path) -> bool:
        try:
            return (process / "cwd").readlink().is_relative_to(marked.base)
        except OSError:
            return False

    assert [process.name for process in Path("/proc").iterdir() if process.name.isdigit() and inside(process)] == []


def test_no_secret_is_in_a_result(marked: Class) -> None:
    salted = {
        str(path)
        for path in (marked.base / "out").rglob("*.json")
        if any(secret in said(json.loads(path.read_text(encoding="utf-8"))) for secret in SECRETS)
    }
    assert salted == set()
    for path in [*(marked.base / "out" / "feedback").glob("*.html"), marked.base / "out" / "gradebook.csv"]:
        text = path.read_text(encoding="utf-8")
        assert not [secret for secret in SECRETS if secret in text], path.name
        assert "def test_" not in text and "mistakes:" not in text


def test_a_page_runs_nothing(marked: Class) -> None:
    pages = list((marked.base / "out" / "feedback").glob("*.html"))
    assert len(pages) == sum(bool(result["student"]) for result in marked.results)
    for path in (marked.base / "out").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z!][\w-]*)", page)}
        assert not tags & {
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "video",
            "foreignobject",
        }, path.name
        assert path in pages or "svg" not in tags or path.name == "class.html"
        assert not re.search(r"<[^>]*\son\w+\s*=|<[^>]*javascript:", page), path.name
        assert "default-src 'none'" in page


def test_no_table_computes_anything(marked: Class) -> None:
    for path in (marked.base / "out").glob("*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()):
            assert not [
                cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
            ], path.name
            assert not [
                cell for cell in row if re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", cell)
            ], path.name
    for sheet in load_workbook(marked.base / "out" / "gradebook.xlsx"):
        assert not [
            cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink
        ]


JSON = [None, True, 5, -1, 1e308, 10**30, "", "a", "\ud800", "{0.__class__}", "x" * 5000, [], [[]], [None], ["a", "a"], [[1, 2], [3]], [["a"], 1], {}, {"a": None}, {"": []},
        {"key": ["customer_id"], "rows": [["a"], ["a"]], "columns": {"x": [1, 2]}}, {"key": [], "rows": [], "columns": {}}, {"field": 1}, [{"field": "x", "input": "text"}], [{"field": {}}]]  # fmt: skip


@pytest.mark.parametrize("name", chapter_names())
def test_whatever_an_answer_is_made_of_it_is_marked_and_said(name: str) -> None:
    """For each exercise of the course: answers of every shape, and the right shape with every wrong content."""
    chapter = read_chapter(name)
    marker = Marker(chapter, starting_names)
    for exercise in chapter:
        expected = marker.reference("20260001").expected(exercise)
        for answer in exercise.answer:
            for value in [*JSON, *twisted(expected[answer])]:
                line = json.dumps(
                    {"exercise": exercise.id, "records": {answer: {"state": "value", "value": value}}, "error": value}
                )
                found = collect.read(line.encode(), chapter)
                verdict = marker._one(exercise, "20260001", "20260001", found[exercise.id])
                assert verdict.earned <= exercise.marks
                for message in (*verdict.told, *verdict.doubt):
                    assert all(message.text(lang).encode("utf-8", "replace") for lang in ("zh", "en"))


def twisted(value: Any) -> list[Any]:
    """Return answers of nearly the right shape."""
    if isinstance(value, dict):
        return [{**value, key: other} for key in list(value)[:4] for other in (None, 5, "x", [], {}, [[None]], True)]
    return [[value], [*value, None], [{}]] if isinstance(value, list) else [[value]]


@pytest.mark.parametrize(
    "key",
    [
        "malformed.number",
        "malformed.large",
        "malformed.nothing",
        "malformed.",
        "check.mistake",
        None,
        5,
        ["malformed.number"],
    ],
)
@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"given": {"key": "check.correct", "params": {}}},
        {"lang": "zh", "key": "x", "given": "{0.__class__}"},
    ],
)
def test_a_forged_sentence_of_the_catalogue_is_never_left_unsaid(key: Any, params: Any) -> None:
    exercise = CHAPTER.exercises["abc-gini"]
    record = accept(exercise, {"gini": {"state": "malformed", "key": key, "params": params}})["gini"]
    assert record == BLANK or all(isinstance(value, str) for value in record["params"].values())
    verdict = next(
        each
        for each in Marker(CHAPTER, starting_names).mark(
            "1", "1", {exercise.id: collect.Collected({"lorenz_ax": BLANK, "gini": record})}
        )
        if each.exercise == exercise.id
    )
    assert verdict.earned == 0
    assert all(message.text(lang) for message in verdict.told for lang in ("zh", "en"))


def test_a_reader_is_not_kept_busy_by_lines() -> None:
    began = time.process_time()
    assert collect.read(b"{}\n" * 1_300_000, CHAPTER) == {}
    assert time.process_time() - began < 2
