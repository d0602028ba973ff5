"""The customer surveys of Yunqi Stationery in 2025: nine small sets for the chapter on customer satisfaction.

What drives the case: on-time delivery and urgent orders matter and go badly, and a competitor does both better; unhappy customers skip
questions, so the rule for missing answers moves the result; a telephone reminder brings questionnaires back. Every unit has a random
stream of its own, so that a change in one leaves the others as they are. All firms are fictional.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from hashlib import sha256
from heapq import nsmallest
from random import Random

import fictional as f
from published import truth

SEED = 20251130
SALES = {"林晓": 0.55, "赵敏行": 0.45, "周可": 0.85, "何文": 0.50, "孙一": 0.20}
"""How often each salesperson telephones to remind."""

# item: group, zh, en, weight, importance, our level, the competitor's level (levels on the scale from 1 to 5)
ITEMS = {
    "quality": ("product", "质量稳定", "steady quality", 15, 4.6, 4.25, 4.0),
    "range": ("product", "品种齐全", "wide range", 9, 3.7, 4.05, 4.2),
    "packing": ("product", "包装完好", "good packing", 4, 2.7, 4.3, 3.6),
    "ontime": ("delivery", "准时送达", "on-time delivery", 14, 4.5, 3.55, 4.3),
    "complete": ("delivery", "数量准确", "right quantity", 8, 4.0, 4.15, 3.95),
    "urgent": ("delivery", "急单响应", "urgent orders", 7, 4.1, 3.2, 4.05),
    "attitude": ("service", "服务态度", "friendly service", 5, 3.4, 4.35, 3.75),
    "answer": ("service", "答复及时", "quick answers", 8, 4.0, 3.6, 3.65),
    "complaint": ("service", "投诉处理", "handling of complaints", 8, 3.8, 3.3, 3.4),
    "price": ("trade", "价格合理", "fair prices", 12, 4.4, 3.4, 3.55),
    "terms": ("trade", "付款条件", "terms of payment", 6, 3.3, 3.7, 3.35),
    "invoice": ("trade", "开票准确", "correct invoices", 4, 3.0, 4.1, 3.85),
}
SKIPPED = {"complaint": 6, "urgent": 3, "terms": 2, "price": 2}
"""How readily an item is left out; 1 where none is named."""

REPORT = (
    ("quality", "主要技术指标", "main technical figures", "96"),
    ("quality", "安全健康", "safety and health", "94.5"),
    ("quality", "工艺水平", "workmanship", "95.5"),
    ("quality", "产品外观", "appearance", "95.4"),
    ("support", "支持次数", "frequency of support", "93.1"),
    ("support", "培训教育", "training", "93.2"),
    ("support", "支持有效性", "effect of support", "100"),
    ("service", "服务及时性", "speed of service", "91"),
    ("service", "服务有效性", "effect of service", "91"),
    ("service", "服务态度", "attitude", "93.5"),
)
"""A published survey of ten items; with equal weights they give 94.32."""

# need: the better direction, typical expectation, ours ÷ expectation, the competitor's ÷ expectation, points of ten, step of the answers
NEEDS = {
    "delivery": ("low", 30, 1.30, 1.00, 2.2, 1),
    "urgent": ("low", 5, 1.55, 1.15, 1.8, 0.5),
    "minimum": ("low", 260, 1.20, 1.50, 1.3, 10),
    "answer": ("low", 3, 1.45, 1.35, 1.6, 0.5),
    "stock": ("high", 92, 0.90, 0.95, 2.1, 1),
    "invoice": ("low", 4, 0.75, 1.20, 1.0, 0.5),
}
ENDS = (
    ("文具店", "Stationery Shop"),
    ("书店", "Bookshop"),
    ("设计事务所", "Design Office"),
    ("软件公司", "Software"),
    ("培训学校", "Training School"),
    ("宾馆", "Inn"),
    ("图文社", "Copy Shop"),
    ("门诊部", "Clinic"),
)
Rows = list[list[str]]


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    unit, size, maker, ids = SETS[name]
    found = [row for one in ids for row in maker(Random(f"{SEED}|{name}|{one}"), one)]
    if name == "small_reports":
        return [[*row, truth(row[0] == "R001")] for row in found]
    units = dict.fromkeys(row[0] for row in found)
    mine = set(nsmallest(size, units, key=lambda one: sha256(f"0|{unit}|{one}".encode()).digest()))
    return [[*row, truth(row[0] in mine)] for row in found]


def frame(random: Random, one: str) -> Iterator[list[str]]:
    """Yield a customer with the business volume of three years."""
    level = math.exp(random.gauss(10.2, 1.2))
    closed, new = random.random() < 0.07, random.random() < 0.12
    years = [0.0 if new else level * random.uniform(0.7, 1.2), level * random.uniform(0.8, 1.2)]
    years.append(0.0 if closed else level * random.uniform(0.7, 1.4))
    yield [one, *firm(random), random.choice(list(SALES)), "closed" if closed else "active", *map(tens, years)]


def survey(_: Random, one: str) -> Iterator[list[str]]:
    """Yield one mailed questionnaire: who got it, whether it came back, and the twelve answers with their gaps."""
    asked = Asked(one)
    answers = [asked.answer(item) for item in ITEMS] if asked.returned else [""] * len(ITEMS)
    yield [
        one,
        *asked.names,
        asked.salesperson,
        tens(asked.volume),
        truth(asked.reminded),
        truth(asked.returned),
        *answers,
    ]


def importance(random: Random, one: str) -> Iterator[list[str]]:
    """Yield how important each item is to the customer, blank where no questionnaire came back."""
    level = random.gauss(0, 0.3)
    ratings = [likert(random, row[4] + level, 0.75) for row in ITEMS.values()]
    yield [one, *(ratings if Asked(one).returned else [""] * len(ITEMS))]


class Asked:
    """A customer who was mailed a questionnaire. Its stream is the same in both tables that tell of it."""

    def __init__(self, one: str) -> None:
        random = self.random = Random(f"{SEED}|asked|{one}")
        self.names = firm(random)
        self.salesperson = random.choice(list(SALES))
        self.reminded = random.random() < SALES[self.salesperson]
        self.returned = random.random() < (0.75 if self.reminded else 0.47)
        size = random.gauss(0, 1)
        self.volume = math.exp(10.6 + 0.9 * size)
        self.mood = random.gauss(-0.14 * size, 0.5)
        self.groups = {group: random.gauss(0, 0.3) for group in ("product", "delivery", "service", "trade")}
        self.skipped = self.gaps()

    def gaps(self) -> set[str]:
        """Return the items left out: unhappy customers lose patience sooner."""
        tired = 1 / (1 + math.exp(1.75 + 2.6 * self.mood))
        luck = self.random.random()
        count = self.random.choice((2, 2, 3, 4, 4, 5, 6, 7)) if luck < tired else int(luck < tired + 0.13)
        left = list(ITEMS)
        out: set[str] = set()
        while len(out) < count:
            out.add(self.random.choices(left, [SKIPPED.get(item, 1) for item in left])[0])
        return out

    def answer(self, item: str) -> str:
        group, *_, level, _ = ITEMS[item]
        score = likert(self.random, level + self.mood + self.groups[group], 0.6)
        return "" if item in self.skipped else score


def weights(random: Random, one: str) -> Iterator[list[str]]:
    """Yield the twelve items with the weights, 100 together, on which one panel of managers agreed."""
    wished = {item: row[3] * math.exp(random.gauss(0, 0.28)) for item, row in ITEMS.items()}
    total = sum(wished.values())
    points = {item: max(2, round(100 * wish / total)) for item, wish in wished.items()}
    points["quality"] += 100 - sum(points.values())
    for item, (group, zh, en, *_) in ITEMS.items():
        yield [one, item, group, zh, en, str(points[item])]


def market(random: Random, one: str) -> Iterator[list[str]]:
    """Yield two rows of a buyer of stationery, who rates both firms."""
    buys = random.choices(("yunqi", "mohai", "both"), (35, 40, 25))[0]
    mood = random.gauss(0, 0.4)
    for column, rated in ((5, "yunqi"), (6, "mohai")):
        liking = mood + (0.3 if buys == rated else 0 if buys == "both" else -0.3)
        yield [one, buys, rated, *(likert(random, float(row[column]) + liking, 0.65) for row in ITEMS.values())]  # type: ignore[arg-type]


def report_copy(random: Random, one: str) -> Iterator[list[str]]:
    """Yield the ten published items with a stain on one, and with weights of this copy's reader."""
    stained = random.randrange(len(REPORT))
    for place, (group, zh, en, index) in enumerate(REPORT):
        yield [one, str(place + 1), group, zh, en, "" if place == stained else index, str(random.randint(1, 5))]


