"""The two customer cards: the individual card with its six groups and the enterprise card with its four.

The names of their groups, fields and options in both languages stand in the message catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar, Literal

from pydantic import Field

from ..core.messages import Message
from . import validation as checks
from .card import Amount, Card, Code, Count, Day, Email, Identity, Mobile, Phone, Postcode, Problem, Text, Year

Position = (
    Literal["owner", "purchasing_manager", "office_manager", "administrator", "finance_manager", "store_manager"] | None
)


def _in(group: str, *, required: bool = False) -> Any:
    return Field(default=None, json_schema_extra={"group": group, "required": required})


_must = partial(_in, required=True)


class IndividualCard(Card):
    """The card of a person, in six groups (the best-known model is Mackay's profile of 66 questions)."""

    card_kind: ClassVar[str] = "individual"
    groups: ClassVar[tuple[str, ...]] = ("head", "education", "family", "business", "interests", "private", "other")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("birth_date", "joined"), ("first_met", "last_contact"))

    card_no: Text = _in("head")
    name: Text = _must("head")
    gender: Literal["male", "female"] | None = _must("head")
    identity_number: Identity = _in("head")
    birth_date: Day = _must("head")
    mobile: Mobile = _must("head")
    email: Email = _must("head")
    address: Text = _in("head")
    postcode: Postcode = _must("head")
    degree: Literal["senior", "college", "bachelor", "master"] | None = _must("education")
    school: Text = _in("education")
    major: Text = _in("education")
    graduated: Year = _in("education")
    marital: Literal["single", "married"] | None = _in("family")
    children: Count = _in("family")
    hometown: Text = _in("family")
    employer: Text = _must("business")
    position: Position = _must("business")
    joined: Day = _in("business")
    decision_role: Literal["decides", "influences", "uses", "screens"] | None = _must("business")
    hobby: (
        Literal["calligraphy", "photography", "reading", "gardening", "chess", "music", "travel", "fishing"] | None
    ) = _in("interests")
    club: Text = _in("interests")
    sport: Literal["badminton", "swimming", "running", "hiking", "basketball"] | None = _in("private")
    drink: Literal["green_tea", "black_tea", "coffee", "water"] | None = _in("private")
    smokes: Literal["yes", "no"] | None = _in("private")
    best_time: Literal["morning", "noon", "afternoon", "evening"] | None = _must("private")
    first_met: Day = _in("other")
    last_contact: Day = _must("other")
    consent: Literal["yes", "no"] | None = _must("other")
    remark: Text = _in("other")

    def _contradictions(self) -> Iterator[Problem]:
        number = self.identity_number
        if number and self.gender and self.gender != checks.gender_of(number):
            sex = checks.gender_of(number)
            told = {
                "digit": number[16],
                "parity": Message("field.odd" if sex == "male" else "field.even"),
                "gender": Message(f"card.option.gender.{sex}"),
            }
            yield Problem("gender", Message("field.gender_identity", told))
        if number and self.birth_date and self.birth_date != checks.born(number):
            yield Problem("birth_date", Message("field.birth_identity", {"birth": str(checks.born(number))}))
        yield from super()._contradictions()


class EnterpriseCard(Card):
    """The card of a firm, in four groups."""

    card_kind: ClassVar[str] = "enterprise"
    groups: ClassVar[tuple[str, ...]] = ("basic", "features", "status", "dealings")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("founded", "since"), ("since", "last_purchase"))

    customer_id: Text = _in("basic")
    name: Text = _must("basic")
    uscc: Code = _must("basic")
    legal_representative: Text = _must("basic")
    form: Literal["limited", "joint_stock", "partnership", "household", "public"] | None = _must("basic")
    trade: (
        Literal[
            "manufacturing",
            "wholesale",
            "retail",
            "software",
            "hospitality",
            "logistics",
            "construction",
            "services",
            "education",
            "health",
            "administration",
        ]
        | None
    ) = _must("basic")
    founded: Day = _in("basic")
    registered_capital_wan: Count = _must("basic")
    assets_wan: Count = _in("basic")
    address: Text = _must("basic")
    postcode: Postcode = _must("basic")
    phone: Phone = _must("basic")
    contact_person: Text = _must("basic")
    position: Position = _in("basic")
    mobile: Mobile = _must("basic")
    email: Email = _in("basic")
    since: Day = _must("basic")
    service_area: Literal["city", "province", "region", "nation"] | None = _must("features")
    sales_capability: Literal["weak", "medium", "strong"] | None = _must("features")
    growth: Literal["low", "medium", "high"] | None = _must("features")
    employees: Count = _must("features")
    philosophy: Text = _in("features")
    policy: Text = _in("features")
    annual_purchases: Amount = _must("status")
    previous_purchases: Amount = _in("status")
    product_line: Literal["writing", "paper", "filing", "equipment", "school", "gifts"] | None = _must("status")
    staff_quality: Literal["low", "medium", "high"] | None = _in("status")
    competitor: Literal["moshang", "zhiyuan", "wende", "none"] | None = _must("status")
    relation: Literal["existing", "former", "prospect"] | None = _must("status")
    attitude: Literal["negative", "doubtful", "neutral", "favourable", "loyal"] | None = _must("status")
    credit_terms_days: Count = _must("dealings")
    paid_days: Count = _in("dealings")
    credit_incidents: Count = _must("dealings")
    receivable: Amount = _in("dealings")
    reputation: Literal["poor", "fair", "good"] | None = _must("dealings")
    last_purchase: Day = _in("dealings")
    difficulties: Text = _in("dealings")
    advantages: Text = _in("dealings")


CARDS: dict[str, type[Card]] = {"individual": IndividualCard, "enterprise": EnterpriseCard}
