"""The one exception tree of the package: every error that a person meets names what, where and what to do."""

from __future__ import annotations

import traceback


class CrmError(Exception):
    """Base of all errors that the package raises on purpose.

    Parameters
    ----------
    key
        Name of the sentence in the message catalogue (``course/messages/``).
    params
        Values for the placeholders of that sentence.
    """

    exit_code = 1

    def __init__(self, key: str, /, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def text(self, lang: str = "en") -> str:
        """Return the sentence in ``lang``."""
        from .messages import say

        return say(self.key, lang, **self.params)

    def __str__(self) -> str:
        from .messages import language

        return self.text(language())

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback: the line of the cell and the sentence, nothing of the package's inside."""
        cell = [step for step in traceback.extract_tb(self.__traceback__) if "ipykernel" in step.filename]
        return [*(f"----> {step.lineno} {step.line}" for step in cell[-1:]), f"{type(self).__name__}: {self}"]


class SourceError(CrmError):
    """A chapter source cannot be read: file, line, field and fix are in the sentence."""


class DataError(CrmError):
    """A data set is unknown, missing or damaged."""


class MalformedError(CrmError):
    """An answer has a form that its exercise cannot take (it costs nothing: the student is told what is expected)."""


class UsageError(CrmError):
    """A call that cannot be carried out as it was given."""

    exit_code = 2
