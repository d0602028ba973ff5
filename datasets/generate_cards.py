"""What the chapter on customer cards works on: persons for case texts, a batch of individual cards with planted faults, visits.

Every fault is planted so that it can be told from the others: a card has at most one fault in its content (besides fields left
empty), and whatever can be repaired has a witness on the same card. The habits of the five salespeople differ.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from heapq import nsmallest
from random import Random

import fictional as f
import generate_customers as customers
from stdnum.cn import ric, uscc

SEED = 20251202
TODAY = date(2025, 12, 31)
PEOPLE, BUNDLES, BUNDLE_SIZE, DRAWN_BUNDLES = 2000, 300, 10, 15
WEEKS, DRAWN_WEEKS = 104, 12

SCHOOLS = (
    ("望潮职业学院", "Wangchao Vocational College"),
    ("知远大学", "Zhiyuan University"),
    ("明川商学院", "Mingchuan Business School"),
    ("文澜师范学院", "Wenlan Normal College"),
    ("启航开放大学", "Qihang Open University"),
    ("云麓财经学院", "Yunlu College of Finance"),
)
MAJORS = (
    ("市场营销", "Marketing"),
    ("会计", "Accounting"),
    ("物流管理", "Logistics Management"),
    ("行政管理", "Administration"),
    ("电子商务", "E-commerce"),
    ("汉语言文学", "Chinese Language and Literature"),
)
DEGREES = {"senior": 1, "college": 4, "bachelor": 4, "master": 1}
POSITIONS = ("owner", "purchasing_manager", "office_manager", "administrator", "finance_manager", "store_manager")
ROLES = ("decides", "influences", "uses", "screens")
HOBBIES = ("calligraphy", "photography", "reading", "gardening", "chess", "music", "travel", "fishing")
SPORTS = ("badminton", "swimming", "running", "hiking", "basketball")
DRINKS = ("green_tea", "black_tea", "coffee", "water")
TIMES = ("morning", "noon", "afternoon", "evening")


def rows(name: str) -> list[list[str]]:
    """Return the rows of ``card_people``, ``cards``, ``licence_codes`` or ``card_visits`` as text."""
    return {"card_people": people, "cards": cards, "licence_codes": licence_codes, "card_visits": visits}[name]()


def first(units: list[str], unit: str, size: int) -> set[str]:
    """Return the units that student 0 has: those that any student's rule would draw for the number 0."""
    return set(nsmallest(size, units, key=lambda one: sha256(f"0|{unit}|{one}".encode()).digest()))


def holidays() -> set[date]:
    """Return the public holidays of 2024 and 2025 that fall on weekdays or beside them."""
    spans = (
        ("2024-01-01", 1), ("2024-02-10", 8), ("2024-04-04", 3), ("2024-05-01", 5), ("2024-06-10", 1), ("2024-09-15", 3), ("2024-10-01", 7),
        ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8),
    )  # fmt: skip
    return {date.fromisoformat(start) + timedelta(days=n) for start, days in spans for n in range(days)}


HOLIDAYS = holidays()


def working(days: list[date]) -> list[date]:
    return [one for one in days if one.weekday() < 5 and one not in HOLIDAYS]


def day(random: Random, start: date, end: date) -> date:
    return start + timedelta(days=random.randrange((end - start).days + 1))


def employers() -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in customers.rows() if row[7] in ("ordinary", "special", "partner")]


# Persons for case texts


def people() -> list[list[str]]:
    random = Random(SEED)
    firms = employers()
    ids = [f"P{number:05}" for number in range(1, PEOPLE + 1)]
    published = first(ids, "person_id", 1)
    return [[*person(random, number, *random.choice(firms)), str(number in published).lower()] for number in ids]


