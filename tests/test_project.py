"""The project as a whole: it is clean, fresh, well, and its files agree with each other."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest
import yaml

from crm_exercises.authoring.doctor import machine
from crm_exercises.core.chapter import AnyKind, Head, Mistake
from crm_exercises.core.messages import catalogue
from crm_exercises.core.paths import ROOT
from crm_exercises.core.prose import Point, Slip

PACKAGE = ROOT / "crm_exercises"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=" ".join)
def test_ruff_is_clean(command: tuple[str, ...]) -> None:
    done = run("ruff", *command, ".")
    assert done.returncode == 0, done.stdout


def test_mypy_is_clean() -> None:
    done = run("mypy")
    assert done.returncode == 0, done.stdout


def test_everything_derived_is_fresh() -> None:
    done = run("crm_exercises.cli", "--lang", "en", "build", "--check")
    assert done.returncode == 0, done.stdout


def test_the_course_and_this_machine_are_well() -> None:
    done = run("crm_exercises.cli", "--lang", "en", "doctor")
    assert done.returncode == 0, done.stdout


def test_the_doctor_finds_a_kernel_that_runs_another_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {
        "argv": [str(tmp_path / "python"), "-m", "ipykernel_launcher"],
        "display_name": "Python 3",
        "language": "python",
    }
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert "doctor.kernel" in [finding.key for finding in machine()]


def test_every_topic_of_a_finished_chapter_is_practised() -> None:
    done = json.loads(run("crm_exercises.cli", "list", "--json").stdout)
    lines = (ROOT / "course" / "topics.csv").read_text(encoding="utf-8").splitlines()[1:]
    topics = {line.split(",")[0]: int(line.split(",")[1]) for line in lines}
    chapters = {
        topics[row["topic"]]
        for row in done
        if row["topic"] in topics and row["number"].split(".")[0] == str(topics[row["topic"]])
    }
    practised = {row["topic"] for row in done}
    assert [topic for topic, chapter in topics.items() if chapter in chapters and topic not in practised] == []
    assert {"id", "chapter", "topic", "kind", "marks", "zh", "en"} <= done[0].keys()


def test_every_pinned_package_has_a_hash_and_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\S)", text)
        pins = {
            re.match(r"[\w.-]+", entry).group().lower().replace("_", "-"): entry for entry in entries if "==" in entry
        }  # type: ignore[union-attr]
        assert all("--hash=sha256:" in entry for entry in pins.values())
        for dependency in wanted:
            assert re.match(r"[\w-]+", dependency).group().lower() in pins, f"{dependency} is not pinned in {name}"  # type: ignore[union-attr]
        assert "://" not in text


def test_conda_users_get_the_same_pins(tmp_path: Path) -> None:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    assert pip[0] == "--requirement requirements.txt"
    assert [entry for entry in dependencies if isinstance(entry, str)] == ["python=3.12", "pip"]
    listed = tmp_path / "pip.txt"  # conda hands pip its part of the file as a list of requirements
    listed.write_text("\n".join(pip).replace("requirements.txt", str(ROOT / "requirements.txt")), encoding="utf-8")
    done = run("pip", "install", "--dry-run", "--no-index", "--disable-pip-version-check", "--requirement", str(listed))
    assert done.returncode == 0, done.stderr


ALLOWED = {
    "core": {"core"},
    "authoring": {"core", "authoring"},
    "learning": {"core", "learning"},
    "grading": {"core", "grading"},
    "trade": {"core", "trade"},
}
HALL = {"data", "plots", "fonts"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    """Everything may stand on the ground floor and the hall, the hall on the ground floor alone; no wing stands on another."""
    parts = path.relative_to(PACKAGE).parts
    if parts[0] in ("__init__.py", "cli.py"):  # the doors
        return
    allowed = (
        ALLOWED.get(parts[0], {"core"})
        | HALL
        | ({"learning", "trade"} if parts[:2] == ("authoring", "doctor.py") else set())
    )
    allowed |= {"trade"} if parts[0] == "learning" else set()  # forms show the tools of the trade
    for module in imported(path, parts):
        assert module in allowed, f"{path.name} imports {module}"


def imported(path: Path, parts: tuple[str, ...]) -> set[str]:
    """Return the wings of the package that a module imports, wherever in its text."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = list(parts[:-1])[: len(parts) - node.level]
            name = [*base, *(node.module or "").split(".")] if node.module else base
            names = [alias.name for alias in node.names] if not "".join(name) else [next(part for part in name if part)]
            found.update(names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("crm_exercises."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("crm_exercises.")}
    return found


def test_marking_needs_no_widget() -> None:
    code = (
        "import sys, pkgutil, importlib, crm_exercises.grading as g, crm_exercises.core as c;"
        "[importlib.import_module(f'{p.__name__}.{m.name}') for p in (g, c) for m in pkgutil.iter_modules(p.__path__)];"
        "print(sorted({'ipywidgets', 'jupytext', 'crm_exercises.learning', 'crm_exercises.authoring'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_runs_in_the_box_knows_neither_the_source_nor_marking() -> None:
    code = (
        "import sys; from crm_exercises import *; import crm_exercises as c; [getattr(c, n) for n in c.__all__];"
        "import crm_exercises.core.recorder; print([m for m in sys.modules if m.startswith(('crm_exercises.authoring', 'crm_exercises.grading'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_sentence_that_is_named_exists_and_is_used() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *(ROOT / "datasets").glob("*.py")]
    )
    begun = tuple(set(re.findall(r"""["'`]([a-z_]+\.(?:[a-z_.]*[._])?)[{"']""", text)))  # f"card.field.{name}"
    assert [
        key
        for key in catalogue()
        if not re.search(rf"""["']{re.escape(key)}["']""", text) and not key.startswith(begun)
    ] == []
    named = set(re.findall(r'(?:say|Message|Error|_finding)\(\s*"([a-z]+\.[a-z_.-]+)"', text))
    assert named <= catalogue().keys(), named - catalogue().keys()


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])
def test_every_field_of_a_source_is_explained(name: str) -> None:
    """Errors send authors to this page for kinds and fields, so it names them all, in both languages."""
    text = (ROOT / name).read_text(encoding="utf-8")
    kinds = get_args(get_args(AnyKind)[0])
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", text, re.MULTILINE))
    assert rows.keys() == {get_args(kind.model_fields["kind"].annotation)[0] for kind in kinds}
    known = {field for model in (Head, Mistake, Point, Slip, *kinds) for field in model.model_fields}
    assert [field for field in known - {"stem"} if not re.search(rf"\b{field}\b", text)] == []


