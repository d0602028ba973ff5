"""A year of service at Yunqi Stationery: calls, contacts, support, promises, complaints and deliveries for the chapter on service.

Every set has its own random stream, so that a change in one leaves the others as they are. All people and firms are fictional.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import fictional as f
from generate_prospects import SALES, Rows, hundreds, pick
from published import published, truth

SEED = 20261109
SHOPS_ZH, SHOPS_EN = (
    ("文具店", "书店", "办公用品商行", "图文社"),
    ("Stationery Shop", "Bookshop", "Office Supplies", "Copy Shop"),
)

# salesperson: weights of what is done in a turn, mean seconds of a turn
KEEPING = ("encourage", "summarise", "empathise", "accept")
BREAKING = ("interrupt", "assume", "brush_off", "argue")
AGENTS = {
    "林晓": ((15, 13, 12, 9), (2, 3, 1, 2), 14),
    "赵敏行": ((8, 4, 9, 7), (4, 17, 3, 4), 19),
    "周可": ((7, 8, 5, 3), (4, 5, 4, 18), 18),
    "何文": ((3, 7, 7, 6), (22, 4, 4, 4), 27),
    "孙一": ((9, 6, 2, 7), (3, 4, 14, 3), 16),
}
INFORM = 40

# kind of promise: share, hours promised, median hours taken, spread
PROMISES = {
    "quote": (22, 8, 4.2, 0.55),
    "invoice": (20, 24, 16.0, 0.50),
    "delivery": (30, 48, 36.0, 0.38),
    "exchange": (16, 72, 62.0, 0.45),
    "repair": (12, 120, 128.0, 0.50),
}
SNAPSHOT = datetime(2026, 6, 30, 18)

STEPS = ("record", "judge", "assign", "analyse", "propose", "approve", "act", "evaluate")
SKIPPED = {"judge": 0.04, "assign": 0.07, "analyse": 0.16, "propose": 0.09, "approve": 0.20, "evaluate": 0.33}
EXPORTED = datetime(2026, 4, 15, 18)

DAYS_OFF = {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 6, 19)}
MADE_UP = {date(2026, 5, 9)}
BASE = 25
"""Days, and weeks, at the beginning of a control chart from which its limits are computed."""


def calls(random: Random) -> Rows:
    """Return telephone calls with the customer's rating afterwards; some customers give none."""
    return published([row for row, _ in conversations(random)], "call_id", 160)


def call_turns(_: Random) -> Rows:
    """Return what was done in each turn of the calls."""
    turns = [turn for _, spoken in conversations(Random(f"{SEED}|calls")) for turn in spoken]
    return published(turns, "call_id", 160)


def conversations(random: Random) -> list[tuple[list[str], Rows]]:
    """Return each call with its turns; whoever breaks the rules of listening is rated lower."""
    found: list[tuple[list[str], Rows]] = []
    for number in range(1, 1601):
        call, agent = f"L{number:04}", random.choice(SALES)
        keeping, breaking, pace = AGENTS[agent]
        turns: Rows = []
        kept = broken = 0
        for _ in range(random.randint(3, 7)):
            heard = max(4, round(random.gauss(19, 7)))
            turns.append([call, str(len(turns) + 1), "customer", "tell", str(heard)])
            act = random.choices((*KEEPING, *BREAKING, "inform"), (*keeping, *breaking, INFORM))[0]
            kept, broken = kept + (act in KEEPING), broken + (act in BREAKING)
            turns.append([call, str(len(turns) + 1), "agent", act, str(max(3, round(random.gauss(pace, 6))))])
        mood = 3.7 + 0.35 * kept - 0.85 * broken + random.gauss(0, 0.7)
        rating = "" if random.random() < 0.18 else str(min(5, max(1, round(mood))))
        found.append(([call, agent, rating], turns))
    return found


def contact_list(random: Random) -> Rows:
    """Return customers with grade, last contact and yearly margin; new ones have not been contacted yet."""
    found: Rows = []
    for number in range(1, 2001):
        grade = pick(random, {"A": 13, "B": 32, "C": 55})
        behind = {"A": (4, 42), "B": (6, 62), "C": (10, 100)}[grade]
        last = (date(2026, 4, 24) - timedelta(days=random.randint(*behind))).isoformat()
        margin = hundreds(math.exp(random.gauss({"A": 10.3, "B": 9.1, "C": 7.6}[grade], 0.4)))
        names = shop(random)
        seller = random.choices(SALES, (28, 18, 22, 18, 14))[0]
        found.append([f"C{number:04}", *names, seller, grade, "" if random.random() < 0.05 else last, str(margin)])
    return published(found, "customer_id", 180)


def support_projects(random: Random) -> Rows:
    """Return what dealers could be helped with; help that takes our people's days earns more for its money."""
    found: Rows = []
    means = {
        "management": (2600, 4),
        "sales": (2200, 5),
        "advertising": (5200, 0),
        "display": (4200, 1),
        "promotion": (4600, 1),
    }
    for number in range(1, 1501):
        area = random.choice(tuple(means))
        money, people = means[area]
        cost = hundreds(money * math.exp(random.gauss(0, 0.4)))
        days = max(0, people + random.choice((-1, 0, 0, 1)))
        gain = hundreds(cost * math.exp(random.gauss(0.30 + 0.09 * days, 0.45)))
        found.append([f"J{number:04}", *shop(random), area, str(cost), str(days), str(gain)])
    return published(found, "project_id", 36)


