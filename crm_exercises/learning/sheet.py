"""The question sheet: many questions in one place, one after another or all at once; every click is saved and restored.

In practice each question says at once what is right and why. In a test nothing is said until the sheet is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

import ipywidgets as widgets
from IPython.display import display
from markdown_it import MarkdownIt

from ..core.answers import collect
from ..core.chapter import Exercise
from ..core.errors import CrmError, UsageError
from ..core.kinds import Choice, Choices, Kind, Options
from ..core.marking import Outcome, Verdict, judge
from ..core.messages import say
from ..core.paper import as_chapter, read_paper
from ..core.prose import Prose
from . import inputs
from .keys import release_keys
from .notebook import session
from .session import Session
from .show import COLOURS, Panel, in_notebook

Mode = Literal["practice", "test"]
Layout = Literal["one", "all"]
HANDED_IN = "handed_in"
STYLES = {"correct": "success", "partial": "warning", "wrong": "danger", "malformed": "danger", "unattempted": ""}
"""The colour of a question's number after a test."""


def sheet(
    *exercises: str,
    topic: str | None = None,
    mode: Mode = "practice",
    layout: Layout = "one",
    paper: str | Path | None = None,
) -> None:
    """Show a question sheet.

    Parameters
    ----------
    exercises
        Ids of the questions, in order; by default all questions of the chapter that are clicked or typed.
    topic
        Only questions of this topic.
    mode
        ``"practice"`` tells right and wrong at once; ``"test"`` only after the sheet has been handed in.
    layout
        ``"one"`` question after another, or ``"all"`` at once; the reader can switch.
    paper
        File of a drawn paper (``crm paper``), whose questions come from all chapters.
    """
    try:
        now = session()
        if paper is not None:
            now = Session(as_chapter(read_paper(paper)), now.lang, now.student, {})
        made = Sheet(now, _chosen(now, exercises, topic), mode)
    except CrmError as error:
        Panel("malformed", error.text("zh"), [error.text("en")]).display()
        return
    if in_notebook():
        display(View(made, layout).box)
        release_keys()
    else:
        print(made.text())


def _chosen(now: Session, exercises: Iterable[str], topic: str | None) -> list[Exercise]:
    named = [now.exercise(name) for name in exercises]
    found = [
        exercise
        for exercise in named or now.chapter
        if all(type(kind) in inputs.CLASSES for kind in exercise.answer.values()) and topic in (None, exercise.topic)
    ]
    if not found:
        raise UsageError("sheet.empty", chapter=now.chapter.name)
    return found


