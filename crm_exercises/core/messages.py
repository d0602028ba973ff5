"""The message catalogue: one place for each sentence, in Chinese and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGS = ("zh", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return ``{key: {"zh": sentence, "en": sentence}}``, derived by ``crm build`` from ``course/messages.yaml``."""
    text = files(__package__).joinpath("messages.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = json.loads(text)
    return loaded


def say(key: str, lang: str, /, **params: object) -> str:
    """Return the sentence ``key`` in ``lang`` with its placeholders filled.

    A parameter that is itself a ``{"zh": …, "en": …}`` mapping is taken in the same language.
    """
    filled = {name: text_of(value, lang) if isinstance(value, Mapping) else value for name, value in params.items()}
    return catalogue()[key][lang].format(**filled)


def text_of(pair: Mapping[str, str], lang: str) -> str:
    """Return the text of a ``{"zh": …, "en": …}`` pair in ``lang``."""
    return pair[lang]
