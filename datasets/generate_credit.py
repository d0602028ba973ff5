"""What Yunqi Stationery knows about the credit of its fictional customers: five tables linked by ``customer_id``.

Everything follows from the customer list (``customers/customers.csv``): invoices add up to a customer's purchases of 2025 and open
ones to its receivable; ratings, statements and applications lean on its reputation, incidents and habits of payment.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from random import Random
from typing import Any

import fictional
from credit_facts import FRAMES, numbered
from stdnum.cn import uscc

HERE = Path(__file__).resolve().parent
SEED = 20251232
TODAY, YEAR = date(2025, 12, 31), date(2025, 1, 1)
DRAW, DOSSIERS = 300, 120
EDGES = (0, 30, 60, 90)
"""Days overdue that stand on the border of two age classes: they must occur."""

BANDS = {"AAA": 90, "AA": 80, "A": 70, "BBB": 60, "BB": 50, "B": 40, "C": 30, "D": -1000}
CREDIT_FORMS = ("limited", "joint_stock")
Firm = dict[str, Any]
Row = list[str]


def rows(name: str) -> list[Row]:
    """Return the rows of the data set ``name`` as text, in the order of its schema; the last column marks the published set."""
    firms = customers()
    makers = {
        "invoices": invoices,
        "credit_ratings": ratings,
        "statements": statements,
        "credit_applications": applications,
        "credit_dossiers": dossiers,
    }
    size = 1 if name == "credit_dossiers" else DRAW
    units = [firm["customer_id"] for firm in firms if name != "credit_dossiers" or firm["dossier"]]
    published = set(nsmallest(size, units, key=lambda one: sha256(f"0|customer_id|{one}".encode()).digest()))
    customer = 1 if name == "invoices" else 0
    return [[*row, str(row[customer] in published).lower()] for row in makers[name](firms)]


def customers() -> list[Firm]:
    """Return the customer list with numbers as numbers, and for each firm how sound it looks and what it takes part in."""
    with (HERE / "customers" / "customers.csv").open(encoding="utf-8", newline="") as file:
        firms: list[Firm] = list(csv.DictReader(file))
    random = Random(SEED)
    for firm in firms:
        for column in ("registered_capital_wan", "assets_wan", "credit_terms_days", "paid_days", "credit_incidents"):
            firm[column] = int(firm[column])
        for column in ("annual_purchases", "previous_purchases", "receivable"):
            firm[column] = float(firm[column])
        late = max(0, firm["paid_days"] - firm["credit_terms_days"])
        standing = {"good": 0.8, "fair": 0.0, "poor": -0.9}[firm["reputation"]]
        firm["sound"] = standing - 0.35 * firm["credit_incidents"] - 0.015 * late + random.gauss(0.2, 0.35)
        firm["applies"] = firm["form"] == "joint_stock" or (firm["form"] == "limited" and random.random() < 0.42)
        firm["dossier"] = False
    for firm in random.sample([firm for firm in firms if firm["applies"]], DOSSIERS):
        firm["dossier"] = True
    return firms


def own(name: str, firm: Firm) -> Random:
    """Return a generator for one firm in one table, so that a change to one table leaves the others alone."""
    return Random(f"{SEED}|{name}|{firm['customer_id']}")


# Invoices


def invoices(firms: Iterable[Firm]) -> Iterator[Row]:
    """Yield the sales journal in the order of its days."""
    journal = sorted((item for firm in firms for item in billed(firm)), key=lambda item: (item[1], item[0]))
    for number, (customer, issued, due, amount, paid) in enumerate(journal, start=1):
        money = f"{amount // 100}.{amount % 100:02}"
        yield [f"I{number:06}", customer, issued.isoformat(), due.isoformat(), money, paid.isoformat() if paid else ""]


def billed(firm: Firm) -> list[tuple[str, date, date, int, date | None]]:
    """Return one firm's invoices: (customer, day of issue, due day, amount in cents, day of payment or ``None``)."""
    random, customer, terms = own("invoices", firm), firm["customer_id"], firm["credit_terms_days"]
    owed, bought = round(firm["receivable"] * 100), round(firm["annual_purchases"] * 100)
    if firm["relation"] == "former" and owed:
        issued = date.fromisoformat(firm["last_purchase"])
        return [(customer, issued, issued + timedelta(terms), owed, None)]
    if not bought:
        return []
    last = date.fromisoformat(firm["last_purchase"])
    count = min(14, max(2, round(3 + 2.2 * math.log(bought / 800_000) + random.gauss(0, 1))))
    issues = [YEAR + timedelta(random.randrange((last - YEAR).days + 1)) for _ in range(count - 1)] + [last]
    took = [max(0, round(random.gauss(firm["paid_days"], 4 + 0.25 * firm["paid_days"]))) for _ in issues]
    if random.random() < 0.05 * (1 + firm["credit_incidents"]):  # a dispute: an old invoice stays open
        took[0] = 999
    is_open = [bool(owed) and issued + timedelta(days) > TODAY for issued, days in zip(issues, took, strict=True)]
    is_open[-1] = is_open[-1] or (bool(owed) and not any(is_open))
    if all(is_open) and bought > owed:
        is_open[0] = False
    for place, flag in enumerate(is_open[:-1]):
        if flag and random.random() < 0.15:
            day = TODAY - timedelta(random.choice(EDGES) + terms)
            issues[place] = day if YEAR <= day <= last else issues[place]
    parts = {True: split(random, owed, sum(is_open)), False: split(random, bought - owed, count - sum(is_open))}
    found = []
    for issued, days, flag in zip(issues, took, is_open, strict=True):
        paid = None if flag else min(TODAY, issued + timedelta(days))
        found.append((customer, issued, issued + timedelta(terms), parts[flag].pop(), paid))
    return [item for item in found if item[3] > 0]


