"""Customer cards: what can be wrong with a field, what a card says of itself, how it travels, how it is marked, what case texts tell."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import told_facts
from pydantic import TypeAdapter, ValidationError
from stdnum.cn import ric, uscc

from crm_exercises import data, plots
from crm_exercises.core import cards as kinds
from crm_exercises.core.chapter import AnyKind
from crm_exercises.core.errors import MalformedError
from crm_exercises.core.messages import LANGS, catalogue
from crm_exercises.trade import validation as checks
from crm_exercises.trade.card import Card, CardError
from crm_exercises.trade.card_files import read_cards, write_cards
from crm_exercises.trade.card_view import as_html, as_text
from crm_exercises.trade.cards import CARDS, EnterpriseCard, IndividualCard
from crm_exercises.trade.cases import record, show_case, texts
from crm_exercises.trade.validation import FieldError, UnfinishedError

NUMBER = "330199199003070026"
CODE = record("enterprise", "0")["uscc"]


def filled(kind: str, student: str) -> Card:
    """Return a student's card as it should be filled in, with the Chinese spellings."""
    facts = told_facts(kind, student)
    first = {name: value.split(kinds.EITHER)[0] if isinstance(value, str) else value for name, value in facts.items()}
    return CARDS[kind].draft(first).checked()


STUDENTS = ("0", "20260001", "20260002", "7")


@pytest.fixture(autouse=True)
def chinese() -> Any:
    plots.set_language("zh")
    yield
    plots.set_language("zh")


def wrong(check: Any, value: Any) -> str:
    with pytest.raises(FieldError) as caught:
        check(value)
    for lang in LANGS:
        assert caught.value.text(lang)
    return caught.value.key


# Fields


@pytest.mark.parametrize("written", [NUMBER, " 330199 19900307 0026 ", "３３０１９９１９９００３０７００２６"])
def test_an_identity_number_however_it_is_written(written: str) -> None:
    assert checks.identity_number(written) == NUMBER


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("33019919900307002", "field.short"),
        ("3301991990030700261", "field.long"),
        ("3301991990030700A6", "field.identity.signs"),
        ("990199199003070026", "field.identity.province"),
        ("330199199013070026", "field.identity.birth"),
        ("330199209003070026", "field.identity.birth"),
        ("330199199003700026", "field.identity.birth"),
        ("330199199003070062", "field.identity.digit"),
    ],
)
def test_what_is_wrong_with_an_identity_number(number: str, key: str) -> None:
    assert wrong(checks.identity_number, number) == key


def test_the_small_x_of_an_identity_number_is_the_large_one() -> None:
    number = next(
        n for n in (f"33019919900307{order:03}" for order in range(1, 99)) if ric.calc_check_digit(n + "0") == "X"
    )
    assert checks.identity_number(f"{number}x") == f"{number}X"


def test_a_prefix_that_a_library_does_not_know_is_no_error() -> None:
    """python-stdnum raises KeyError for this prefix and refuses county 99."""
    number = "62020119900307002"
    assert checks.identity_number(number + ric.calc_check_digit(number + "0")).startswith("620201")


def test_every_wrong_digit_and_every_exchange_is_noticed() -> None:
    single = {NUMBER[:p] + d + NUMBER[p + 1 :] for p in range(17) for d in "0123456789" if d != NUMBER[p]}
    exchanged = {
        NUMBER[:p] + NUMBER[p + 1] + NUMBER[p] + NUMBER[p + 2 :] for p in range(16) if NUMBER[p] != NUMBER[p + 1]
    }
    for number in single | exchanged:
        assert wrong(checks.identity_number, number).startswith("field.identity.")


