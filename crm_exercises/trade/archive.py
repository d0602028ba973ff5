"""A customer archive that lasts: cards and documents in five classes, with lending, inspection, reports and a change log.

It is a database (SQLite unless told otherwise) that enforces the rules of keeping an archive: what a rule forbids is refused by an
error that names the rule. See ``docs/archive.md``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from . import archive_tables as tables
from . import inspection, lending
from .archive_query import Lookup
from .archive_rows import as_number, card_row, day, document_row, for_json, records, typed
from .archive_rules import ARCHIVIST, READER, ROLES, ArchiveError, RefusedError
from .archive_tables import Row, Store
from .reports import Reports


class Archive(Lookup):
    """A customer archive, opened by one user.

    Parameters
    ----------
    where
        A file (``"archive.db"``), made if it is not there, or a SQLAlchemy URL (``"postgresql+psycopg://…"``).
    user
        Who logs in. Whoever opens a new archive is its dedicated person, who alone maintains it and gives rights to others.

    Raises
    ------
    RefusedError
        ``log_in``: the archive does not know the user.
    ArchiveError
        The place cannot be opened, is not an archive, or its driver is not installed.
    """

    def __init__(self, where: str | Path | Store, *, user: str) -> None:
        self._store = where if isinstance(where, Store) else Store(where)
        self.user = user
        self.role = self._store.write(self._logged_in)
        self.reports = Reports(self._store, user, self._note)

    @classmethod
    def in_memory(cls, *, user: str) -> Archive:
        """Open a new archive that lives as long as this object: for trying things out."""
        return cls("sqlite://", user=user)

    def copy(self) -> Archive:
        """Return a copy in memory, on which things can be tried out without touching this archive."""
        return Archive(self._store.copy(), user=self.user)

    def log_in(self, user: str) -> Archive:
        """Return the same archive as ``user`` sees it."""
        return Archive(self._store, user=user)

    def __repr__(self) -> str:
        return f"Archive({self._store.shown!r}, user={self.user!r})"

    # Rights

    def grant(self, user: str | Collection[str], role: str = READER) -> None:
        """Let one or more users in: ``reader`` looks up and borrows, ``service_manager`` also reviews, ``general_manager`` also approves.

        Granting ``archivist`` to somebody hands the archive over: there is always exactly one dedicated person.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``role``: there is no such role; ``one_archivist``: the dedicated person must hand over first, and to one.
        """
        if role not in ROLES:
            raise RefusedError("role", role=role, roles=", ".join(ROLES))
        people = [user] if isinstance(user, str) else sorted(set(user))

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            if (role == ARCHIVIST and len(people) != 1) or (role != ARCHIVIST and self.user in people):
                raise RefusedError("one_archivist", user=self.user)
            if role == ARCHIVIST:
                connection.execute(sa.update(tables.users).where(tables.users.c.name == self.user).values(role=READER))
            connection.execute(sa.delete(tables.users).where(tables.users.c.name.in_(people)))
            self._insert(connection, tables.users, [{"name": name, "role": role} for name in people])
            self._notes(connection, "grant", [(name, role) for name in people])

        self._store.write(work)

    # Cards and documents: add, change, delete

    def file(self, card: Any) -> None:
        """Open a file for one or more customers.

        Parameters
        ----------
        card
            A dict, a customer card, a row, or a table of them, with at least ``customer_id`` and ``name``. Fields that the table
            ``cards`` has no column for are kept as well.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``card_there``: this customer has a file.
        """
        rows = [card_row(row) for row in records(card)]

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            held = set(connection.scalars(sa.select(tables.cards.c.customer_id)))
            for row in rows:
                if row["customer_id"] in held:
                    raise RefusedError("card_there", customer=row["customer_id"])
                held.add(row["customer_id"])
            self._insert(connection, tables.cards, rows)
            self._notes(connection, "file", [(row["customer_id"], row["name"]) for row in rows])

        self._store.write(work)

    def add(self, document: Any, file_class: int | None = None) -> None:
        """Put one or more documents into the files of their customers.

        Parameters
        ----------
        document
            A dict, a row or a table with at least ``document_id``, ``customer_id`` and ``title``; also ``title_en``, ``date``,
            ``amount``, ``ink``.
        file_class
            1 basic data, 2 contracts and orders, 3 arrears and repayment, 4 transaction record, 5 returns, claims and discounts; by
            default what the document's own field ``file_class`` says.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``no_card``: the customer has no file yet; ``no_class``: not exactly one of the five classes;
            ``document_there``: it is filed already; ``ink``: written with what does not last.
        """
        rows = [document_row(row, file_class) for row in records(document)]

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            cards = set(connection.scalars(sa.select(tables.cards.c.customer_id)))
            held = set(connection.scalars(sa.select(tables.documents.c.document_id)))
            for row in rows:
                if row["customer_id"] not in cards:
                    raise RefusedError("no_card", customer=row["customer_id"], document=row["document_id"])
                if row["document_id"] in held:
                    raise RefusedError("document_there", document=row["document_id"])
                held.add(row["document_id"])
            self._insert(connection, tables.documents, rows)
            self._notes(connection, "add", [(row["document_id"], str(row["file_class"])) for row in rows])

        self._store.write(work)

    def change(self, customer_id: str, /, **fields: Any) -> None:
        """Change fields of a card; the log keeps what stood there before.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``no_such_card``; ``number_stays``: the number cannot change; ``nothing_new``: all is so already.
        """
        customer_id = as_number(customer_id)

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            card = self._card(connection, customer_id)
            if "customer_id" in fields:
                raise RefusedError("number_stays", customer=customer_id)
            new = {name: typed(name, value) for name, value in fields.items() if card.get(name) != typed(name, value)}
            if not new:
                raise RefusedError("nothing_new", customer=customer_id)
            columns = {name: value for name, value in new.items() if name in tables.cards.c}
            more = {name: for_json(value) for name, value in new.items() if name not in tables.cards.c}
            known = {name: value for name, value in card.items() if name not in tables.cards.c}
            change = sa.update(tables.cards).where(tables.cards.c.customer_id == customer_id)
            connection.execute(change.values(columns | {"more": known | more}))
            told = {name: [card.get(name), value] for name, value in new.items()}
            self._note(connection, "change", customer_id, json.dumps(told, ensure_ascii=False, default=str))

        self._store.write(work)

    def delete(self, number: str) -> None:
        """Take a document out of the archive, or close the file of a customer that holds no documents; the log keeps what it was.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``still_out``: the document is on loan; ``has_documents``: the file is not empty;
            ``no_such_document``: neither a document nor a customer has this number.
        """
        number = as_number(number)

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            table, key = tables.documents, tables.documents.c.document_id
            row = connection.execute(sa.select(table).where(key == number)).mappings().first()
            if row is None:
                table, key = tables.cards, tables.cards.c.customer_id
                row = connection.execute(sa.select(table).where(key == number)).mappings().first()
                inside = sa.select(sa.func.count()).where(tables.documents.c.customer_id == number)
                if count := connection.scalar(inside):
                    raise RefusedError("has_documents", customer=number, count=count)
            elif connection.scalar(sa.select(tables.loans.c.loan).where(tables.loans.c.out == number)):
                raise RefusedError("still_out", document=number)
            if row is None:
                raise RefusedError("no_such_document", document=number)
            connection.execute(sa.delete(table).where(key == number))
            self._note(connection, "delete", number, json.dumps(dict(row), ensure_ascii=False, default=str))

        self._store.write(work)

    def take_over(self, cards: Any, documents: Any, events: Any = ()) -> None:
        """Take over an archive that was kept elsewhere, as it stands, in one step: cards, documents and the log of loans.

        Parameters
        ----------
        events
            Entries in order of time with ``date``, ``event`` (``lend`` or ``return``), ``document_id``, ``borrower`` and ``days``. What
            was lent against today's rules is taken over all the same.

        Raises
        ------
        RefusedError
            ``not_archivist``; ``card_there`` and ``document_there``; ``no_card``.
        """
        card_rows = [card_row(row) for row in records(cards)]
        document_rows = [document_row(row, durable=False) for row in records(documents)]
        loan_rows = lending.from_events(records(events) if len(events) else ())

        def work(connection: sa.Connection) -> None:
            self._only_archivist(connection)
            filed = {row["customer_id"] for row in card_rows}
            for row in document_rows:
                if row["customer_id"] not in filed:
                    raise RefusedError("no_card", customer=row["customer_id"], document=row["document_id"])
            for table, rows in (
                (tables.cards, card_rows),
                (tables.documents, document_rows),
                (tables.loans, loan_rows),
            ):
                if connection.execute(sa.select(table).limit(1)).first() is not None:
                    raise ArchiveError("archive.not_empty")
                self._insert(connection, table, rows)
                self._note(connection, "take over", table.name, str(len(rows)))

        self._store.write(work)

    # Lending and inspection

    def lend(self, document: str, to: str, days: int = 14, on: Any = None) -> dt.date:
        """Lend a document and return the day when it is due; see :func:`.lending.lend` for what is refused.

        Parameters
        ----------
        on
            The day of lending (``"2025-12-31"``); by default today.
        """
        document, date = as_number(document), day(on)
        term = int(days) if str(days).isdigit() else days

        def work(connection: sa.Connection) -> dt.date:
            self._only_archivist(connection)
            due = lending.lend(connection, document, to, term, date)
            self._note(connection, "lend", document, f"{to}, {date} – {due}")
            return due

        return self._store.write(work)

    def give_back(self, document: str, on: Any = None) -> int:
        """Book a document as returned; return the days that it is late. See :func:`.lending.give_back` for what is refused."""
        document, date = as_number(document), day(on)

        def work(connection: sa.Connection) -> int:
            self._only_archivist(connection)
            late = lending.give_back(connection, document, date)
            self._note(connection, "give back", document, f"{date}, +{late}")
            return late

        return self._store.write(work)

    def inspect(self, seen: Collection[str], missing: Collection[str] = (), on: Any = None, remarks: str = "") -> Row:
        """Put the full inspection of the half year on record; see :func:`.inspection.inspect`."""
        date, there, gone = day(on), set(map(as_number, seen)), set(map(as_number, missing))

        def work(connection: sa.Connection) -> Row:
            self._only_archivist(connection)
            record = inspection.inspect(connection, there, gone, self.user, date, remarks)
            self._note(connection, "inspect", str(record["inspection"]), f"{record['documents']}, -{record['missing']}")
            return record

        return self._store.write(work)

    # How it is done

    def _logged_in(self, connection: sa.Connection) -> str:
        people = {row.name: row.role for row in connection.execute(sa.select(tables.users))}
        if not people:
            connection.execute(sa.insert(tables.users).values(name=self.user, role=ARCHIVIST))
            self._note(connection, "open", self.user, ARCHIVIST)
            return ARCHIVIST
        if self.user not in people:
            keeper = next((name for name, role in people.items() if role == ARCHIVIST), "–")
            raise RefusedError("log_in", user=self.user, archivist=keeper)
        return str(people[self.user])

    def _only_archivist(self, connection: sa.Connection) -> None:
        """Look it up anew: the archive may have been handed over since the log-in."""
        keeper = connection.scalar(sa.select(tables.users.c.name).where(tables.users.c.role == ARCHIVIST))
        if keeper != self.user:
            raise RefusedError("not_archivist", user=self.user, archivist=keeper)

    @staticmethod
    def _insert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
        if rows:
            connection.execute(sa.insert(table), rows)

    def _note(self, connection: sa.Connection, action: str, what: object, detail: str) -> None:
        self._notes(connection, action, [(str(what), detail)])

    def _notes(self, connection: sa.Connection, action: str, entries: list[tuple[str, str]]) -> None:
        """Write the log in the same transaction as the change: neither is ever there without the other."""
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        rows = [
            {"at": at, "user": self.user, "action": action, "what": what, "detail": detail} for what, detail in entries
        ]
        self._insert(connection, tables.log, rows)
