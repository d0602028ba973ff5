"""The question sheet: many questions in one place, one after another or all at once; every click is saved and restored.

In practice each question says at once what is right and why. In a test nothing is said until the sheet is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, Literal, get_args

import ipywidgets as widgets
from IPython.display import display
from markdown_it import MarkdownIt

from ..core.chapter import Exercise
from ..core.errors import CrmError, UsageError
from ..core.kinds import Choice, Kind
from ..core.messages import in_marks, say
from ..core.paper import as_chapter, read_paper
from . import inputs
from .keys import release_keys
from .notebook import refused, session
from .questions import Mode, Sheet, question
from .session import Session
from .show import COLOURS, coloured, in_notebook, tone

Layout = Literal["one", "all"]
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
        for given, known in ((mode, Mode), (layout, Layout)):
            if given not in get_args(known):
                raise UsageError("sheet.call", given=str(given)[:40])
        if paper is not None:
            now = Session(as_chapter(read_paper(paper)), now.lang, now.student, {})
        made = Sheet(now, _chosen(now, exercises, topic), mode)
    except CrmError as error:
        refused(error).display()
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


class View:
    """The widgets of a sheet."""

    def __init__(self, made: Sheet, layout: Layout) -> None:
        self.sheet, self.lang = made, made.now.lang
        self.cards: dict[int, Card] = {}
        self.place = 0
        self.head = widgets.HTML()
        self.body = widgets.VBox()
        self.foot = widgets.HBox()
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
        """Return the widgets of the question at ``place``, made when it is first shown."""
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
        self.foot.children = [*step, *hand]  # the same buttons as before: who uses the keyboard stays on them
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
            number.button_style = STYLES[tone(verdicts[place])] if verdicts else "info" if answered else ""
            number.style.font_weight = "bold" if place == self.place and self.layout == "one" else "normal"
            number.tooltip = exercise.title[self.lang]
        line = say(f"sheet.{self.sheet.mode}", self.lang, done=done, count=len(self.sheet.exercises))
        if self.sheet.mode == "test" and self.sheet.handed_in:
            line = say("sheet.handed_in", self.lang)
            if verdicts:
                earned, marks = self.sheet.total()
                line += " " + say("sheet.result", self.lang, earned=f"{earned:g}", marks=in_marks(marks))
                line += say("sheet.provisional", self.lang) if self.sheet.has_text else ""
        self.head.value = f'<strong style="padding-right:12px">{escape(line)}</strong>'

    def _hand_in(self, button: Any) -> None:
        missing = sum(not self.sheet.answered(exercise) for exercise in self.sheet.exercises)
        if not self.sure:
            self.sure = True
            button.description = say("sheet.sure", self.lang, missing=missing)
            button.button_style = "warning"
            return
        try:
            self.sheet.hand_in()
        except CrmError as error:
            self.head.value = coloured(error.text(self.lang), "wrong")
            return
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
        marks = in_marks(self.exercise.marks).text(self.lang) + " " + "★" * (self.exercise.difficulty or 0)
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
                self.state.value = coloured(error.text(self.lang), "wrong")
                return
            self.state.value = coloured(f"✔ {say('form.saved', self.lang)}", "correct")
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
            told = say("check.reference_failed", self.lang, exercise=self.exercise.id, error=str(error))
            self.feedback.value = coloured(f"{COLOURS['crashed'][1]} {told}", "crashed")
