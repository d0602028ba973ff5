"""The commands of the question bank: ``crm export``, ``crm import``, ``crm paper``."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from ..core.messages import LANGS, say

if TYPE_CHECKING:
    from ..core.paper import Paper


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(text: str) -> list[int]:
    """Return chapters from a text such as ``1,4-6``."""
    found: list[int] = []
    for part in _split(text):
        low, _, high = part.partition("-")
        if not (low.isdigit() and (high.isdigit() or not high) and int(low) <= int(high or low) < 100):
            raise UsageError("bank.chapters", text=text)
        found += range(int(low), int(high or low) + 1)
    return found


content = click.option(
    "--content",
    type=click.Choice(LANGS),
    default=None,
    help="Language of the questions; by default that of the terminal.",
)
chapters = click.option("--chapters", default="", help="Only these chapters, such as 1,4-6.")
topics = click.option("--topics", default="", help="Only these topics, separated by commas.")


@click.command()
@click.option(
    "--to", "form", type=click.Choice(("moodle", "gift", "qti", "chaoxing", "text")), required=True, help="Format."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; by default bank.<ending>.")
@click.option("--paper", type=click.Path(path_type=Path, dir_okay=False), help="Only the questions of a drawn paper.")
@content
@chapters
@topics
@click.pass_obj
def export(
    lang: str, form: str, out: Path | None, paper: Path | None, content: str | None, chapters: str, topics: str
) -> None:
    """Write the question bank, or a paper, for another system."""
    from ..core.paper import read_paper
    from .bank import items
    from .exports import FORMATS, writer

    ids = read_paper(paper).questions if paper else ()
    found = items(content or lang, chapters=_numbers(chapters), topics=_split(topics), ids=ids)
    target = out or Path((paper.stem if paper else "bank") + FORMATS[form][1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(writer(form)(found, content or lang))
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(item.kind for item in found).most_common())
    click.echo(say("export.done", lang, path=str(target), count=len(found), kinds=kinds))
    spelt = sum(item.kind in ("matching", "ordering") for item in found)
    if spelt and form in ("qti", "chaoxing"):
        click.echo(say("export.spelt_out", lang, count=spelt))
    if form == "chaoxing":
        click.echo(say("export.observed", lang))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Chapter source to write, such as course/ch12_mine.md.",
)
@click.option(
    "--en",
    "english",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The same questions in English, in the same order.",
)
@click.option("--topic", default="qa-single", show_default=True, help="Topic of questions that name none.")
@click.option("--chapter", type=click.IntRange(1, 99), default=12, show_default=True, help="Number of the chapter.")
@click.option(
    "--first", type=click.IntRange(min=1), default=401, show_default=True, help="Number of the first question."
)
@click.pass_obj
def import_(lang: str, file: Path, out: Path, english: Path | None, topic: str, chapter: int, first: int) -> None:
    """Turn questions from a text file or a spreadsheet into a chapter source.

    \b
    A text file (.txt) has questions such as
      1. [单选题] 谁保管客户档案？
      A. 任何人
      B. 专人
      答案：B
      解析：专人管理是五项制度之一。
    and a spreadsheet (.xlsx) the columns 题型, 题干, 选项A …, 答案, 解析.
    What cannot be understood is listed with its line or row, and left out.
    """
    from . import emit
    from .importer import Reading, read
    from .source import read_source

    if out.exists():
        raise UsageError("import.exists", path=str(out))
    if not re.fullmatch(r"ch\d\d_\w+\.md", out.name):
        raise UsageError("import.name", path=out.name)
    reading = read(file)
    other = read(english) if english else Reading()
    if reading.drafts:
        out.parent.mkdir(parents=True, exist_ok=True)
        text = emit.chapter(reading.drafts, other.drafts, stem=out.stem, number=chapter, first=first, topic=topic)
        out.write_text(text, encoding="utf-8", newline="\n")
        read_source(out)
    for path, problems in ((file, reading.problems), (english, other.problems)):
        for problem in problems:
            click.echo(f"✘ {path.name if path else ''} {problem.text(lang)}")
    open_ = text.count(emit.UNTRANSLATED) if reading.drafts else 0
    kinds = ", ".join(
        f"{kind} {count}" for kind, count in Counter(draft.kind for draft in reading.drafts).most_common()
    )
    click.echo(
        say(
            "import.done",
            lang,
            count=len(reading.drafts),
            path=str(out),
            kinds=kinds or "–",
            failed=len(reading.problems),
        )
    )
    if open_:
        click.echo(say("import.translate", lang, count=open_, mark=emit.UNTRANSLATED.strip()))
    if any(draft.kind == "prose" for draft in reading.drafts):
        click.echo(say("import.prose", lang))
    sys.exit(1 if reading.problems or other.problems else 0)


@click.command()
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True, help="Number of questions.")
@click.option("--seed", default="1", show_default=True, help="Another seed gives another paper of the same blueprint.")
@click.option(
    "--papers",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="Number of papers, with as few questions in common as can be.",
)
@click.option("--kinds", default="", help="Only these kinds: choice, choices, matching, ordering, fill, prose.")
@click.option(
    "--avoid",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A paper whose questions are avoided.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("work/papers"),
    show_default=True,
    help="Folder.",
)
@chapters
@topics
@click.pass_obj
def paper(
    lang: str,
    count: int,
    seed: str,
    papers: int,
    kinds: str,
    avoid: tuple[Path, ...],
    out: Path,
    chapters: str,
    topics: str,
) -> None:
    """Draw papers from the question bank by a blueprint; papers of one blueprint are comparable."""
    from ..core.paper import read_paper
    from .paper import comparison, draw, printed

    taken = {question for path in avoid for question in read_paper(path).questions}
    drawn: list[Paper] = []
    for place in range(papers):
        name = seed if papers == 1 else f"{seed}-{place + 1}"
        made = draw(count, name, topics=_split(topics), chapters=_numbers(chapters), kinds=_split(kinds), avoid=taken)
        taken |= set(made.questions)
        drawn.append(made)
    out.mkdir(parents=True, exist_ok=True)
    for made in drawn:
        (out / f"{made.name}.json").write_text(made.dumps(), encoding="utf-8", newline="\n")
        for content in LANGS:
            for ending, key in (("", False), (".key", True)):
                path = out / f"{made.name}.{content}{ending}.txt"
                path.write_text(printed(made, content, key=key), encoding="utf-8", newline="\n")
        click.echo(say("paper.done", lang, path=str(out / f"{made.name}.json"), count=len(made.questions)))
    for name, cells in drawn[0].blueprint.items():
        click.echo(f"{name}: " + ", ".join(f"{cell} × {number}" for cell, number in cells.items()))
    if len(drawn) > 1:
        click.echo(say("paper.compared", lang, **comparison(drawn)))