def test_gender_and_birth_from_the_number() -> None:
    assert (checks.gender_of(NUMBER), checks.born(NUMBER)) == ("female", dt.date(1990, 3, 7))
    assert checks.born("33019919901307") is None


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (CODE[:-1], "field.short"),
        (CODE + "0", "field.long"),
        ("O" + CODE[1:], "field.uscc.signs"),
        (CODE[:9] + "I" + CODE[10:], "field.uscc.signs"),
        (CODE[:17] + ("A" if CODE[17] != "A" else "B"), "field.uscc.digit"),
    ],
)
def test_what_is_wrong_with_a_credit_code(code: str, key: str) -> None:
    assert wrong(checks.social_credit_code, code) == key


def test_the_sign_that_cannot_be_in_a_credit_code_is_named() -> None:
    with pytest.raises(FieldError) as caught:
        checks.social_credit_code(CODE[:9] + "Z" + CODE[10:])
    assert "“Z”" in caught.value.text("zh")
    assert checks.social_credit_code(CODE.lower()) == CODE


@pytest.mark.parametrize(
    ("check", "written", "proper"),
    [
        (checks.mobile, "+86 154 1234-5678", "15412345678"),
        (checks.mobile, "0086 15412345678", "15412345678"),
        (checks.telephone, "(0571)90123456", "0571-90123456"),
        (checks.telephone, "0571 9012345", "0571-9012345"),
        (checks.telephone, "021-90123456-8", "021-90123456-8"),
        (checks.postcode, "０３００００", "030000"),
        (checks.email, " A.b@mail.example.com ", "A.b@mail.example.com"),
        (checks.email, "a＠example.com", "a@example.com"),
        (checks.day, "2025年3月8日", dt.date(2025, 3, 8)),
        (checks.day, "2025/3/8", dt.date(2025, 3, 8)),
        (checks.day, dt.datetime(2025, 3, 8, 12), dt.date(2025, 3, 8)),
        (checks.count, "1,200", 1200),
        (checks.amount, "34,180.55", 34180.55),
        (checks.year, "2008", 2008),
    ],
)
def test_proper_spellings(check: Any, written: Any, proper: Any) -> None:
    assert check(written) == proper


@pytest.mark.parametrize(
    ("check", "written", "key"),
    [
        (checks.mobile, "12412345678", "field.mobile.start"),
        (checks.mobile, "154-1234-567x", "field.mobile.signs"),
        (checks.mobile, "154123456789", "field.long"),
        (checks.telephone, "90123456", "field.phone"),
        (checks.telephone, "0571-10123456", "field.phone"),
        (checks.postcode, "930000", "field.postcode.start"),
        (checks.postcode, "31OOOO", "field.postcode"),
        (checks.email, "lin.example.com,", "field.email.sign"),
        (checks.email, "lin xiao@example.com", "field.email"),
        (checks.email, "lin@example..com", "field.email"),
        (checks.day, "2025-02-29", "field.date"),
        (checks.day, "8 March", "field.date"),
        (checks.day, "2026-01-01", "field.date.future"),
        (checks.count, "-1", "field.count"),
        (checks.count, "2.5", "field.count"),
        (checks.amount, "much", "field.amount"),
        (checks.amount, "nan", "field.amount"),
        (checks.amount, "inf", "field.amount"),
        (checks.year, "1492", "field.year"),
        (checks.text, True, "field.text"),
        (checks.text, ["a"], "field.text"),
    ],
)
def test_what_is_wrong_is_told(check: Any, written: Any, key: str) -> None:
    assert wrong(check, written) == key


@pytest.mark.parametrize(
    ("check", "final"),
    [
        (checks.identity_number, NUMBER),
        (checks.social_credit_code, CODE),
        (checks.mobile, "15412345678"),
        (checks.telephone, "0571-90123456"),
        (checks.postcode, "310000"),
        (checks.email, "lin.xiao@mail.example.com"),
        (checks.day, "2025-12-08"),
        (checks.year, "2008"),
    ],
)
def test_typing_a_right_value_is_never_called_wrong(check: Any, final: str) -> None:
    """Letter by letter the form may say "not finished", but not "wrong"."""
    for length in range(1, len(final) + 1):
        try:
            check(final[:length])
        except UnfinishedError:
            assert length < len(final)


# Cards


