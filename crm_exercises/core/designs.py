"""Answers that are designs of a form, judged by the rules of a good form and not against one right form.

Canonical form: ``[{"field": name, "input": how it is filled in, "options": [text, …]}, …]``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from . import scalars
from .comparison import RIGHT, Comparison
from .errors import MalformedError
from .kinds import Json, Kind, capped
from .messages import Message

INPUTS = {"number": "数字", "date": "日期", "one": "单选", "many": "多选", "text": "文字"}
"""How a field is filled in: a number, a date, one tick, several ticks, free text; a student may write it in either language."""


class Design(Kind):
    """Credit is the share of the needed facts that the form asks for in a way that suits them, less a fifth for each rule that is broken.

    The rules: as many fields as said; each name once; ticks have at least two options; at least ``quantified`` of the fields are numbers,
    dates or ticks; nothing of ``avoid``.
    """

    kind: Literal["design"]
    form: ClassVar[bool] = True
    opens: ClassVar[str] = ""  # it is typed: there is no widget for it
    needs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Fact that the form must ask for → inputs that suit it; the public form does not tell."""
    avoid: tuple[str, ...] = ()
    """Facts that the form must not ask for."""
    least: int = 8
    most: int = 16
    quantified: float = 0.75

    def public(self) -> Kind:
        return self.model_copy(update={"needs": {}, "avoid": ()})

    def canonical(self, value: Any) -> Json:
        if hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 2:
            value = value.to_dict("records")
        if not isinstance(value, list | tuple):
            raise MalformedError("malformed.design", type=type(value).__name__)
        capped(len(value))
        return [_row(row) for row in value]

    def compare(self, given: Json, expected: Json) -> Comparison:
        names = [row["field"] for row in given]
        asked = {row["field"]: row["input"] for row in given}
        unsuited = [fact for fact, suits in self.needs.items() if fact in asked and asked[fact] not in suits]
        missing = [fact for fact in self.needs if fact not in asked]
        told = [Message("diff.design_missing", {"fields": ", ".join(missing)})] if missing else []
        told += [
            Message("diff.design_input", {"field": fact, "input": Message(f"design.{asked[fact]}")})
            for fact in unsuited
        ]
        broken = list(self._broken(given, names))
        if not told and not broken:
            return RIGHT
        suited = 1 - (len(missing) + len(unsuited)) / len(self.needs)
        return Comparison(max(0.0, round(suited - len(broken) / 5, 4)), (*told, *broken))

    def _broken(self, given: Json, names: list[str]) -> Iterator[Message]:
        if not self.least <= len(given) <= self.most:
            yield Message("diff.design_size", {"given": len(given), "least": self.least, "most": self.most})
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            yield Message("diff.design_twice", {"fields": ", ".join(twice)})
        if bare := [row["field"] for row in given if row["input"] in ("one", "many") and len(set(row["options"])) < 2]:
            yield Message("diff.design_options", {"fields": ", ".join(bare)})
        share = sum(row["input"] != "text" for row in given) / len(given) if given else 0.0
        if share < self.quantified:
            yield Message("diff.design_text", {"share": f"{share:.0%}", "wanted": f"{self.quantified:.0%}"})
        if nosy := [name for name in names if name in self.avoid]:
            yield Message("diff.design_avoid", {"fields": ", ".join(nosy)})


def _row(row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping) or not isinstance(row.get("field"), str):
        raise MalformedError("malformed.design_row", given=str(row)[:60])
    name = scalars.tidy(row["field"])
    written = scalars.tidy(str(row.get("input")))
    kind = next((key for key, zh in INPUTS.items() if written in (key, zh)), None)
    if kind is None:
        raise MalformedError("malformed.design_input", field=name, given=written[:40], inputs=", ".join(INPUTS))
    options = row.get("options")
    listed = [str(scalars.canonical(option)) for option in options] if isinstance(options, list | tuple) else []
    return {"field": name, "input": kind, "options": listed}
