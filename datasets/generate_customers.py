"""The customers of Yunqi Stationery: 3,000 fictional firms, shared by the chapters on cards, archive, credit and identification.

A hidden size drives staff, capital, assets and purchases; a hidden soundness drives how fast a customer pays, its credit
incidents, reputation and terms. The figures belong together as they would in a real customer list.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from hashlib import sha256
from heapq import nsmallest
from random import Random

import fictional as f

SEED, FIRMS, DRAW = 20251231, 3000, 300
TODAY = date(2025, 12, 31)

# trade: share, names zh, names en, effect on purchases, product lines
TRADES = {
    "manufacturing": (
        20,
        ("机械", "电子科技", "纺织"),
        ("Machinery", "Electronics", "Textile"),
        0.0,
        "filing filing writing equipment",
    ),
    "wholesale": (
        12,
        ("办公用品", "贸易", "文化用品"),
        ("Office Supplies", "Trading", "Cultural Goods"),
        0.9,
        "writing paper school school",
    ),
    "retail": (
        13,
        ("百货", "图书文具", "商贸"),
        ("Department Store", "Books and Stationery", "Commerce"),
        0.3,
        "school school writing gifts",
    ),
    "software": (
        11,
        ("软件", "网络科技", "信息技术"),
        ("Software", "Network Technology", "Information Technology"),
        -0.1,
        "equipment writing paper",
    ),
    "hospitality": (
        9,
        ("酒店管理", "餐饮管理", "旅游"),
        ("Hotel Management", "Catering", "Travel"),
        -0.2,
        "gifts paper writing",
    ),
    "logistics": (
        8,
        ("物流", "供应链", "仓储"),
        ("Logistics", "Supply Chain", "Warehousing"),
        -0.1,
        "paper filing equipment",
    ),
    "construction": (
        8,
        ("建筑工程", "装饰工程", "园林"),
        ("Construction", "Decoration", "Landscaping"),
        -0.1,
        "filing paper equipment",
    ),
    "services": (
        9,
        ("管理咨询", "广告", "会计服务"),
        ("Consulting", "Advertising", "Accounting"),
        0.1,
        "paper filing gifts",
    ),
}
PUBLIC = {
    "education": (
        6,
        ("中学", "小学", "职业学校"),
        ("Middle School", "Primary School", "Vocational School"),
        0.6,
        "school school writing paper",
    ),
    "health": (2, ("医院", "社区卫生服务中心"), ("Hospital", "Community Health Centre"), 0.3, "paper filing equipment"),
    "administration": (
        2,
        ("政务服务中心", "档案馆"),
        ("Public Service Centre", "Archives"),
        0.3,
        "filing filing paper",
    ),
}
ALL_TRADES = {**TRADES, **PUBLIC}
FORMS = {
    "limited": ("有限公司", "Co., Ltd."),
    "joint_stock": ("股份有限公司", "Corporation"),
    "partnership": ("合伙企业", "Partnership"),
    "household": ("经营部", "Store"),
    "public": ("", ""),
}
AREAS = {  # who looks after which cities
    "林晓": ("杭州市",),
    "赵敏行": ("嘉兴市", "湖州市", "绍兴市"),
    "周可": ("宁波市", "温州市", "金华市", "台州市"),
    "何文": ("上海市", "南京市", "苏州市", "无锡市", "常州市"),
    "孙一": ("合肥市", "芜湖市", "南昌市", "福州市", "厦门市"),
}
CITY_WEIGHTS = (24, 8, 5, 6, 4, 5, 5, 4, 9, 5, 6, 4, 3, 4, 2, 2, 2, 2)
TITLES = ("purchasing_manager", "office_manager", "administrator", "finance_manager", "store_manager")


def rows(name: str = "customers") -> list[list[str]]:
    """Return the rows as text, in the order of the schema."""
    random = Random(SEED)
    ids = [f"C{number:05}" for number in range(1, FIRMS + 1)]
    published = set(nsmallest(DRAW, ids, key=lambda one: sha256(f"0|customer_id|{one}".encode()).digest()))
    taken: set[str] = set()
    found = []
    while len(found) < FIRMS:
        number = ids[len(found)]
        row = firm(random, number)
        if row[1] not in taken:  # a name that is taken is thrown again
            taken.add(row[1])
            found.append([*row, str(number in published).lower()])
    return found


def pick(random: Random, weights: dict[str, float]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange((last - first).days + 1))


def rounded(value: float) -> int:
    """Round as people state capital: to one or two leading digits."""
    step = 10 ** max(0, int(math.log10(max(value, 1))) - 1)
    return max(1, round(value / step) * step)


def firm(random: Random, number: str) -> list[str]:
    """Return one firm."""
    kind = pick(random, {"government": 10, "special": 8, "ordinary": 60, "individual": 12, "partner": 10})
    trades = {"government": PUBLIC, "partner": {t: TRADES[t] for t in ("wholesale", "retail")}}.get(kind, TRADES)
    trade = pick(random, {name: parts[0] for name, parts in trades.items()})
    _, names_zh, names_en, push, lines = trades[trade]
    size = random.gauss(
        {"government": 0.5, "special": 1.5, "ordinary": 0, "individual": -1.5, "partner": 0.3}[kind], 0.8
    )
    sound = random.gauss({"government": 1.0, "special": 0.6, "individual": -0.3}.get(kind, 0.0), 1)
    form = {"government": "public", "individual": "household"}.get(kind) or (
        "joint_stock" if size > 1.4 else "partnership" if random.random() < 0.06 else "limited"
    )
    city = random.choices(f.CITIES, CITY_WEIGHTS)[0]
    salesperson = next(name for name, cities in AREAS.items() if city.zh in cities)
    if random.random() < 0.05:
        salesperson = random.choice(list(AREAS))
    word_zh, word_en = f.firm_word(random)
    place = random.randrange(len(names_zh))
    end_zh, end_en = FORMS[form]
    name = f"{city.zh.removesuffix('市')}{word_zh}{names_zh[place]}{end_zh}"
    name_en = f"{city.en} {word_en} {names_en[place]} {end_en}".strip()
    head = f.person(random)
    same = form == "household" or (size < -0.4 and random.random() < 0.5)
    contact = head if same else f.person(random)
    title = "owner" if same else random.choice(TITLES if trade in ("retail", "hospitality") else TITLES[:4])

    employees = max(1, round(math.exp(3.3 + size + random.gauss(0, 0.35))))
    capital = rounded(math.exp(5.2 + 1.1 * size + random.gauss(0, 0.5)))
    assets = max(1, round(capital * math.exp(random.gauss(0.5, 0.5))))
    founded = day(random, date(1992, 1, 1), date(2024, 6, 30))

    relation = pick(random, {"existing": 62, "former": 14, "prospect": 24})
    warmth = random.gauss({"existing": 0.5, "former": -0.6, "prospect": 0.0}[relation], 1)
    attitude = ("negative", "doubtful", "neutral", "favourable", "loyal")[
        sum(warmth > cut for cut in (-1.2, -0.4, 0.4, 1.2))
    ]
    trend = random.gauss(0.08, 0.25)
    growth = ("low", "medium", "high")[sum(trend + random.gauss(0, 0.1) > cut for cut in (-0.02, 0.18))]
    purchases = previous = receivable = 0.0
    terms = incidents = paid = 0
    since = last = ""
    if relation != "prospect":
        start = day(random, max(founded, date(2010, 1, 1)), date(2024, 12, 31))
        since = start.isoformat()
        level = math.exp(9.6 + 0.75 * size + push + 0.25 * warmth + random.gauss(0, 0.7))
        previous = round(level / (1 + max(trend, -0.6)), 2)
        limit = size + 0.6 * sound + random.gauss(0, 0.4)
        terms = (0, 15, 30, 45, 60, 90)[sum(limit > cut for cut in (-1.2, -0.4, 0.5, 1.3, 2.2))]
        incidents = sum(random.random() < 0.14 * math.exp(-0.8 * sound) for _ in range(3))
        paid = max(0, round(terms + 6 - 8 * sound + 12 * incidents + random.gauss(0, 5)))
        if relation == "existing":
            purchases = round(level, 2)
            last = max(start, TODAY - timedelta(days=min(364, round(random.expovariate(1 / 45))))).isoformat()
            receivable = round(purchases * paid / 365 * random.uniform(0.6, 1.4), 2)
        else:
            earlier = day(random, min(start, date(2024, 6, 30)), date(2024, 12, 31))
            last = max(start, earlier).isoformat()
            previous = 0.0 if earlier.year < 2024 else round(previous * 0.4, 2)
            receivable = round(level * 0.1, 2) if incidents > 1 else 0.0
    standing = sound + random.gauss(0, 0.4) - 0.5 * incidents
    levels = ("weak", "medium", "strong")
    reputation = ("poor", "fair", "good")[sum(standing > cut for cut in (-0.9, 0.3))]
    capability = levels[sum(size + random.gauss(0, 0.6) > cut for cut in (-0.6, 0.6))]
    reach = ("city", "province", "region", "nation")[sum(size + random.gauss(0, 0.6) > cut for cut in (-0.2, 0.7, 1.6))]
    rival = pick(random, {"墨尚办公": 3, "纸源商贸": 3, "文德采购网": 3, "none": 2})
    registered = {"public": "12", "household": "92"}.get(form, "91")
    site, _ = f.address(random, city)
    return [
        number, name, name_en, f.social_credit_code(random, city, registered), head.zh, head.en, form, kind, trade,
        city.province_zh, city.zh, site, f.postcode(random, city), f.phone(random, city), f.mobile(random),
        contact.zh, contact.en, title, f"{contact.mail}@{word_en.lower()}.example.com", str(capital), str(assets),
        str(employees), founded.isoformat(), relation, since, last, salesperson, reach, capability, growth, attitude,
        reputation, rival, random.choice(lines.split()), f"{purchases:.2f}", f"{previous:.2f}", str(terms), str(paid),
        str(incidents), f"{receivable:.2f}",
    ]  # fmt: skip