@dataclass
class Sheet:
    """The questions of a sheet, their saved answers and verdicts; knows nothing of widgets."""

    now: Session
    exercises: list[Exercise]
    mode: Mode = "practice"

    @property
    def key(self) -> str:
        """Under what the hand-in of this sheet is noted."""
        return "sheet:" + "+".join(exercise.id for exercise in self.exercises)[:200]

    @property
    def handed_in(self) -> bool:
        return bool(self.now.sidecar.progress(self.key).get(HANDED_IN))

    @property
    def tells(self) -> bool:
        """Whether right and wrong may be told now."""
        return self.now.chapter.open and (self.mode == "practice" or self.handed_in)

    @property
    def has_text(self) -> bool:
        return any(isinstance(kind, Prose) for exercise in self.exercises for kind in exercise.answer.values())

    def hand_in(self) -> None:
        self.now.sidecar.count(self.key, HANDED_IN)

    def saved(self, exercise: Exercise, name: str) -> Any:
        return self.now.sidecar.answer(exercise.id, name)

    def save(self, exercise: Exercise, name: str, value: Any) -> None:
        self.now.sidecar.save(exercise.id, name, value)
        self.now.names[name] = value if value else ...  # type: ignore[index]

    def answered(self, exercise: Exercise) -> bool:
        return any(self.saved(exercise, name) not in (..., None, "", [], {}) for name in exercise.answer)

    def verdict(self, exercise: Exercise) -> Verdict:
        """Judge what is saved."""
        names = {name: self.saved(exercise, name) or ... for name in exercise.answer}
        return judge(exercise, collect(exercise, names), self.now.reference)

    def order(self, exercise: Exercise, kind: Kind) -> list[str]:
        """Return the letters of ``kind`` in this student's order."""
        student = "" if self.now.student == "0" else self.now.student
        return inputs.shuffled(kind, f"{student}|{exercise.id}" if student else "")

    def told(self, exercise: Exercise) -> Panel:
        """Return what is said about an answer: for options in their own words, since no letters are shown."""
        verdict = self.verdict(exercise)
        tone = _tone(verdict)
        lines: list[str] = []
        for name, kind in exercise.answer.items():
            if (
                isinstance(kind, Options)
                and type(kind) in (Choice, Choices)
                and verdict.outcome is not Outcome.UNATTEMPTED
            ):
                lines += self._options(exercise, name, kind)
        if not lines:
            lines = [message.text(self.now.lang) for message in verdict.told]
        aside = say("check.marks", self.now.lang, earned=f"{verdict.earned:g}", marks=exercise.marks)
        title = say("sheet.correct" if tone == "correct" else f"outcome.{tone}", self.now.lang)
        return Panel(tone, title, lines, aside)

    def _options(self, exercise: Exercise, name: str, kind: Options) -> list[str]:
        """Return a line for each option that was ticked; after a hand-in, for every option."""
        saved = self.saved(exercise, name)
        ticked = [saved] if isinstance(saved, str) else saved if isinstance(saved, list) else []
        right = self.now.reference.expected(exercise)[name]
        lines = []
        for letter in self.order(exercise, kind):
            option = kind.options[letter]
            if letter in ticked or self.mode == "test":
                sign = "✔" if letter in right else "✘"
                why = option.why[self.now.lang] if option.why else ""
                key = "sheet.chosen" if self.mode == "test" and letter in ticked else "sheet.option"
                lines.append(say(key, self.now.lang, sign=sign, text=option[self.now.lang], why=why))
        missed = len(set(right) - set(ticked)) if isinstance(kind, Choices) else 0
        return lines + ([say("diff.missed", self.now.lang, count=missed)] if missed else [])

    def verdicts(self) -> list[Verdict]:
        return [self.verdict(exercise) for exercise in self.exercises]

    def total(self) -> tuple[float, int]:
        """Return marks earned and reachable."""
        verdicts = self.verdicts()
        return sum(verdict.earned for verdict in verdicts), sum(verdict.marks for verdict in verdicts)

    def text(self) -> str:
        """Return the sheet as plain text, for where there are no widgets."""
        lines = []
        for place, exercise in enumerate(self.exercises, start=1):
            lines.append(f"{place}. {question(exercise, self.now.lang)}")
            for name, kind in exercise.answer.items():
                told = [inputs.plain(kind, self.now.lang), f"  {name} = {inputs.EXAMPLES[type(kind)]}"]
                lines += [line for line in told if line]
        return "\n".join(lines)


def _tone(verdict: Verdict) -> str:
    return "partial" if verdict.outcome is Outcome.WRONG and verdict.earned else verdict.outcome.value


def question(exercise: Exercise, lang: str) -> str:
    """Return the task without its heading, as Markdown."""
    return "\n".join(line for line in exercise.task[lang].strip().splitlines() if not line.startswith("#")).strip()


class View:
    """The widgets of a sheet."""

    def __init__(self, made: Sheet, layout: Layout) -> None:
        self.sheet, self.lang = made, made.now.lang
        self.cards: dict[int, Card] = {}
        self.place = 0
        self.head = widgets.HTML()
        self.body = widgets.VBox()
        self.foot = widgets.VBox()
        self.layout: Layout = layout
        self.switch = self._button("sheet.all" if layout == "one" else "sheet.one", self._turn)
        self.numbers = [self._number(place) for place in range(len(made.exercises))]
        self.back = self._button("sheet.back", lambda _: self._go(self.place - 1))
        self.next = self._button("sheet.next", lambda _: self._go(self.place + 1))
        self.sure = False
        self.hand = self._button("sheet.hand_in", self._hand_in)
        index = widgets.HBox(self.numbers, layout={"flex_flow": "row wrap"})
        self.box = widgets.VBox([widgets.HBox([self.head, self.switch]), index, self.body, self.foot])
        self.box.add_class("crm-sheet")
        self._go(0)

    def _button(self, key: str, clicked: Any) -> Any:
        made = widgets.Button(description=say(key, self.lang), layout={"width": "auto"})
        made.on_click(clicked)
        return made

    def _number(self, place: int) -> Any:
        made = widgets.Button(description=str(place + 1), layout={"width": "3em", "margin": "1px", "padding": "0"})
        made.on_click(lambda _: self._go(place))
        return made

    def card(self, place: int) -> Card:
        if place not in self.cards:
            self.cards[place] = Card(self.sheet, place, self._refresh)
        return self.cards[place]

    def _go(self, place: int) -> None:
        self.place = max(0, min(place, len(self.sheet.exercises) - 1))
        everything = self.layout == "all"
        shown = range(len(self.sheet.exercises)) if everything else [self.place]
        self.body.children = [self.card(each).box for each in shown]
        step = [] if everything else [self.back, self.next]
        hand = [self.hand] if self.sheet.mode == "test" and not self.sheet.handed_in else []
        self.foot.children = [widgets.HBox([*step, *hand])]
        self.back.disabled, self.next.disabled = self.place == 0, self.place == len(self.sheet.exercises) - 1
        self._refresh()

    def _turn(self, _: Any) -> None:
        self.layout = "one" if self.layout == "all" else "all"
        self.switch.description = say("sheet.all" if self.layout == "one" else "sheet.one", self.lang)
        self._go(self.place)

    def _refresh(self) -> None:
        """Say how far the sheet is; after a test also which questions are right."""
        verdicts = self.sheet.verdicts() if self.sheet.mode == "test" and self.sheet.tells else []
        done = 0
        for place, (exercise, number) in enumerate(zip(self.sheet.exercises, self.numbers, strict=True)):
            answered = self.sheet.answered(exercise)
            done += answered
            number.button_style = STYLES[_tone(verdicts[place])] if verdicts else "info" if answered else ""
            number.style.font_weight = "bold" if place == self.place and self.layout == "one" else "normal"
            number.tooltip = exercise.title[self.lang]
        line = say(f"sheet.{self.sheet.mode}", self.lang, done=done, count=len(self.sheet.exercises))
        if self.sheet.mode == "test" and self.sheet.handed_in:
            line = say("sheet.handed_in", self.lang)
            if verdicts:
                earned, marks = self.sheet.total()
                line += " " + say("sheet.result", self.lang, earned=f"{earned:g}", marks=marks)
                line += say("sheet.provisional", self.lang) if self.sheet.has_text else ""
        self.head.value = f'<strong style="padding-right:12px">{escape(line)}</strong>'

    def _hand_in(self, button: Any) -> None:
        missing = sum(not self.sheet.answered(exercise) for exercise in self.sheet.exercises)
        if not self.sure:
            self.sure = True
            button.description = say("sheet.sure", self.lang, missing=missing)
            button.button_style = "warning"
            return
        self.sheet.hand_in()
        self.cards.clear()
        self._go(self.place)


