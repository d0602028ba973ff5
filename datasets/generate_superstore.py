"""What Superstore lacks: plan, service log, accounts, stock, promotions and proposals of support, invented for the year 2017.

Everything leans on the orders (``superstore/superstore.csv``): who buys much is visited more, a visit tends to come before an order,
stock follows sales. Each customer has a random stream of its own in each table, so that a change to one leaves the others alone.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
SEED = 20171231
FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)
Rows = list[list[str]]

REGIONS = ("Central", "East", "South", "West")
PLANNED = {"Central": 0.09, "East": 0.15, "South": 0.16, "West": 0.20}
"""Growth over 2016 that the plan asks of each region, on average over its quarters."""

# salesperson: share of accounts, habit of visiting, how well timed visits are, minutes of a visit
TEAM = {
    "S1": (18, 0.9, 0.70, 55),
    "S2": (18, 1.0, 0.50, 65),
    "S3": (16, 2.1, 0.15, 80),
    "S4": (16, 1.1, 0.40, 60),
    "S5": (16, 0.6, 0.45, 95),
    "S6": (16, 1.2, 0.30, 70),
}
DELIVERY = {"Standard Class": 4, "Second Class": 6, "First Class": 9, "Same Day": 15}
RATES = {"visit": 15, "call": 3, "return": 12, "complaint": 10}
"""What an event costs; complaints are in the controller's figure only."""

TURNS = {
    "Paper": 9.0, "Binders": 6.5, "Labels": 5.2, "Envelopes": 4.4, "Fasteners": 3.4, "Art": 4.1, "Storage": 4.3, "Supplies": 2.1,
    "Appliances": 4.6, "Phones": 6.2, "Accessories": 7.1, "Copiers": 3.1, "Machines": 1.6, "Chairs": 4.4, "Furnishings": 3.7,
    "Bookcases": 2.0, "Tables": 1.8,
}  # fmt: skip
SEASON = (0.62, 0.70, 0.78, 0.86, 0.95, 1.02, 1.10, 1.20, 1.34, 1.42, 1.36, 1.05, 0.60)
"""Month-ends from December 2016 to December 2017: stock is built up for autumn and sold out by the end of the year."""

# kind: share, cost, people reached per dollar, enquiries of reached, sales per enquiry, dip after it, gross margin
PROMOTIONS = {
    "advertising": (22, 900, 14.0, 0.0050, 41, 0.05, 0.26),
    "coupon": (22, 380, 6.0, 0.0400, 29, 0.22, 0.22),
    "mailing": (20, 220, 4.5, 0.0500, 31, 0.10, 0.26),
    "demonstration": (16, 520, 0.5, 0.3200, 37, 0.04, 0.30),
    "discount": (20, 300, 5.0, 0.0900, 34, 0.70, 0.12),
}
# kind of support: share, cost, days of our people, sales for each dollar
SUPPORT = {
    "management": (18, 120, 16, 9),
    "sales": (26, 160, 12, 11),
    "advertising": (20, 320, 1, 5),
    "display": (16, 240, 3, 6),
    "promotion": (20, 280, 1, 7),
}
"""To teach takes days, to pay takes none: people run out before the money, and what no longer fits leaves room for something smaller."""


def rows(name: str) -> Rows:
    """Return the rows of a data set as text, in the order of its schema."""
    return MAKERS[name]()


@cache
def customers() -> dict[str, dict[str, Any]]:
    """Return what the orders tell of each customer about the year, and how the account is looked after."""
    found: dict[str, dict[str, Any]] = {}
    with (HERE / "superstore" / "superstore.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = found.setdefault(
                row["customer_id"],
                {"segment": row["segment"], "sales": 0.0, "profit": 0.0, "lines": 0, "ever": 0.0, "orders": {}},
            )
            one["ever"] += float(row["sales"])
            if row["order_date"] >= FIRST.isoformat():
                one["sales"] += float(row["sales"])
                one["profit"] += float(row["profit"])
                one["lines"] += 1
                one["orders"][row["order_id"]] = (date.fromisoformat(row["order_date"]), row["ship_mode"])
    for customer in sorted(found):
        random, one = own("account", customer), found[customer]
        one["salesperson"] = random.choices(list(TEAM), [row[0] for row in TEAM.values()])[0]
        one["loud"] = random.random() < 0.16
    return dict(sorted(found.items()))


def own(name: str, unit: str) -> Random:
    return Random(f"{SEED}|{name}|{unit}")


def poisson(random: Random, mean: float) -> int:
    """Return a Poisson number (Knuth's method, which suits small means)."""
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count


def cents(value: float) -> str:
    return f"{value:.2f}"


def plan() -> Rows:
    """Yield the planned growth over the same quarter of 2016."""
    random = own("plan", "")
    return [
        [region, str(quarter), f"{PLANNED[region] + random.choice((-0.04, -0.02, 0.0, 0.02, 0.04)):.2f}"]
        for region in REGIONS
        for quarter in (1, 2, 3, 4)
    ]


