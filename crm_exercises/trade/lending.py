"""Lending documents of the customer archive: who may have which document for how long, and what is overdue.

The rules are checked in a fixed order, and the first that forbids is named: right to borrow, term, document out, something overdue,
number of documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from .archive_rules import LIMIT, ROLES, TERM, RefusedError
from .archive_tables import Row, documents, loans, users


def lend(connection: sa.Connection, document: str, borrower: str, days: int, on: dt.date) -> dt.date:
    """Lend ``document`` to ``borrower`` and return the day when it is due: ``on`` plus ``days``.

    Raises
    ------
    RefusedError
        With the reason ``rights``, ``term``, ``out``, ``overdue`` or ``limit``; or ``no_such_document``.
    """
    if not connection.scalar(sa.select(documents.c.document_id).where(documents.c.document_id == document)):
        raise RefusedError("no_such_document", document=document)
    if connection.scalar(sa.select(users.c.role).where(users.c.name == borrower)) not in ROLES:
        raise RefusedError("rights", borrower=borrower)
    if days not in range(1, TERM + 1):  # days are counted whole
        raise RefusedError("term", days=days, term=TERM)
    concerned = sa.or_(loans.c.out == document, sa.and_(loans.c.borrower == borrower, loans.c.out.is_not(None)))
    out = connection.execute(sa.select(loans).where(concerned).order_by(loans.c.due)).all()
    for loan in out:
        if loan.document_id == document:
            raise RefusedError("out", document=document, borrower=loan.borrower, due=loan.due)
    if out and out[0].due < on:
        raise RefusedError("overdue", borrower=borrower, document=out[0].document_id, due=out[0].due)
    if len(out) >= LIMIT:
        raise RefusedError("limit", borrower=borrower, count=len(out), limit=LIMIT)
    due = on + dt.timedelta(days=int(days))
    connection.execute(sa.insert(loans).values(document_id=document, borrower=borrower, lent=on, due=due, out=document))
    return due


def give_back(connection: sa.Connection, document: str, on: dt.date) -> int:
    """Book ``document`` as returned and return how many days late it is (0 if in time).

    Raises
    ------
    RefusedError
        ``not_out``: nobody has it; ``too_soon``: it was lent after ``on``.
    """
    loan = connection.execute(sa.select(loans).where(loans.c.out == document)).first()
    if loan is None:
        raise RefusedError("not_out", document=document)
    if on < loan.lent:
        raise RefusedError("too_soon", document=document, lent=loan.lent, on=on)
    connection.execute(sa.update(loans).where(loans.c.loan == loan.loan).values(returned=on, out=None))
    return max(0, (on - loan.due).days)


def from_events(events: Iterable[Row]) -> list[Row]:
    """Return loans from a log in order of time, each entry with ``date``, ``event``, ``document_id``, ``borrower``, ``days``.

    ``event`` is ``lend`` or ``return``; others are passed over. A return closes the open loan of its document.
    """
    made: list[Row] = []
    open_loans: dict[str, Row] = {}
    for event in events:
        document, day = event["document_id"], event["date"]
        if event["event"] == "lend":
            due = day + dt.timedelta(days=int(event["days"]))
            loan = {
                "document_id": document,
                "borrower": event["borrower"],
                "lent": day,
                "due": due,
                "returned": None,
                "out": document,
            }
            open_loans[document] = loan
            made.append(loan)
        elif event["event"] == "return" and document in open_loans:
            open_loans.pop(document).update(returned=day, out=None)
    return made
