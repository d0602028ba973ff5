"""Where the customers of Yunqi Stationery come from: the sets for the chapter on customer sources.

Leads, what each source cost and the three lists to be merged belong to territories: a student has the same territories in all three, so
costs and leads agree. Every set has its own random stream. All firms and people are fictional.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from random import Random

import fictional as f
from generate_prospects import SALES, Rows, pick
from published import published, truth
from source_statements import STATEMENTS

SEED = 20260202
TERRITORIES = tuple(f"T{number:02}" for number in range(1, 61))
OWN = 8
"""How many territories a student has."""
YEAR = dt.date(2025, 1, 1)

# source: leads of a territory in a year, qualified, ordered of qualified, margin of a first order, cost of a territory in a year, its lines
SOURCES = {
    "finance": (4, 0.50, 0.50, 2200, 70, ("hours",)),
    "visit": (10, 0.35, 0.40, 1400, 900, ("travel", "hours")),
    "service": (9, 0.45, 0.45, 1800, 300, ("phone", "hours")),
    "web": (22, 0.11, 0.32, 1500, 700, ("advert", "hours")),
    "referral": (8, 0.55, 0.55, 2600, 380, ("gift", "travel")),
    "press": (13, 0.09, 0.26, 800, 560, ("advert", "printing")),
    "association": (6, 0.34, 0.40, 2400, 270, ("fee", "travel")),
    "fair": (8, 0.42, 0.44, 5200, 1300, ("booth", "travel", "printing")),
}
WORDINGS = {
    "finance": ("财务对账时得知", "财务转来", "财务：开票时问起"),
    "visit": ("走访", "上门走访", "拜访时得知", "路过拜访", "拜访"),
    "service": ("客服转来", "客服热线", "来电询价", "来电", "售后来电"),
    "web": ("网站留言", "网店", "公司网站", "网上搜到"),
    "referral": ("老客户介绍", "朋友介绍", "介绍", "走访时对方介绍的", "供应商介绍", "网友介绍"),
    "press": ("晚报", "报纸招聘版", "电视专访", "日报消息", "网上看到的电视专访"),
    "association": ("协会名录", "协会", "商会协会名单", "协会秘书介绍"),
    "fair": ("展会", "春季展会", "展会名片", "展台登记", "协会展台"),
}
"""What salespeople write for a source; where two words stand, the lower source of the table is meant."""

TRADES = {
    "设计": "Design",
    "咨询": "Consulting",
    "软件": "Software",
    "图文": "Copy Shop",
    "书店": "Bookshop",
    "培训": "Training",
    "宾馆": "Inn",
    "装饰": "Decoration",
}
TAGS = ("", "", "", "", "E", "UP", "88", "K2")

# way: fixed cost, cost of a contact, qualified of contacts, how many contacts there are
WAYS = {
    "directory": (320, 6.0, 0.066, 560),
    "press": (120, 9.0, 0.09, 170),
    "call": (0, 44.0, 0.22, 420),
    "introduction": (0, 40.0, 0.50, 44),
    "group": (1200, 20.0, 0.26, 90),
    "mailing": (520, 3.0, 0.026, 2600),
    "exhibition": (4600, 9.0, 0.34, 320),
}
# salesperson: visits at a wrong time, notes written on a later day
HABITS = {
    "林晓": (0.06, 0.08),
    "赵敏行": (0.14, 0.20),
    "周可": (0.34, 0.15),
    "何文": (0.10, 0.26),
    "孙一": (0.18, 0.46),
}


def statements(random: Random) -> Rows:
    """Return the sentences to be sorted, numbered so that the number does not tell where they belong."""
    order = list(STATEMENTS)
    random.shuffle(order)
    return published(
        [[f"s{number:03}", topic, zh, en] for number, (topic, _, zh, en) in enumerate(order, 1)], "statement_id", 70
    )


def keys() -> dict[str, dict[str, list[str]]]:
    """Return where the sentences belong: topic → place → numbers (what the chapter's solutions say)."""
    order = list(STATEMENTS)
    Random(f"{SEED}|source_statements").shuffle(order)
    found: dict[str, dict[str, list[str]]] = {}
    for number, (topic, place, *_) in enumerate(order, 1):
        found.setdefault(topic, {}).setdefault(place, []).append(f"s{number:03}")
    return found


def lead_log(random: Random) -> Rows:
    """Return leads of January 2026 as salespeople wrote them down."""
    found: Rows = []
    for number in range(1, 2401):
        source = pick(random, {name: row[0] for name, row in SOURCES.items()})
        text = random.choice(WORDINGS[source])
        if random.random() < 0.28:
            place = random.randrange(len(text) + 1)
            text = text[:place] + random.choice((" ", "　")) + text[place:]
            text += " " * (number % 3 == 0)  # or there would be as many blanks as entries with blanks
        day = dt.date(2026, 1, 4) + dt.timedelta(days=random.randrange(27))
        found.append([f"J{number:04}", day.isoformat(), text, random.choices(SALES, (26, 22, 18, 20, 14))[0]])
    return published(found, "lead_id", 240)


def known_firms(random: Random) -> Rows:
    """Return who knows which firm: three lists of our own and that of an association."""
    found: Rows = []
    for _ in range(1600):
        code = f.social_credit_code(random, f.CITIES[0])
        zh, en = firm(random)
        lists = random.choices(
            (
                ("finance", "sales"),
                ("finance", "sales", "service"),
                ("finance",),
                ("finance", "service"),
                ("sales",),
                ("service",),
                (),
            ),
            (18, 14, 8, 6, 12, 10, 32),
        )[0]
        people = max(3, round(math.exp(random.gauss(3.7, 0.9))))
        if not lists or random.random() < 0.45:
            lists = (*lists, "association")
        for name in lists:
            row = [name, code, zh, en, str(people) if name == "association" else ""]
            found += [row] * (2 if name in ("finance", "service") and random.random() < 0.2 else 1)
    random.shuffle(found)
    return published(found, "code", 200, 1)


def prospect_ways(random: Random) -> Rows:
    """Return what each way of prospecting costs and yields in each of many towns."""
    found: Rows = []
    for number in range(1, 81):
        for way, (fixed, each, rate, reach) in WAYS.items():
            near = [
                value * math.exp(random.gauss(0, spread))
                for value, spread in ((fixed, 0.15), (each, 0.12), (rate, 0.16))
            ]
            row = [str(round(near[0] / 10) * 10), f"{near[1]:.1f}", f"{near[2]:.3f}"]
            found.append([f"C{number:02}", way, *row, str(round(reach * math.exp(random.gauss(0, 0.2))))])
    return published(found, "town", 1)


def visits(random: Random) -> Rows:
    """Return visits with their times and when the note was written."""
    found: Rows = []
    for number in range(1, 1501):
        salesperson = random.choice(SALES)
        wrong, late = HABITS[salesperson]
        day = dt.date(2026, 1, 5) + dt.timedelta(days=random.choice((0, 1, 2, 3, 4)) + 7 * random.randrange(4))
        minute = (
            690 + random.randrange(0, 120, 5)
            if random.random() < wrong
            else random.choice((510, 570, 630, 840, 900, 960)) + random.randrange(0, 60, 5)
        )
        # many visits lie just on the border of what is a wrong time
        minute = 690 if 690 <= minute < 710 else 810 if 840 <= minute < 870 else minute
        begin = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
        over = begin + dt.timedelta(minutes=random.randrange(15, 75, 5))
        if random.random() < late:
            later = day + dt.timedelta(days=random.choice((1, 1, 1, 2, 3, 5)))
            if day.day >= 28:  # the notes of the last days wait over the weekend, into February
                later = max(later, dt.date(2026, 2, 2))
            written = dt.datetime.combine(later, dt.time(8, 30)) + dt.timedelta(minutes=random.randrange(600))
        else:
            written = over + dt.timedelta(minutes=random.choice((5, 10, 15, 30, 90, 180)))
        times = [moment.isoformat(timespec="seconds") for moment in (begin, over, written)]
        found.append([f"V{number:04}", salesperson, *times])
    return published(found, "visit_id", 180)


def leads(random: Random) -> Rows:
    """Return the leads of 2025 with what became of them."""
    found: Rows = []
    for territory in TERRITORIES:
        for source, (count, good, order, margin, _, _) in SOURCES.items():
            for _ in range(max(1, round(count * random.uniform(0.7, 1.3)))):
                day = YEAR + dt.timedelta(days=random.randrange(365))
                qualified = random.random() < good
                ordered = qualified and random.random() < order
                earned = f"{margin * math.exp(random.gauss(-0.08, 0.4)):.2f}" if ordered else "0.00"
                found.append(
                    [territory, day.isoformat(), source, random.choice(SALES), truth(qualified), truth(ordered), earned]
                )
    found.sort(key=lambda row: row[1])
    return published([[f"A{number:05}", *row] for number, row in enumerate(found, 1)], "territory", OWN, 1)


def source_costs(random: Random) -> Rows:
    """Return the cost lines of 2025; a line booked by mistake is taken back by a negative one."""
    found: Rows = []
    for territory in TERRITORIES:
        for source, (*_, cost, items) in SOURCES.items():
            whole = cost * math.exp(random.gauss(0, 0.15))
            shares = [random.uniform(0.5, 1.5) for _ in items]
            for item, share in zip(items, shares, strict=True):
                amount = f"{whole * share / sum(shares):.2f}"
                day = (YEAR + dt.timedelta(days=random.randrange(340))).isoformat()
                found.append([territory, day, source, item, amount])
                if random.random() < 0.05:
                    wrong = f"{random.randrange(50, 400)}.00"
                    back = (dt.date.fromisoformat(day) + dt.timedelta(days=20)).isoformat()
                    found += [[territory, day, source, item, wrong], [territory, back, source, "reversal", f"-{wrong}"]]
    found.sort(key=lambda row: row[1])
    return published([[f"K{number:04}", *row] for number, row in enumerate(found, 1)], "territory", OWN, 1)


def source_lists(random: Random) -> Rows:
    """Return the records of three lists, in which the same firm is written in different ways."""
    found: Rows = []
    taken: set[str] = set()
    for territory in TERRITORIES:
        for _ in range(random.randrange(14, 27)):
            word, trade, tag = f.firm_word(random)[0], random.choice(list(TRADES)), random.choice(TAGS)
            core = f"{word}{tag}{trade}"
            if core in taken:
                continue
            taken.add(core)
            lists = random.choices(
                (
                    ("fair",),
                    ("phone",),
                    ("notebook",),
                    ("fair", "phone"),
                    ("fair", "notebook"),
                    ("phone", "notebook"),
                    ("fair", "phone", "notebook"),
                ),
                (14, 18, 18, 12, 13, 12, 13),
            )[0]
            number, contact, boxes = f.mobile(random), f.person(random).zh, random.randrange(2, 60)
            same = dt.date(2025, 3, 1) + dt.timedelta(days=random.randrange(280))
            alike = len(lists) > 1 and random.random() < 0.12
            for name in lists:
                day = same if alike else dt.date(2025, 3, 1) + dt.timedelta(days=random.randrange(300))
                number = f.mobile(random) if random.random() < 0.25 else number
                contact = f.person(random).zh if random.random() < 0.25 else contact
                boxes = max(1, boxes + random.choice((-6, -3, 0, 0, 0, 4, 8)))
                facts = [
                    phone_as_written(random, number) if random.random() > 0.1 else "",
                    contact if random.random() > 0.15 else "",
                    str(boxes) if random.random() > 0.3 else "",
                ]
                found.append(
                    [
                        territory,
                        name,
                        firm_as_written(random, word, tag, trade),
                        *facts,
                        day.isoformat(),
                        random.choice(SALES),
                    ]
                )
    random.shuffle(found)
    return published([[f"R{number:04}", *row] for number, row in enumerate(found, 1)], "territory", OWN, 1)


def firm_as_written(random: Random, word: str, tag: str, trade: str) -> str:
    """Return a firm's name as somebody in a hurry writes it."""
    end = random.choice(("有限公司", "有限公司", "有限责任公司", "公司", ""))
    tag = "".join(chr(ord(sign) + 0xFEE0) for sign in tag) if random.random() < 0.4 else tag
    core = f"{word}{tag}{trade}"
    text = random.choice(
        (f"杭州{core}{end}", f"杭州市{core}{end}", f"{core}{end}", f"{core}（杭州）{end}", f"{core}(杭州){end}")
    )
    for _ in range(random.choice((0, 0, 1, 2))):
        place = random.randrange(1, len(text))
        text = text[:place] + random.choice((" ", "　")) + text[place:]
    return text


def phone_as_written(random: Random, number: str) -> str:
    """Return a mobile number as it is found in lists."""
    first, middle, last = number[:3], number[3:7], number[7:]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    return random.choice(
        (
            number,
            number,
            f"{first} {middle} {last}",
            f"{first}-{middle}-{last}",
            f"+86 {number}",
            f"0086-{number}",
            wide,
        )
    )


def firm(random: Random) -> tuple[str, str]:
    (zh, en), (trade_zh, trade_en) = f.firm_word(random), random.choice(list(TRADES.items()))
    return f"杭州{zh}{trade_zh}有限公司", f"{en} {trade_en}"


MAKERS: dict[str, Callable[[Random], Rows]] = {
    "source_statements": statements,
    "lead_log": lead_log,
    "known_firms": known_firms,
    "prospect_ways": prospect_ways,
    "visits": visits,
    "leads": leads,
    "source_costs": source_costs,
    "source_lists": source_lists,
}


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    return MAKERS[name](Random(f"{SEED}|{name}"))
