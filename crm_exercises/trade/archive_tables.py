"""The tables of the customer archive, and the store that keeps them: SQLite by default, any SQLAlchemy URL if wanted.

The store gives three promises to what stands on it: a change happens as a whole or not at all, two writers wait for each other
instead of losing anything, and what was confirmed survives a killed kernel.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from .archive_rules import ArchiveError

Result = TypeVar("Result")
Row = dict[str, Any]

metadata = sa.MetaData()
_id = sa.String(40)

users = sa.Table(
    "users", metadata, sa.Column("name", _id, primary_key=True), sa.Column("role", sa.String(20), nullable=False)
)
cards = sa.Table(
    "cards",
    metadata,
    sa.Column("customer_id", _id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    *(
        sa.Column(name, sa.String(200))
        for name in ("name_en", "province", "city", "address", "phone", "contact_person")
    ),
    *(
        sa.Column(name, sa.String(80))
        for name in ("trade", "kind", "relation", "salesperson", "attitude", "product_line")
    ),
    sa.Column("since", sa.Date),
    sa.Column("annual_purchases", sa.Float),
    sa.Column("more", sa.JSON, nullable=False, default=dict),
)
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("document_id", _id, primary_key=True),
    sa.Column("customer_id", _id, sa.ForeignKey("cards.customer_id"), nullable=False, index=True),
    sa.Column("file_class", sa.Integer, sa.CheckConstraint("file_class between 1 and 5"), nullable=False),
    sa.Column("title", sa.String(400), nullable=False),
    sa.Column("title_en", sa.String(400)),
    sa.Column("date", sa.Date),
    sa.Column("amount", sa.Float),
    sa.Column("ink", sa.String(40)),
)
loans = sa.Table(
    "loans",
    metadata,
    sa.Column("loan", sa.Integer, primary_key=True),
    sa.Column("document_id", _id, nullable=False, index=True),
    sa.Column("borrower", _id, nullable=False, index=True),
    sa.Column("lent", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("returned", sa.Date),
    # The document's number while it is out, empty afterwards: the database itself then refuses to lend it twice.
    sa.Column("out", _id, unique=True),
)
inspections = sa.Table(
    "inspections",
    metadata,
    sa.Column("inspection", sa.Integer, primary_key=True),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("inspector", _id, nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("documents", "seen", "on_loan", "missing")),
    sa.Column("remarks", sa.Text, nullable=False, default=""),
)
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("report", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("department", sa.String(80), nullable=False),
    *(sa.Column(name, _id) for name in ("drafted_by", "reviewed_by", "approved_by")),
)
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("correction", sa.Integer, primary_key=True),
    sa.Column("report", sa.Integer, sa.ForeignKey("reports.report"), nullable=False),
    *(sa.Column(name, sa.String(200), nullable=False) for name in ("item", "old", "new", "approved_by")),
)
distributions = sa.Table(
    "distributions",
    metadata,
    sa.Column("report", sa.Integer, sa.ForeignKey("reports.report"), primary_key=True),
    sa.Column("receiver", _id, primary_key=True),
    sa.Column("date", sa.Date, nullable=False),
)
log = sa.Table(
    "log",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("user", _id, nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("what", _id, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, default=""),
)

WAIT = 30.0
"""Seconds that a writer waits for another one."""

TRIES = 8
"""How often a server's "try again" is obeyed."""


