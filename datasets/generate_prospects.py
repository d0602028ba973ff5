"""The prospects of Yunqi Stationery and what it takes to find them: seven small sets for the chapter on customer identification.

Every set has its own random stream, so that a change in one leaves the others as they are. All firms are fictional.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import fictional as f
from published import published, truth

SEED = 20260105
SALES = ("林晓", "赵敏行", "周可", "何文", "孙一")
METHODS = ("universal", "advertising", "introduction", "lookup", "assistant", "records", "fair")
Rows = list[list[str]]

# trade: share, names zh, names en
TRADES = {
    "education": (22, ("小学", "中学", "培训学校"), ("Primary School", "Middle School", "Training School")),
    "office": (30, ("设计事务所", "咨询公司", "软件公司"), ("Design Office", "Consulting", "Software")),
    "retail": (20, ("文具店", "书店", "便利店"), ("Stationery Shop", "Bookshop", "Convenience Shop")),
    "hotel": (12, ("宾馆", "酒店"), ("Inn", "Hotel")),
    "health": (8, ("门诊部", "康复中心"), ("Clinic", "Rehabilitation Centre")),
    "printing": (8, ("图文社", "印务部"), ("Copy Shop", "Print Shop")),
}
LIMITS = {
    "owner": 10_000_000,
    "manager": 10_000_000,
    "purchasing": 30_000,
    "office": 8_000,
    "finance": 0,
    "user": 0,
    "reception": 0,
}
ROLES = {
    "owner": 12,
    "manager": 12,
    "purchasing": 26,
    "office": 20,
    "finance": 8,
    "user": 14,
    "reception": 8,
}  # in percent
HOPES = {"林晓": 0.05, "赵敏行": 0.12, "周可": 0.42, "何文": 0.18, "孙一": 0.28}
"""How often each salesperson writes a capital letter where the facts say a small one."""

# method: share of approaches, cost, answered, effective of answered, ordered of effective, first order
APPROACHES = {
    "universal": (22, 45, 0.32, 0.34, 0.32, 4200),
    "advertising": (28, 12, 0.14, 0.42, 0.36, 3800),
    "introduction": (10, 62, 0.76, 0.60, 0.60, 7600),
    "lookup": (14, 18, 0.36, 0.48, 0.42, 5600),
    "assistant": (8, 52, 0.52, 0.48, 0.40, 4800),
    "records": (10, 11, 0.52, 0.52, 0.55, 5200),
    "fair": (8, 165, 0.66, 0.50, 0.48, 9800),
}
# salesperson: weights of the reading days Monday to Friday of B cards
READING_DAYS = {
    "林晓": (50, 20, 10, 10, 10),
    "赵敏行": (22, 20, 18, 20, 20),
    "周可": (40, 10, 10, 10, 30),
    "何文": (15, 15, 40, 15, 15),
    "孙一": (30, 30, 20, 10, 10),
}
# question: area, weight, how often it is answered yes, zh, en
QUESTIONS = (
    ("market", 2, 0.35, "有没有一张标出客户和空白区的行销地图？", "Is there a marketing map that shows customers and blank areas?"),
    ("market", 1, 0.55, "清楚本地客户的收入水平、习惯和喜好吗？", "Are income, habits and tastes of the local customers known?"),
    ("market", 3, 0.50, "潜在客户分成几个细分市场了吗？", "Are the prospects split into segments?"),
    ("records", 3, 0.70, "每个潜在客户都有资料卡吗？", "Does every prospect have a customer card?"),
    ("people", 3, 0.65, "每位业务员都有明确的开发目标吗？", "Does every salesperson have a clear development target?"),
    ("people", 2, 0.75, "规定了每天要拜访几家吗？", "Is the number of visits a day laid down?"),
    ("people", 2, 0.60, "给每人分配了重点区域或重点客户群吗？", "Has everyone been given a key area or customer group?"),
    ("method", 1, 0.50, "手里的宣传品和样品都用上了吗？", "Is all the promotion material and are all the samples put to use?"),
    ("people", 2, 0.30, "开发难度大的客户群，有专门的训练吗？", "Is there special training for the hard customer groups?"),
    ("records", 3, 0.25, "列出了以前买过、现在不买的客户吗？", "Is there a list of lapsed customers?"),
    ("method", 2, 0.45, "不同产品有不同的开发方法吗？", "Does each product have its own way of being sold to new customers?"),
    ("method", 2, 0.40, "不同层次的潜在客户有不同的开发方法吗？", "Does each tier of prospects have its own way?"),
    ("records", 2, 0.35, "有没有收集消息的网络？", "Is there an information network?"),
    ("method", 1, 0.45, "准备好过前台、不被拒之门外的说法了吗？", "Are there words ready to get past the gatekeeper?"),
    ("people", 1, 0.60, "各项活动都排了时间表吗？", "Do all activities have a schedule?"),
    ("deal", 3, 0.45, "最有可能成交的机会单独列出来了吗？", "Are the most likely deals listed separately?"),
    ("deal", 2, 0.55, "各种场合都用来争取订单吗？", "Is every occasion used to win an order?"),
    ("deal", 2, 0.40, "请有影响力的人介绍或说好话了吗？", "Are influential people asked to introduce or to recommend?"),
    ("deal", 3, 0.50, "知道对方由谁拍板吗？", "Is the key decision-maker known?"),
    ("method", 1, 0.50, "写信和上门是交替进行的吗？", "Do letters and visits alternate?"),
    ("deal", 2, 0.35, "对潜在客户做了深度开发吗？", "Are prospects developed in depth?"),
    ("deal", 3, 0.55, "主要客户有人用心培养吗？", "Are the main customers cultivated with care?"),
    ("deal", 1, 0.65, "会向亲友推荐自家的产品吗？", "Do people recommend our own brand to family and friends?"),
)  # fmt: skip
REGIONS = {"hangzhou": 0.9, "ningbo": 0.3, "jiaxing": 0.0, "jinhua": -0.4, "wenzhou": -0.7}


def prospects(random: Random) -> Rows:
    """Return the prospects with the facts of the MAN rule and what the salesperson wrote on the card."""
    found: Rows = []
    taken: set[str] = set()
    while len(found) < 3000:
        trade = pick(random, {name: parts[0] for name, parts in TRADES.items()})
        _, ends_zh, ends_en = TRADES[trade]
        zh, en = f.firm_word(random)
        place = random.randrange(len(ends_zh))
        if zh + ends_zh[place] in taken:
            continue
        taken.add(zh + ends_zh[place])
        salesperson, method = random.choice(SALES), pick(random, {name: row[0] for name, row in APPROACHES.items()})
        quote = random.choices((8000, 30000, hundreds(math.exp(random.gauss(9.1, 0.85)))), (5, 4, 91))[0]
        budget = quote if random.random() < 0.05 else hundreds(quote * math.exp(random.gauss(0.15, 0.5)))
        role = pick(random, ROLES)
        need = min(10, max(0, round(random.gauss(5.6, 2.3))))
        truth = (budget >= quote, quote <= LIMITS[role], need >= 6)
        said = [random.random() < (0.96 if right else HOPES[salesperson]) for right in truth]
        judged = "+".join(big if high else big.lower() for big, high in zip("MAN", said, strict=True))
        names = [f"P{len(found) + 1:04}", zh + ends_zh[place], f"{en} {ends_en[place]}"]
        found.append([*names, trade, salesperson, method, str(budget), str(quote), role, str(need), judged])
    return published(found, "prospect_id", 240)


def approaches(random: Random) -> Rows:
    """Return last year's first approaches: what each cost and how far it came."""
    found: Rows = []
    for number in range(1, 6001):
        method = pick(random, {name: row[0] for name, row in APPROACHES.items()})
        _, cost, answer, effective, order, amount = APPROACHES[method]
        answered = random.random() < answer
        real = answered and random.random() < effective
        ordered = real and random.random() < order
        first = hundreds(amount * math.exp(random.gauss(-0.1, 0.45))) if ordered else 0
        spent = f"{cost * random.uniform(0.7, 1.3):.2f}"
        found.append([f"A{number:04}", method, spent, *map(truth, (answered, real, ordered)), str(first)])
    return published(found, "approach_id", 900)