def card(**changes: Any) -> IndividualCard:
    good = {
        "name": "王芳",
        "gender": "女",
        "identity_number": NUMBER,
        "birth_date": "1990-03-07",
        "mobile": "154 1234 5678",
        "degree": "bachelor",
        "first_met": "2024-01-05",
        "last_contact": "2025-02-01",
    }
    return IndividualCard.draft(good | changes)


def faults(made: Card) -> dict[str, str]:
    return {problem.field: problem.message.key for problem in made.problems()}


def test_a_right_card_is_taken_over_in_its_proper_spelling() -> None:
    made = card().checked()
    assert (made.gender, made.mobile, made.birth_date) == ("female", "15412345678", dt.date(1990, 3, 7))
    assert made.problems() == ()


def test_contradictions_are_found_only_among_right_fields() -> None:
    assert faults(card(gender="male")) == {"gender": "field.gender_identity"}
    assert faults(card(birth_date="1990-03-08")) == {"birth_date": "field.birth_identity"}
    assert faults(card(first_met="2025-03-01")) == {"last_contact": "field.order"}
    assert faults(card(gender="male", identity_number=NUMBER[:-1] + "7")) == {"identity_number": "field.identity.digit"}


def test_a_contradiction_says_what_is_due_in_both_languages() -> None:
    (problem,) = card(gender="male").problems()
    assert problem.text("zh") == "性别：与身份证号矛盾：倒数第二位 2 是偶数，应为女。"
    assert (
        problem.text("en") == "Gender: Contradicts the identity number: its last digit but one, 2, is even, so female."
    )
    assert str(problem) == problem.text("zh")


def test_all_faults_of_a_card_are_told_at_once() -> None:
    with pytest.raises(CardError) as caught:
        card(mobile="99", email="x", gender="q").checked()
    assert [problem.field for problem in caught.value.problems] == ["gender", "mobile", "email"]
    assert "3" in caught.value.text("zh")
    assert "男, 女" in caught.value.text("zh")


def test_a_field_that_is_not_there_is_named() -> None:
    with pytest.raises(FieldError) as caught:
        EnterpriseCard.draft({"hobby": "chess"})
    assert caught.value.key == "field.unknown"
    with pytest.raises(FieldError):
        EnterpriseCard.draft(colour="red")


def test_fields_may_be_named_by_their_labels() -> None:
    made = IndividualCard.draft({"姓名": "王芳", "手机": "15412345678", "Degree": "本科", "性别": "female"})
    assert made.values() == {"name": "王芳", "mobile": "15412345678", "degree": "bachelor", "gender": "female"}
    assert EnterpriseCard.draft({"注册资本": 350}).values() == {"registered_capital_wan": 350}


def test_the_constructor_is_pydantics_own() -> None:
    assert IndividualCard(mobile="+86 15412345678").mobile == "15412345678"
    with pytest.raises(ValidationError):
        IndividualCard(mobile="123")


