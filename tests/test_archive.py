"""The customer archive: what it keeps, what its rules refuse, and what it tells."""

import datetime as dt

import pandas as pd
import pytest

from crm_exercises.core.messages import LANGS, catalogue
from crm_exercises.trade.archive import Archive
from crm_exercises.trade.archive_rules import RULE_OF, ArchiveError, RefusedError
from crm_exercises.trade.cards import EnterpriseCard

CARDS = [
    {
        "customer_id": "C1",
        "name": "杭州晨禾商贸有限公司",
        "name_en": "Hangzhou Chenhe Commerce",
        "province": "浙江省",
        "city": "杭州市",
    },
    {
        "customer_id": "C2",
        "name": "宁波启川贸易有限公司",
        "name_en": "Ningbo Qichuan Trading",
        "province": "浙江省",
        "city": "宁波市",
    },
    {
        "customer_id": "C3",
        "name": "上海恒图软件有限公司",
        "name_en": "Shanghai Hengtu Software",
        "province": "上海市",
        "city": "上海市",
    },
]
PAPERS = [
    {"document_id": f"D{number}", "customer_id": f"C{number % 2 + 1}", "title": f"文件{number}", "file_class": number}
    for number in range(1, 6)
]


@pytest.fixture
def archive():
    made = Archive.in_memory(user="林晓")
    made.file(CARDS)
    made.add(PAPERS)
    for reader in ("周可", "何文"):
        made.grant(reader)
    made.grant("沈岚", "service_manager")
    made.grant("陆远", "general_manager")
    return made


def refused(call, *arguments, **options):
    """Return why a call is refused, and behind which rule."""
    with pytest.raises(RefusedError) as caught:
        call(*arguments, **options)
    return caught.value.reason, caught.value.rule


# Cards and documents


def test_a_card_keeps_all_its_fields(archive):
    archive.file(
        pd.DataFrame(
            [{"customer_id": "C9", "name": "甲", "since": pd.Timestamp("2020-02-03"), "employees": 12, "fax": None}]
        )
    )
    card = archive.card("C9")
    assert (card["since"], card["employees"], card["fax"], card["city"]) == (dt.date(2020, 2, 3), 12, None, None)


def test_a_card_object_and_a_series_are_cards_too(archive):
    class Card:
        def __init__(self):
            self.customer_id, self.name = "C7", "乙"

    archive.file([Card(), pd.Series({"customer_id": "C8", "name": "丙"})])
    assert archive.find(name="乙")["customer_id"].tolist() == ["C7"]
    assert archive.find(number="C8")["name"].tolist() == ["丙"]


def test_every_contact_has_a_file_first(archive):
    paper = {"document_id": "D9", "customer_id": "C99", "title": "x", "file_class": 1}
    assert refused(archive.add, paper) == ("no_card", "filing")
    assert refused(archive.file, CARDS[0]) == ("card_there", "filing")


@pytest.mark.parametrize("file_class", [0, 6, None, "3", 2.5])
def test_a_document_is_in_exactly_one_of_five_classes(archive, file_class):
    paper = {"document_id": "D9", "customer_id": "C1", "title": "x", "file_class": file_class}
    assert refused(archive.add, paper) == ("no_class", "classes")
    assert refused(archive.add, PAPERS[0], 2) == ("document_there", "classes")


def test_only_what_lasts_is_filed(archive):
    paper = {"document_id": "D9", "customer_id": "C1", "title": "x", "file_class": 1}
    assert refused(archive.add, paper | {"ink": "ballpoint"}) == ("ink", "media")
    archive.add(paper | {"ink": "carbon"})


def test_one_bad_document_of_many_leaves_nothing_behind(archive):
    before = len(archive.log())
    many = [{"document_id": f"N{n}", "customer_id": "C1", "title": "x", "file_class": 1} for n in range(20)]
    assert refused(archive.add, [*many, many[3]]) == ("document_there", "classes")
    assert archive.sql("select count(*) as n from documents")["n"].item() == len(PAPERS)
    assert len(archive.log()) == before


