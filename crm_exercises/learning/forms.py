"""Answers that are clicked or typed: a form, saved at every click and restored when its cell runs again."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from IPython.display import display

from ..core.chapter import Exercise
from ..core.errors import CrmError, UsageError
from ..core.kinds import Kind
from ..core.messages import say
from . import inputs
from .keys import release_keys
from .notebook import session
from .session import Session
from .show import coloured, in_notebook


def form(exercise: str, name: str | None = None) -> Any:
    """Show the form of ``exercise`` and return the saved answer, or ``...`` while there is none.

    Parameters
    ----------
    exercise
        Id of an exercise whose answer is clicked or typed.
    name
        Which of its answers, where it has more than one.
    """
    now = session()
    found = now.exercise(exercise)
    answer = name or next(iter(found.answer))
    kind = found.answer.get(answer)
    if kind is None or type(kind) not in inputs.CLASSES:
        raise UsageError("form.no_form", exercise=exercise, name=answer)
    saved = now.sidecar.answer(exercise, answer)
    if in_notebook():
        display(_Form(now, found, answer, kind, saved).box)
        release_keys()
    elif inputs.plain(kind, now.lang):
        print(inputs.plain(kind, now.lang))
    return saved


class _Form:
    """The input of one answer; a click saves and sets the student's variable, so ``check`` sees it without a re-run."""

    def __init__(self, now: Session, exercise: Exercise, name: str, kind: Kind, saved: Any) -> None:
        self.now, self.exercise, self.name = now, exercise, name
        self.state = widgets.HTML()
        self.input = inputs.make(kind, now.lang, saved, self._save)
        plain = say("form.plain", now.lang, code=f"{name} = {inputs.EXAMPLES[type(kind)]}")
        foot = widgets.HBox([self.state, widgets.HTML(f'<span style="opacity:.6;font-size:90%">{plain}</span>')])
        self.box = widgets.VBox([self.input.box, foot])

    def _save(self, value: Any) -> None:
        try:
            self.now.sidecar.save(self.exercise.id, self.name, value)
            self.state.value = coloured(f"✔ {say('form.saved', self.now.lang)}", "correct")
        except CrmError as error:
            self.state.value = coloured(error.text(self.now.lang), "wrong")
        self.now.names[self.name] = value if value else ...  # type: ignore[index]


def help_buttons(now: Session, exercise: str) -> None:
    """Offer hint and solution under a check that is not right yet: a click is easier than a call."""
    if not in_notebook():
        return
    out = widgets.Output()

    def button(key: str, make: Any) -> Any:
        made = widgets.Button(description=say(key, now.lang), layout={"width": "auto"})

        def clicked(_: Any) -> None:
            out.clear_output(wait=True)
            with out:
                make().display()

        made.on_click(clicked)
        return made

    row = widgets.HBox(
        [
            button("button.hint", lambda: now.hint(exercise)),
            button("button.solution", lambda: now.solution(exercise, sure=False)),
        ]
    )
    display(widgets.VBox([row, out]))
