"""The command ``crm``: one sub-command per door of the house. Exit codes: 0 done, 1 something is not right, 2 a wrong call."""

from __future__ import annotations

import json
import locale
import os
import sys
from pathlib import Path
from typing import Any

import click

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: more threads only wait for each other

from .authoring import commands as _bank
from .core.errors import CrmError
from .core.messages import LANGS, say


def default_lang() -> str:
    """Return the language of the terminal: ``CRM_LANG``, else zh where the system's language is Chinese, else en."""
    named = (
        os.environ.get("CRM_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    )
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


_SECONDS = click.FloatRange(min=0, min_open=True)


class _Group(click.Group):
    """Turns the package's errors into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CrmError as error:
            click.echo(error.text(ctx.params.get("lang") or default_lang()), err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            if not error.filename:  # no file that a person named; a closed pipe is click's business
                raise
            why = error.strerror or str(error)
            click.echo(
                say("file.failed", ctx.params.get("lang") or default_lang(), path=error.filename, error=why), err=True
            )
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--lang", type=click.Choice(LANGS), default=default_lang, help="Language of what is printed.")
@click.version_option(package_name="crm-exercises", prog_name="crm")
@click.pass_context
def main(ctx: click.Context, lang: str) -> None:
    """A customer-relationship-management workbook: lessons, exercises, marking."""
    ctx.obj = lang


@main.command()
@click.argument("chapters", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if anything derived is stale.")
@click.pass_obj
def build(lang: str, chapters: tuple[str, ...], check: bool) -> None:
    """Derive notebooks, solutions and bundles from course/."""
    from .authoring.build import Build

    report = Build(check=check, tell=lambda path: click.echo(f"… {path}")).run(chapters)
    if check:
        for path in report.stale:
            click.echo(path)
        click.echo(say("build.stale" if report.stale else "build.fresh", lang, count=len(report.stale)))
        sys.exit(1 if report.stale else 0)
    for path in report.rescued:
        click.echo(say("build.rescued", lang, path=path))
    click.echo(say("build.done", lang, count=len(report.written)))


@main.command()
@click.argument("chapters", nargs=-1)
@click.option("--course-only", is_flag=True, help="Prove the course, not this machine.")
@click.pass_obj
def doctor(lang: str, chapters: tuple[str, ...], course_only: bool) -> None:
    """Prove the course (every exercise, every mistake, every pair) and this machine."""
    from .authoring import doctor as doctors

    findings = doctors.course(chapters)
    if not course_only:
        findings += doctors.machine()
    for finding in findings:
        click.echo(f"✘ {finding.text(lang)}")
    click.echo(say("doctor.ill" if findings else "doctor.well", lang, count=len(findings), **doctors.counts(chapters)))
    sys.exit(1 if findings else 0)


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_(lang: str, as_json: bool) -> None:
    """List every exercise."""
    from .core.chapter import chapter_names, read_chapter

    rows = [
        {
            "id": exercise.id,
            "chapter": chapter.name,
            "number": exercise.number,
            "topic": exercise.topic,
            "kind": list(exercise.kinds),
            "marks": exercise.marks,
            "zh": exercise.title.zh,
            "en": exercise.title.en,
        }
        for chapter in map(read_chapter, chapter_names())
        for exercise in chapter
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['number']:<6}{row['id']:<28}{row['marks']:>3}  {row[lang]}")


@main.command()
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("work"),
    show_default=True,
    help="Your own copies live here.",
)
@click.option("--no-browser", is_flag=True, help="Start the server only.")
@click.option("--prepare", is_flag=True, help="Only bring the work folder up to date.")
@click.pass_obj
def lab(lang: str, work: Path, no_browser: bool, prepare: bool) -> None:
    """Open JupyterLab on your own copy of the notebooks; what you changed is never overwritten."""
    from .learning.desk import Desk

    report = Desk(work).update()
    for path in report.new_versions:
        click.echo(say("lab.new_version", lang, path=path))
    click.echo(say("lab.ready", lang, folder=str(work.resolve()), count=report.count))
    if not prepare:
        sys.exit(Desk(work).open(lang, browser=not no_browser))


@main.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for gradebook, results and feedback."
)
@click.option("--roster", type=click.Path(path_type=Path), help="CSV with student number and name.")
@click.option("--chapter", help="Mark this chapter only, where several were submitted.")
@click.option(
    "--salt", type=click.Path(path_type=Path), help="File with your secret; default: OUT/salt.txt, made on first use."
)
@click.option(
    "--variants",
    "pool",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Number of secret data variants for the class.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; default: one per processor.")
@click.option(
    "--box",
    type=click.Choice(["auto", "none"]),
    default="auto",
    show_default=True,
    help="none: run notebooks with your rights.",
)
@click.option(
    "--engine",
    type=click.Choice(["warm", "stock"]),
    help="stock: a kernel for each notebook; default where there is no fork.",
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Run notebooks on the workers of this Dask scheduler (docs/cluster.md)."
)
@click.option("--seconds", type=_SECONDS, help="Time limit of a notebook.")
@click.option("--cell-seconds", type=_SECONDS, help="Time limit of a cell.")
@click.option(
    "--only",
    multiple=True,
    metavar="STUDENT",
    help="Mark this student only; with --force also if that is done already.",
)
@click.option("--exercise", metavar="ID", help="Mark this exercise only (again).")
@click.option("--force", is_flag=True, help="Mark again what is already marked (all, or what --only names).")
@click.pass_obj
def grade(
    lang: str, submissions: Path, seconds: float | None, cell_seconds: float | None, engine: str | None, **chosen: Any
) -> None:
    """Mark a class: SUBMISSIONS is a folder, a platform's zip file or one notebook."""
    from dataclasses import replace

    from .grading.box import Limits
    from .grading.grade import Options
    from .grading.grade import grade as mark
    from .learning.session import starting_names

    usual = Limits()
    limits = replace(usual, wall=seconds or usual.wall, cell=cell_seconds or usual.cell)
    warm = bool(chosen["cluster"]) or (hasattr(os, "fork") and sys.platform == "linux")
    kind: Any = engine or ("warm" if warm else "stock")
    options = Options(**chosen, limits=limits, engine=kind, lang=lang)
    with _Progress(say("grade.progress", lang)) as progress:
        summaries = mark(submissions, options, starting_names, progress.start)
    for summary in summaries:
        _tell(summary, lang)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--accept-sure", is_flag=True, help="Confirm the suggested marks of free text that is not in doubt.")
@click.pass_obj
def report(lang: str, folder: Path, accept_sure: bool) -> None:
    """Make gradebook, feedback and class report anew from FOLDER (after a change of overrides.csv or review.csv)."""
    from .grading.reports import remake

    for path, told in remake(folder, lang, accept_sure=accept_sure):
        for message in told:
            click.echo(message.text(lang))
        click.echo(say("report.done", lang, path=path))


class _Progress:
    """A progress bar on standard error."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bar: Any = None

    def start(self, total: int) -> Any:
        from tqdm import tqdm

        self.__exit__()  # the last chapter's
        self.bar = tqdm(total=total, desc=self.text, file=sys.stderr, leave=False)
        return self.bar.update

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()


def _tell(summary: Any, lang: str) -> None:
    """Print what a marking call did and where the results are."""
    for source, reason in summary.refused:
        click.echo(say("grade.refused", lang, source=source, why=reason))
    if summary.absent:
        click.echo(say("grade.absent", lang, students=", ".join(summary.absent)))
    for problem in summary.problems:
        click.echo(problem.text(lang))
    counts = {name: getattr(summary, name) for name in ("chapter", "count", "graded", "kept")}
    click.echo(say("grade.done", lang, **counts, seconds=f"{summary.seconds:.1f}", box=summary.box or "–"))
    paths = {"gradebook": "gradebook.csv", "feedback": "feedback", "report": "class.html"}
    click.echo(say("grade.paths", lang, **{name: summary.folder / path for name, path in paths.items()}))


@main.command()
@click.option("--verify", is_flag=True, help="Compare every data set with its checksum.")
@click.pass_obj
def data(lang: str, verify: bool) -> None:
    """List the data sets, or verify them."""
    from . import data as datasets

    if not verify:
        for name in datasets.names():
            click.echo(f"{name:<24}{datasets.card(name)['title' if lang == 'en' else f'title_{lang}']}")
        return
    problems = datasets.verify()
    for problem in problems:
        click.echo(f"✘ {problem.text(lang)}")
    click.echo(say("data.ill" if problems else "data.well", lang, count=len(problems or datasets.names())))
    sys.exit(1 if problems else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("chapters", nargs=-1)
@click.option("--exam", is_flag=True, help="Without solutions, hints and keys.")
@click.pass_obj
def release(lang: str, folder: Path, chapters: tuple[str, ...], exam: bool) -> None:
    """Write a copy of the workbook to hand out into FOLDER."""
    from .authoring.release import release as write

    names = write(folder, chapters, exam=exam)
    click.echo(say("release.done", lang, folder=folder, chapters=", ".join(names)))


for _command in (_bank.export, _bank.import_, _bank.paper):
    main.add_command(_command)


if __name__ == "__main__":
    main(prog_name="crm")