def person(random: Random, number: str, employer: str, employer_en: str) -> list[str]:
    name, city, home = f.person(random), random.choice(f.CITIES), random.choice(f.CITIES)
    birth = day(random, date(1968, 1, 1), date(1996, 12, 31))
    school, school_en = random.choice(SCHOOLS)
    place = random.choice(f.CITIES)
    major, major_en = random.choice(MAJORS)
    degree = random.choices(list(DEGREES), list(DEGREES.values()))[0]
    graduated = birth.year + {"senior": 18, "college": 21, "bachelor": 22, "master": 25}[degree] + random.randrange(2)
    married = random.random() < 0.7
    children = random.choice((0, 1, 1, 2)) if married else 0
    joined = day(random, date(graduated, 7, 1), date(2024, 6, 30))
    met = day(random, max(joined, date(2023, 1, 1)), date(2025, 6, 30))
    last = day(random, met + timedelta(days=20), TODAY)
    site, _ = f.address(random, city)
    mobile, old = f.mobile(random), f.mobile(random)
    return [
        number, name.zh, name.en, "female" if name.female else "male",
        f.identity_number(random, home, birth.isoformat(), name.female), birth.isoformat(), mobile, old,
        f"{name.mail}{birth.year % 100:02}@mail.example.com", site, f.postcode(random, city), degree,
        f"{place.province_zh.removesuffix('省').removesuffix('市')}{school}", f"{place.province_en} {school_en}",
        major, major_en, str(graduated), "married" if married else "single", str(children), home.zh, home.en,
        employer, employer_en, random.choice(POSITIONS), joined.isoformat(), random.choice(ROLES), random.choice(HOBBIES),
        random.choice(SPORTS), random.choice(DRINKS), random.choice(TIMES), random.choice(("yes", "no", "no")),
        met.isoformat(), last.isoformat(), random.choice(list(customers.AREAS)),
        random.choices(("yes", "no"), (4, 1))[0],
    ]  # fmt: skip


# A batch of cards with planted faults

HABITS = {  # share of fields left empty, median hours until filled in, share of cards verified, guided, kept, looked at
    "林晓": (0.02, 6, 0.9, 0.8, 0.9, 0.9),
    "赵敏行": (0.05, 14, 0.85, 0.7, 0.8, 0.75),
    "周可": (0.2, 16, 0.8, 0.6, 0.6, 0.7),
    "何文": (0.03, 34, 0.75, 0.5, 0.65, 0.5),
    "孙一": (0.12, 26, 0.6, 0.45, 0.45, 0.45),
}
FAULTS = {
    "": 46, "check_digit": 5, "swapped_birth": 5, "swapped": 3, "dates": 5, "email": 9, "email_lost": 3,
    "mobile": 9, "mobile_lost": 3, "gender": 5, "birth": 5, "duplicate": 5,
}  # fmt: skip
OPTIONAL = ("gender", "identity_number", "birth_date", "mobile", "email", "postcode", "employer", "position", "degree")


def cards() -> list[list[str]]:
    random = Random(SEED + 1)
    firms = [name for name, _ in employers()]
    bundles = [f"B{number:03}" for number in range(1, BUNDLES + 1)]
    published = first(bundles, "bundle", DRAWN_BUNDLES)
    found: list[dict[str, str]] = []
    for bundle in bundles:
        start = day(random, date(2025, 1, 6), date(2025, 11, 28))
        stack: list[dict[str, str]] = []
        while len(stack) < BUNDLE_SIZE:
            card = clean_card(random, start, random.choice(firms))
            fault = random.choices(list(FAULTS), list(FAULTS.values()))[0]
            if fault == "duplicate" and len(stack) > BUNDLE_SIZE - 2:
                fault = ""
            stack.append(card)
            if fault == "duplicate":
                stack.append(again(random, card))
            else:
                spoil(random, card, fault)
                leave_empty(random, card, fault)
        random.shuffle(stack)
        found += [{"bundle": bundle, **card} for card in stack]
    return [
        [f"K{number:05}", *card.values(), str(card["bundle"] in published).lower()]
        for number, card in enumerate(found, start=1)
    ]


def clean_card(random: Random, start: date, employer: str) -> dict[str, str]:
    """Return a card without a fault, in the order of the columns."""
    salesperson = random.choice(list(HABITS))
    _, hours, verified, guided, kept, looked = HABITS[salesperson]
    name, city, home = f.person(random), random.choice(f.CITIES), random.choice(f.CITIES)
    birth = day(random, date(1968, 1, 1), date(2000, 12, 31))
    met = day(random, date(2022, 1, 1), date(2024, 10, 31))
    today = random.choice(working([start + timedelta(days=n) for n in range(12)])[:5])
    visited = datetime(today.year, today.month, today.day, random.randrange(9, 17), random.choice((0, 15, 30, 45)))
    filled = filled_in(random, visited, hours)
    stale = random.random() > verified
    checked = day(random, TODAY - timedelta(days=400), TODAY - timedelta(days=182))
    if not stale:
        checked = day(random, TODAY - timedelta(days=179), TODAY)
    return {
        "salesperson": salesperson,
        "name": name.zh,
        "gender": "female" if name.female else "male",
        "identity_number": f.identity_number(random, home, birth.isoformat(), name.female),
        "birth_date": birth.isoformat(),
        "mobile": f.mobile(random),
        "email": f"{name.mail}{birth.year % 100:02}@mail.example.com",
        "postcode": f.postcode(random, city),
        "employer": employer,
        "position": random.choice(POSITIONS),
        "degree": random.choices(list(DEGREES), list(DEGREES.values()))[0],
        "first_met": met.isoformat(),
        "last_contact": visited.date().isoformat(),
        "visited_at": visited.isoformat(),
        "filled_at": filled.isoformat(),
        "verified_on": max(checked, visited.date()).isoformat(),
        "supervised": str(random.random() < guided).lower(),
        "kept_in": "cabinet" if random.random() < kept else random.choice(("bag", "home")),
        "looked_at": str(random.random() < looked).lower(),
    }


