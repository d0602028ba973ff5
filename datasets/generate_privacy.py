"""Customers of Yunqi Stationery as its systems know them: nine small sets for the chapter on data and privacy.

What drives the case: three systems spell one telephone number in many ways; a third of the customers in Ningbo move to Hangzhou in
autumn; birth date, sex and postal code single out nearly every member; the retired bus drivers of Shaoxing share one complaint;
some members withdraw their consent and some of these give it again. Every unit has a random stream of its own, so that a change
in one leaves the others as they are. All people are fictional.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from heapq import nsmallest
from random import Random

import fictional as f
from published import truth

SEED = 20260302
CAMPAIGN = date(2026, 3, 2)
SEGMENTS = tuple(f"1540{number:03}" for number in range(571, 583))
"""First seven digits of the mobile numbers of our towns."""

TOWNS = {one.en: one for one in f.CITIES if one.en in ("Hangzhou", "Ningbo", "Jiaxing", "Shaoxing", "Wenzhou")}
HOMES = ("Hangzhou", "Ningbo", "Jiaxing", "Shaoxing")
HEALTH = {"none": 60, "eyesight": 19, "back": 12, "wrist": 6, "diabetes": 3}
GOODS = ("lamp", "chair", "pen", "paper", "schoolbag")
Rows = list[list[str]]


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    if name in WHOLE:
        return WHOLE[name]()
    unit, size, maker, ids = SETS[name]
    mine = set(nsmallest(size, ids, key=lambda one: sha256(f"0|{unit}|{one}".encode()).digest()))
    found = [[*row, truth(one in mine)] for one in ids for row in maker(stream(name, one), one)]
    prefix = NUMBERED.get(name)
    if not prefix:
        return found
    stream(name, "order").shuffle(found)  # the log is kept as it came in, not by customer
    return [[f"{prefix}{number:05}", *row] for number, row in enumerate(found, start=1)]


def stream(*parts: str) -> Random:
    return Random("|".join([str(SEED), *parts]))


def day(random: Random, first: str, last: str) -> date:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return start + timedelta(days=random.randrange((end - start).days + 1))


def days(random: Random, first: str, last: str, count: int) -> list[date]:
    """Return different days in order."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=one) for one in sorted(random.sample(range((end - start).days + 1), count))]


def mobile(random: Random) -> str:
    return f"{random.choice(SEGMENTS)}{random.randrange(10**4):04}"


def typed(random: Random, number: str) -> str:
    """Return a mobile number as people type it."""
    wide = number.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    spaced, dashed = f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:3]}-{number[3:7]}-{number[7:]}"
    forms = (number, spaced, dashed, f"+86 {spaced}", f"0086{number}", f"(86){dashed}", wide)
    return random.choices(forms, (40, 14, 12, 14, 8, 7, 5))[0]


def sources(_: Random, batch: str) -> Iterator[list[str]]:
    """Yield all rows of the people of one loading batch, from the till, the web shop and the service desk."""
    for number in range(stream("batch", batch).randrange(4, 9)):
        random = stream("sources", batch, str(number))
        order = 79 * (8 * int(batch[1:]) + number)  # no two people share a number here
        who, phone = f.person(random), f"{SEGMENTS[order // 10**4 % len(SEGMENTS)]}{order % 10**4:04}"
        title = ("女士", "Ms") if who.female else ("先生", "Mr")
        home = random.choice(HOMES)
        known = [one for one, share in (("till", 0.75), ("web", 0.6), ("service", 0.45)) if random.random() < share]
        listed = [one for one in known or ["till"] for _ in range(1 + (random.random() < 0.25))]
        random.shuffle(listed)
        for source, when in zip(listed, days(random, "2024-01-01", "2025-12-31", len(listed)), strict=True):
            home = random.choice(HOMES) if random.random() < 0.18 else home
            names = [who.zh, who.en]
            if source == "till":
                brief = [who.zh[0] + title[0], f"{title[1]} {who.en.split()[0]}"]
                names = random.choices((brief, ["", ""], names), (55, 25, 20))[0]
            mail = f"{who.mail}{random.randrange(10, 99)}@example.com"
            mail = mail if random.random() < {"till": 0.0, "web": 0.95, "service": 0.4}[source] else ""
            city = "" if source == "service" and random.random() < 0.5 else home
            yield [batch, source, when.isoformat(), typed(random, phone), *names, city, mail]


