"""Writing imported questions as a chapter source that ``crm build`` reads and people edit."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from .drafts import Draft

UNTRANSLATED = "[to be translated] "
"""What stands before an English text that is still Chinese, so that it can be found."""
JUDGED = {"对": "True", "错": "False"}
"""The options of a statement that is judged; the importer writes them itself."""
MARKS = {"choice": 2, "choices": 3, "matching": 4, "ordering": 3, "fill": 2, "prose": 5}


def chapter(drafts: list[Draft], english: list[Draft], *, stem: str, number: int, first: int, topic: str) -> str:
    """Return the source of a chapter.

    Parameters
    ----------
    drafts, english
        The questions in Chinese, and in English, found by their places in their files (missing ones are marked).
    stem
        Name of the file; exercise ids and answer names begin with it.
    topic
        Topic of questions that name none.
    """
    short = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^ch\d+_?", "", stem.lower())).strip("-") or "mine"
    head = {
        "crm": {"chapter": number, "first": first, "title": {"zh": "导入的题目", "en": "Imported questions"}},
        "jupytext": {
            "notebook_metadata_filter": "crm",
            "text_representation": {"extension": ".md", "format_name": "myst"},
        },
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    }
    parts = [
        f"---\n{_yaml(head)}\n---\n",
        *_pair(f"# 第 {number} 章 导入的题目", f"# Chapter {number} Imported questions"),
    ]
    translated = {(other.place, other.kind): other for other in english}
    for number_here, draft in enumerate(drafts, start=1):
        other = translated.get((draft.place, draft.kind))
        parts += _question(draft, other, f"{short}-{number_here}", topic)
    return "\n".join(parts)


def _question(draft: Draft, other: Draft | None, name: str, topic: str) -> list[str]:
    variable = re.sub(r"\W", "_", name if name[0].isalpha() else f"q_{name}")
    title = _title(draft.stem), _title(other.stem) if other else UNTRANSLATED + _title(draft.stem)
    texts = _both(draft.stem, other.stem if other else None)
    head = {
        "exercise": variable.replace("_", "-"),
        "topic": draft.topic or topic,
        "marks": draft.marks or MARKS[draft.kind],
        "difficulty": draft.difficulty,
        "answer": {variable: _kind(draft, other)},
    }
    cell = f"```{{code-cell}} ipython3\n---\n{_yaml(head)}\n---\n{variable} = {_body(draft, other)}\n```\n"
    parts = [*_pair(f"### {title[0]}\n\n{texts['zh']}", f"### {title[1]}\n\n{texts['en']}"), cell]
    if draft.explanation and draft.kind not in ("fill", "ordering"):
        told = _both(draft.explanation, other.explanation if other else None)
        parts += _pair(told["zh"], told["en"], variable.replace("_", "-"))
    return parts


def _kind(draft: Draft, other: Draft | None) -> dict[str, Any]:
    options = {
        letter: _both(text, other.options.get(letter) if other else None) for letter, text in draft.options.items()
    }
    items = {key: _both(text, other.parts.get(key) if other else None) for key, text in draft.parts.items()}
    kind: dict[str, Any] = {"kind": draft.kind}
    if items and draft.kind in ("matching", "ordering"):
        kind["items"] = items
    if options and draft.kind in ("choice", "choices", "matching"):
        kind["options"] = options
    if draft.kind == "fill":
        kind["accept"] = [*_words(draft.answer), *(_words(other.answer) if other else [])]
    if draft.kind in ("fill", "ordering") and draft.explanation:
        kind["why"] = _both(draft.explanation, other.explanation if other else None)
    if draft.kind == "prose":
        points = [line for line in re.split(r"[\n。；;]+", draft.answer) if line.strip()]
        kind["points"] = [{**_both(point.strip(), None), "wordings": [_wording(point)]} for point in points]
    return kind


def _wording(point: str) -> str:
    """Return a first wording for a point: its own words; an author adds others."""
    return re.sub(r"^\W*\d+\W*", "", point.strip()).replace(" + ", " ").replace("|", " ")


def _body(draft: Draft, other: Draft | None) -> str:
    if draft.kind == "choice":
        return json.dumps(draft.answer)
    if draft.kind == "choices":
        return json.dumps(list(draft.answer))
    if draft.kind == "matching":
        return json.dumps(dict(re.findall(r"(\d+)([a-h])", draft.answer)))
    if draft.kind == "ordering":
        return json.dumps(draft.answer.split())
    words = _words(draft.answer) if draft.kind == "fill" else [draft.answer]
    said = json.dumps(words[0], ensure_ascii=False)
    translated = (_words(other.answer)[0] if draft.kind == "fill" else other.answer) if other else words[0]
    return f"label(zh={said}, en={json.dumps(translated, ensure_ascii=False)})"


def _words(answer: str) -> list[str]:
    return [word.strip() for word in re.split(r"[／/;；|]|或者?", answer) if word.strip()] or [answer]


def _title(stem: str) -> str:
    return re.split(r"[。？?，,；;\n]", stem)[0].strip()[:40] or stem[:40]


def _both(zh: str, en: str | None) -> dict[str, str]:
    return {"zh": zh, "en": JUDGED.get(zh) or en or UNTRANSLATED + zh}


def _pair(zh: str, en: str, solution: str = "") -> list[str]:
    about = {"solution": solution} if solution else {}
    return [f"+++ {json.dumps({'lang': lang, **about})}\n\n{text}\n" for lang, text in (("zh", zh), ("en", en))]


def _yaml(value: Any) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10**6)).rstrip("\n")
