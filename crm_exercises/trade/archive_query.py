"""The query side of the customer archive: everything that looks up and changes nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import exc

from . import archive_tables as tables
from .archive_rows import as_number, day, plain
from .archive_rules import CLASSES, ArchiveError, RefusedError
from .archive_tables import Row, Store


class Lookup:
    """What every user of an archive may do: find, read, list, ask in SQL."""

    _store: Store

    def find(
        self,
        *,
        number: str | None = None,
        province: str | None = None,
        city: str | None = None,
        name: str | None = None,
    ) -> pd.DataFrame:
        """Return the cards that meet all that is given, by number.

        ``number`` must be equal; ``province`` and ``city`` need only be the beginning (``"杭州"`` finds 杭州市); ``name`` may stand
        anywhere in the company's Chinese or English name, capital letters or not.
        """
        card = tables.cards.c
        query = sa.select(tables.cards).order_by(card.customer_id)
        if number is not None:
            query = query.where(card.customer_id == as_number(number))
        for column, start in ((card.province, province), (card.city, city)):
            if start is not None:
                query = query.where(column.startswith(start, autoescape=True))
        if name is not None:
            query = query.where(
                card.name.icontains(name, autoescape=True) | card.name_en.icontains(name, autoescape=True)
            )
        return self._table(query, "since").drop(columns="more")

    def card(self, customer_id: str) -> Row:
        """Return all fields of a card; refused with ``no_such_card`` if there is none."""
        with self._store.read() as connection:
            return self._card(connection, as_number(customer_id))

    def index(self) -> pd.DataFrame:
        """Return the index: one line for each customer with a file, by province, city and number, and the documents in each class."""
        card, paper = tables.cards.c, tables.documents.c
        classes = [
            sa.func.sum(sa.case((paper.file_class == number, 1), else_=0)).label(f"class_{number}")
            for number in CLASSES
        ]
        columns = (card.province, card.city, card.customer_id, card.name)
        query = sa.select(*columns, *classes).join(
            tables.documents, paper.customer_id == card.customer_id, isouter=True
        )
        return self._table(query.group_by(*columns).order_by(card.province, card.city, card.customer_id))

    def sql(self, query: str, **values: Any) -> pd.DataFrame:
        """Return what a ``select`` finds; nothing can be changed this way.

        Parameters
        ----------
        values
            What stands for ``:name`` in the query: ``archive.sql("select * from cards where city = :city", city="杭州市")``.

        Raises
        ------
        ArchiveError
            The database does not understand the query; its own words are in the sentence.
        """
        try:
            with self._store.read() as connection:
                found = connection.execute(sa.text(query), {name: plain(value) for name, value in values.items()})
                return pd.DataFrame(found.mappings().all(), columns=list(found.keys()))
        except (exc.SQLAlchemyError, exc.ResourceClosedError) as error:
            cause = getattr(error, "orig", None) or error
            if "readonly" in str(cause) or "read-only" in str(cause):
                raise ArchiveError("archive.read_only") from error
            raise ArchiveError(
                "archive.sql", error=str(cause).splitlines()[0], tables=", ".join(tables.metadata.tables)
            ) from error

    def log(self) -> pd.DataFrame:
        """Return the change log, oldest entry first: what was done, by whom, when (UTC), to what, and what it was before."""
        return self._table(sa.select(tables.log).order_by(tables.log.c.entry))

    def overdue(self, today: Any = None) -> pd.DataFrame:
        """Return what should be back: documents whose due day lies before ``today``, longest overdue first."""
        date, loan = day(today), tables.loans.c
        columns = (loan.document_id, tables.documents.c.customer_id, loan.borrower, loan.lent, loan.due)
        query = sa.select(*columns).join(
            tables.documents, loan.document_id == tables.documents.c.document_id, isouter=True
        )
        found = self._table(
            query.where(loan.out.is_not(None), loan.due < date).order_by(loan.due, loan.document_id), "lent", "due"
        )
        found["days_late"] = (pd.Timestamp(date) - found["due"]).dt.days
        return found

    @staticmethod
    def _card(connection: sa.Connection, customer_id: str) -> Row:
        query = sa.select(tables.cards).where(tables.cards.c.customer_id == customer_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise RefusedError("no_such_card", customer=customer_id)
        card = dict(row)
        more: Row = card.pop("more") or {}
        return card | more

    def _table(self, query: sa.Select[Any], *dates: str) -> pd.DataFrame:
        with self._store.read() as connection:
            found = connection.execute(query)
            table = pd.DataFrame(found.mappings().all(), columns=list(found.keys()))
        for name in dates:
            table[name] = pd.to_datetime(table[name])
        return table