def address_log(_: Random, customer: str) -> Iterator[list[str]]:
    """Yield the addresses that a customer has reported."""
    for when, city in moves(customer):
        yield [customer, when.isoformat(), city]


def moves(customer: str) -> list[tuple[date, str]]:
    """Return from which day on a customer is in which city; some report the same city again."""
    random = stream("moves", customer)
    city = random.choices(("Ningbo", "Hangzhou", "Wenzhou", "Jiaxing"), (43, 26, 18, 13))[0]
    found = [(day(random, "2023-01-01", "2024-11-30"), city)]
    if random.random() < 0.15:
        found.append((day(random, "2025-01-05", "2025-04-30"), city))
    if city == "Ningbo" and random.random() < 0.42:
        found.append((day(random, "2025-09-01", "2025-11-20"), "Hangzhou"))
    elif random.random() < 0.15:
        found.append((day(random, "2025-05-01", "2025-11-20"), random.choice(("Hangzhou", "Wenzhou", "Jiaxing"))))
    if random.random() < 0.1:
        found.append((day(random, "2025-11-21", "2025-12-31"), found[-1][1]))
    return found


def address_orders(random: Random, customer: str) -> Iterator[list[str]]:
    """Yield the orders of 2025; a few were placed on the very day of a move."""
    dates = days(random, "2025-01-02", "2025-12-30", random.randrange(3, 10))
    dates += [when for when, _ in moves(customer) if when.year == 2025 and random.random() < 0.3 and when not in dates]
    level = math.exp(random.gauss(7.0, 0.6))
    for when in sorted(dates):
        yield [customer, when.isoformat(), f"{level * random.uniform(0.5, 1.6):.2f}"]


class Member:
    """A member of the club. The stream is the same in all tables that tell of it."""

    def __init__(self, number: str) -> None:
        random = stream("member", number)
        self.female = random.random() < 0.52
        self.name = f.person(random, self.female)
        self.home = random.choice(HOMES)
        self.postcode = f"{TOWNS[self.home].postal}{random.randrange(0, 12):02}"
        child = random.random() < 0.05
        self.birth = day(random, *(("2012-04-01", "2016-12-31") if child else ("1948-01-01", "2007-12-31")))
        self.health = random.choices(list(HEALTH), list(HEALTH.values()))[0]
        if self.home == "Shaoxing" and not self.female and 1950 <= self.birth.year <= 1959:
            self.health = "back"  # retired bus drivers
        family = int(number[1:]) % 10 == 0  # lives with the member before and shares the telephone
        self.mobile = Member(f"P{int(number[1:]) - 1:04}").mobile if family else mobile(random)
        self.spent = math.exp(random.gauss(5.6, 0.8))


def members(_: Random, number: str) -> Iterator[list[str]]:
    """Yield a member with what the club knows."""
    one = Member(number)
    known = [one.birth.isoformat(), "F" if one.female else "M", one.postcode, one.health, f"{one.spent:.2f}"]
    yield [number, one.name.zh, one.name.en, one.mobile, *known]


def purchases(random: Random, number: str) -> Iterator[list[str]]:
    """Yield what a member bought in the shops."""
    for when in days(random, "2025-01-02", "2025-12-30", random.choices((1, 2, 3, 4), (45, 30, 17, 8))[0]):
        phone = Member(number).mobile
        shown = f"{phone[:3]} {phone[3:7]} {phone[7:]}" if random.random() < 0.25 else phone
        yield [number, shown, when.isoformat(), random.choice(GOODS), f"{math.exp(random.gauss(4.2, 0.7)):.2f}"]


def offers(number: str) -> list[tuple[date, str]]:
    """Return when a member agreed to offers and when this was withdrawn."""
    random = stream("offers", number)
    count = random.choices((0, 1, 2, 3), (20, 52, 16, 12))[0]
    return list(zip(days(random, "2024-01-01", "2026-02-10", count), ("give", "withdraw", "give"), strict=False))


def consents(random: Random, number: str) -> Iterator[list[str]]:
    """Yield what a member said for each purpose."""
    said = [("order", day(random, "2023-06-01", "2023-12-31"), "give")]
    said += [("offers", when, action) for when, action in offers(number)]
    for purpose, share in (("profiling", 0.45), ("partner", 0.15)):
        if random.random() < share:
            said.append((purpose, day(random, "2024-01-01", "2026-02-10"), "give"))
    for purpose, when, action in said:
        yield [number, purpose, action, when.isoformat(), random.choice(("till", "web", "phone"))]


