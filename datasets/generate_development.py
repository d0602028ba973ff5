"""How Yunqi Stationery wins customers: six small sets for the chapter on customer development.

Every set has its own random stream, so that a change in one leaves the others as they are. All firms are fictional.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from published import published, truth

SEED = 20260701
SALES = ("林晓", "赵敏行", "周可", "何文", "孙一")
TODAY = date(2026, 6, 30)
Rows = list[list[str]]

# share of opportunities that go on from each of the steps 1 to 6, and the usual days that the step takes
GOES_ON = (0.74, 0.70, 0.82, 0.68, 0.72, 0.86)
DAYS = (5, 7, 9, 16, 26, 8)
WEAK = {("周可", 2): 1.28, ("周可", 4): 0.62, ("何文", 5): 0.55, ("孙一", 3): 0.82, ("林晓", 1): 1.08}
"""Where a salesperson does better or worse than the team: 周可 screens nobody out, 何文 cannot answer objections."""
SLOW = {("赵敏行", 5): 1.6, ("林晓", 4): 0.75}

# stage of a key account: share that passes its gate, days, cost
STAGES = {1: (0.62, 14, 900), 2: (0.70, 35, 4200), 3: (0.66, 12, 1500), 4: (0.72, 48, 7600), 5: (0.60, 40, 11800)}
# stage of a project: share that goes on, months from it to the acceptance
PROJECT = {1: (0.55, 7), 2: (0.72, 6), 3: (0.66, 5), 4: (0.58, 4), 5: (0.84, 2), 6: (0.88, 1)}

# region: share, dealers that joined in 2025, leavers, growth of the average, size of new ones beside the old
REGIONS = {
    "Hangzhou": (26, 0.18, 0.06, 0.06, 0.75),
    "Ningbo": (22, 0.52, 0.07, -0.04, 0.34),
    "Wenzhou": (20, 0.10, 0.22, 0.16, 0.60),
    "Jinhua": (18, 0.22, 0.09, 0.02, 0.80),
    "Jiaxing": (14, 0.14, 0.05, 0.12, 0.65),
}


def opportunity_steps(random: Random) -> Rows:
    """Return a row for each step that an opportunity entered; some steps are entered a second time."""
    found: Rows = []
    for number in range(1, 4001):
        salesperson = random.choice(SALES)
        day = date(2025, 7, 1) + timedelta(random.randrange(120))
        for step in range(1, 8):
            found.append([f"O{number:04}", salesperson, str(step), day.isoformat()])
            if step == 7 or random.random() > GOES_ON[step - 1] * WEAK.get((salesperson, step), 1):
                break
            usual = DAYS[step - 1] * SLOW.get((salesperson, step), 1)
            wait = min(1 + round(random.lognormvariate(math.log(usual), 0.6)), round(3.5 * usual))
            if step in (4, 5) and random.random() < 0.30:  # talked about once more
                again = day + timedelta(random.randrange((wait + 1) // 2, wait + 1))
                found.append([f"O{number:04}", salesperson, str(step), again.isoformat()])
            day += timedelta(wait)
    return published(found, "opp_id", 800)


def key_stages(random: Random) -> Rows:
    """Return a row for each stage of a key account; some accounts went on where they should not have."""
    found: Rows = []
    for number in range(1, 1501):
        manager, day, stage = random.choice(SALES), date(2025, 1, 6) + timedelta(random.randrange(200)), 1
        hasty, refused = random.random() < 0.30, False
        profit = round(random.lognormvariate(math.log(130_000), 0.5), -2)
        while stage <= 5:
            share, usual, cost = STAGES[stage]
            ends = day + timedelta(2 + round(random.lognormvariate(math.log(usual), 0.4)))
            weaker = 0.30 if hasty and stage == 5 else 1.0
            passed = random.random() < share * weaker
            spent = round(cost * random.lognormvariate(0, 0.35), -1)
            won = profit * (0.55 if refused else 1) if stage == 5 and passed else 0  # no real need: a small deal
            found.append(
                [
                    f"A{number:04}",
                    manager,
                    str(stage),
                    day.isoformat(),
                    ends.isoformat(),
                    "yes" if passed else "no",
                    f"{spent:.0f}",
                    f"{won:.0f}",
                ]
            )
            if not passed and not (hasty and stage < 5 and random.random() < 0.55):
                break
            refused |= not passed
            early = hasty and passed and random.random() < 0.30
            day = ends + timedelta(-random.randrange(1, 8) if early else random.randrange(0, 6))
            stage += 2 if hasty and stage in (1, 2, 3) and random.random() < 0.22 else 1
    return published(found, "account_id", 180)


def past_projects(random: Random) -> Rows:
    """Return finished projects with the last stage that each reached."""
    found: Rows = []
    for number in range(1, 3001):
        stage = 1
        while stage < 6 and random.random() < PROJECT[stage][0]:
            stage += 1
        accepted = stage == 6 and random.random() < PROJECT[6][0]
        found.append([f"P{number:04}", str(stage), truth(accepted)])
    return published(found, "past_id", 320)


def pipeline(random: Random) -> Rows:
    """Return open projects with their stage, amount, expected month of acceptance and last contact."""
    found: Rows = []
    for number in range(1, 801):
        stage = random.choices(range(1, 7), (26, 22, 18, 14, 11, 9))[0]
        value = max(20_000, round(random.lognormvariate(math.log(150_000), 0.7), -3))
        ahead = max(0, min(5, PROJECT[stage][1] - 1 + random.choice((-1, 0, 0, 1))))
        asleep = random.random() < (0.45 if value >= 250_000 else 0.1)  # great hopes are the last to be buried
        silent = random.randrange(91, 200) if asleep else random.randrange(0, 88)
        last = TODAY - timedelta(90 if random.random() < 0.1 else silent)
        found.append(
            [
                f"Q{number:03}",
                random.choice(SALES),
                str(stage),
                f"{value:.0f}",
                f"2026-{7 + ahead:02}",
                last.isoformat(),
            ]
        )
    return published(found, "project_id", 60)


def contracts(random: Random) -> Rows:
    """Return a row for each new dealer: the days of the nine steps, and of the formal contract."""
    found: Rows = []
    while len(found) < 1500:
        day, days = date(2025, 7, 1) + timedelta(random.randrange(240)), []
        for _ in range(8):
            days.append(day)
            day += timedelta(1 + round(random.expovariate(1 / 6)))
        signed = days[7]
        days.append(signed + timedelta(random.randrange(10, 45)))
        kind = random.random()
        if kind < 0.10:  # the agreement is drafted before the documents are reviewed
            days[3] = days[6] + timedelta(random.randrange(1, 6))
        elif kind < 0.17:  # signed before the first visit
            days[4] = days[7] + timedelta(random.randrange(1, 12))
        if max(days) > TODAY:
            continue
        if random.random() < 0.05:  # the trial ends today
            days = [one + (date(2026, 3, 31) - signed) for one in days]
            signed = days[7]
        cells = [one.isoformat() for one in days]
        if random.random() < 0.12:
            cells[random.choice((1, 3, 4, 5))] = ""
        end = months_later(signed, 3)
        pick = random.random()
        formal = end + timedelta(random.randrange(0, 25))
        if pick < 0.20:
            formal = end - timedelta(random.choice((1, 1, 2, 2, 15, 30, 45)))
        elif pick < 0.26:
            formal = end
        on_paper = formal.isoformat() if formal <= TODAY and random.random() > 0.12 else ""
        found.append([f"N{len(found) + 1:04}", random.choice(SALES), *cells, on_paper])
    return published(found, "dealer_id", 150)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def dealer_sales(random: Random) -> Rows:
    """Return the sales of each dealer in 2024 and 2025; leavers have no second year, new dealers no first."""
    found: Rows = []
    for number in range(1, 901):
        region = random.choices(list(REGIONS), [one[0] for one in REGIONS.values()])[0]
        _, joins, leaves, growth, size = REGIONS[region]
        sales = random.lognormvariate(math.log(240_000), 0.4)
        dealer = f"D{number:04}"
        if random.random() < joins / (1 + joins):
            found.append([dealer, region, "2025", f"{round(sales * size, -2):.0f}"])
            continue
        found.append([dealer, region, "2024", f"{round(sales, -2):.0f}"])
        if random.random() > leaves:
            later = sales * (1 + growth) * random.lognormvariate(0, 0.12)
            found.append([dealer, region, "2025", f"{round(later, -2):.0f}"])
    return published(found, "shop_id", 160)


MAKERS: dict[str, Callable[[Random], Rows]] = {
    "opportunity_steps": opportunity_steps,
    "key_stages": key_stages,
    "past_projects": past_projects,
    "pipeline": pipeline,
    "contracts": contracts,
    "dealer_sales": dealer_sales,
}


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    return MAKERS[name](Random(f"{SEED}|{name}"))
