"""Chapter 10: what its exercises rely on in the data can be found by every student, and its answer to a customer is read fairly."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_exercises import data
from crm_exercises.core.chapter import read_chapter

STUDENTS = ("0", "1", "20260001", "学生甲")
FACTS = ["birth", "sex", "postcode"]


@pytest.mark.parametrize("name", ["club_members", "club_purchases", "opt_outs"])
def test_no_number_can_be_called(name: str) -> None:
    assert data.pool(name)["mobile"].str.startswith("154").all()


@pytest.mark.parametrize("student", STUDENTS)
def test_tables_of_one_unit_hold_the_same_people(student: str) -> None:
    members = set(data.load("club_members", student)["member_no"])
    assert set(data.load("club_purchases", student)["member_no"]) == members
    assert set(data.load("club_consents", student)["member_no"]) == members
    log, orders = data.load("address_log", student), data.load("address_orders", student)
    assert set(log["customer_id"]) == set(orders["customer_id"])
    assert (orders.groupby("customer_id")["order_date"].min() > log.groupby("customer_id")["reported"].min()).all()


@pytest.mark.parametrize("student", STUDENTS)
def test_one_person_s_rows_have_different_days(student: str) -> None:
    sources = data.load("customer_sources", student)
    digits = sources["mobile_raw"].str.normalize("NFKC").str.replace(r"\D", "", regex=True).str[-11:]
    assert (digits.str.len() == 11).all()
    assert not pd.DataFrame({"who": digits, "day": sources["recorded"]}).duplicated().any()
    assert (sources.groupby(digits)["batch"].nunique() == 1).all()
    assert (sources.groupby(digits)["city"].nunique() >= 2).sum() > 20


@pytest.mark.parametrize("student", STUDENTS)
def test_latest_addresses_turn_the_order_of_the_towns(student: str) -> None:
    log = data.load("address_log", student).sort_values("reported")
    orders = data.load("address_orders", student).sort_values("order_date")
    placed = pd.merge_asof(orders, log, left_on="order_date", right_on="reported", by="customer_id")
    latest = log.drop_duplicates("customer_id", keep="last").set_index("customer_id")["city"]
    assert placed.groupby("city")["amount"].sum().idxmax() == "Ningbo"
    assert orders.groupby(orders["customer_id"].map(latest))["amount"].sum().idxmax() == "Hangzhou"
    assert (placed["order_date"] == placed["reported"]).any()  # orders on the very day of a move


@pytest.mark.parametrize("student", STUDENTS)
def test_a_public_list_names_many_members_and_some_of_them_wrongly(student: str) -> None:
    members, race = data.load("club_members", student), data.load("race_entries", student)
    alone = members[~members.duplicated(FACTS, keep=False)]
    found = alone.merge(race[~race.duplicated(FACTS, keep=False)], on=FACTS)
    right = found["name_en_x"] == found["name_en_y"]
    assert 0.25 < len(found) / len(members) < 0.5
    assert 0.85 < right.mean() < 1


@pytest.mark.parametrize("student", STUDENTS)
def test_a_large_group_can_share_one_complaint(student: str) -> None:
    members = data.load("club_members", student)
    decade = members["birth"].dt.year // 10 * 10
    groups = members.groupby([decade, "sex", members["postcode"].str[:4]])["health"].agg(["size", "nunique"])
    assert ((groups["size"] >= 5) & (groups["nunique"] == 1)).any()


def test_which_level_may_be_published_depends_on_the_student() -> None:
    passes = set()
    for student in ("0", *(str(20260001 + number) for number in range(6))):
        members = data.load("club_members", student)
        decade = members["birth"].dt.year // 10 * 10
        groups = members.groupby([decade, "sex", members["postcode"].str[:4]])["health"]
        unsafe = (groups.transform("size") < 5) | (groups.transform("nunique") < 2)
        passes.add(unsafe.mean() <= 0.15)
    assert passes == {True, False}


@pytest.mark.parametrize("student", STUDENTS)
def test_some_agree_again_after_opting_out_and_some_do_not(student: str) -> None:
    consents, outs = data.load("club_consents", student), data.load("opt_outs", student)
    offers = consents[consents["purpose"] == "offers"].sort_values("on").drop_duplicates("member_no", keep="last")
    members = data.load("club_members", student)[["member_no", "mobile"]]
    given = offers[offers["action"] == "give"].merge(members, on="member_no").merge(outs, on="mobile")
    assert (given["received"] > given["on"]).sum() >= 5 and (given["received"] < given["on"]).sum() >= 5
    assert not (given["received"] == given["on"]).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_asking_pays_in_some_shops_and_not_in_others(student: str) -> None:
    shops = data.load("shop_audience", student)
    gain = shops["yes_share"] * 4 * (shops["response"] * shops["margin"] - 0.06) - shops["ask_cost"]
    assert (gain > 0).any() and (gain < 0).any()


REPLY = next(
    exercise.answer["answer_letter"] for exercise in read_chapter("ch10_privacy") if exercise.id == "privacy-reply"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "陈女士您好，没经过您同意就发广告，是我们做错了，向您道歉。您的电话是上次买椅子的时候为了送货留下的。"
            "从今天起我们停止发送，您的号码已经进了退订名单。您的资料我们会删掉，只有发票因为法律规定还得留几年。",
            [0, 1, 2, 3],
        ),
        (
            "Dear Ms Chen, we apologise. The number was given to us so that we could deliver your chair. "
            "You will get no more messages. We delete your data and keep only the invoice, as the tax law demands.",
            [0, 1, 2, 3],
        ),
        (
            "Dear Ms Chen, we made a mistake and wrote to you without your permission. You left the number for the delivery of "
            "your chair. We won't send you any more offers. Your data are deleted, except for the invoice.",
            [0, 1, 2, 3],
        ),
        ("这是误发，向您致歉。以后不发了。", [0, 2]),
        ("对不起，以后不会再发了，您的所有资料都删除。", [0, 2]),
        ("Sorry. If you mind the messages, please unsubscribe on our web site.", [0]),
        ("您的意见我们收到了，谢谢您的支持，欢迎再来。", []),
    ],
)
def test_the_answer_to_a_customer_is_read_fairly(text: str, found: list[int]) -> None:
    assert [finding.index for finding in REPLY.read(text).found] == found
