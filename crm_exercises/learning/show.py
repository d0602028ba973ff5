"""How things look in a notebook: a panel in JupyterLab, plain text elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ..core.marking import Outcome, Verdict
from ..core.scalars import shown

COLOURS = {
    "correct": ("#1b7f4b", "✔"),
    "wrong": ("#b3261e", "✘"),
    "partial": ("#b26a00", "◐"),
    "malformed": ("#7a4ca0", "?"),
    "unattempted": ("#5f6368", "…"),
    "crashed": ("#b3261e", "!"),
    "info": ("#1f5fa8", "i"),
}
"""Colour and sign of each outcome: the sign says it too, for readers who do not see the colour."""


@dataclass(frozen=True)
class Panel:
    """A titled box with lines of text; ``tone`` is one of :data:`COLOURS`. ``markdown`` is shown as it is below the lines."""

    tone: str
    title: str
    lines: Sequence[str] = ()
    aside: str = ""
    markdown: str = ""

    def __str__(self) -> str:
        _, sign = COLOURS[self.tone]
        head = f"{sign} {self.title}" + (f"  ({self.aside})" if self.aside else "")
        return "\n".join([head, *(f"  {line}" for line in self.lines), *([self.markdown] if self.markdown else [])])

    def html(self) -> str:
        """Return the panel as HTML, for JupyterLab."""
        colour, sign = COLOURS[self.tone]
        aside = f'<span style="float:right;opacity:.75">{escape(self.aside)}</span>' if self.aside else ""
        lines = "".join(f'<div style="margin-top:4px">{_marked(line)}</div>' for line in self.lines)
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:6px 12px;margin:4px 0;line-height:1.55;'
            f'background:color-mix(in srgb, {colour} 7%, transparent)">{aside}'
            f'<strong style="color:{colour}">{sign} {escape(self.title)}</strong>{lines}</div>'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.html()}

    def display(self) -> None:
        """Show the panel: rich in a notebook, printed elsewhere."""
        if not in_notebook():
            print(self)
            return
        from IPython.display import Markdown, display

        display(self)
        if self.markdown:
            display(Markdown(self.markdown))


def tone(verdict: Verdict) -> str:
    """Return the tone of a verdict: its outcome, or ``partial`` where a wrong answer earns something."""
    return "partial" if verdict.outcome is Outcome.WRONG and verdict.earned else verdict.outcome.value


def coloured(text: str, tone: str) -> str:
    """Return ``text`` as a line of HTML in the colour of ``tone`` (one of :data:`COLOURS`), read out where it changes."""
    return f'<span role="status" style="color:{COLOURS[tone][0]}">{escape(text)}</span>'


def _marked(line: str) -> str:
    """Escape a line for HTML and set ``code`` in backticks as code."""
    parts = escape(line).replace("\n", "<br>").split("`")
    return "".join(
        f"<code>{part}</code>" if place % 2 and place < len(parts) - 1 else part for place, part in enumerate(parts)
    )


def in_notebook() -> bool:
    """Say whether rich display goes anywhere."""
    try:
        from IPython import get_ipython
    except ImportError:  # pragma: no cover - IPython comes with JupyterLab
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def peek(*values: Any, rows: int = 8) -> None:
    """Show answers for reading: the head of a table, a number with six digits, the first entries of a list."""
    for value in values:
        if hasattr(value, "to_frame"):
            value = value.to_frame()
        if hasattr(value, "iloc"):
            _show_table(value, rows)
        elif isinstance(value, dict):
            print("\n".join(f"{key}: {_short(item)}" for key, item in list(value.items())[:rows]))
        elif isinstance(value, Iterable) and not isinstance(value, str):
            items = list(value)
            print(
                ", ".join(_short(item) for item in items[:rows]) + (f" … ({len(items):,})" if len(items) > rows else "")
            )
        else:
            print(_short(value))


def _show_table(frame: Any, rows: int) -> None:
    from IPython.display import display

    head = frame.head(rows)
    display(head.round(dict.fromkeys(head.select_dtypes("number").columns, 4)))  # dates cannot be rounded
    if len(frame) > rows:
        print(f"… {len(frame):,} × {len(frame.columns)}")


def _short(value: Any) -> str:
    value = value.item() if hasattr(value, "item") else value
    return shown(value) if isinstance(value, bool | int | float | str) or value is None else str(value)