def leaked(random: Random, number: str) -> Iterator[list[str]]:
    """Yield one line of a list that got out: the SHA-256 of a mobile number, and what was bought."""
    outside = random.random() < 0.12
    phone = f"1549{random.randrange(10**7):07}" if outside else mobile(random)
    yield [number, sha256(phone.encode()).hexdigest(), random.choice(GOODS)]


def shops(random: Random, shop: str) -> Iterator[list[str]]:
    """Yield a shop with its audience and what an offer brings there."""
    size = random.randrange(900, 4200)
    consented, refused = round(size * random.uniform(0.35, 0.6)), round(size * random.uniform(0.08, 0.2))
    city = TOWNS[random.choice(HOMES)]
    street = random.choice(f.STREETS)
    names = [f"{city.zh[:-1]}{street[0]}店", f"{city.en}, {street[1]}"]
    facts = [f"{random.uniform(0.015, 0.05):.3f}", f"{random.uniform(14, 40):.1f}"]
    asking = [f"{random.uniform(0.10, 0.45):.2f}", f"{random.uniform(0.25, 0.95):.2f}"]
    yield [shop, *names, *map(str, (consented, size - consented - refused, refused)), *facts, *asking]


def race_entries() -> Rows:
    """Return a public start list: members who run, others, and others who share all three facts with a member."""
    random = stream("race")
    found: Rows = []

    def enter(who: f.Name, birth: date, female: bool, postcode: str) -> None:
        found.append([who.zh, who.en, birth.isoformat(), "F" if female else "M", postcode])

    for number in MEMBERS:
        one = Member(number)
        runs = random.random() < 0.42 and one.birth.year < 2010
        if runs:
            enter(one.name, one.birth, one.female, one.postcode)
        if one.birth.year < 2010 and random.random() < 0.03:  # a twin, or plain chance
            enter(f.person(random, one.female), one.birth, one.female, one.postcode)
    for _ in range(500):
        female = random.random() < 0.45
        code = f"{TOWNS[random.choice(HOMES)].postal}{random.randrange(0, 12):02}"
        enter(f.person(random, female), day(random, "1955-01-01", "2007-12-31"), female, code)
    random.shuffle(found)
    return [[f"E{number:04}", *row] for number, row in enumerate(found, start=1)]


def opt_outs() -> Rows:
    """Return the replies to offers that ask for no more of them."""
    random = stream("opt-outs")
    found = []
    for number in MEMBERS:
        last = offers(number)[-1:]
        if last and last[0][1] == "give" and random.random() < 0.16:
            gap = random.randrange(-300, 200) or 1
            when = min(last[0][0] + timedelta(days=gap), CAMPAIGN - timedelta(days=random.randrange(2, 15)))
            if when != last[0][0]:
                found.append([Member(number).mobile, when.isoformat()])
    found += [[mobile(random), day(random, "2024-06-01", "2026-02-20").isoformat()] for _ in range(60)]
    return sorted(found, key=lambda row: row[1])


def numbered(prefix: str, count: int, width: int) -> list[str]:
    return [f"{prefix}{number:0{width}}" for number in range(1, count + 1)]


MEMBERS = numbered("P", 1200, 4)
Maker = Callable[[Random, str], Iterator[list[str]]]
SETS: dict[str, tuple[str, int, Maker, list[str]]] = {
    "customer_sources": ("batch", 60, sources, numbered("B", 180, 3)),
    "address_log": ("customer_id", 240, address_log, numbered("A", 700, 4)),
    "address_orders": ("customer_id", 240, address_orders, numbered("A", 700, 4)),
    "club_members": ("member_no", 400, members, MEMBERS),
    "club_purchases": ("member_no", 400, purchases, MEMBERS),
    "club_consents": ("member_no", 400, consents, MEMBERS),
    "leaked_list": ("leak_no", 80, leaked, numbered("L", 600, 4)),
    "shop_audience": ("shop_id", 12, shops, numbered("S", 60, 2)),
}
NUMBERED = {
    "customer_sources": "R",
    "address_log": "G",
    "address_orders": "O",
    "club_purchases": "K",
    "club_consents": "C",
}
"""Tables whose rows are numbered in the order in which they came in; the letter before the number."""

WHOLE: dict[str, Callable[[], Rows]] = {"race_entries": race_entries, "opt_outs": opt_outs}
