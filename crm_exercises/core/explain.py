"""What a worked solution says of answers that are clicked or typed: why each option is right or wrong, which points are asked for."""

from __future__ import annotations

from .chapter import Exercise
from .forms import Fill, Matching, Ordering
from .kinds import Choice, Choices, Kind, MappingKind
from .messages import say
from .prose import Prose


def explained(exercise: Exercise, lang: str) -> str:
    """Return the explanation as Markdown, empty where there is nothing to say; of several answers each has its name above it."""
    told = {name: text for name, kind in exercise.answer.items() if (text := _kind(kind, lang))}
    named = len(exercise.answer) > 1
    return "\n\n".join(f"`{name}`\n\n{text}" if named else text for name, text in told.items())


def _kind(kind: Kind, lang: str) -> str:
    lines: list[str] = []
    if isinstance(kind, Choice | Choices):
        lines = _options(kind, lang)
    elif isinstance(kind, Matching):
        lines = [f"* **{letter}** {option[lang]}" for letter, option in kind.options.items()]
        lines += [""]
        lines += [
            f"* **{key}** {text[lang]}  \n  {_reason(kind, key, lang)}".rstrip() for key, text in kind.items.items()
        ]
    elif isinstance(kind, Ordering):
        lines = [f"* **{key}** {text[lang]}" for key, text in kind.items.items()]
        lines += ["", kind.why[lang]] if kind.why else []
    elif isinstance(kind, Fill):
        lines = [kind.why[lang]] if kind.why else []
    elif isinstance(kind, MappingKind):
        lines = [f"* `{value}`{say('explain.colon', lang)}{why[lang]}" for value, why in kind.why.items()]
    elif isinstance(kind, Prose) and kind.points:
        asked = say("explain.points", lang, enough=kind.enough or len(kind.points), count=len(kind.points))
        lines = [asked, "", *(f"{place}. {point[lang]}" for place, point in enumerate(kind.points, start=1))]
    return "\n".join(lines)


def _options(kind: Choice | Choices, lang: str) -> list[str]:
    """Return each option with its reason; a reason that all share stands once, after the last."""
    reasons = {option.why for option in kind.options.values()}
    shared = reasons.pop() if len(reasons) == 1 else None
    lines = []
    for letter, option in kind.options.items():
        why = option.why[lang] if option.why and not shared else ""
        lines.append(f"* **{letter}** {option[lang]}  \n  {why}".rstrip())
    return [*lines, "", shared[lang]] if shared else lines


def _reason(kind: Matching, key: str, lang: str) -> str:
    return kind.reasons[key][lang] if key in kind.reasons else ""