def small_report(random: Random, one: str) -> Iterator[list[str]]:
    """Yield the returned questionnaires of a small survey: four valid ones, and one to three that are void."""
    if one == "R001":  # a published case: index 78.4, all four satisfied
        answered, index = [12, 11, 12, 9, 12], [70.0, 80.4, 78.0, 58.8, 85.2]
    else:
        void = random.randint(1, 3)
        answered = [random.choice((11, 12, 12)) for _ in range(4)] + [random.choice((7, 8, 9, 10)) for _ in range(void)]
        valid = [70.0] + [round(random.uniform(56, 92), 1) for _ in range(3)]
        pairs = list(zip(answered, valid + [round(random.uniform(40, 78), 1) for _ in range(void)], strict=True))
        random.shuffle(pairs)
        answered, index = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for count, value in zip(answered, index, strict=True):
        yield [one, *firm(random), str(count), f"{value:.1f}"]


def pretest(random: Random, one: str) -> Iterator[list[str]]:
    """Yield forty pretest questionnaires on which one item was printed with its scale upside down."""
    reversed_item = random.choice(list(ITEMS))
    for number in range(1, 41):
        mood = random.gauss(0, 0.75)
        scores = {item: likert(random, float(row[5]) - 0.3 + mood, 0.6) for item, row in ITEMS.items()}  # type: ignore[arg-type]
        scores[reversed_item] = str(6 - int(scores[reversed_item]))
        yield [one, str(number), *scores.values()]