def test_a_change_is_kept_with_what_was_before(archive):
    archive.change("C1", city="温州市", employees=30)
    archive.change("C1", employees=31)
    assert (archive.card("C1")["city"], archive.card("C1")["employees"]) == ("温州市", 31)
    entry = archive.log().iloc[-2]
    assert (entry["user"], entry["action"], entry["what"]) == ("林晓", "change", "C1")
    assert entry["detail"] == '{"city": ["杭州市", "温州市"], "employees": [null, 30]}'
    assert refused(archive.change, "C1", employees=31) == ("nothing_new", "dynamic")
    assert refused(archive.change, "C1", customer_id="C5") == ("number_stays", "dynamic")
    assert refused(archive.change, "C5", city="x") == ("no_such_card", "dynamic")


def test_deleting(archive):
    assert refused(archive.delete, "C1") == ("has_documents", "dynamic")
    archive.delete("C3")
    archive.lend("D1", "周可")
    assert refused(archive.delete, "D1") == ("still_out", "lending")
    archive.delete("D2")
    assert "文件2" in archive.log()["detail"].iloc[-1]
    assert refused(archive.delete, "D2") == ("no_such_document", "dynamic")
    assert archive.find()["customer_id"].tolist() == ["C1", "C2"]


def test_a_copy_is_a_place_to_try_things_out(archive):
    trial = archive.copy()
    trial.delete("D1")
    trial.change("C1", city="温州市")
    assert trial.sql("select count(*) as n from documents")["n"].item() == len(PAPERS) - 1
    assert archive.sql("select count(*) as n from documents")["n"].item() == len(PAPERS)
    assert archive.card("C1")["city"] == "杭州市"


# Rights


def test_only_the_dedicated_person_maintains(archive):
    reader = archive.log_in("周可")
    assert reader.find(city="宁波")["customer_id"].tolist() == ["C2"]
    for call in (
        lambda: reader.file({"customer_id": "C9", "name": "x"}),
        lambda: reader.add({"document_id": "D9", "customer_id": "C1", "title": "x", "file_class": 1}),
        lambda: reader.change("C1", city="x"),
        lambda: reader.delete("D1"),
        lambda: reader.lend("D1", "周可"),
        lambda: reader.give_back("D1"),
        lambda: reader.inspect([]),
        lambda: reader.grant("x"),
        lambda: reader.take_over([], []),
    ):
        assert refused(call) == ("not_archivist", "dedicated")


def test_log_in_and_handing_over(archive):
    assert refused(archive.log_in, "路人") == ("log_in", "query")
    assert refused(archive.grant, "周可", "owner") == ("role", "query")
    assert refused(archive.grant, "林晓", "reader") == ("one_archivist", "dedicated")
    assert refused(archive.grant, ["周可", "何文"], "archivist") == ("one_archivist", "dedicated")
    archive.grant(["孙一", "赵敏行"])
    assert archive.log_in("孙一").role == "reader"
    archive.grant("何文", "archivist")
    assert refused(archive.change, "C1", city="x") == ("not_archivist", "dedicated")
    archive.log_in("何文").change("C1", city="温州市")
    assert archive.sql("select name from users where role = 'archivist'")["name"].tolist() == ["何文"]


# Lending


def test_lending_and_giving_back(archive):
    assert archive.lend("D1", "周可", days=7, on="2025-12-01") == dt.date(2025, 12, 8)
    assert refused(archive.lend, "D1", "何文", on="2025-12-02") == ("out", "lending")
    assert archive.give_back("D1", on="2025-12-10") == 2
    assert refused(archive.give_back, "D1") == ("not_out", "lending")
    archive.lend("D1", "何文", on="2025-12-11")
    assert refused(archive.give_back, "D1", on="2025-12-01") == ("too_soon", "lending")
    assert archive.log()["action"].tolist()[-3:] == ["lend", "give back", "lend"]


@pytest.mark.parametrize("days", [0, -1, 15])
def test_the_term_has_bounds(archive, days):
    assert refused(archive.lend, "D1", "周可", days=days) == ("term", "lending")


