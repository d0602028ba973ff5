"""How a customer card looks: as a card in a notebook, as lines of text elsewhere."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from ..core.messages import catalogue, language, say
from .card import Card

PAPER, INK, LINE, WRONG = "#fffdf6", "#2b2b2b", "#d8cfae", "#b3261e"


def shown(field: str, value: Any, lang: str) -> str:
    """Return a field's value as it stands on the card: options by their labels, amounts with separators."""
    key = f"card.option.{field}.{value}"
    if isinstance(value, str) and key in catalogue():
        return say(key, lang)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and field not in ("graduated",) else str(value)


def as_html(card: Card, lang: str | None = None) -> str:
    """Return the card as HTML: filled fields in their groups, what is wrong in red below its field."""
    lang = lang or language()
    values = card.values()
    wrong: dict[str, str] = {}
    for problem in card.problems():
        wrong.setdefault(problem.field, problem.message.text(lang))
    groups = "".join(_group(card, group, values, wrong, lang) for group in card.groups)
    title = escape(say(f"card.{card.card_kind}", lang))
    name = escape(str(values.get("name", "")))
    return (
        f'<div style="border:1px solid {LINE};border-radius:6px;background:{PAPER};color:{INK};max-width:46em;padding:10px 16px;line-height:1.5">'
        f'<div style="border-bottom:2px solid {LINE};padding-bottom:4px"><strong>{title}</strong>'
        f'<span style="float:right;font-size:85%;opacity:.7">{escape(say("card.fictional", lang))}</span>'
        f'<div style="font-size:125%">{name}</div></div>{groups}</div>'
    )


def _group(card: Card, group: str, values: dict[str, Any], wrong: dict[str, str], lang: str) -> str:
    cells = "".join(
        _cell(field, values[field], wrong.get(field), lang) for field in card.fields(group) if field in values
    )
    if not cells:
        return ""
    return (
        f'<div style="margin-top:8px;font-weight:600;font-size:92%">{escape(say(f"card.group.{group}", lang))}</div>'
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(20em,1fr));gap:2px 18px">{cells}</div>'
    )


def _cell(field: str, value: Any, wrong: str | None, lang: str) -> str:
    told = f'<div style="color:{WRONG};font-size:88%">✘ {escape(wrong)}</div>' if wrong else ""
    name = escape(say(f"card.field.{field}", lang))
    return f'<div><span style="opacity:.65">{name}</span>&ensp;{escape(shown(field, value, lang))}{told}</div>'


def as_text(card: Card, lang: str | None = None) -> str:
    """Return the card as lines of text."""
    lang = lang or language()
    lines = [say(f"card.{card.card_kind}", lang)]
    values = card.values()
    for group in card.groups:
        filled = [field for field in card.fields(group) if field in values]
        if filled:
            lines.append(f"[{say(f'card.group.{group}', lang)}]")
            lines += [f"  {say(f'card.field.{field}', lang)}: {shown(field, values[field], lang)}" for field in filled]
    lines += [f"  ✘ {problem.text(lang)}" for problem in card.problems()]
    return "\n".join(lines)
