"""The data on which a submission is marked: chosen by the instructor's secret salt, so nobody can have seen it before."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from ..core.errors import CrmError, UsageError
from .results import write_whole

POOL = 4
"""How many secret variants a class is spread over. The reference runs once for each; more would cost time and hide nothing more."""


ATTEMPTS = 12
"""How many draws are tried for a variant before the course is said to be at fault."""


class Variants:
    """Secret variants of a chapter's data.

    Parameters
    ----------
    salt
        The secret. The same salt gives every submission the same data again.
    pool
        Number of variants.
    usable
        Says whether the course can be marked on a token's data; another draw takes the place of one on which it cannot.
    """

    def __init__(self, salt: str, pool: int = POOL, usable: Callable[[str], bool] = lambda token: True) -> None:
        self._salt = salt.encode()
        self.pool, self._usable = pool, usable
        self._tokens: dict[int, str] = {}

    def token(self, student: str, digest: str) -> str:
        """Return the student number under which a submission's data are drawn.

        It depends on what was submitted too, so whoever learnt a number from one marking cannot count on it in the next.
        """
        place = int.from_bytes(self._mac(f"submission|{student}|{digest}")[:8], "big") % self.pool
        if place not in self._tokens:
            self._tokens[place] = self._drawn(place)
        return self._tokens[place]

    def _drawn(self, place: int) -> str:
        """Return the first usable token of a place; the course itself is at fault if none of several is."""
        for attempt in range(ATTEMPTS):
            token = "v" + self._mac(f"variant|{place}" + f"|{attempt}" * bool(attempt)).hex()[:20]
            if self._usable(token):
                return token
        raise CrmError("grade.no_variant", attempts=ATTEMPTS)

    def fingerprint(self) -> str:
        """Return a name for the salt that does not tell it."""
        return self._mac("fingerprint").hex()[:12]

    def _mac(self, text: str) -> bytes:
        return hmac.new(self._salt, text.encode(), "sha256").digest()


def read_salt(out: Path, given: Path | None) -> str:
    """Return the salt in ``given``, or the one that belongs to the results folder ``out`` (made on first use, readable by its owner only).

    Raises
    ------
    UsageError
        If the file is missing, empty or not to be read.
    """
    path = given or out / "salt.txt"
    if not given and not _salt(path):
        write_whole(path, secrets.token_hex(32) + "\n", secret=True)
    salt = _salt(path)
    if not salt:
        raise UsageError("grade.no_salt", path=str(path))
    return salt


def _salt(path: Path) -> str:
    """Return what is in ``path``, in whatever encoding; ``""`` if there is nothing that can be read."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError("grade.no_salt", path=str(path)) from error