def test_who_may_borrow(archive):
    assert refused(archive.lend, "D1", "实习生") == ("rights", "lending")
    assert refused(archive.lend, "D99", "周可") == ("no_such_document", "dynamic")
    for number in (1, 2, 3):
        archive.lend(f"D{number}", "周可", days=7, on="2025-12-01")
    assert refused(archive.lend, "D4", "周可", on="2025-12-02") == ("limit", "lending")
    assert refused(archive.lend, "D4", "周可", on="2025-12-09") == ("overdue", "lending")
    archive.lend("D4", "何文", on="2025-12-09")


def test_the_first_rule_that_forbids_is_named(archive):
    archive.lend("D1", "周可", days=1, on="2025-12-01")
    assert refused(archive.lend, "D1", "实习生", days=30, on="2025-12-31")[0] == "rights"
    assert refused(archive.lend, "D1", "周可", days=30, on="2025-12-31")[0] == "term"
    assert refused(archive.lend, "D1", "周可", on="2025-12-31")[0] == "out"
    assert refused(archive.lend, "D2", "周可", on="2025-12-31")[0] == "overdue"


def test_overdue_begins_the_day_after_the_due_day(archive):
    archive.lend("D1", "周可", days=7, on="2025-12-01")
    archive.lend("D2", "何文", days=3, on="2025-12-01")
    assert archive.overdue("2025-12-04").empty
    late = archive.overdue(dt.date(2025, 12, 9))
    assert late[["document_id", "borrower", "days_late"]].values.tolist() == [["D2", "何文", 5], ["D1", "周可", 1]]


def test_a_paper_archive_is_taken_over_in_one_step():
    events = pd.DataFrame(
        [
            (pd.Timestamp("2025-11-01 09:00"), "lend", "D1", "路人", 30),
            (pd.Timestamp("2025-11-02 10:00"), "lend", "D2", "周可", 7),
            (pd.Timestamp("2025-11-20 11:00"), "return", "D2", "周可", 0),
            (pd.Timestamp("2025-11-21 08:00"), "request", "D2", "周可", 7),
        ],
        columns=["date", "event", "document_id", "borrower", "days"],
    )
    archive = Archive.in_memory(user="林晓")
    archive.take_over(pd.DataFrame(CARDS), [paper | {"ink": "ballpoint"} for paper in PAPERS], events)
    assert archive.overdue("2025-12-31")[["document_id", "days_late"]].values.tolist() == [["D1", 30]]
    assert archive.give_back("D1", on="2025-12-31") == 30
    with pytest.raises(ArchiveError) as caught:
        archive.take_over(CARDS, PAPERS)
    assert caught.value.key == "archive.not_empty"
    assert refused(Archive.in_memory(user="x").take_over, CARDS[:1], PAPERS) == ("no_card", "filing")


# Inspection and reports


def test_an_inspection_is_full_and_on_record(archive):
    archive.lend("D5", "周可")
    assert refused(archive.inspect, ["D1", "D2"], ["D3"]) == ("not_full", "inspection")
    assert refused(archive.inspect, ["D1", "D2", "D3", "D4"], ["D5"]) == ("not_missing", "inspection")
    assert refused(archive.inspect, ["D1", "D77"]) == ("no_such_document", "dynamic")
    record = archive.inspect(["D1", "D2", "D3"], ["D4"], on="2025-08-31", remarks="受潮 1 件")
    assert {name: record[name] for name in ("documents", "seen", "on_loan", "missing")} == {
        "documents": 5, "seen": 3, "on_loan": 1, "missing": 1,
    }  # fmt: skip
    assert record["next_due"] == dt.date(2026, 2, 28)
    assert archive.sql("select inspector, remarks from inspections").values.tolist() == [["林晓", "受潮 1 件"]]