@cache
def events() -> tuple[tuple[Any, ...], ...]:
    """Return what was done for each customer: (customer, day, kind, salesperson, minutes, whether an order followed)."""
    found = []
    for customer, one in customers().items():
        random, name = own("service", customer), one["salesperson"]
        _, habit, timing, length = TEAM[name]
        size, loud = math.log1p(one["sales"] / 400), one["loud"]
        orders = [day for day, _ in one["orders"].values()]
        for kind, mean in (
            ("visit", habit * (0.55 + 0.35 * size + 3.2 * loud)),
            ("call", 0.8 + 0.7 * size + 3.0 * loud),
            ("return", (0.06 + 0.16 * loud) * one["lines"]),
            ("complaint", (0.03 + 0.09 * loud) * one["lines"]),
        ):
            for _ in range(poisson(random, mean) + (kind == "call")):
                day = FIRST + timedelta(random.randrange(365))
                if kind == "visit" and orders and random.random() < timing:
                    day = max(FIRST, random.choice(orders) - timedelta(random.randint(1, 12)))
                minutes = {"visit": random.gauss(length, 18), "call": random.gauss(9, 3)}.get(kind)
                text = "" if minutes is None or random.random() < 0.04 else str(max(3, round(minutes)))
                won = kind == "visit" and any(0 < (order - day).days <= 14 for order in orders)
                by = name if kind in ("visit", "call") else ""
                found.append((customer, day, kind, by, text, won))
    return tuple(sorted(found, key=lambda event: (event[1], event[0], event[2])))


def service() -> Rows:
    """Yield the log in the order of its days; one event in eighty stands twice in a row, as exports have it."""
    random, found = own("service", "twice"), []
    for number, (customer, day, kind, by, minutes, won) in enumerate(events(), start=1):
        row = [f"E{number:05}", customer, day.isoformat(), kind, by, minutes, str(won).lower()]
        found += [row] * (1 + (random.random() < 1 / 80))
    return found


def accounts() -> Rows:
    """Yield one row for each customer: who looks after it, what it cost, what it owes, how satisfied it is."""
    spent: dict[str, float] = defaultdict(float)
    for customer, _, kind, *_ in events():
        spent[customer] += RATES[kind]
    found = []
    for customer, one in customers().items():
        random = own("accounts", customer)
        handled = sum(3 + DELIVERY[mode] for _, mode in one["orders"].values())
        cost = (spent[customer] + handled) * random.uniform(1.02, 1.14)
        card = one["segment"] == "Consumer" and random.random() < 0.30
        days = 0 if card else random.choice((15, 30, 30, 45, 60)) * math.exp(random.gauss(0, 0.35)) * (1 + one["loud"])
        owed = [one["sales"] * days / 365 * random.uniform(0.5, 1.5) for _ in range(2)]
        if not one["orders"] and not card and random.random() < 0.3:
            owed = [one["ever"] * random.uniform(0.02, 0.06)] * 2
        kept = {"Consumer": 0.04, "Corporate": 0.32, "Home Office": 0.12}[one["segment"]]
        stock = one["sales"] * random.uniform(0.05, 0.28) if random.random() < kept else 0.0
        mood = min(100, max(0, round(random.gauss(79 - 11 * one["loud"], 11))))
        answer = str(mood) if random.random() < 0.62 else ""
        found.append([customer, one["salesperson"], *map(cents, (cost, *owed, stock)), answer])
    return found


def stock() -> Rows:
    """Yield the stock at cost of each sub-category at thirteen month-ends."""
    sold: dict[str, float] = defaultdict(float)
    with (HERE / "superstore" / "superstore.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["order_date"] >= FIRST.isoformat():
                sold[row["sub_category"]] += float(row["sales"])
    months = [date(2016, 12, 31)] + [
        date(2017 + month // 12, month % 12 + 1, 1) - timedelta(1) for month in range(1, 13)
    ]
    found = []
    for group, turns in sorted(TURNS.items()):
        random = own("stock", group)
        found += [
            [group, month.isoformat(), cents(sold[group] / turns * factor * math.exp(random.gauss(0, 0.08)))]
            for month, factor in zip(months, SEASON, strict=True)
        ]
    return found


def promotions() -> Rows:
    """Yield campaigns with what they cost, whom they reached and what was sold."""
    random, found = own("promotions", ""), []
    for number in range(1, 161):
        kind = random.choices(list(PROMOTIONS), [row[0] for row in PROMOTIONS.values()])[0]
        _, usual, reach, asked, each, fall, margin = PROMOTIONS[kind]
        cost = 10 * round(usual * math.exp(random.gauss(0, 0.35)) / 10)
        reached = max(20, round(cost * reach * math.exp(random.gauss(0, 0.25))))
        enquiries = max(1, round(reached * asked * math.exp(random.gauss(0, 0.30))))
        extra = enquiries * each * math.exp(random.gauss(0, 0.35))
        baseline = 1500 * math.exp(random.gauss(0, 0.45))
        dip = extra * fall * random.uniform(0.5, 1.5)
        rate = min(0.45, max(0.05, random.gauss(margin, 0.03)))
        money = [cents(value) for value in (baseline, baseline + extra, dip)]
        found.append([f"P{number:03}", kind, str(cost), str(reached), str(enquiries), *money, f"{rate:.2f}"])
    return found


def support() -> Rows:
    """Yield one proposal of support for each corporate customer that bought in the year, from its salesperson.

    Customers who complain are promised twice as much, and many of them do not qualify.
    """
    found = []
    for customer, one in customers().items():
        random = own("support", customer)
        if one["segment"] != "Corporate" or len(one["orders"]) < 2:
            continue
        kind = random.choices(list(SUPPORT), [row[0] for row in SUPPORT.values()])[0]
        _, usual, days, pull = SUPPORT[kind]
        cost = 10 * max(3, round(usual * math.exp(random.gauss(0, 0.40)) / 10))
        promised = pull * (1 + one["loud"])
        extra = 10 * round(cost * promised * math.exp(random.gauss(0, 0.45)) / 10)
        found.append([customer, kind, str(cost), str(max(1, days + random.randint(-3, 3))), str(extra)])
    return found


MAKERS = {
    "superstore_plan": plan,
    "superstore_service": service,
    "superstore_accounts": accounts,
    "superstore_stock": stock,
    "superstore_promotions": promotions,
    "superstore_support": support,
}
