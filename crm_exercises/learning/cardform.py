"""Filling in a customer card: a form in groups, checked while one types, saved at every change, restored when its cell runs again.

It works with the keyboard alone: Tab goes from field to field, the arrow keys choose an option. A dictionary does the same.
"""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from ..core.cards import Card as CardKind
from ..core.errors import CrmError, UsageError
from ..core.messages import say
from ..trade.card import Card, Problem
from ..trade.cards import CARDS
from .keys import release_keys
from .notebook import session
from .session import Session
from .show import COLOURS, in_notebook

LABEL_WIDTH = {"zh": 13, "en": 19}
GOOD, BAD, CALM = COLOURS["correct"][0], COLOURS["wrong"][0], "#6b6b6b"


def card_form(exercise: str, name: str | None = None) -> Any:
    """Show the form of a card exercise and return the card as saved so far, or ``...`` while it is empty.

    Parameters
    ----------
    exercise
        Id of a ``card`` exercise.
    name
        Which of its answers, where it has more than one.

    Returns
    -------
    Card
        A draft of :class:`~crm_exercises.trade.cards.IndividualCard` or :class:`~crm_exercises.trade.cards.EnterpriseCard`. The student's
        variable is set anew at each change, so ``check`` sees it without a re-run.

    Raises
    ------
    UsageError
        The chapter has no such exercise, or it is not about a card.
    """
    try:
        now = session()
    except CrmError:  # outside a notebook, where the course is proved, there is nobody to fill it in
        return ...
    found = now.exercise(exercise)
    answer = name or next(iter(found.answer))
    kind = found.answer.get(answer)
    if not isinstance(kind, CardKind):
        raise UsageError("cardform.no_card", exercise=exercise)
    form = CardForm(now, exercise, answer, kind)
    if in_notebook():
        display(form.box)
        release_keys()
    return form.answer


class CardForm:
    """The widgets of one card; each change is checked, saved and put into the student's variable."""

    def __init__(self, now: Session, exercise: str, name: str, kind: CardKind) -> None:
        self.now, self.exercise, self.name, self.kind = now, exercise, name, kind
        self.model: type[Card] = CARDS[kind.card]
        saved = now.sidecar.answer(exercise, name)
        known = saved.items() if isinstance(saved, dict) else ()
        self.values: dict[str, Any] = {field: value for field, value in known if field in self.model.model_fields}
        self.notes = {field: widgets.HTML(layout={"min_width": "14em"}) for field in self.model.model_fields}
        self.inputs = {field: self._input(field) for field in self.model.model_fields}
        self.state = widgets.HTML()
        self.box = widgets.VBox([*self._groups(), self.state, self._foot()], layout={"max_width": "68em"})
        self._look()

    @property
    def answer(self) -> Any:
        """Return the card as filled in so far, or ``...``."""
        return self.model.draft(self.values) if self.values else ...

    def _say(self, key: str, **params: Any) -> str:
        return say(key, self.now.lang, **params)

    def _input(self, field: str) -> Any:
        """Return a drop-down list for a field with options, else a line to type in."""
        label = self._say(f"card.field.{field}") + (" *" if field in self.kind.fields else "")
        wide = LABEL_WIDTH[self.now.lang]
        style, layout = {"description_width": f"{wide}em"}, {"width": f"{wide + 21}em", "flex": "0 0 auto"}
        made: Any
        if codes := self.model.options(field):
            choices = [
                (self._say("cardform.choose"), ""),
                *((self._say(f"card.option.{field}.{code}"), code) for code in codes),
            ]
            known = self.values.get(field)
            value = known if known in codes else ""
            made = widgets.Dropdown(options=choices, value=value, description=label, style=style, layout=layout)
        else:
            made = widgets.Text(value=str(self.values.get(field, "")), description=label, style=style, layout=layout)
        made.observe(lambda change: self._changed(field, change["new"]), names="value")
        return made

    def _groups(self) -> list[Any]:
        parts: list[Any] = []
        for group in self.model.groups:
            parts.append(
                widgets.HTML(f'<strong style="font-size:95%">{escape(self._say(f"card.group.{group}"))}</strong>')
            )
            parts += [widgets.HBox([self.inputs[field], self.notes[field]]) for field in self.model.fields(group)]
        return parts

    def _foot(self) -> Any:
        example = ", ".join(f'"{field}": "…"' for field in self.kind.fields[:2])
        code = f"{self.name} = {{{example}}}"
        text = f"{self._say('cardform.foot')} <code>{escape(code)}</code>"
        return widgets.HTML(f'<span style="opacity:.65;font-size:90%">{text}</span>')

    def _changed(self, field: str, value: str) -> None:
        """Take one change over; what is typed is kept as it is, right or wrong."""
        if value.strip():
            self.values[field] = value.strip()
        else:
            self.values.pop(field, None)
        try:
            self.now.sidecar.save(self.exercise, self.name, dict(self.values))
            saved = f'<span style="color:{GOOD}">✔ {self._say("form.saved")}</span>'
        except CrmError as error:
            saved = f'<span style="color:{BAD}">{escape(error.text(self.now.lang))}</span>'
        self.now.names[self.name] = self.answer  # type: ignore[index]
        self._look(saved)

    def _look(self, saved: str = "") -> None:
        """Show what is wrong beside each field and how far the card is."""
        found: dict[str, Problem] = {}
        for problem in self.model.draft(self.values).problems():
            found.setdefault(problem.field, problem)
        for field, note in self.notes.items():
            text = self._note(field, found.get(field))
            if note.value != text:
                note.value = text
        wrong = sum(not problem.unfinished for problem in found.values())
        filled = self._say("cardform.state", filled=len(self.values), all=len(self.model.model_fields))
        faults = f' · <span style="color:{BAD}">{self._say("cardform.faults", count=wrong)}</span>' if wrong else ""
        self.state.value = f'<span role="status">{filled}{faults} {saved}</span>'

    def _note(self, field: str, problem: Problem | None) -> str:
        if problem is None:
            return f'<span style="color:{GOOD}">✓</span>' if field in self.values else ""
        message = problem.message
        key = "field.more" if message.key == "field.short" else message.key
        colour, sign = (CALM, "…") if problem.unfinished else (BAD, "✘")
        text = escape(say(key, self.now.lang, **message.params))
        return f'<div style="color:{colour};line-height:1.35;padding:5px 0">{sign} {text}</div>'