def test_a_report_goes_through_review_and_approval(archive):
    service, general = archive.log_in("沈岚"), archive.log_in("陆远")
    number = archive.reports.draft("四季度客户统计", "财务部")
    assert refused(archive.reports.review, number) == ("reviewer", "report")
    assert refused(service.reports.approve, number) == ("approver", "report")
    assert refused(general.reports.approve, number) == ("review", "report")
    assert refused(archive.reports.distribute, number, "周可") == ("review", "report")
    service.reports.review(number)
    assert refused(archive.reports.distribute, number, "周可") == ("approval", "report")
    assert refused(general.reports.correct, number, "杭州", 1, 2) == ("not_issued", "correction")
    general.reports.approve(number)
    assert refused(archive.reports.distribute, number, "路人") == ("receiver", "distribution")
    archive.reports.distribute(number, "周可", on="2026-01-05")
    archive.reports.distribute(number, "周可")
    assert archive.sql("select receiver, date from distributions").values.tolist() == [["周可", "2026-01-05"]]


def test_who_has_lost_a_post_signs_nothing_more_in_a_session_that_is_still_open(archive):
    service = archive.log_in("沈岚")
    number = archive.reports.draft("四季度客户统计", "财务部")
    archive.grant("沈岚", "reader")
    assert refused(service.reports.review, number) == ("reviewer", "report")


def test_a_correction_needs_the_general_manager_and_no_second_round(archive):
    service, general = archive.log_in("沈岚"), archive.log_in("陆远")
    number = archive.reports.draft("x", "y")
    service.reports.review(number)
    general.reports.approve(number)
    assert refused(service.reports.correct, number, "杭州", 1, 2) == ("corrector", "correction")
    general.reports.correct(number, "杭州", 61, 16)
    archive.reports.distribute(number, "何文")
    assert archive.sql("select item, old, new, approved_by from corrections").values.tolist() == [
        ["杭州", "61", "16", "陆远"]
    ]
    assert refused(archive.reports.distribute, 99, "何文") == ("no_report", "distribution")


# Looking up


def test_finding_by_number_province_city_and_name(archive):
    def numbers(**asked):
        return archive.find(**asked)["customer_id"].tolist()

    assert numbers(number="C3") == ["C3"]
    assert numbers(province="浙江") == ["C1", "C2"]
    assert numbers(city="杭州市") == ["C1"]
    assert numbers(name="TRADING") == ["C2"]
    assert numbers(province="浙江", name="晨禾") == ["C1"]
    assert numbers(name="%") == []
    assert numbers() == ["C1", "C2", "C3"]


def test_the_index_counts_each_class(archive):
    index = archive.index().set_index("customer_id")
    assert set(index.index) == {"C1", "C2", "C3"}
    assert index.loc["C1", ["class_2", "class_4", "class_1"]].tolist() == [1, 1, 0]
    assert index.loc["C3"].filter(like="class").sum() == 0


def test_sql_looks_up_and_changes_nothing(archive):
    found = archive.sql(
        "select city, count(*) as n from cards where province = :province group by city order by city",
        province="浙江省",
    )
    assert dict(zip(found["city"], found["n"], strict=True)) == {"杭州市": 1, "宁波市": 1}
    assert archive.sql("select * from loans").empty
    for query in ("delete from cards", "insert into users values ('x', 'reader')", "drop table cards"):
        with pytest.raises(ArchiveError) as caught:
            archive.sql(query)
        assert caught.value.key == "archive.read_only"
    for query in ("selct 1", "select nme from cards", "select * from card", "select 1; select 2"):
        with pytest.raises(ArchiveError) as caught:
            archive.sql(query)
        assert caught.value.key == "archive.sql"
    with pytest.raises(ArchiveError, match="nme"):
        archive.sql("select nme from cards")
    assert len(archive.find()) == 3


# What a person reads


def test_every_refusal_names_its_rule_in_both_languages():
    said = catalogue()
    assert {f"archive.refused.{reason}" for reason in RULE_OF} == {
        key for key in said if key.startswith("archive.refused.")
    }
    for reason, rule in RULE_OF.items():
        for lang in LANGS:
            assert "{rule}" in said[f"archive.refused.{reason}"][lang]
            assert said[f"archive.rule.{rule}"][lang]