def efforts(random: Random) -> Rows:
    """Return efforts to win and to keep, each with the score that identification gave beforehand."""
    found: Rows = []
    for number in range(1, 5001):
        aim = random.choice(("win", "keep"))
        score = random.randrange(101)
        chance = 0.01 + 0.24 * (score / 100) ** 2 if aim == "win" else 0.35 + 0.6 * score / 100
        cost = random.gauss(180, 35) if aim == "win" else random.gauss(40, 7)
        success = random.random() < chance
        margin = math.exp(random.gauss(7.85 if aim == "win" else 6.3, 0.45)) if success else 0.0
        found.append([f"E{number:04}", aim, str(score), f"{max(cost, 10):.2f}", truth(success), f"{margin:.2f}"])
    return published(found, "effort_id", 800)


def cards(random: Random) -> Rows:
    """Return cards with their grade and the day on which a B or C card is read."""
    found: Rows = []
    for number in range(1, 3201):
        salesperson = random.choice(SALES)
        grade = pick(random, {"A": 17, "B": 38, "C": 45})
        weekday = random.choices(range(1, 6), READING_DAYS[salesperson])[0]
        month_day = random.choices((1, 15, random.randrange(1, 29)), (8, 8, 84))[0]
        found.append(
            [f"K{number:04}", salesperson, grade, str(weekday * (grade == "B")), str(month_day * (grade == "C"))]
        )
    return published(found, "card_id", 320)


