"""The full inspection of the customer archive every half year, with a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from .archive_rules import MONTHS, RefusedError
from .archive_tables import Row, documents, inspections, loans


def inspect(
    connection: sa.Connection,
    seen: Collection[str],
    missing: Collection[str],
    inspector: str,
    on: dt.date,
    remarks: str,
) -> Row:
    """Put a full inspection on record and return the record with the day when the next one is due.

    Parameters
    ----------
    seen
        Numbers of the documents that lay on the shelf.
    missing
        Numbers of those that should have been there and were not.

    Raises
    ------
    RefusedError
        ``not_full``: a document is neither seen, nor on loan, nor reported missing; ``not_missing``: one is reported missing that was
        seen or is on loan; ``no_such_document``: one is not in the archive.
    """
    held = set(connection.scalars(sa.select(documents.c.document_id)))
    lent = set(connection.scalars(sa.select(loans.c.out).where(loans.c.out.is_not(None))))
    there, gone = set(seen), set(missing)
    for unknown in sorted((there | gone) - held):
        raise RefusedError("no_such_document", document=unknown)
    for wrong in sorted(gone & (there | lent)):
        raise RefusedError("not_missing", document=wrong)
    left = sorted(held - there - gone - lent)
    if left:
        raise RefusedError("not_full", count=len(left), document=left[0])
    counts = {"documents": len(held), "seen": len(there), "on_loan": len(lent - there), "missing": len(gone)}
    values = {"date": on, "inspector": inspector, "remarks": remarks, **counts}
    made = connection.execute(sa.insert(inspections).values(values))
    return {"inspection": int(made.inserted_primary_key[0]), **values, "next_due": due_after(on)}  # type: ignore[index]


def due_after(last: dt.date) -> dt.date:
    """Return the day half a year after ``last``; the last day of the month where that day does not exist."""
    month = last.month - 1 + MONTHS
    first = dt.date(last.year + month // 12, month % 12 + 1, 1)
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first + dt.timedelta(days=last.day - 1), after - dt.timedelta(days=1))
