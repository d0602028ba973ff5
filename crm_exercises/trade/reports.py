"""Statistical reports on the archive: from draft over review and approval to distribution, and corrections put on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from .archive_rows import day
from .archive_rules import GENERAL_MANAGER, ROLES, SERVICE_MANAGER, RefusedError
from .archive_tables import Store, corrections, distributions, reports, users

Note = Callable[[sa.Connection, str, object, str], None]


class Reports:
    """The reports of an archive, as its logged-in user may handle them; reached as ``archive.reports``.

    A report that leaves the customer service department is reviewed by the service manager, then approved by the general manager, and
    only then distributed. A correction needs the general manager, is put on record, and needs no second round.
    """

    def __init__(self, store: Store, user: str, note: Note) -> None:
        self._store, self._user, self._note = store, user, note

    def draft(self, title: str, department: str) -> int:
        """Draw up a report for ``department`` and return its number."""

        def work(connection: sa.Connection) -> int:
            made = connection.execute(
                sa.insert(reports).values(title=title, department=department, drafted_by=self._user)
            )
            number = int(made.inserted_primary_key[0])  # type: ignore[index]
            self._note(connection, "draft", number, title)
            return number

        return self._store.write(work)

    def review(self, report: int) -> None:
        """Review a report.

        Raises
        ------
        RefusedError
            ``reviewer``: only the service manager reviews; ``no_report``.
        """

        def work(connection: sa.Connection) -> None:
            self._only(connection, SERVICE_MANAGER, "reviewer")
            self._sign(connection, report, "review", "reviewed_by")

        self._store.write(work)

    def approve(self, report: int) -> None:
        """Approve a reviewed report.

        Raises
        ------
        RefusedError
            ``approver``: only the general manager approves; ``review``: it is not reviewed yet; ``no_report``.
        """

        def work(connection: sa.Connection) -> None:
            self._only(connection, GENERAL_MANAGER, "approver")
            if not self._row(connection, report).reviewed_by:
                raise RefusedError("review", report=report)
            self._sign(connection, report, "approve", "approved_by")

        self._store.write(work)

    def distribute(self, report: int, to: str, on: Any = None) -> None:
        """Hand an approved report to ``to`` and put it on the distribution list.

        Raises
        ------
        RefusedError
            ``review`` or ``approval`` is missing; ``receiver``: ``to`` has no right to see files; ``no_report``.
        """
        date = day(on)

        def work(connection: sa.Connection) -> None:
            self._finished(connection, report)
            if connection.scalar(sa.select(users.c.role).where(users.c.name == to)) not in ROLES:
                raise RefusedError("receiver", user=to)
            given = sa.select(distributions).where(distributions.c.report == report, distributions.c.receiver == to)
            if connection.execute(given).first() is None:
                connection.execute(sa.insert(distributions).values(report=report, receiver=to, date=date))
                self._note(connection, "distribute", report, to)

        self._store.write(work)

    def correct(self, report: int, item: str, old: object, new: object) -> None:
        """Correct one item of an approved report; the correction goes on record and the report stays approved.

        Raises
        ------
        RefusedError
            ``corrector``: only the general manager may; ``not_issued``: what is not approved yet is simply drawn up anew; ``no_report``.
        """

        def work(connection: sa.Connection) -> None:
            self._only(connection, GENERAL_MANAGER, "corrector")
            if not self._row(connection, report).approved_by:
                raise RefusedError("not_issued", report=report)
            values = {"item": item, "old": str(old), "new": str(new), "approved_by": self._user}
            connection.execute(sa.insert(corrections).values(report=report, **values))
            self._note(connection, "correct", report, f"{item}: {old} → {new}")

        self._store.write(work)

    def _only(self, connection: sa.Connection, role: str, reason: str) -> None:
        """Look the role up anew: somebody else may have the post since the log-in."""
        if connection.scalar(sa.select(users.c.role).where(users.c.name == self._user)) != role:
            raise RefusedError(reason, user=self._user)

    def _sign(self, connection: sa.Connection, report: int, action: str, column: str) -> None:
        self._row(connection, report)
        connection.execute(sa.update(reports).where(reports.c.report == report).values({column: self._user}))
        self._note(connection, action, report, "")

    def _finished(self, connection: sa.Connection, report: int) -> None:
        row = self._row(connection, report)
        for reason, signed in (("review", row.reviewed_by), ("approval", row.approved_by)):
            if not signed:
                raise RefusedError(reason, report=report)

    @staticmethod
    def _row(connection: sa.Connection, report: int) -> Any:
        row = connection.execute(sa.select(reports).where(reports.c.report == report)).first()
        if row is None:
            raise RefusedError("no_report", report=report)
        return row