def stock(random: Random) -> Rows:
    """Return a list of prospects of the first week and the week in which each left it."""
    found: Rows = []
    for number in range(1, 3001):
        salesperson = random.choices(SALES, (24, 20, 16, 22, 18))[0]
        pace = 0.035 * (1 + 0.5 * (SALES.index(salesperson) - 2) / 2)
        week = math.ceil(random.expovariate(pace))
        outcome = random.choices(("ordered", "dropped"), (35, 65))[0] if week <= 26 else "open"
        found.append([f"S{number:04}", salesperson, str(week if week <= 26 else 0), outcome])
    return published(found, "entry_id", 300)


def audit(random: Random) -> Rows:
    """Return the answers of each team to each of the 23 questions."""
    found: Rows = []
    for team in range(1, 401):
        region = random.choice(tuple(REGIONS))
        level = REGIONS[region] + random.gauss(0, 0.5)
        for number, (_, _, share, _, _) in enumerate(QUESTIONS, start=1):
            strength = math.log(share / (1 - share)) + level + random.gauss(0, 0.9)
            answer = ("no", "partly", "yes")[(strength > -0.45) + (strength > 0.45)]
            found.append([f"T{team:03}", region, str(number), "na" if random.random() < 0.06 else answer])
    return published(found, "team_id", 40)


def questions(_: Random) -> Rows:
    """Return the 23 questions with area and weight."""
    return [
        [str(number), area, str(weight), zh, en] for number, (area, weight, _, zh, en) in enumerate(QUESTIONS, start=1)
    ]


MAKERS: dict[str, Callable[[Random], Rows]] = {
    "prospects": prospects,
    "approaches": approaches,
    "efforts": efforts,
    "reading_cards": cards,
    "prospect_stock": stock,
    "prospect_audit": audit,
    "audit_questions": questions,
}


def rows(name: str) -> Rows:
    """Return the rows of one set as text, in the order of the schema."""
    return MAKERS[name](Random(f"{SEED}|{name}"))


def pick(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def hundreds(value: float) -> int:
    """Round to whole hundreds, at least one."""
    return max(100, round(value / 100) * 100)