class Store:
    """The database behind an archive.

    Parameters
    ----------
    where
        A file, or a SQLAlchemy URL (``postgresql+psycopg://user@host/base``). ``sqlite://`` is in memory.

    Raises
    ------
    ArchiveError
        The place cannot be opened, is not a database, or has no driver installed.
    """

    def __init__(self, where: str | Path) -> None:
        text = str(where)
        self.shown = text
        try:
            url = sa.make_url(text if "://" in text else f"sqlite:///{text}")
            self.shown = url.render_as_string(hide_password=True) if "://" in text else text
            self.engine = sa.create_engine(url, **self._options(url))
        except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
            raise ArchiveError("archive.no_driver", where=self.shown, error=str(error).splitlines()[0]) from error
        self.lite = self.engine.dialect.name == "sqlite"
        if self.lite:
            sa.event.listen(self.engine, "connect", _sqlite_settings)
            sa.event.listen(self.engine, "begin", _sqlite_begin)
        self.write(metadata.create_all)

    @staticmethod
    def _options(url: sa.URL) -> Row:
        if url.get_backend_name() != "sqlite":
            return {"isolation_level": "SERIALIZABLE", "pool_pre_ping": True}
        if url.database in (None, "", ":memory:"):
            return {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
        return {"poolclass": sa.NullPool, "connect_args": {"timeout": WAIT}}

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the archive and cannot change it."""
        with self._told(), self.engine.connect() as connection:
            if self.lite:
                connection.exec_driver_sql("PRAGMA query_only = ON")
            elif self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            try:
                yield connection
            finally:
                if self.lite:
                    connection.exec_driver_sql("PRAGMA query_only = OFF")

    def write(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Run ``work`` in one transaction and return what it returns; on an error nothing of it has happened.

        ``work`` may run more than once: a server that serialises transactions asks for a repetition when two writers met.
        """
        for tried in range(TRIES):
            try:
                with self._told(), self.engine.execution_options(crm_write=True).begin() as connection:
                    return work(connection)
            except _AgainError:
                time.sleep(random.uniform(0.01, 0.05) * 2**tried)
            except exc.StatementError as error:  # a value that its column cannot take
                raise ArchiveError("archive.value", error=str(error.orig).splitlines()[0]) from error
        raise ArchiveError("archive.busy", where=self.shown)

    def copy(self) -> Store:
        """Return a copy in memory."""
        made = Store("sqlite://")
        with self.read() as source, made.engine.connect() as target:
            if self.lite:
                raw: Any = source.connection.driver_connection
                raw.backup(target.connection.driver_connection)
            else:
                for table in metadata.sorted_tables:
                    if rows := source.execute(sa.select(table)).mappings().all():
                        target.execute(sa.insert(table), [dict(row) for row in rows])
                target.commit()
        return made

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a database's errors into sentences of the catalogue."""
        try:
            yield
        except exc.DBAPIError as error:
            cause = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
            # 40001, 40P01: the server asks for a repetition; 23505, 42P07, 42P06: two writers made the same thing at once
            if getattr(error.orig, "sqlstate", "") in ("40001", "40P01", "23505", "42P07", "42P06"):
                raise _AgainError from error
            if "locked" in cause:
                raise ArchiveError("archive.busy", where=self.shown) from error
            if "not a database" in cause or "malformed" in cause:
                raise ArchiveError("archive.damaged", where=self.shown, error=cause) from error
            if isinstance(error, exc.OperationalError) and not _is_wrong_sql(error):
                raise ArchiveError("archive.cannot_open", where=self.shown, error=cause) from error
            raise


class _AgainError(Exception):
    """The transaction must be tried again."""


def _is_wrong_sql(error: exc.OperationalError) -> bool:
    """SQLite reports a misspelt column as an operational error; that is the asker's business, not the store's."""
    return any(
        part in str(error.orig) for part in ("no such", "syntax", "ambiguous", "misuse", "incomplete", "readonly")
    )


def _sqlite_settings(connection: Any, _: Any) -> None:
    """Write-ahead log and full synchronisation: what was committed is on the disk, and readers never wait for a writer."""
    connection.isolation_level = None  # this module begins transactions itself
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    for _ in range(100):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
            return
        # Only one of several who open a new file can switch it, and the others are told so at once, without waiting.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        time.sleep(0.01)


def _sqlite_begin(connection: sa.Connection) -> None:
    """A writer takes its turn at the start: two that first read and then write would block each other for good."""
    writes = connection.get_execution_options().get("crm_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