def filled_in(random: Random, visited: datetime, hours: float) -> datetime:
    """Return when a card is filled in: some hours later, but nobody does it at night."""
    filled = visited + timedelta(minutes=20 + round(random.lognormvariate(0, 0.8) * hours * 60))
    return filled.replace(hour=7, minute=30 + filled.minute // 2) if filled.hour < 7 else filled


def again(random: Random, card: dict[str, str]) -> dict[str, str]:
    """Return a second card of the same person, made later by a colleague who did not look in the cabinet."""
    other = random.choice([name for name in HABITS if name != card["salesperson"]])
    first_visit = datetime.fromisoformat(card["visited_at"])
    visited = random.choice([one for n in range(1, 25) if working([(one := first_visit + timedelta(days=n)).date()])])
    filled = filled_in(random, visited, HABITS[other][1])
    filled = max(filled, datetime.fromisoformat(card["filled_at"]) + timedelta(hours=1))
    changed = {"salesperson": other, "visited_at": visited.isoformat(), "filled_at": filled.isoformat()}
    changed |= {"last_contact": visited.date().isoformat()}
    changed |= {"verified_on": max(card["verified_on"], visited.date().isoformat())}
    if random.random() < 0.5:
        changed["mobile"] = f.mobile(random)
    return card | changed


def spoil(random: Random, card: dict[str, str], fault: str) -> None:
    """Plant one fault."""
    number, birth = card["identity_number"], card["birth_date"]
    if fault == "check_digit":
        card["identity_number"] = number[:17] + random.choice([c for c in "0123456789X" if c != number[17]])
    elif fault == "swapped_birth":
        card["identity_number"] = swapped(random, number, range(6, 13))
    elif fault == "swapped":
        card["identity_number"] = swapped(random, number, (0, 1, 2, 14, 15))
    elif fault == "dates":
        card["first_met"], card["last_contact"] = card["last_contact"], card["first_met"]
    elif fault == "email":
        card["email"] = random.choice(
            (
                card["email"].replace("@", "＠"),
                card["email"].replace("@", " @ "),
                card["email"].replace(".com", "。com"),
            )
        )
    elif fault == "email_lost":
        card["email"] = random.choice((card["email"].replace("@", ""), card["email"].split("@")[0] + "@"))
    elif fault == "mobile":
        n = card["mobile"]
        card["mobile"] = random.choice((f"{n[:3]} {n[3:7]} {n[7:]}", f"{n[:3]}-{n[3:7]}-{n[7:]}", f"+86 {n}"))
    elif fault == "mobile_lost":
        place = random.randrange(3, 11)
        card["mobile"] = card["mobile"][:place] + card["mobile"][place + 1 :]
    elif fault == "gender":
        card["gender"] = "male" if card["gender"] == "female" else "female"
    elif fault == "birth":
        moved = date.fromisoformat(birth)
        moved = moved.replace(year=moved.year + random.choice((-10, -1, 1, 10)), day=min(moved.day, 28))
        card["birth_date"] = moved.isoformat()


def swapped(random: Random, number: str, places: range | tuple[int, ...]) -> str:
    """Return ``number`` with two neighbouring digits exchanged, so that its check digit is wrong."""
    found = [p for p in places if number[p] != number[p + 1]]
    place = random.choice(found)
    result = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if ric.calc_check_digit(result) == result[17]:  # cannot be: GB 11643 notices every such exchange
        raise ValueError(result)
    return result


def leave_empty(random: Random, card: dict[str, str], fault: str) -> None:
    """Leave fields empty as the salesperson is used to; what a planted fault needs stays."""
    needed = {
        "dates": (), "email": ("email",), "email_lost": ("email",), "mobile": ("mobile",), "mobile_lost": ("mobile",), "": (),
    }.get(fault, ("identity_number", "birth_date", "gender"))  # fmt: skip
    share = HABITS[card["salesperson"]][0]
    for field in OPTIONAL:
        if field not in needed and random.random() < share:
            card[field] = ""


# Social credit codes as a trainee typed them from the licences

ALIKE = {"0": "O", "1": "I", "5": "S", "2": "Z"}
SLIPS = {"": 72, "small": 6, "blanks": 6, "digit": 6, "signs": 5, "length": 5}


def licence_codes() -> list[list[str]]:
    random = Random(SEED + 3)
    found = []
    for row in customers.rows():
        number, code, sample = row[0], row[3], row[-1]
        slip = random.choices(list(SLIPS), list(SLIPS.values()))[0]
        found.append([number, mistyped(random, code, slip), sample])
    return found


def mistyped(random: Random, code: str, slip: str) -> str:
    """Return ``code`` with one slip of a typist; small letters and blanks do no harm."""
    if slip == "small":
        return code.lower()
    if slip == "blanks":
        return f"{code[:8]} {code[8:17]} {code[17]}"
    if slip == "length":
        place = random.randrange(2, 17)
        return code[:place] + code[place + 1 :] if random.random() < 0.7 else code[:place] + code[place] + code[place:]
    if slip == "signs":
        place = random.choice([p for p, sign in enumerate(code) if sign in ALIKE])
        return code[:place] + ALIKE[code[place]] + code[place + 1 :]
    while slip == "digit":
        place = random.choice([p for p in range(2, 16) if code[p] != code[p + 1]])
        other = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if other[:8].isdigit() and not uscc.is_valid(other):
            return other
    return code


# A log of visits, for the supervisor

CARE = {  # share of visits on which a rule is kept: looked at, carried, returned, discussed; weekly check
    "林晓": (0.93, 0.95, 0.93, 0.9, 0.92),
    "赵敏行": (0.87, 0.9, 0.72, 0.85, 0.85),
    "周可": (0.77, 0.92, 0.88, 0.8, 0.7),
    "何文": (0.86, 0.62, 0.8, 0.6, 0.6),
    "孙一": (0.76, 0.8, 0.78, 0.7, 0.5),
}


def visits() -> list[list[str]]:
    random = Random(SEED + 2)
    monday = date(2024, 1, 1)
    weeks = ["{}-W{:02}".format(*(monday + timedelta(weeks=n)).isocalendar()) for n in range(WEEKS)]
    firms = {name: [row[0] for row in customers.rows() if row[26] == name and row[23] == "existing"] for name in CARE}
    found = []
    for number, week in enumerate(weeks):
        for salesperson, care in CARE.items():
            found += week_of(random, monday + timedelta(weeks=number), week, salesperson, care, firms[salesperson])
    found.sort(key=lambda row: (row[4], row[2]))
    published = first(sorted({row[1] for row in found}), "week", DRAWN_WEEKS)
    return [[f"V{number:05}", *row[1:], str(row[1] in published).lower()] for number, row in enumerate(found, start=1)]


def week_of(
    random: Random, monday: date, week: str, salesperson: str, care: tuple[float, ...], firms: list[str]
) -> list[list[str]]:
    """Return the visits of one salesperson in one week."""
    looked, carried, returned, discussed, checked = care
    found: list[list[str]] = []
    days = working([monday + timedelta(days=n) for n in range(5)])
    for today in sorted(random.sample(days, min(len(days), random.choice((2, 3, 3))))):
        stops = random.choice((1, 2, 2, 3, 4))
        cards_out = stops if random.random() < carried else stops + random.choice((-1, 1, 2, 5)) or 2
        back = datetime(today.year, today.month, today.day, 17, random.choice((10, 25, 40, 55)))
        for stop, customer in enumerate(random.sample(firms, stops)):
            at = datetime(today.year, today.month, today.day, 9 + 2 * stop, random.choice((0, 10, 20, 30, 45)))
            seen = at - timedelta(minutes=random.choice((30, 45, 60, 90)))
            if random.random() > looked:
                seen = random.choice((None, at + timedelta(hours=3)))
            given_back = (
                back
                if random.random() < returned
                else random.choice((None, back + timedelta(days=random.randrange(1, 6))))
            )
            talk = (working([today + timedelta(days=n) for n in (1, 2, 3)]) or [today + timedelta(days=1)])[0]
            if random.random() > discussed:
                talk = random.choice((None, random.choice(working([today + timedelta(days=n) for n in range(4, 16)]))))
            found.append(
                [
                    "",
                    week,
                    salesperson,
                    customer,
                    today.isoformat(),
                    at.isoformat(),
                    seen.isoformat() if seen else "",
                    str(cards_out),
                    given_back.isoformat() if given_back else "",
                    talk.isoformat() if talk else "",
                    "",
                ]
            )
    if found and random.random() < checked:
        for row in random.sample(found, min(len(found), random.choice((1, 1, 2)))):
            row[10] = random.choice(days).isoformat()
    return found
