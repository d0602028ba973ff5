"""The message catalogue: one place for each sentence, in Chinese and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

LANGS = ("zh", "en")

_language = "zh"


def language() -> str:
    """Return the language that errors and figures speak now: that of the notebook, ``"zh"`` before one is opened."""
    return _language


def set_language(lang: str) -> None:
    """Let errors and figures speak ``lang`` (``"zh"`` or ``"en"``) from now on."""
    global _language
    if lang not in LANGS:
        raise ValueError(lang)
    _language = lang


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogue with its parameters; it can be said in either language at any time.

    A parameter may itself be a :class:`Message` or a ``{"zh": …, "en": …}`` pair.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Return the sentence in ``lang``."""
        return say(self.key, lang, **self.params)

    @property
    def sayable(self) -> bool:
        """Whether the catalogue has the sentence and the parameters fill all its placeholders."""
        try:
            return all(isinstance(self.text(lang), str) for lang in LANGS)
        except (LookupError, ValueError, TypeError, AttributeError):
            return False

    def as_far_as_it_goes(self) -> Message:
        """Return the message so that it can be said: one that an earlier version stored may lack a word of today's sentence, for which … stands,
        or the catalogue may have its sentence no more, of which that is said."""
        inner = {
            name: value.as_far_as_it_goes() if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        sentences = catalogue().get(self.key)
        if sentences is None:
            return Message("message.gone", {"key": self.key})
        named = {name for sentence in sentences.values() for _, name, _, _ in Formatter().parse(sentence) if name}
        return Message(self.key, dict.fromkeys(sorted(named - inner.keys()), "…") | inner)

    def data(self) -> dict[str, Any]:
        """Return the message as JSON; :meth:`read` takes it back."""
        params = {name: value.data() if isinstance(value, Message) else value for name, value in self.params.items()}
        return {"key": self.key, "params": params}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Message:
        """Return the message that :meth:`data` wrote."""
        params = {
            name: cls.read(value) if isinstance(value, Mapping) and value.keys() == {"key", "params"} else value
            for name, value in data["params"].items()
        }
        return cls(data["key"], params)


def in_marks(count: int) -> Message:
    """Return so many marks in words: ``1 mark``, ``2 marks``."""
    return Message("marks.one" if count == 1 else "marks.many", {"count": count})


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return ``{key: {"zh": sentence, "en": sentence}}``, derived by ``crm build`` from ``course/messages/``."""
    text = files(__package__).joinpath("messages.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = json.loads(text)
    return loaded


def say(key: str, lang: str, /, **params: Any) -> str:
    """Return the sentence ``key`` in ``lang`` with its placeholders filled."""
    return catalogue()[key][lang].format(**{name: _in(value, lang) for name, value in params.items()})


def _in(value: Any, lang: str) -> Any:
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, Mapping) and value.keys() == set(LANGS):
        return value[lang]
    return value
