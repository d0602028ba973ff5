"""The archive as a file: two notebooks at once, a killed kernel, damaged files, and a database server."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_exercises.trade.archive import Archive
from crm_exercises.trade.archive_rules import ArchiveError, RefusedError

ROOT = Path(__file__).parents[1]
SERVER = "CRM_TEST_DATABASE_URL"

BEGIN = """
import sys
from crm_exercises.trade.archive import Archive, RefusedError
where, me = sys.argv[1], sys.argv[2]
archive = Archive(where, user="林晓")
"""


@pytest.fixture(params=["file", "server"])
def where(request, tmp_path):
    """A place for a new archive: a file, and a schema of its own on the database server that ``CRM_TEST_DATABASE_URL`` names."""
    if request.param == "file":
        yield str(tmp_path / "archive.db")
        return
    if not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no database server (such as postgresql+psycopg://user:word@localhost/base)")
    url = sa.make_url(os.environ[SERVER])
    if url.get_backend_name() != "postgresql":
        pytest.skip(f"{SERVER} is no PostgreSQL: these tests make a schema of their own")
    schema = f"crm_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


def notebook(where, me, code):
    """Start another process that opens the archive and works, as a second notebook would."""
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + code, where, me],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def both(where, code):
    """Run ``code`` in two notebooks at once and return what each printed."""
    pair = [notebook(where, me, code) for me in "ab"]
    printed = [one.communicate(timeout=120)[0] for one in pair]
    assert [one.returncode for one in pair] == [0, 0]
    return printed


def count(archive, table):
    return archive.sql(f"select count(*) as n from {table}")["n"].item()


# Two notebooks


def test_two_notebooks_lose_nothing(where):
    """They even make the archive together; every card, document, change and log entry of both is there afterwards."""
    both(
        where,
        """
for number in range(40):
    key = f"{me}{number:03}"
    archive.file({"customer_id": key, "name": key})
    archive.add({"document_id": "D" + key, "customer_id": key, "title": "x"}, 1 + number % 5)
    archive.change(key, **{f"visits_{me}": number, "city": me})
""",
    )
    archive = Archive(where, user="林晓")
    assert (count(archive, "cards"), count(archive, "documents")) == (80, 80)
    assert archive.log()["action"].value_counts().drop("open").to_dict() == {"file": 80, "add": 80, "change": 80}
    assert archive.log()["entry"].is_unique


def test_two_notebooks_change_the_same_card(where):
    Archive(where, user="林晓").file({"customer_id": "C1", "name": "x"})
    both(where, 'for number in range(30): archive.change("C1", **{f"{me}{number}": number})')
    card = Archive(where, user="林晓").card("C1")
    assert {name for name in card if name[0] in "ab" and name[1:].isdigit()} == {
        f"{me}{n}" for me in "ab" for n in range(30)
    }


def test_a_document_is_lent_once_and_the_limit_holds(where):
    archive = Archive(where, user="林晓")
    archive.file({"customer_id": "C1", "name": "x"})
    archive.add([{"document_id": f"D{n}", "customer_id": "C1", "title": "x", "file_class": 1} for n in range(30)])
    archive.grant("周可")
    printed = both(
        where,
        """
for number in range(30):
    try:
        archive.lend(f"D{number}", "周可")
        print(number)
    except RefusedError as error:
        assert error.reason in ("out", "limit")
""",
    )
    lent = " ".join(printed).split()
    assert len(lent) == len(set(lent)) == 3
    assert count(archive, "loans") == 3


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    archive = Archive(tmp_path / "archive.db", user="林晓")
    archive.file({"customer_id": "C1", "name": "x"})
    writer = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("delete from cards")
    started = time.monotonic()
    assert len(archive.find()) == 1
    assert time.monotonic() - started < 1
    writer.rollback()
    writer.close()


# A killed kernel


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process in mid-write")
def test_the_file_survives_a_killed_kernel(tmp_path):
    """What was confirmed is there, what was not is there as a whole or not at all, and work goes on."""
    where = tmp_path / "archive.db"
    confirmed = []
    for run in range(3):
        killed = notebook(
            str(where),
            f"r{run}",
            """
