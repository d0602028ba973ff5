"""What several tests share."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from crm_exercises import plots
from crm_exercises.cli import main
from crm_exercises.data import DATASETS
from crm_exercises.grading.probe import probe


@pytest.fixture(scope="session")
def box() -> str:
    """The box that this machine can build: ``auto``, or ``none`` where the first wall does not stand."""
    return "auto" if probe().stands else "none"


@pytest.fixture
def crm() -> Any:
    """Call the command line and return its result."""

    def call(*arguments: object, lang: str = "en") -> Any:
        return CliRunner().invoke(main, ["--lang", lang, *map(str, arguments)], catch_exceptions=False)

    return call


@pytest.fixture(scope="session")
def sample_class(tmp_path_factory: pytest.TempPathFactory, box: str) -> Path:
    """The sample class, marked once for all tests; returns the results folder."""
    from make_sample_class import FOLDER

    out = tmp_path_factory.mktemp("sample") / "out"
    salt = out.parent / "salt"
    salt.write_text("a secret of the tests", encoding="utf-8")
    arguments = ["--lang", "en", "grade", FOLDER, "--out", out, "--cell-seconds", "4", "--box", box, "--salt", salt]
    done = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, as a notebook that saves its answers beside itself; returns the folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let figures speak each language in turn."""
    before = plots.language()
    plots.set_language(request.param)
    yield request.param
    plots.set_language(before)


def draw_and_close(axes: Any) -> None:
    """Draw the letters too: a missing glyph is an error."""
    import matplotlib.pyplot as plt

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph.*missing")
        axes.figure.canvas.draw()
    plt.close(axes.figure)


def told_facts(kind: str, student: str) -> dict[str, Any]:
    """Return the facts of a student's case text as the course's own solution has them (two spellings joined by `` | ``)."""
    from crm_exercises.core.chapter import read_chapter
    from crm_exercises.core.reference import run
    from crm_exercises.learning.session import starting_names

    exercise, name = {"individual": ("card-person", "person"), "enterprise": ("card-firm", "firm")}[kind]
    names = starting_names(student)
    run(read_chapter("ch02_cards").exercises[exercise].body, names, "<facts>")
    facts: dict[str, Any] = names[name]
    return facts


@pytest.fixture(scope="session")
def datasets() -> Iterator[Callable[[str], ModuleType]]:
    """Import a module that stands beside the data: a generator, ``derive``, a reader."""
    sys.path.insert(0, str(DATASETS))
    yield import_module
    sys.path.remove(str(DATASETS))
