"""What lies in the customer archive of Yunqi Stationery: documents, the lending log, a half-yearly inspection, requests for reports.

Everything belongs to the customers of ``customers.csv`` and is fictional. Each customer occurs in all three sets, so a student's draw
from one of them is the draw from the others.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from random import Random

import fictional as f

SEED = 20251231
CUSTOMERS = Path(__file__).parent / "customers" / "customers.csv"
FIRST, FILED, EVENING, TODAY = date(2023, 1, 9), date(2025, 12, 14), date(2025, 12, 30), date(2025, 12, 31)
"""First document; last one that is filed (later ones lie in the tray); evening of the inspection; the day at the desk."""

HALF_YEAR = date(2025, 7, 1)
APPROVALS, APPROVALS_DRAWN = 1500, 90

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
GOODS = (
    ("中性笔", "gel pens"),
    ("A4复印纸", "A4 copy paper"),
    ("文件夹", "folders"),
    ("笔记本", "notebooks"),
    ("订书机", "staplers"),
    ("白板笔", "whiteboard pens"),
    ("档案盒", "document boxes"),
    ("礼品套装", "gift sets"),
)

# Class of file: (Chinese title, English title, whether an amount belongs to it). A title names what the document settles.
TITLES: dict[int, tuple[tuple[str, str, bool], ...]] = {
    1: (
        (
            "换发的营业执照复印件：注册地址迁到{street_zh}",
            "Copy of the renewed business licence: now at {street_en}",
            False,
        ),
        ("客户来函：采购联系人改由{person_zh}担任", "Letter: {person_en} is the new purchasing contact", False),
        ("开户银行与账号变更通知", "Notice of a new bank and account number", False),
        (
            "首次走访记录：门店{few}个，员工约{many}人",
            "Notes of the first visit: {few} shops, about {many} employees",
            False,
        ),
        ("企业客户资料卡（第{few}次更新）", "Enterprise customer card, update no. {few}", False),
        (
            "工商登记查询结果：法定代表人为{person_zh}",
            "Extract from the register: legal representative {person_en}",
            False,
        ),
        ("客户组织架构图和各部门电话", "Organisation chart of the customer with telephone numbers", False),
        ("新仓库照片{few}张和位置图", "Photographs of the new warehouse ({few}) and a map", False),
    ),
    2: (
        ("{year}年度购销合同（双方盖章）", "Sales contract for {year}, signed and sealed", True),
        ("采购订单：{goods_zh}{many}箱", "Purchase order: {many} boxes of {goods_en}", True),
        ("订单变更单：{goods_zh}改为{many}箱", "Change of an order: now {many} boxes of {goods_en}", True),
        ("补充协议：交货期延后{few}天", "Supplement to the contract: delivery {few} days later", False),
        (
            "盖章回传的报价单：接受{goods_zh}报价",
            "Quotation for {goods_en}, returned with the seal of the customer",
            True,
        ),
        ("中标通知书：{year}年办公用品供货", "Award of a tender: office supplies for {year}", True),
        ("合同附件：协议价目表，共{few}页", "Annex to the contract: agreed prices, {few} pages", False),
        ("解除合同协议书（未发货，互不欠款）", "Agreement to end a contract (nothing delivered, nothing owed)", False),
    ),
    3: (
        ("催款函（第{few}次）：{month_zh}货款已逾期", "Reminder no. {few}: payment for {month_en} is overdue", True),
        ("客户来函：请求推迟支付{month_zh}货款", "Letter: the customer asks to pay for {month_en} later", True),
        ("还款承诺书：分{few}期还清", "Promise to repay in {few} instalments", True),
        ("银行回单：收回{before}年的旧欠款", "Bank receipt: old debt of {before} repaid", True),
        ("对账函：客户确认尚欠货款", "Statement of account: the customer confirms what is still owed", True),
        ("律师函：追讨拖欠的货款", "Lawyer's letter to recover unpaid bills", True),
        ("抵债协议：用设备抵偿旧欠款", "Agreement: equipment taken for an old debt", True),
        ("欠款账龄表：超过{many}天的部分", "Ageing list: what is owed for more than {many} days", True),
    ),
    4: (
        ("送货签收单：{goods_zh}{many}箱", "Delivery note: {many} boxes of {goods_en}, signed for", True),
        ("增值税发票记账联：{month_zh}", "VAT invoice, file copy, {month_en}", True),
        ("仓库出库单：{goods_zh}{many}箱", "Warehouse issue slip: {many} boxes of {goods_en}", True),
        ("物流回单：{many}件按时送达", "Receipt of the carrier: {many} parcels, on time", False),
        ("{month_zh}成交明细表", "List of deliveries and invoices of {month_en}", True),
        ("银行回单：{month_zh}货款按期到账", "Bank receipt: goods of {month_en} paid on time", True),
        ("季度销售汇总：品种、数量、金额", "Quarterly summary of goods, quantities and sales", True),
        ("客户自提登记：{goods_zh}{many}箱", "Pick-up record: {many} boxes of {goods_en} collected", True),
    ),
    5: (
        ("退货入库单：{goods_zh}{few}箱受潮", "Return slip: {few} damp boxes of {goods_en} taken back", True),
        ("质量索赔函：{goods_zh}有{many}件不合格", "Claim: {many} faulty pieces of {goods_en}", True),
        ("索赔处理协议：补发{goods_zh}{few}箱", "Settlement of a claim: {few} boxes of {goods_en} sent again", False),
        ("红字发票：退货冲销", "Credit invoice for goods sent back", True),
        ("银行回单：次品货款退回客户", "Bank receipt: price of faulty goods refunded", True),
        ("残次品折价通知：{goods_zh}按八折结算", "Discount of 20 % on damaged {goods_en}", True),
        ("换货单：{goods_zh}{few}箱以新换旧", "Exchange slip: {few} boxes of {goods_en} replaced", False),
        ("年终折让确认函", "Confirmation of the year-end rebate", True),
    ),
}
INKS = {"print": 74, "carbon": 7, "blue_black": 7, "ballpoint": 7, "pencil": 3, "thermal": 2}
DEPARTMENTS = {
    "sales": range(1, 31),
    "service": range(31, 46),
    "finance": range(46, 56),
    "logistics": range(56, 61),
    "intern": range(61, 66),
}
STAFF = {f"Y{number:02}": department for department, numbers in DEPARTMENTS.items() for number in numbers}

Row = list[str]


def rows(name: str) -> list[Row]:
    """Return the rows of ``documents``, ``loans``, ``inspection`` or ``approvals`` as text, in the order of the schema."""
    if name == "approvals":
        return approvals()
    made = {"documents": documents, "loans": loans, "inspection": inspection}[name]()
    return [[*row, customers()[row[place]]["sample"]] for row in made for place in (2 if name == "loans" else 1,)]


@cache
def customers() -> dict[str, dict[str, str]]:
    """Return the customers by number."""
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        return {row["customer_id"]: row for row in csv.DictReader(file)}


@cache
def documents() -> tuple[Row, ...]:
    """Return number, customer, day, titles, amount, ink and class (0: still in the tray), in the order of arrival."""
    random = Random(f"{SEED} documents")
    made = [paper for customer in customers().values() for paper in papers_of(random, customer)]
    made.sort(key=lambda row: (row[1], row[0], row[2]))
    return tuple([f"D{number:05}", row[0], row[1], *row[2:]] for number, row in enumerate(made, start=1))


def papers_of(random: Random, customer: dict[str, str]) -> list[Row]:
    """Return the documents of one customer, unnumbered: at least one that is filed."""
    bought = customer["relation"] != "prospect"
    trouble = 1 + 2 * int(customer["credit_incidents"])
    weights = (30, 26, 8 * trouble, 30, 10) if bought else (88, 12, 0, 0, 0)
    count = random.choice((1, 2, 3, 4) if bought else (1, 1, 2))
    first = max(FIRST, date.fromisoformat(customer["since"])) if bought else date(2025, 3, 1)
    days = [random_day(random, min(first, date(2025, 6, 1)), FILED) for _ in range(count)]
    late = [random_day(random, FILED + timedelta(days=1), EVENING)] if random.random() < 0.26 else []
    return [
        paper(random, customer, day, random.choices(range(1, 6), weights)[0], day > FILED) for day in [*days, *late]
    ]


def paper(random: Random, customer: dict[str, str], day: date, file_class: int, in_tray: bool) -> Row:
    if in_tray:  # the tray holds all classes in about equal numbers
        file_class = random.choice((1, 2, 3, 4, 5))
    zh, en, money = random.choice(TITLES[file_class])
    month, goods, head = (day.month - 2) % 12, random.choice(GOODS), f.person(random)
    street = random.choice(f.STREETS)
    year = day.year + (day.month > 10)
    words = {
        "few": random.randrange(2, 7), "many": random.randrange(12, 96), "year": year, "before": day.year - 1,
        "month_zh": f"{month + 1}月", "month_en": MONTHS[month], "goods_zh": goods[0], "goods_en": goods[1],
        "person_zh": head.zh, "person_en": head.en, "street_zh": street[0], "street_en": street[1],
    }  # fmt: skip
    level = max(float(customer["annual_purchases"]), 3000.0) / 12
    amount = f"{level * math.exp(random.gauss(0, 0.6)):.2f}" if money else ""
    ink = random.choices(list(INKS), list(INKS.values()))[0]
    return [
        customer["customer_id"],
        day.isoformat(),
        zh.format(**words),
        en.format(**words),
        amount,
        ink,
        "0" if in_tray else str(file_class),
    ]


@cache
def filed() -> dict[str, list[Row]]:
    """Return the filed documents by customer."""
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for row in documents():
        if row[-1] != "0":
            by_customer[row[1]].append(row)
    return by_customer


@cache
def loans() -> tuple[Row, ...]:
    """Return the log of the desk in order of time: entry, time, customer, document, event, borrower, department, days."""
    random = Random(f"{SEED} loans")
    events: list[tuple[datetime, str, str, str, str, int]] = []
    for customer, papers in filed().items():
        happened = lendings(random, customer, papers)
        events += happened + requests(random, customer, papers, [row[2] for row in happened if row[0].date() == TODAY])
    events.sort()
    return tuple(
        [f"E{number:05}", at.isoformat(), customer, document, event, borrower, STAFF[borrower], str(days)]
        for number, (at, customer, document, event, borrower, days) in enumerate(events, start=1)
    )


def lendings(random: Random, customer: str, papers: list[Row]) -> list[tuple[datetime, str, str, str, str, int]]:
    """Return what happened to a customer's documents in the half year: one of them at least was lent."""
    events = []
    for paper_row in random.sample(papers, min(len(papers), random.choice((1, 1, 2)))):
        free = max(HALF_YEAR, date.fromisoformat(paper_row[2]) + timedelta(days=2))
        for _ in range(random.choice((1, 1, 2))):
            if free > (date(2025, 12, 22) if len(papers) == 1 else EVENING):
                break
            # the only document of a customer is back before the inspection, so that every folder holds something that evening
            alone = len(papers) == 1
            lent = random_day(random, free, max(free, date(2025, 12, 18)) if alone else EVENING)
            borrower, days = staff(random), random.choices((3, 7, 14, 21, 30), (14, 34, 40, 8, 4))[0]
            delay = random.randrange(-days, 1) + (random.randrange(1, 22) + days // 2 if random.random() < 0.16 else 0)
            back = lent + timedelta(days=max(1, days + delay))
            kept = random.random() < 0.025 and not alone
            back = min(back, date(2025, 12, 29)) if alone else back
            events.append((clock(random, lent, 8, 17), customer, paper_row[0], "lend", borrower, days))
            if kept or back >= TODAY:
                if random.random() < 0.25:
                    events.append((clock(random, TODAY, 8, 12), customer, paper_row[0], "return", borrower, 0))
                break
            events.append((clock(random, back, 8, 17), customer, paper_row[0], "return", borrower, 0))
            free = back + timedelta(days=1)
    return events


def requests(
    random: Random, customer: str, papers: list[Row], returned: list[str]
) -> list[tuple[datetime, str, str, str, str, int]]:
    """Return what is asked for on the day at the desk: often what has just come back; now and then two people ask for the same."""
    if random.random() > (0.7 if returned else 0.2):
        return []
    document = random.choice(returned or [row[0] for row in papers])
    return [
        (
            clock(random, TODAY, 9, 18),
            customer,
            document,
            "request",
            asking(random),
            random.choices((3, 7, 14, 21, 30), (14, 38, 36, 7, 5))[0],
        )
        for _ in range(random.choices((1, 2), (80, 20))[0])
    ]


def asking(random: Random) -> str:
    """Return who asks on the last day: an intern now and then, and the five who prepare the New Year's letters."""
    chance = random.random()
    return (
        f"Y{random.randrange(61, 66)}"
        if chance < 0.07
        else f"Y{random.randrange(56, 61)}"
        if chance < 0.34
        else staff(random)
    )


def staff(random: Random) -> str:
    """Return who comes to the desk: some come more often than others."""
    return f"Y{1 + int(60 * random.random() ** 1.4):02}"


@cache
def inspection() -> tuple[Row, ...]:
    """Return what lay on the shelves that evening: document, its customer, folder and class where it lay, condition, ink."""
    random = Random(f"{SEED} inspection")
    out: set[str] = set()
    for _, at, _, document, event, *_ in loans():
        if at[:10] <= EVENING.isoformat():
            (out.add if event == "lend" else out.discard)(document)
    numbers = list(customers())
    found = []
    for papers in filed().values():
        there = []
        for row in papers:
            absent = random.random() > 0.16 if row[0] in out else random.random() < 0.03
            place = lying(random, row, numbers)
            if not absent:
                there.append(place)
        found += there or [lying(random, random.choice(papers), numbers)]
    found.sort(key=lambda row: (row[2], row[3], row[0]))
    return tuple(found)


def lying(random: Random, row: Row, numbers: list[str]) -> Row:
    """Return where a document lies and how it looks."""
    folder, part, ink, chance = row[1], row[-1], row[-2], random.random()
    if chance < 0.025:
        folder = random.choice(numbers)
    elif chance < 0.05:
        part = str(int(part) % 5 + 1)
    fades = 0.3 if ink in ("ballpoint", "pencil", "thermal") else 0.02
    condition = random.choices(("faded", "damp", "torn", "good"), (fades, 0.03, 0.03, 1 - fades))[0]
    return [row[0], row[1], folder, part, condition]


def approvals() -> list[Row]:
    """Return requests that somebody wants to see go out: which paper, for whom, and which signatures it carries."""
    random = Random(f"{SEED} approvals")
    ids = [f"R{number:04}" for number in range(1, APPROVALS + 1)]
    drawn = set(nsmallest(APPROVALS_DRAWN, ids, key=lambda one: sha256(f"0|request_id|{one}".encode()).digest()))
    made = []
    for number in ids:
        kind = random.choices(("periodic_report", "correction", "working_table"), (58, 28, 14))[0]
        department = (
            "service" if kind == "working_table" else random.choice(("finance", "sales", "logistics", "purchasing"))
        )
        reviewed = random.random() < (0.7 if kind == "periodic_report" else 0.4)
        approved = random.random() < (0.68 if reviewed or kind == "correction" else 0.4)
        recorded = random.random() < (0.6 if kind == "correction" else 0.5)
        day = random_day(random, HALF_YEAR, TODAY)
        signs = [str(sign).lower() for sign in (reviewed, approved, recorded)]
        made.append([number, day.isoformat(), kind, department, *signs, str(number in drawn).lower()])
    return made


def random_day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange((last - first).days + 1))


def clock(random: Random, day: date, first: int, last: int) -> datetime:
    """Return a time of ``day``; seconds keep two entries apart."""
    return datetime(
        day.year, day.month, day.day, random.randrange(first, last), random.randrange(60), random.randrange(60)
    )
