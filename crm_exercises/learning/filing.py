"""Answers that are sorted: a tray of items and a row of folders, saved at every click and restored when the cell runs again.

It works with the mouse and with the keyboard alone: arrow keys and Shift choose items, Tab leads to the folders, Space files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from ..core.errors import CrmError, UsageError
from ..core.messages import say
from .keys import release_keys
from .notebook import session
from .session import Session
from .show import in_notebook

Sorted = dict[str, str]
TRAY_ROWS = 12


def sort_into(exercise: str, items: Mapping[Any, str], folders: Mapping[Any, str], name: str | None = None) -> Any:
    """Show items to be sorted into folders, and return ``{item: folder}`` as saved so far, or ``...`` while nothing is sorted.

    Parameters
    ----------
    exercise
        Id of an exercise with a ``mapping`` answer.
    items
        What is to be sorted: number of the item → what it says.
    folders
        Key of the folder → its label.
    name
        Which of the exercise's answers, where it has more than one.

    Raises
    ------
    UsageError
        The chapter has no such exercise, or it has no such answer.
    """
    try:
        now = session()
    except CrmError:  # outside a notebook, where the course is proved, there is nobody to sort
        return ...
    found = now.exercise(exercise)
    answer = name or next(iter(found.answer))
    if getattr(found.answer.get(answer), "kind", "") != "mapping":
        raise UsageError("form.no_form", exercise=exercise, name=answer)
    texts = {str(key): _keyed(str(key), str(text)) for key, text in items.items()}
    labels = {str(key): str(text) for key, text in folders.items()}
    labels = {key: text if key in text.casefold() else _keyed(key, text) for key, text in labels.items()}
    tray = Tray(now, exercise, answer, texts, labels)
    if in_notebook():
        display(tray.box)
        release_keys()
    return tray.answer


def _keyed(key: str, text: str) -> str:
    """Return ``text`` with its key, by which checks and solutions speak of it, unless it begins with it."""
    return text if text.startswith(f"{key} ") else f"{key} · {text}"


class Tray:
    """The widgets of one sorting; each click saves and sets the student's variable, so ``check`` sees it without a re-run."""

    def __init__(self, now: Session, exercise: str, name: str, items: Sorted, folders: Sorted) -> None:
        self.now, self.exercise, self.name, self.items, self.folders = now, exercise, name, items, folders
        saved = now.sidecar.answer(exercise, name)
        known = saved.items() if isinstance(saved, dict) else ()
        self.filed: Sorted = {key: str(folder) for key, folder in known if key in items and str(folder) in folders}
        self.state = widgets.HTML()
        self.tray = self._list("filing.tray")
        self.buttons = {key: self._button(label, lambda _, key=key: self.file(key)) for key, label in folders.items()}
        choices = [(label, key) for key, label in folders.items()]
        self.open = widgets.Dropdown(options=choices, description=self._say("filing.look"), layout={"width": "auto"})
        self.open.style.description_width = "initial"
        self.inside = self._list("filing.inside")
        self.back = self._button(self._say("filing.back"), lambda _: self.take_out(self.inside.value), icon="reply")
        self.open.observe(lambda _: self._refresh(), names="value")
        self.box = widgets.VBox(
            [
                self.tray,
                widgets.Box(list(self.buttons.values()), layout={"flex_flow": "row wrap", "grid_gap": "4px"}),
                self.state,
                widgets.HBox([self.open, self.back]),
                self.inside,
                widgets.HTML(
                    f'<span style="opacity:.6;font-size:90%">{self._say("filing.plain", code=self._example())}</span>'
                ),
            ]
        )
        self._refresh()

    @property
    def answer(self) -> Any:
        """Return what is sorted so far, in the order of the items, or ``...``."""
        return {key: self.filed[key] for key in self.items if key in self.filed} or ...

    def file(self, folder: str) -> None:
        """Put the items that are chosen in the tray into ``folder``."""
        chosen = self.tray.value
        if not chosen:
            self._tell(self._say("filing.none"), "#b26a00")
            return
        self.open.value = folder
        self._change(self.filed | dict.fromkeys(chosen, folder))

    def take_out(self, chosen: Iterable[str]) -> None:
        """Put items back into the tray."""
        out = set(chosen)
        self._change({key: folder for key, folder in self.filed.items() if key not in out})

    def _change(self, filed: Sorted) -> None:
        self.filed = filed
        self._refresh()
        answer = self.answer
        self.now.names[self.name] = answer  # type: ignore[index]
        try:
            self.now.sidecar.save(self.exercise, self.name, None if answer is ... else answer)
            self._tell(f"✔ {self._progress()} · {self._say('form.saved')}", "#1b7f4b")
        except CrmError as error:
            self._tell(error.text(self.now.lang), "#b3261e")

    def _refresh(self) -> None:
        self.tray.options = [(text, key) for key, text in self.items.items() if key not in self.filed]
        self.tray.rows = max(2, min(TRAY_ROWS, len(self.tray.options)))
        inside = [(self.items[key], key) for key in self.items if self.filed.get(key) == self.open.value]
        self.inside.options = inside
        self.inside.rows = max(2, min(TRAY_ROWS, len(inside)))
        for key, button in self.buttons.items():
            button.description = f"{self.folders[key]} ({list(self.filed.values()).count(key)})"
        self._tell(self._progress(), "#1f5fa8")

    def _progress(self) -> str:
        return self._say("filing.progress", done=len(self.filed), count=len(self.items))

    def _tell(self, text: str, colour: str) -> None:
        self.state.value = f'<span role="status" style="color:{colour}">{text}</span>'

    def _list(self, key: str) -> widgets.SelectMultiple:
        title = self._say(key)
        chooser = widgets.SelectMultiple(description=title, layout={"width": "98%", "max_width": "960px"})
        chooser.style.description_width = "7em"
        return chooser

    def _button(self, label: str, clicked: Any, icon: str = "folder-open") -> widgets.Button:
        button = widgets.Button(description=label, icon=icon, layout={"width": "auto"})
        button.on_click(clicked)
        return button

    def _example(self) -> str:
        key, folder = next(iter(self.items), "…"), next(reversed(self.folders), "…")
        return f'{self.name} = {{"{key}": "{folder}", …}}'

    def _say(self, key: str, **params: Any) -> str:
        return say(key, self.now.lang, **params)
