"""Answers that are clicked: a form for a choice, saved at every click and restored when its cell runs again."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from IPython.display import display

from ..core.chapter import Exercise
from ..core.errors import CrmError, UsageError
from ..core.kinds import Choice, Choices, Options
from ..core.messages import say
from .notebook import session
from .session import Session
from .show import in_notebook


def form(exercise: str, name: str | None = None) -> Any:
    """Show the form of ``exercise`` and return the saved answer, or ``...`` while there is none.

    Parameters
    ----------
    exercise
        Id of a ``choice`` or ``choices`` exercise.
    name
        Which of its answers, where it has more than one.
    """
    now = session()
    found = now.exercise(exercise)
    answer = name or next(iter(found.answer))
    kind = found.answer.get(answer)
    if not isinstance(kind, Options):
        raise UsageError("form.no_form", exercise=exercise, name=answer)
    saved = now.sidecar.answer(exercise, answer)
    if in_notebook():
        display(_Form(now, found, answer, kind, saved).box)
    return saved


class _Form:
    """The widgets of one choice; a click saves and sets the student's variable, so ``check`` sees it without a re-run."""

    def __init__(self, now: Session, exercise: Exercise, name: str, kind: Options, saved: Any) -> None:
        self.now, self.exercise, self.name, self.kind = now, exercise, name, kind
        self.state = widgets.HTML()
        texts = {letter: f"{letter}. {option[now.lang]}" for letter, option in kind.options.items()}
        if isinstance(kind, Choice):
            self.inputs = self._radio(texts, saved)
        elif isinstance(kind, Choices):
            self.inputs = self._boxes(texts, saved)
        example = '"a"' if isinstance(kind, Choice) else '["a", "c"]'
        plain = say("form.plain", now.lang, code=f"{name} = {example}")
        foot = widgets.HBox([self.state, widgets.HTML(f'<span style="opacity:.6;font-size:90%">{plain}</span>')])
        self.box = widgets.VBox([*self.inputs, foot])

    def _radio(self, texts: dict[str, str], saved: Any) -> list[Any]:
        options = [(text, letter) for letter, text in texts.items()]
        value = saved if saved in texts else None
        radio = widgets.RadioButtons(options=options, value=value, layout={"width": "auto"})
        radio.observe(lambda change: self._save(change["new"]), names="value")
        return [radio]

    def _boxes(self, texts: dict[str, str], saved: Any) -> list[Any]:
        ticked = saved if isinstance(saved, list) else []
        boxes = [
            widgets.Checkbox(value=letter in ticked, description=text, indent=False, layout={"width": "auto"})
            for letter, text in texts.items()
        ]

        def changed(_: Any) -> None:
            self._save([letter for letter, box in zip(texts, boxes, strict=True) if box.value])

        for box in boxes:
            box.observe(changed, names="value")
        return boxes

    def _save(self, value: Any) -> None:
        try:
            self.now.sidecar.save(self.exercise.id, self.name, value)
            self.state.value = f'<span style="color:#1b7f4b">✔ {say("form.saved", self.now.lang)}</span>'
        except CrmError as error:
            self.state.value = f'<span style="color:#b3261e">{error.text(self.now.lang)}</span>'
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