def service_promises(random: Random) -> Rows:
    """Return promises made to customers, and when they were kept; some are not done yet on the day of the export."""
    found: Rows = []
    for number in range(1, 4001):
        kind = pick(random, {name: row[0] for name, row in PROMISES.items()})
        _, hours, usual, spread = PROMISES[kind]
        made = datetime(2026, 4, 1, 8) + timedelta(days=random.randrange(91), minutes=random.randrange(600))
        promised = hours if random.random() < 0.9 else hours // 2  # a special promise
        done = awake(made + timedelta(minutes=round(60 * usual * math.exp(random.gauss(0, spread)))))
        forgotten = random.random() < 0.025 or done > SNAPSHOT
        found.append([f"V{number:04}", kind, made.isoformat(), str(promised), "" if forgotten else done.isoformat()])
    return published(found, "promise_id", 600)


def complaints(random: Random) -> Rows:
    """Return the complaints of a quarter, how they were answered and whether the shop still ordered half a year later."""
    return published([row for row, _ in handled(random)], "complaint_id", 260)


def complaint_steps(_: Random) -> Rows:
    """Return the log of the steps; it is in the order of the clerk's entries, and some are entered twice."""
    entries = [entry for _, log in handled(Random(f"{SEED}|complaints")) for entry in log]
    return published(entries, "complaint_id", 260)


def handled(random: Random) -> list[tuple[list[str], Rows]]:
    """Return each complaint with its log; who waits long or is handled badly leaves more often."""
    found: list[tuple[list[str], Rows]] = []
    for number in range(1, 3001):
        subject = pick(random, {"late": 34, "damaged": 22, "short": 16, "invoice": 16, "attitude": 12})
        received = datetime(2026, 1, 5, 8) + timedelta(days=random.randrange(86), minutes=random.randrange(600))
        wait = math.exp(random.gauss(math.log(2.6), 1.15))
        state = "withdrawn" if random.random() < 0.05 else "open" if random.random() < 0.10 else "closed"
        answered = random.random() < (0.6 if state == "open" else 0.95)
        replied = awake(received + timedelta(minutes=max(2, round(60 * wait)))) if answered else None
        holds = random.random() < 0.76
        log, closed, skipped, early = steps(random, f"T{number:04}", received, holds, state)
        log = [entry for entry in log if entry[2] <= EXPORTED.isoformat()]
        if closed and closed > EXPORTED:
            state, closed = "open", None
        if replied and replied > EXPORTED:
            replied = None
        if closed:  # whoever is told the result has been answered
            replied = min(replied or closed, closed)
        hours = (replied - received) / timedelta(hours=1) if replied else math.inf
        stay = 0.93 - (0.0 if hours <= 2 else 0.13 if hours <= 24 else 0.34) - 0.035 * skipped - 0.06 * early
        stays = random.random() < (stay if state != "open" else stay - 0.1)
        margin = hundreds(math.exp(random.gauss(8.9, 0.55)))
        times = ["" if when is None else when.isoformat() for when in (received, replied, closed)]
        found.append(
            ([f"T{number:04}", *shop(random), subject, truth(holds), state, *times, truth(stays), str(margin)], log)
        )
    return found


def steps(
    random: Random, complaint: str, received: datetime, holds: bool, state: str
) -> tuple[Rows, datetime | None, int, bool]:
    """Return the log of one complaint, when it was closed, how many steps were left out, and whether one came too early."""
    wanted = STEPS if holds else ("record", "judge", "act", "evaluate")
    done = [step for step in wanted if random.random() >= SKIPPED.get(step, 0)]
    if state != "closed":
        done = [step for step in done[: random.randint(1, 4)] if step not in ("act", "evaluate")]
    at: dict[str, datetime] = {}
    now = received
    for step in done:
        at[step] = now
        now = awake(now + timedelta(minutes=round(60 * math.exp(random.gauss(2.1, 0.9)))))
    early = "approve" in at and "act" in at and random.random() < 0.16
    if early:  # first carried out, then signed
        at["approve"], at["act"] = at["act"], at["approve"]
    log = [[complaint, step, when.isoformat()] for step, when in at.items()]
    for step in tuple(at):
        if step != "record" and random.random() < 0.03:
            log.append([complaint, step, awake(at[step] + timedelta(hours=random.randint(2, 30))).isoformat()])
    random.shuffle(log)
    return log, at.get("act") if state == "closed" else None, len(wanted) - len(done), early


def service_days(_: Random) -> Rows:
    """Return for each team how many orders it delivered on each working day and how many were late."""
    return published([row for _, rows in all_teams() for row in rows], "team_id", 1)


