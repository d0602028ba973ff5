"""The data of the archive chapter: they fit each other for every student."""

import pytest

from crm_exercises import data

STUDENTS = ["0", "2024001", "7"]
NAMES = ["documents", "loans", "inspection"]


@pytest.mark.parametrize("student", STUDENTS)
def test_all_sets_speak_of_the_same_customers(student):
    mine = set(data.load("customers", student)["customer_id"])
    for name in NAMES:
        assert set(data.load(name, student)["customer_id"]) == mine


@pytest.mark.parametrize("student", STUDENTS)
def test_what_a_student_draws_is_enough(student):
    documents, loans = data.load("documents", student), data.load("loans", student)
    tray = documents[documents["file_class"] == 0]
    assert len(tray) >= 40
    assert (documents["file_class"].value_counts()[[1, 2, 3, 4, 5]] >= 20).all()
    today = loans[loans["time"] >= "2025-12-31"]
    assert (today["event"] == "request").sum() >= 50
    assert (today["event"] == "return").sum() >= 1


def test_a_document_is_lent_and_returned_in_turn():
    loans = data.pool("loans")
    assert loans["time"].is_monotonic_increasing
    happened = loans[loans["event"] != "request"]
    turns = happened.groupby("document_id")["event"].agg(list)
    assert all(events == (["lend", "return"] * len(events))[: len(events)] for events in turns)
    kept = data.pool("documents").set_index("document_id")
    lent = happened[happened["event"] == "lend"]
    assert (kept["date"].reindex(lent["document_id"]).to_numpy() < lent["time"].to_numpy()).all()
    assert (kept["file_class"].reindex(loans["document_id"]) > 0).all()
    assert (loans["customer_id"].to_numpy() == kept["customer_id"].reindex(loans["document_id"]).to_numpy()).all()


def test_only_filed_documents_lie_on_the_shelves():
    shelves, documents = data.pool("inspection"), data.pool("documents").set_index("document_id")
    assert shelves["document_id"].is_unique
    assert (documents["file_class"].reindex(shelves["document_id"]) > 0).all()


def test_titles_are_filled_in_both_languages():
    documents = data.pool("documents")
    for column in ("title", "title_en"):
        assert not documents[column].str.contains("[{}]").any()
    assert documents["title_en"].str.isascii().all()