class Card:
    """One question on the sheet."""

    def __init__(self, made: Sheet, place: int, changed: Any) -> None:
        self.sheet, self.exercise, self.changed = made, made.exercises[place], changed
        self.lang = made.now.lang
        locked = made.mode == "test" and made.handed_in
        self.state, self.feedback = widgets.HTML(), widgets.HTML()
        parts: list[Any] = [widgets.HTML(self._question(place))]
        for name, kind in self.exercise.answer.items():
            saved = made.saved(self.exercise, name)
            order = made.order(self.exercise, kind)
            one = inputs.make(kind, self.lang, saved, self._saver(name, kind), order=order, letters=False)
            if locked:
                one.lock()
            parts.append(one.box)
        if made.mode == "practice" and made.now.chapter.open:
            check = widgets.Button(description=say("sheet.check", self.lang), layout={"width": "auto"})
            check.on_click(lambda _: self._check())
            parts.append(widgets.HBox([check, self.state]))
        else:
            parts.append(self.state)
        parts.append(self.feedback)
        if locked and made.tells:
            self._tell()
        self.box = widgets.VBox(parts, layout={"padding": "6px 0 14px 0"})

    def _question(self, place: int) -> str:
        about = say("sheet.question", self.lang, place=place + 1, title=self.exercise.title[self.lang])
        marks = say("sheet.marks", self.lang, marks=self.exercise.marks) + " " + "★" * (self.exercise.difficulty or 0)
        text = MarkdownIt("commonmark", {"html": False}).enable("table").render(question(self.exercise, self.lang))
        return (
            f'<div style="border-top:1px solid #9994;padding-top:8px;line-height:1.55;max-width:60em">'
            f'<strong>{escape(about)}</strong> <span style="opacity:.7">{escape(marks)}</span>{text}</div>'
        )

    def _saver(self, name: str, kind: Kind) -> Any:
        def save(value: Any) -> None:
            try:
                self.sheet.save(self.exercise, name, value)
            except CrmError as error:
                self.state.value = f'<span style="color:#b3261e">{escape(error.text(self.lang))}</span>'
                return
            self.state.value = f'<span style="color:#1b7f4b">✔ {say("form.saved", self.lang)}</span>'
            self.feedback.value = ""
            if isinstance(kind, Choice) and len(self.exercise.answer) == 1 and self.sheet.tells:
                self._check()
            self.changed()

        return save

    def _check(self) -> None:
        self.sheet.now.sidecar.count(self.exercise.id, "tries")
        self._tell()

    def _tell(self) -> None:
        try:
            self.feedback.value = self.sheet.told(self.exercise).html()
        except Exception as error:  # the course's own code failed: say so, the answer is saved
            colour, sign = COLOURS["crashed"]
            told = say("check.reference_failed", self.lang, exercise=self.exercise.id, error=str(error))
            self.feedback.value = f'<span style="color:{colour}">{sign} {escape(told)}</span>'
