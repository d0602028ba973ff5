"""The widgets in which an answer is clicked or typed, one class for each kind of answer; all can be used from the keyboard.

An input knows nothing of files or marks: it shows a saved answer and calls ``save`` at every click.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from ..core.forms import Fill, Matching, Ordering
from ..core.kinds import Choice, Choices, Kind, Options
from ..core.messages import say
from ..core.prose import Prose

Save = Callable[[Any], None]
WIDE = {"width": "auto", "height": "auto"}


class Input:
    """Base of all inputs: ``box`` is what is displayed."""

    def __init__(self, kind: Any, lang: str, saved: Any, save: Save, order: Sequence[str], letters: bool) -> None:
        self.kind, self.lang, self.save, self.order, self.letters = kind, lang, save, list(order), letters
        self.parts: list[Any] = []
        self.box = self.made(saved)

    def made(self, saved: Any) -> Any:
        """Return the widget; ``saved`` is the saved answer, of any type."""
        raise NotImplementedError

    def lock(self) -> None:
        """Let the answer stand: nothing can be changed any more."""
        for part in self.parts:
            part.disabled = True

    def shown(self, letter: str, texts: dict[str, Any]) -> str:
        """Return the text of an option or step, with its letter where letters are shown."""
        text = str(texts[letter][self.lang])
        return f"{letter}. {text}" if self.letters else text


class OneOf(Input):
    """One of several options: arrow keys move, the saved answer is a letter."""

    def made(self, saved: Any) -> Any:
        options = [(self.shown(letter, self.kind.options), letter) for letter in self.order]
        value = saved if saved in self.kind.options else None
        radio = widgets.RadioButtons(options=options, value=value, layout=WIDE)
        radio.observe(lambda change: self.save(change["new"]), names="value")
        self.parts = [radio]
        return radio


class SomeOf(Input):
    """Several of several options: Tab moves, the space bar ticks; the saved answer is a list of letters."""

    def made(self, saved: Any) -> Any:
        ticked = saved if isinstance(saved, list) else []
        self.parts = [
            widgets.Checkbox(
                value=letter in ticked,
                description=self.shown(letter, self.kind.options),
                indent=False,
                layout={"width": "auto"},
            )
            for letter in self.order
        ]
        for part in self.parts:
            part.observe(self._changed, names="value")
        return widgets.VBox(self.parts)

    def _changed(self, _: Any) -> None:
        self.save(sorted(letter for letter, part in zip(self.order, self.parts, strict=True) if part.value))


class Pairs(Input):
    """A list to choose from beside each item; the saved answer is ``{item: letter}``."""

    def made(self, saved: Any) -> Any:
        chosen = saved if isinstance(saved, dict) else {}
        options = [("…", ""), *((self.shown(letter, self.kind.options), letter) for letter in self.order)]
        rows = []
        for key, text in self.kind.items.items():
            value = chosen.get(key, "")
            menu = widgets.Dropdown(
                options=options,
                value=value if value in self.order else "",
                layout={"width": "auto", "max_width": "24em"},
            )
            menu.observe(self._changed, names="value")
            self.parts.append(menu)
            said = f"{key}. {escape(text[self.lang])}" if self.letters else escape(text[self.lang])
            rows += [widgets.HTML(f'<div style="line-height:1.4;padding:4px 12px 4px 0">{said}</div>'), menu]
        return widgets.GridBox(
            rows, layout={"grid_template_columns": "minmax(12em, 32em) auto", "align_items": "center"}
        )

    def _changed(self, _: Any) -> None:
        chosen = zip(self.kind.items, self.parts, strict=True)
        self.save({key: part.value for key, part in chosen if part.value})


class InOrder(Input):
    """Steps clicked in their order; another click takes a step out again. The saved answer is a list of letters."""

    def made(self, saved: Any) -> Any:
        self.clicked = [letter for letter in saved if letter in self.order] if isinstance(saved, list) else []
        for letter in self.order:
            button = widgets.Button(layout={"width": "auto", "margin": "2px"})
            button.on_click(lambda _, letter=letter: self._click(letter))
            self.parts.append(button)
        self._say()
        told = widgets.HTML(f'<span style="opacity:.7;font-size:90%">{say("sheet.in_order", self.lang)}</span>')
        return widgets.VBox([told, *self.parts], layout={"align_items": "flex-start"})

    def _click(self, letter: str) -> None:
        if letter in self.clicked:
            self.clicked.remove(letter)
        else:
            self.clicked.append(letter)
        self._say()
        self.save(list(self.clicked))

    def _say(self) -> None:
        for letter, button in zip(self.order, self.parts, strict=True):
            placed = letter in self.clicked
            sign = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"[self.clicked.index(letter)] if placed else "○"
            button.description = f"{sign} {self.shown(letter, self.kind.items)}"
            button.button_style = "info" if placed else ""


class Gap(Input):
    """A word or number."""

    def made(self, saved: Any) -> Any:
        line = widgets.Text(value=saved if isinstance(saved, str) else "", layout={"width": "20em"})
        line.observe(lambda change: self.save(change["new"]), names="value")
        self.parts = [line]
        return line


class Writing(Input):
    """A few sentences."""

    def made(self, saved: Any) -> Any:
        area = widgets.Textarea(
            value=saved if isinstance(saved, str) else "",
            placeholder=say("sheet.write", self.lang),
            rows=5,
            layout={"width": "100%", "max_width": "56em"},
        )
        area.observe(lambda change: self.save(change["new"]), names="value")
        self.parts = [area]
        return area


CLASSES: dict[type[Kind], type[Input]] = {
    Choice: OneOf,
    Choices: SomeOf,
    Matching: Pairs,
    Ordering: InOrder,
    Fill: Gap,
    Prose: Writing,
}
EXAMPLES: dict[type[Kind], str] = {
    Choice: '"a"',
    Choices: '["a", "c"]',
    Matching: '{"1": "b", "2": "a"}',
    Ordering: '["b", "a", "c"]',
    Fill: '"…"',
    Prose: '"…"',
}
"""How each kind's answer is typed into a plain cell."""


def make(
    kind: Kind, lang: str, saved: Any, save: Save, *, order: Sequence[str] | None = None, letters: bool = True
) -> Input:
    """Return the input for an answer of ``kind``.

    Parameters
    ----------
    saved
        The saved answer, or ``...``.
    save
        Called with the answer (JSON) at every change.
    order
        The letters of options or steps in the order in which they are shown; by default as written.
    letters
        Whether letters are shown; where the order is shuffled they would only confuse.
    """
    return CLASSES[type(kind)](kind, lang, saved, save, order or shuffled(kind), letters)


def shuffled(kind: Kind, seed: str = "") -> list[str]:
    """Return the letters of ``kind`` in an order of their own for each ``seed`` (as written for an empty one).

    Letters keep their meaning: only where they are shown changes, and so a saved answer means the same in any order.
    """
    letters = list(kind.options) if isinstance(kind, Options) else list(getattr(kind, "items", ()))
    if not seed:
        return letters
    from hashlib import sha256

    return sorted(letters, key=lambda letter: sha256(f"{seed}|{letter}".encode()).digest())


def plain(kind: Kind, lang: str) -> str:
    """Return the options or steps of ``kind`` as lines of text, for where there are no widgets."""
    lines = []
    if isinstance(kind, Matching | Ordering):
        lines += [f"  {key}. {text[lang]}" for key, text in kind.items.items()]
    if isinstance(kind, Options):
        lines += [f"  {letter}. {option[lang]}" for letter, option in kind.options.items()]
    return "\n".join(lines)