def test_both_languages_of_the_page_name_the_same_fields_of_a_kind() -> None:
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md")]
    rows = [dict(re.findall(r"^\| `(\w+)` \|(.*)$", page, re.MULTILINE)) for page in pages]
    known = {field for kind in get_args(get_args(AnyKind)[0]) for field in kind.model_fields}
    named = [
        {
            kind: sorted(known & {word for code in re.findall("`.*?`", row) for word in re.findall("[a-z]+", code)})
            for kind, row in page.items()
        }
        for page in rows
    ]
    assert named[0] == named[1]


def test_both_languages_of_a_page_show_the_same_commands() -> None:
    for english, chinese in (("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"), ("README.md", "README.zh-CN.md")):
        pages = [
            (ROOT / name).read_text(encoding="utf-8").replace("crm --lang zh", "crm") for name in (english, chinese)
        ]
        shown = [re.findall(r"\bcrm (?:\w+)(?: --[\w-]+)*", page) for page in pages]
        assert sorted(set(shown[0])) == sorted(set(shown[1]))


def test_a_chapter_file_is_readable_and_modules_stay_short() -> None:
    long = {
        path.name: count
        for path in PACKAGE.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pattern = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|/home/\w+/|/root/|/Users/\w+/")
    guilty = [
        name for name in listed
        if (ROOT / name).is_file() and name != "tests/test_project.py" and (ROOT / name).suffix in {".py", ".md", ".txt", ".yml", ".yaml", ".json", ".ipynb", ".toml", ""}
        and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]  # fmt: skip
    assert guilty == []