def carrier_changes(_: Random) -> Rows:
    """Return on which day each team changed its carrier."""
    return published([row for row, _ in all_teams()], "team_id", 1)


def all_teams() -> list[tuple[list[str], Rows]]:
    """Return every team with a series in which the change can be seen: nothing before it, a run of eight from it on."""
    random, found = Random(f"{SEED}|service_days"), []
    while len(found) < 400:
        team = f"G{len(found) + 1:03}"
        change, rows = series(random, team)
        if readable(change, rows):
            found.append(([team, rows[change][1]], rows))
    return found


def series(random: Random, team: str) -> tuple[int, Rows]:
    """Return the place of the change and the days of a team: a share of late orders, one stormy day, a rise for good."""
    share, size = random.uniform(0.045, 0.075), random.uniform(140, 260)
    rise, storm, change = random.uniform(1.7, 2.2), random.randint(5, 20), random.randint(34, 44)
    rows: Rows = []
    for number, day in enumerate(working_days()):
        orders = round(size * random.uniform(0.75, 1.25))
        chance = 4.2 * share if number == storm else share * (rise if number >= change else 1)
        late = sum(random.random() < chance for _ in range(orders))
        rows.append([team, day.isoformat(), str(orders), str(late), "storm" if number == storm else ""])
    return change, rows


def readable(change: int, rows: Rows) -> bool:
    """Say whether the storm alone is outside the limits before the change, and the first run of eight begins with it."""
    orders, late = [int(row[2]) for row in rows], [int(row[3]) for row in rows]
    storm = next(number for number, row in enumerate(rows) if row[4])

    def outside(base: list[int]) -> tuple[float, list[int]]:
        mean = sum(late[i] for i in base) / sum(orders[i] for i in base)
        wide = [3 * math.sqrt(mean * (1 - mean) / n) for n in orders]
        return mean, [i for i, n in enumerate(orders) if abs(late[i] / n - mean) > wide[i] + 1e-12]

    _, first = outside(list(range(BASE)))
    mean, out = outside([i for i in range(BASE) if i != storm])
    high = [late[i] / orders[i] > mean for i in range(len(rows))]
    quiet = [i for i in first if i < BASE] == [storm] == [i for i in out if i < change]
    return quiet and runs(high)[:1] == [change]


def service_weeks(random: Random) -> Rows:
    """Return for each team how many complaints came in each week: a steady rate, one bad week, a lasting rise or fall."""
    found: Rows = []
    team = 0
    while team < 400:
        rate, bad = random.uniform(8, 15), random.randint(27, 31)
        change, turn = random.randint(35, 40), random.choice((0.6, 1.5))
        counts = [poisson(random, rate * (turn if week >= change else 1)) for week in range(52)]
        counts[bad] = math.ceil(rate + 3.6 * math.sqrt(rate) + random.randint(0, 4))
        mean = sum(counts[:BASE]) / BASE
        out = [week for week, n in enumerate(counts) if abs(n - mean) > 3 * math.sqrt(mean)]
        starts = sorted(runs([n > mean for n in counts]) + runs([n < mean for n in counts]))
        if 0.25 < mean % 1 < 0.75 and out[:1] == [bad] and change in starts[:1] and len(out) <= 4:
            team += 1
            found += [[f"G{team:03}", str(week + 1), str(n)] for week, n in enumerate(counts)]
    return published(found, "team_id", 1)


def runs(flags: list[bool]) -> list[int]:
    """Return where runs of eight or more true values begin."""
    return [i for i in range(len(flags) - 7) if all(flags[i : i + 8]) and not (i and flags[i - 1])]


def poisson(random: Random, rate: float) -> int:
    """Return a Poisson count (Knuth's product of uniform numbers)."""
    limit, count, product = math.exp(-rate), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count


def working_days() -> list[date]:
    """Return sixty working days from 1 April 2026, after the official notice."""
    day, found = date(2026, 4, 1), []
    while len(found) < 60:
        if day in MADE_UP or (day.weekday() < 5 and day not in DAYS_OFF):
            found.append(day)
        day += timedelta(days=1)
    return found


def awake(when: datetime) -> datetime:
    """Return the time, or the same minute after eight in the morning that follows, if people are at home by then."""
    if 8 <= when.hour < 20:
        return when
    return (when + timedelta(hours=12 if when.hour >= 20 else 0)).replace(hour=8)


def shop(random: Random) -> list[str]:
    """Return the name of a shop, Chinese and English."""
    (zh, en), place = f.firm_word(random), random.randrange(len(SHOPS_ZH))
    return [zh + SHOPS_ZH[place], f"{en} {SHOPS_EN[place]}"]


MAKERS: dict[str, Callable[[Random], Rows]] = {
    "calls": calls,
    "call_turns": call_turns,
    "contact_list": contact_list,
    "support_projects": support_projects,
    "service_promises": service_promises,
    "complaints": complaints,
    "complaint_steps": complaint_steps,
    "service_days": service_days,
    "carrier_changes": carrier_changes,
    "service_weeks": service_weeks,
}


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    return MAKERS[name](Random(f"{SEED}|{name}"))