def needs(random: Random, one: str) -> Iterator[list[str]]:
    """Yield one round of talks; held again where importance would not change the order of the needs."""
    found = list(talks(random, one))
    while not importance_matters(found):
        found = list(talks(random, one))
    yield from found


def talks(random: Random, one: str) -> Iterator[list[str]]:
    """Yield what twelve customers of one round of talks expect, and what they get from us and from the competitor."""
    local = {need: [random.gauss(1, 0.13), random.gauss(1, 0.10), math.exp(random.gauss(0, 0.6))] for need in NEEDS}
    know = random.sample(range(1, 13), random.randint(7, 9))
    for number in range(1, 13):
        points = shared(random, {need: row[4] * local[need][2] for need, row in NEEDS.items()})
        for need, (better, expected, ours, theirs, _, step) in NEEDS.items():
            share = better == "high"  # a share of goods in stock cannot swing as widely as hours do
            swing, spread, most = (0.35, 0.03, 99.0) if share else (1.0, 0.16, math.inf)
            levels = [1.0, *(ratio * factor**swing for ratio, factor in zip((ours, theirs), local[need], strict=False))]
            wish, got, other = (
                f"{min(most, max(step, round(expected * level * random.gauss(1, spread) / step) * step)):g}"
                for level in levels
            )
            yield [one, str(number), need, str(points[need]), wish, got, other if number in know else ""]


def importance_matters(found: Rows) -> bool:
    """Say whether the needs stand in another order by gap times importance than by gap alone."""
    gaps, points = {}, {}
    for need, (better, *_) in NEEDS.items():
        mine = [row for row in found if row[2] == need]
        ratio = sum(float(row[5]) for row in mine) / sum(float(row[4]) for row in mine)
        gaps[need] = ratio - 1 if better == "low" else 1 - ratio
        points[need] = sum(int(row[3]) for row in mine)
    return sorted(gaps, key=lambda need: gaps[need]) != sorted(gaps, key=lambda need: gaps[need] * points[need])


def shared(random: Random, wishes: dict[str, float]) -> dict[str, int]:
    """Return ten points given one by one, each to a need as likely as it weighs."""
    given = random.choices(list(wishes), list(wishes.values()), k=10)
    return {need: given.count(need) for need in wishes}


def firm(random: Random) -> tuple[str, str]:
    zh, en = f.firm_word(random)
    ends = random.choice(ENDS)
    return zh + ends[0], f"{en} {ends[1]}"


def likert(random: Random, level: float, spread: float) -> str:
    return str(min(5, max(1, round(random.gauss(level, spread)))))


def tens(value: float) -> str:
    return str(max(10, round(value / 10) * 10)) if value else "0"


def numbered(letter: str, count: int, digits: int) -> list[str]:
    return [f"{letter}{number:0{digits}}" for number in range(1, count + 1)]


Maker = Callable[[Random, str], Iterator[list[str]]]
ASKED = numbered("Q", 2400, 4)
SETS: dict[str, tuple[str, int, Maker, list[str]]] = {
    "survey_frame": ("customer_id", 150, frame, numbered("V", 2400, 4)),
    "survey": ("customer_id", 200, survey, ASKED),
    "survey_importance": ("customer_id", 200, importance, ASKED),
    "survey_weights": ("panel_id", 1, weights, numbered("G", 240, 3)),
    "market_survey": ("respondent_id", 90, market, numbered("M", 1200, 4)),
    "report_copies": ("copy_id", 1, report_copy, numbered("K", 240, 3)),
    "small_reports": ("report_id", 1, small_report, numbered("R", 300, 3)),
    "pretests": ("version_id", 1, pretest, numbered("T", 90, 3)),
    "needs_survey": ("round_id", 1, needs, numbered("N", 90, 3)),
}
