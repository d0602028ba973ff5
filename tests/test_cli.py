"""The command line: wrong calls end with a sentence and the exit code that the README names, never with a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_exercises.cli import main


@pytest.mark.parametrize(
    "call",
    [
        "nosuch",
        "--lang fr list",
        "build ch99",
        "build --check ch06 ch99",
        "doctor --course-only ch99",
        "release {folder}/new ch99",
        "release {file}",
        "grade {folder}/absent --out {folder}/out",
        "grade {folder} --out {folder}/out --variants 0",
        "grade {folder} --out {folder}/out --jobs 0",
        "grade {folder} --out {folder}/out --seconds -1",
        "grade {folder} --out {folder}/out --cell-seconds 0",
        "report {folder}",
        "export --to text --chapters 4-1",
        "export --to text --chapters x",
        "export --to text --topics nosuch",
        "export --to text --paper {file}",
        "import {folder}/absent.txt --out {folder}/ch12_mine.md",
        "paper --kinds essay --out {folder}",
        "paper --count 0 --out {folder}",
        "paper --papers 0 --out {folder}",
    ],
)
def test_a_wrong_call_is_told(crm: Any, tmp_path: Path, call: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = crm(*call.format(folder=tmp_path, file=tmp_path / "file").split())
    assert (done.exit_code, len(done.output) > 20) == (2, True), done.output


def test_a_file_that_cannot_be_written_is_told(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = crm("export", "--to", "text", "--out", tmp_path / "file" / "bank.txt")
    assert (done.exit_code, "Check the path" in done.output) == (1, True), done.output


def test_a_seed_may_hold_any_sign(crm: Any, tmp_path: Path) -> None:
    done = crm("paper", "--count", 6, "--seed", "期中/A 卷", "--out", tmp_path / "papers")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "papers" / "paper-期中-A-卷.json").is_file()


def test_data_sets_are_listed_in_the_language_of_the_terminal(crm: Any) -> None:
    assert "CDNOW 购买记录" in crm("data", lang="zh").output


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0
    assert main.commands[command].get_short_help_str(200)