def split(random: Random, total: int, count: int) -> list[int]:
    """Cut ``total`` cents into ``count`` parts of different size."""
    if not count:
        return []
    weights = [random.uniform(0.4, 1.6) for _ in range(count)]
    parts = [int(total * weight / sum(weights)) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


# Ratings


def ratings(firms: Iterable[Firm]) -> Iterator[Row]:
    """Yield the 5C sub-scores, in steps of five, and what the credit committee approved at its last review."""
    for firm in firms:
        random = own("credit_ratings", firm)
        scores = [min(100, max(0, 5 * round((mean + random.gauss(0, 8)) / 5))) for mean in five(firm)]
        score = sum(weight * one for weight, one in zip((30, 25, 20, 15, 10), scores, strict=True)) / 100
        earlier = score + random.gauss(-1, 5)
        band = next(name for name, cut in BANDS.items() if earlier >= cut)
        usual = firm["previous_purchases"] * firm["credit_terms_days"] / 365
        limit = 0 if firm["relation"] == "prospect" else round(usual * random.uniform(0.9, 1.8) / 100) * 100
        yield [firm["customer_id"], *map(str, scores), band, str(limit)]


def five(firm: Firm) -> tuple[float, ...]:
    """Return what each C of a firm is worth before chance."""
    late = max(0, firm["paid_days"] - firm["credit_terms_days"])
    character = {"good": 90, "fair": 72, "poor": 48}[firm["reputation"]] - 9 * firm["credit_incidents"] - 0.3 * late
    capacity = {"strong": 86, "medium": 70, "weak": 52}[firm["sales_capability"]] + 6 * firm["sound"]
    capital = 30 + 16 * math.log10(1 + firm["registered_capital_wan"]) + 6 * firm["sound"]
    security = {"public": 82, "joint_stock": 76, "limited": 60, "partnership": 52, "household": 38}[firm["form"]]
    outlook = {"high": 84, "medium": 68, "low": 52}[firm["growth"]]
    return character, capacity, capital, security + 5 * firm["sound"], outlook


# Statements and applications


def statements(firms: Iterable[Firm]) -> Iterator[Row]:
    """Yield the statements of 2024 of the firms that apply for credit, in 10,000 yuan; only joint-stock firms are quoted."""
    for firm in filter(lambda firm: firm["applies"], firms):
        random, sound = own("statements", firm), firm["sound"]
        total = round(firm["assets_wan"] * random.uniform(0.95, 1.05), 2)
        debt = round(total * min(1.15, max(0.12, random.gauss(0.58 - 0.11 * sound, 0.15))), 2)
        equity = round(total - debt, 2)
        kept = total * random.gauss(0.08 + 0.12 * sound, 0.13)
        kept = round(min(kept, 0.8 * equity), 2) if equity > 0 else round(equity - 0.1 * total, 2)
        current = round(total * random.uniform(0.42, 0.85), 2)
        short = round(debt * random.uniform(0.6, 0.95), 2)
        ebit = round(total * random.gauss(0.045 + 0.05 * sound, 0.06), 2)
        sales = round(total * math.exp(random.gauss(0.25, 0.4)), 2)
        worth = max(0.05 * total, equity) * math.exp(random.gauss(0.1 + 0.25 * sound, 0.5))
        quoted = f"{worth:.2f}" if firm["form"] == "joint_stock" else ""
        items = (current, total, short, debt, equity, kept, ebit, sales)
        yield [firm["customer_id"], "2024", *(f"{item:.2f}" for item in items), quoted]


def applications(firms: Iterable[Firm]) -> Iterator[Row]:
    """Yield the credit applications as the salespeople typed them, beside what the public register shows."""
    for firm in filter(lambda firm: firm["applies"], firms):
        random, weak = own("credit_applications", firm), max(0.0, 0.6 - firm["sound"])
        typed = mistyped(random, firm["uscc"]) if random.random() < 0.14 else firm["uscc"]
        registered = fictional.person(random).zh if random.random() < 0.09 else firm["legal_representative"]
        status = random.choices(("active", "revoked", "cancelled"), (92 - 4 * weak, 3 + 3 * weak, 3 + weak))[0]
        abnormal, dishonest = (random.random() < odds * (0.5 + weak) for odds in (0.08, 0.05))
        days = random.choice((30, 45, 60, 90))
        turnover = max(firm["annual_purchases"], firm["previous_purchases"], math.exp(random.gauss(10, 0.8)))
        limit = max(1, round(turnover * days / 365 * random.uniform(1.0, 2.5) / 100)) * 100
        delay = max(0, round(random.gauss(24 - 20 * firm["sound"], 16)))
        view = ("high", "medium", "low")[sum(firm["sound"] + random.gauss(0, 0.3) > cut for cut in (-0.5, 0.35))]
        flags = [str(flag).lower() for flag in (abnormal, dishonest)]
        named = [firm["legal_representative"], registered, status, *flags]
        yield [firm["customer_id"], typed, *named, str(limit), str(days), str(delay), view]


def mistyped(random: Random, code: str) -> str:
    """Return a social credit code with one slip of the fingers; its check character then no longer fits."""
    while True:
        place = random.randrange(8, 17)
        kind = random.choice(("swap", "digit", "letter", "short"))
        if kind == "swap":
            slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        elif kind == "digit":
            slip = code[:place] + random.choice("0123456789") + code[place + 1 :]
        elif kind == "letter":
            slip = code.replace("0", "O").replace("1", "I")
        else:
            slip = code[:place] + code[place + 1 :]
        if slip != code and not uscc.is_valid(slip):
            return slip


# Dossiers


def dossiers(firms: Iterable[Firm]) -> Iterator[Row]:
    """Yield the files of some firms: facts for 5C, for 5P and for 6A; each file leaves one aspect of 6A out."""
    for firm in filter(lambda firm: firm["dossier"], firms):
        random = own("credit_dossiers", firm)
        for frame, (_, aspects) in FRAMES.items():
            left_out = random.choice(list(aspects)) if frame == "6A" else ""
            for number, (zh, en) in chosen(random, frame, left_out).items():
                yield [firm["customer_id"], frame, number, zh, en]


def chosen(random: Random, frame: str, left_out: str) -> dict[str, tuple[str, str]]:
    """Return ten facts for 5C, eight for the others, at least one for each aspect that is not left out."""
    facts = {number: fact for number, fact in numbered(frame).items() if fact[0] != left_out}
    by_aspect: dict[str, list[str]] = {}
    for number, (aspect, _, _) in facts.items():
        by_aspect.setdefault(aspect, []).append(number)
    taken = [random.choice(numbers) for numbers in by_aspect.values()]
    rest = [number for number in facts if number not in taken]
    taken += random.sample(rest, (10 if frame == "5C" else 8) - len(taken))
    return {number: filled(random, *facts[number][1:]) for number in sorted(taken)}


def filled(random: Random, zh: str, en: str) -> tuple[str, str]:
    """Return both sentences with the same numbers in their places."""
    numbers = {name: random.randint(int(low), int(high)) for name, low, high in re.findall(r"\{(\w):(\d+)-(\d+)\}", zh)}
    return re.sub(r"\{(\w):[^}]*\}", r"{\1}", zh).format(**numbers), en.format(**numbers)