number = 0
while True:
    key = f"{me}-{number}"
    archive.file([{"customer_id": f"{key}-{part}", "name": "x" * 500} for part in range(20)])
    print(key, flush=True)
    number += 1
""",
        )
        for _ in range(5 + 3 * run):
            confirmed.append(killed.stdout.readline().strip())
        os.kill(killed.pid, signal.SIGKILL)
        confirmed += killed.stdout.read().split()
        killed.wait()
        killed.stdout.close()
        archive = Archive(where, user="林晓")
        assert archive.sql("pragma integrity_check").iloc[0, 0] == "ok"
        batches = archive.find()["customer_id"].str.rsplit("-", n=1).str[0].value_counts()
        assert set(confirmed) <= set(batches.index)
        assert (batches == 20).all()
        assert (archive.log()["action"] == "file").sum() == len(archive.find())
    archive.file({"customer_id": "C1", "name": "after"})


# Places


def test_what_is_closed_can_be_opened_again(where):
    Archive(where, user="林晓").file({"customer_id": "C1", "name": "x", "since": "2020-01-01", "employees": 3})
    again = Archive(where, user="林晓")
    assert again.card("C1")["employees"] == 3
    assert again.find()["since"].dt.year.tolist() == [2020]
    with pytest.raises(RefusedError, match="林晓"):
        Archive(where, user="别人")


def test_a_server_enforces_the_same_rules(where):
    archive = Archive(where, user="林晓")
    archive.file(
        [
            {"customer_id": "C1", "name": "Hangzhou", "province": "浙江省", "city": "杭州市"},
            {"customer_id": "C2", "name": "y"},
        ]
    )
    archive.add(
        [
            {"document_id": f"D{n}", "customer_id": "C1", "title": "x", "file_class": n, "date": "2025-01-0" + str(n)}
            for n in (1, 2)
        ]
    )
    archive.grant("周可")
    archive.lend("D1", "周可", days=7, on="2025-12-01")
    assert archive.overdue("2025-12-31")["days_late"].tolist() == [23]
    assert archive.index().set_index("customer_id").loc["C1", "class_2"] == 1
    assert archive.find(name="hang")["customer_id"].tolist() == ["C1"]
    with pytest.raises(ArchiveError) as caught:
        archive.sql("delete from cards")
    assert caught.value.key == "archive.read_only"
    with pytest.raises(ArchiveError) as caught:
        archive.sql("select nme from cards")
    assert caught.value.key == "archive.sql"
    trial = archive.copy()
    assert trial.give_back("D1", on="2025-12-31") == archive.give_back("D1", on="2025-12-31") == 23
    assert archive.inspect(["D1", "D2"], on="2025-12-31")["missing"] == 0


def test_a_damaged_file_is_left_alone(tmp_path):
    where = tmp_path / "archive.db"
    where.write_bytes(b"this is a text, not an archive" * 100)
    before = where.read_bytes()
    with pytest.raises(ArchiveError) as caught:
        Archive(where, user="林晓")
    assert caught.value.key == "archive.damaged"
    assert where.read_bytes() == before


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("no/such/folder/archive.db", "archive.cannot_open"),
        ("nonsense://host/base", "archive.no_driver"),
        ("postgresql+psycopg://nobody:secret@localhost:1/none?connect_timeout=1", "archive.cannot_open"),
    ],
)
def test_places_that_cannot_be_opened(where, key):
    if "psycopg" in where:
        pytest.importorskip("psycopg")
    with pytest.raises(ArchiveError) as caught:
        Archive(where, user="林晓")
    assert caught.value.key == key
    assert "secret" not in caught.value.text("en")


def test_a_busy_file_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("crm_exercises.trade.archive_tables.WAIT", 0.2)
    archive = Archive(tmp_path / "archive.db", user="林晓")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveError) as caught:
        archive.file({"customer_id": "C1", "name": "x"})
    assert caught.value.key == "archive.busy"
    other.rollback()
    archive.file({"customer_id": "C1", "name": "x"})
    other.close()