def test_completeness_counts_required_fields() -> None:
    required = IndividualCard.required()
    assert IndividualCard().completeness() == 0
    half = IndividualCard.draft(dict.fromkeys(required[: len(required) // 2], "x"))
    assert half.completeness() == pytest.approx((len(required) // 2) / len(required))
    assert half.missing() == required[len(required) // 2 :]
    assert card(remark="").values() == card().values()


def test_six_and_four_groups() -> None:
    assert len([group for group in IndividualCard.groups if group != "head"]) == 6
    assert len(EnterpriseCard.groups) == 4
    for kind in CARDS.values():
        assert [field for group in kind.groups for field in kind.fields(group)] == kind.fields()


@pytest.mark.parametrize("kind", CARDS)
def test_every_field_group_and_option_has_a_name_in_both_languages(kind: str) -> None:
    model, known = CARDS[kind], catalogue()
    for key in [
        f"card.{kind}",
        *(f"card.group.{group}" for group in model.groups),
        *(f"card.field.{field}" for field in model.fields()),
    ]:
        assert all(known[key][lang] for lang in LANGS)
    for field in model.fields():
        assert set(model.options(field)) == set(kinds.options(field)), field
        for lang in LANGS:
            labels = [known[f"card.option.{field}.{code}"][lang] for code in model.options(field)]
            assert len(set(labels)) == len(labels)


# There and back


def drafts() -> list[Card]:
    broken = card(mobile="154 1234", birth_date="1990-13-07", remark="=1+1", postcode="030000")
    return [card().checked(), broken, filled("individual", "7")]


@pytest.mark.parametrize("lang", LANGS)
def test_a_spreadsheet_loses_nothing(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "cards.xlsx"
    write_cards(drafts(), path, lang)
    assert [made.values() for made in read_cards(path, IndividualCard)] == [made.values() for made in drafts()]
    firm = filled("enterprise", "7")
    write_cards([firm], path, lang)
    (again,) = read_cards(path, EnterpriseCard)
    assert again.checked() == firm


def test_json_loses_nothing() -> None:
    for made in [*drafts()[::2], filled("enterprise", "7")]:
        assert type(made).from_json(made.to_json()).values() == made.values()
    with pytest.raises(FieldError):
        EnterpriseCard.from_json(card().to_json())


def test_a_number_that_a_spreadsheet_has_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cards.xlsx"
    write_cards([card()], path)
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book.active[1] if cell.value == "身份证号")
    book.active.cell(2, column, int(NUMBER))
    book.save(path)
    with pytest.raises(FieldError) as caught:
        read_cards(path, IndividualCard)
    assert caught.value.key == "card.sheet.text"
    assert "第 2 行" in caught.value.text("zh")


def test_an_empty_column_moves_nothing(tmp_path: Path) -> None:
    """A column without a heading is passed over; what stands in it is not lost in silence."""
    path = tmp_path / "cards.xlsx"
    write_cards([card()], path)
    book = openpyxl.load_workbook(path)
    book.active.insert_cols(2)
    book.save(path)
    assert [made.values() for made in read_cards(path, IndividualCard)] == [card().values()]
    book.active["B2"] = "?"
    book.save(path)
    with pytest.raises(FieldError) as caught:
        read_cards(path, IndividualCard)
    assert caught.value.key == "card.sheet.heading" and caught.value.params == {"column": "B", "row": 2}


def test_a_card_made_from_a_row_of_a_table_loses_nothing(tmp_path: Path) -> None:
    rows = pd.DataFrame({"name": ["甲", "乙"], "birth_date": pd.to_datetime(["1990-03-07", None]), "children": [2, 0]})
    made = [IndividualCard.draft(row.to_dict()) for _, row in rows.iterrows()] + [
        IndividualCard.draft(children=rows["children"][0])
    ]
    assert (
        made[0].values() == {"name": "甲", "birth_date": dt.date(1990, 3, 7), "children": 2} and not made[0].problems()
    )
    assert made[1].values() == {"name": "乙", "children": 0}
    assert [IndividualCard.from_json(one.to_json()).values() for one in made] == [one.values() for one in made]
    write_cards(made, tmp_path / "cards.xlsx")
    assert read_cards(tmp_path / "cards.xlsx", IndividualCard) == made


def test_a_draft_is_made_from_a_dictionary_or_from_what_the_form_gives() -> None:
    firm = EnterpriseCard.draft(name="甲", employees="12")
    assert EnterpriseCard.draft(firm) == EnterpriseCard.draft(firm.values()) == firm
    for wrong in ([], ..., "甲"):
        with pytest.raises(FieldError) as caught:
            EnterpriseCard.draft(wrong)  # type: ignore[arg-type]
        assert caught.value.key == "malformed.card"


@pytest.mark.parametrize("source", ["", "no json", "[1]", "5", None])
def test_what_is_no_json_of_a_card_is_told(source: Any) -> None:
    with pytest.raises(FieldError) as caught:
        IndividualCard.from_json(source)
    assert caught.value.key == "card.json"


@pytest.mark.parametrize(
    ("cards", "name", "key"),
    [
        ([], "cards.xlsx", "card.sheet.cards"),
        ([{"name": "甲"}], "cards.xlsx", "card.sheet.cards"),
        (IndividualCard.draft(name="甲"), "cards.xlsx", "card.sheet.cards"),
        ([IndividualCard.draft(name="甲"), EnterpriseCard.draft(name="乙")], "cards.xlsx", "card.sheet.cards"),
        ([IndividualCard.draft(name="甲")], "cards.csv", "card.sheet.name"),
        ([IndividualCard.draft(name="甲")], "nowhere/cards.xlsx", "card.sheet.unwritable"),
        ([IndividualCard.draft(name="甲\x07")], "cards.xlsx", "card.sheet.control"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_no_file(tmp_path: Path, cards: Any, name: str, key: str) -> None:
    with pytest.raises(FieldError) as caught:
        write_cards(cards, tmp_path / name)
    assert caught.value.key == key and not list(tmp_path.iterdir())


def test_what_is_no_sheet_of_cards_is_told(tmp_path: Path) -> None:
    with pytest.raises(FieldError) as caught:
        read_cards(tmp_path / "none.xlsx", IndividualCard)
    assert caught.value.key == "card.sheet"
    book = openpyxl.Workbook()
    book.active.append(["姓名", "颜色"])
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(FieldError) as caught:
        read_cards(tmp_path / "other.xlsx", IndividualCard)
    assert caught.value.params["column"] == "颜色"


def test_a_card_shows_as_a_card() -> None:
    html = as_html(card(name="<王>", mobile="1541"), "zh")
    assert "&lt;王&gt;" in html
    assert "个人客户资料卡" in html
    assert "虚构" in html
    assert "✘" in html
    assert "Individual customer card" in as_text(card(), "en")
    assert "female" in as_text(card(), "en")
    shown = card()._repr_mimebundle_()
    assert shown["text/html"].startswith("<div")
    assert "男" not in shown["text/plain"]


# The answer kind

FIELDS = ["name", "gender", "birth_date", "children", "hobby", "school"]
EXPECTED = {
    "name": "王芳 | Wang Fang",
    "gender": "female",
    "birth_date": dt.date(1990, 3, 7),
    "children": 1,
    "hobby": "chess",
    "school": "浙江知远大学 | Zhejiang Zhiyuan University",
}
RIGHT = {
    "name": "王芳",
    "gender": "女",
    "birth_date": "1990年3月7日",
    "children": "1",
    "hobby": "Chess",
    "school": "zhejiang zhiyuan university",
}


def made(**spec: Any) -> Any:
    return TypeAdapter(AnyKind).validate_python({"kind": "card", "card": "individual", "fields": FIELDS} | spec)


def compared(given: Any, expected: Any = EXPECTED) -> Any:
    kind = made()
    return kind.compare(kind.canonical(given), kind.canonical(expected))


def test_a_fact_is_right_however_it_is_written() -> None:
    assert compared(RIGHT).right
    assert compared(IndividualCard.draft(RIGHT)).right
    assert compared(IndividualCard.draft(RIGHT).checked()).right
    assert compared({"姓名": "Wang Fang", **{key: RIGHT[key] for key in FIELDS[1:]}}).right


def test_a_telephone_is_right_with_its_country_code() -> None:
    kind = made(fields=["mobile", "email", "children"])
    assert kind.compare(kind.canonical({"mobile": "＋86 154-3977-1706"}), {"mobile": "15439771706"}).right


def test_a_dictionary_is_told_what_the_form_would_not_have_taken() -> None:
    found = compared(RIGHT | {"hobby": "打牌", "children": "一个"})
    assert [message.key for message in found.differences] == ["diff.card_number", "diff.card_option"]


def test_credit_is_given_field_by_field() -> None:
    assert compared(RIGHT | {"school": "?"}).credit == pytest.approx(5 / 6, abs=1e-4)
    assert compared({"name": "王芳"}).credit == pytest.approx(1 / 6, abs=1e-4)
    assert compared({}).credit == 0
    assert compared(RIGHT | {"remark": "anything"}).right


def test_ticking_at_random_earns_nothing_on_average() -> None:
    kind, chance = made(fields=["gender", "hobby", "drink", "sport"]), random.Random(3)
    expected = {"gender": "male", "hobby": "music", "drink": "coffee", "sport": "hiking"}
    signed = []
    for _ in range(4000):
        given = {field: chance.choice(kinds.options(field)) for field in kind.fields}
        right = sum(given[field] == expected[field] for field in given)
        signed.append(
            right - sum(1 / (len(kinds.options(field)) - 1) for field in given if given[field] != expected[field])
        )
        assert kind.compare(given, expected).credit == pytest.approx(max(0.0, signed[-1] / 4), abs=1e-4)
    assert sum(signed) / len(signed) == pytest.approx(0, abs=0.08)


def test_a_fact_that_the_case_does_not_give_must_not_be_made_up() -> None:
    without = {key: value for key, value in EXPECTED.items() if key != "school"}
    found = compared(RIGHT, without)
    assert found.credit == pytest.approx(4 / 5, abs=1e-4)
    assert "不要编" in found.differences[0].text("zh")
    assert compared({key: value for key, value in RIGHT.items() if key != "school"}, without).right


def test_differences_name_the_field_in_the_language_and_do_not_give_the_answer() -> None:
    found = compared(RIGHT | {"hobby": "music", "birth_date": "1990-03-08", "school": ""})
    zh, en = (" ".join(message.text(lang) for message in found.differences) for lang in LANGS)
    assert "爱好：音乐" in zh
    assert "Hobby: music" in en
    assert "毕业学校" in zh
    assert "1990-03-07" not in zh
    assert "chess" not in en


def test_spellings_of_the_reference_cannot_be_listed_by_a_student() -> None:
    assert not compared(RIGHT | {"name": "王芳 | 李雷"}).right
    assert compared(RIGHT | {"birth_date": "1990-3-7"}).right


@pytest.mark.parametrize("given", [1, "王芳", ["王芳"], {"colour": "red"}])
def test_what_is_no_card_is_malformed(given: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        made().canonical(given)
    assert caught.value.text("zh")


def test_canonical_is_its_own_canonical_form() -> None:
    kind = made()
    for given in (RIGHT, EXPECTED, card(), card().checked(), {}):
        once = kind.canonical(given)
        assert kind.canonical(once) == once


# Designs


NEEDS = {"plate": ["text"], "day": ["date"], "view": ["one", "number"]}
FORM = [
    {"field": "plate", "input": "text"},
    {"field": "day", "input": "日期"},
    {"field": "view", "input": "one", "options": ["a", "b"]},
    {"field": "km", "input": "number"},
]


def judged(rows: Any) -> Any:
    kind = TypeAdapter(AnyKind).validate_python(
        {"kind": "design", "needs": NEEDS, "avoid": ["income"], "least": 4, "most": 6, "quantified": 0.7}
    )
    return kind.compare(kind.canonical(rows), [])


def test_any_form_that_keeps_the_rules_is_right() -> None:
    assert judged(FORM).right
    assert judged([*FORM[::-1], {"field": "again", "input": "many", "options": ["x", "y", "z"]}]).right


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([*FORM[1:], {"field": "x", "input": "number"}], "diff.design_missing"),
        ([*FORM[:1], {"field": "day", "input": "number"}, *FORM[2:]], "diff.design_input"),
        ([*FORM, *({"field": f"x{n}", "input": "number"} for n in range(3))], "diff.design_size"),
        ([*FORM, FORM[3]], "diff.design_twice"),
        ([*FORM[:2], {"field": "view", "input": "one", "options": ["a", "a"]}, FORM[3]], "diff.design_options"),
        ([*FORM, {"field": "x", "input": "text"}], "diff.design_text"),
        ([*FORM, {"field": "income", "input": "number"}], "diff.design_avoid"),
    ],
)
def test_a_broken_rule_is_named_and_costs_something(rows: Any, key: str) -> None:
    found = judged(rows)
    assert [message.key for message in found.differences] == [key]
    assert 0 < found.credit < 1


def test_a_form_without_the_needed_facts_earns_nothing() -> None:
    assert judged([{"field": f"f{n}", "input": "number"} for n in range(5)]).credit == 0
    assert judged([]).credit == 0


@pytest.mark.parametrize(
    "rows", ["plate", [1], [{"field": "x"}], [{"field": "x", "input": "speech"}], [{"input": "text"}]]
)
def test_what_is_no_design_is_malformed(rows: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        judged(rows)
    assert caught.value.text("en")


# Case texts


@pytest.mark.parametrize(("kind", "student"), list(itertools.product(CARDS, STUDENTS)))
def test_a_case_tells_every_fact_that_is_marked(kind: str, student: str) -> None:
    case = show_case(kind, student)
    assert filled(kind, student).problems() == ()
    zh, en = case.text("zh"), case.text("en")
    assert "{" not in zh + en
    for name in ("mobile", "postcode", "email"):
        assert str(record(kind, student)[name]) in zh
        assert str(record(kind, student)[name]) in en
    assert show_case(kind, student).text("zh") == zh


def test_students_have_different_cases() -> None:
    for kind in CARDS:
        assert len({show_case(kind, student).text("en") for student in STUDENTS}) == len(STUDENTS)


def test_every_level_reads_differently() -> None:
    for field in ("service_area", "sales_capability", "growth", "attitude", "reputation", "decision_role"):
        for lang in LANGS:
            told = [catalogue()[f"case.{field}.{code}"][lang] for code in kinds.options(field)]
            assert len(set(told)) == len(told) > 2


def test_texts_to_be_sorted() -> None:
    assert list(texts("ways", ["text", "leave"])) == ["text", "leave"]
    assert len(texts("notes")) == len(texts("hotel")) == len(texts("dealer")) == len(texts("trading")) == 12


# The data


def test_numbers_of_the_data_are_possible_but_nobodys() -> None:
    people, firms = data.pool("card_people"), data.pool("customers")
    assert people["identity_number"].map(lambda number: checks.identity_number(number) == number).all()
    assert (people["identity_number"].str[4:6] == "99").all()
    assert (people["identity_number"].map(checks.gender_of) == people["gender"]).all()
    assert firms["uscc"].map(uscc.is_valid).all()
    assert (firms["uscc"].str[8:10] == "XX").all()
    assert firms["email"].str.endswith(".example.com").all()


@pytest.mark.parametrize("student", STUDENTS)
def test_each_batch_has_every_planted_fault(student: str) -> None:
    batch = data.load("cards", student)
    assert len(batch) >= 60
    known = batch.dropna(subset=["identity_number"])
    passes = known["identity_number"].map(lambda number: number[-1] == ric.calc_check_digit(number))
    right = known[passes]
    assert (~passes).sum() >= 5
    assert (
        right["gender"].dropna() != right.loc[right["gender"].notna(), "identity_number"].map(checks.gender_of)
    ).sum() >= 1
    assert (
        right["birth_date"].dropna().dt.strftime("%Y%m%d")
        != right.loc[right["birth_date"].notna(), "identity_number"].str[6:14]
    ).sum() >= 1
    assert (batch["first_met"] > batch["last_contact"]).sum() >= 1
    assert known.duplicated("identity_number").sum() >= 1
    assert batch["email"].dropna().str.contains("[＠。 ]").sum() >= 1


def test_typed_codes_differ_from_the_licence_only_where_a_slip_is_planted() -> None:
    both = data.pool("licence_codes").merge(data.pool("customers")[["customer_id", "uscc"]])
    same = both["code"].str.replace(" ", "").str.upper() == both["uscc"]
    valid = both["code"].map(uscc.is_valid)
    assert (same == valid).all()
    assert 0.1 < 1 - same.mean() < 0.2