def test_a_refusal_says_what_where_and_what_to_do(archive):
    archive.lend("D1", "周可", days=7, on="2025-12-01")
    with pytest.raises(RefusedError) as caught:
        archive.lend("D1", "何文")
    for lang, rule in (("zh", "借阅制度"), ("en", "lending system")):
        sentence = caught.value.text(lang)
        assert all(part in sentence for part in (rule, "D1", "周可", "2025-12-08"))


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda archive: archive.file({"name": "x"}), "archive.field"),
        (lambda archive: archive.file(pd.DataFrame({"customer_id": ["C9"], "name": [None]})), "archive.field"),
        (lambda archive: archive.add({"document_id": "D9", "customer_id": "C1", "file_class": 1}), "archive.field"),
        (lambda archive: archive.file(7), "archive.no_record"),
        (lambda archive: archive.lend("D1", "周可", on="31.12.2025"), "archive.no_day"),
        (lambda archive: archive.overdue(20251231), "archive.no_day"),
    ],
)
def test_wrong_calls(archive, call, key):
    with pytest.raises(ArchiveError) as caught:
        call(archive)
    assert caught.value.key == key


# What people really hand in


@pytest.mark.filterwarnings("error")
def test_the_card_of_the_form_is_filed_in_its_proper_spelling(archive):
    typed = {
        "customer_id": "C20",
        "name": "嘉兴某某文具店",
        "employees": "1,200",
        "since": "2020年3月8日",
        "annual_purchases": "12,345.60",
    }
    archive.file(EnterpriseCard.draft(typed))
    card = archive.card("C20")
    assert (card["employees"], card["since"], card["annual_purchases"]) == (1200, dt.date(2020, 3, 8), 12345.6)
    with pytest.raises(ArchiveError) as caught:
        archive.file(EnterpriseCard.draft(name="没有编号"))
    assert caught.value.params == {"fields": "customer_id", "found": "name"}


@pytest.mark.filterwarnings("error")
def test_a_card_with_a_fault_is_filed_as_it_stands(archive):
    archive.file(EnterpriseCard.draft(customer_id="C21", name="甲", uscc="123"))
    assert archive.card("C21")["uscc"] == "123"


def test_numbers_that_were_read_as_numbers_are_numbers_all_the_same(archive):
    archive.file(pd.DataFrame({"customer_id": [7, 8], "name": ["甲", "乙"]}))
    archive.add({"document_id": 31.0, "customer_id": 7, "title": "合同"}, 2)
    assert refused(archive.file, {"customer_id": 7, "name": "甲"}) == ("card_there", "filing")
    archive.lend(31, to="周可", days="7")
    assert archive.give_back("31") == 0
    archive.change(7, city="杭州市")
    assert archive.card(7)["city"] == "杭州市" and len(archive.find(number=7)) == 1
    archive.inspect(seen=[31, *(paper["document_id"] for paper in PAPERS)])
    archive.delete(31)


@pytest.mark.parametrize("days", ["七", 7.5, 0, 15])
def test_a_term_is_a_whole_number_of_days(archive, days):
    assert refused(archive.lend, "D1", to="周可", days=days) == ("term", "lending")


@pytest.mark.parametrize(
    "card",
    [
        {"annual_purchases": "很多"},
        {"annual_purchases": float("inf")},
        {"since": "去年"},
    ],
)
def test_a_value_that_cannot_be_is_told_and_nothing_is_filed(archive, card):
    with pytest.raises(ArchiveError) as caught:
        archive.file([{"customer_id": "C30", "name": "甲"}, {"customer_id": "C31", "name": "乙", **card}])
    assert all(str(next(iter(card.values()))) in caught.value.text(lang) for lang in LANGS)
    assert archive.find(number="C30").empty


def test_an_amount_may_have_separators(archive):
    archive.add({"document_id": "D40", "customer_id": "C1", "title": "x", "amount": "1,200.50"}, 4)
    assert archive.sql("select amount from documents where document_id = 'D40'")["amount"].tolist() == [1200.5]


def test_what_a_column_cannot_take_is_told_in_a_sentence():
    with pytest.raises(ArchiveError) as caught:
        Archive.in_memory(user=None)
    assert "40" in caught.value.text("en")
