"""What a credit file can say about a firm: sentences in Chinese and English, each with the aspect it belongs to.

A place such as ``{n:2-5}`` is filled with a whole number from 2 to 5; the English sentence repeats it as ``{n}``. The number of a
fact says nothing about its aspect: :func:`numbered` scatters them.
"""

from __future__ import annotations

# fmt: off
FIVE_C = {
    "character": (
        ("最近{n:12-36}个月的货款全部按期付清，没有一次需要催。", "It has paid every bill of the last {n} months on time; nobody ever had to remind it."),
        ("先后{n:2-5}次谎称对账有误来拖延付款，事后承认账目没有问题。", "{n} times it put off payment with the untrue claim that the accounts did not match, and later admitted it."),
        ("{n:3-8}家供应商都说，它的法定代表人说到做到。", "{n} suppliers say that its legal representative always keeps promises."),
        ("上个月我方多送了{n:3-9}箱货，对方主动打电话要求退回。", "Last month we delivered {n} cartons too many; the firm called of its own accord to send them back."),
        ("有钱却不还，被法院列入失信被执行人名单{n:2-3}次。", "It had the money but did not pay, and a court put it on the list of dishonest debtors {n} times."),
        ("签合同时什么都答应，事后有{n:2-4}次不认账。", "It agrees to everything when signing, and {n} times it later denied what it had signed."),
        ("书面承诺过{n:8-15}次付款日期，每一次都兑现。", "It promised a day of payment in writing {n} times and kept every promise."),
        ("老板先后注册过{n:3-5}家名称相近的公司，每家都故意留下欠款后弃用。", "The owner has set up {n} firms with similar names and walked away from each, leaving debts on purpose."),
    ),
    "capacity": (
        ("每月经营流入现金约{n:40-90}万元，是我方月供货额的{m:4-9}倍。", "Its business brings in about {n}0 thousand yuan of cash a month, {m} times what we deliver in a month."),
        ("管理团队平均从业{n:8-18}年，门店每平方米销售额居全市前列。", "Its managers have {n} years in the trade on average, and sales per square metre are among the best in town."),
        ("存货卖出所需天数从{n:40-55}天升到{m:90-130}天，货越压越多。", "Its stock now takes {m} days to sell instead of {n}; unsold goods pile up."),
        ("营业额连续{n:3-5}年增长，每年的订单都能如期交付。", "Its sales have grown {n} years in a row, and it delivers every order on time."),
        ("手里的订单已经排到{n:3-6}个月以后，生产线满负荷运转。", "Its orders reach {n} months ahead and the lines run at full load."),
        ("最近{n:3-6}个月生意清淡，每月进账不够发工资。", "For {n} months business has been slow, and the monthly takings do not cover the wages."),
        ("采购经理一年换了{n:3-4}个，订货计划总是出错，经常断货。", "It has had {n} purchasing managers in a year; its order plans are wrong and shelves are often empty."),
        ("它自己的客户平均{n:20-35}天就付款，卖货收现很快。", "Its own customers pay after {n} days on average, so sales soon turn into cash."),
    ),
    "capital": (
        ("实缴资本{n:200-900}万元，全部是股东自有资金。", "Its paid-in capital is {n}0 thousand yuan, all of it the shareholders' own money."),
        ("资产负债率从{n:45-55}%升到{m:78-90}%。", "Its debt ratio has risen from {n} % to {m} % of assets."),
        ("净资产{n:300-950}万元，连续三年增加。", "Its net assets are {n}0 thousand yuan and have grown for three years."),
        ("注册资本{n:10-30}00万元，实缴只有{m:20-60}万元。", "Of {n} million yuan of registered capital only {m}0 thousand have been paid in."),
        ("累计亏损已经吃掉了{n:40-75}%的股本。", "Accumulated losses have eaten up {n} % of the share capital."),
        ("股东今年又增资{n:100-400}万元。", "The shareholders have put in another {n}0 thousand yuan this year."),
        ("没有银行贷款，靠{n:150-600}万元自有资金经营。", "It has no bank loans and runs on {n}0 thousand yuan of its own funds."),
        ("每年把利润的{n:60-90}%留在公司，自有资金一年比一年厚。", "It keeps {n} % of each year's profit in the firm, so its own funds grow."),
    ),
    "collateral": (
        ("愿意用市区一间{n:90-220}平方米的商铺作抵押。", "It offers to mortgage a shop of {n} square metres in the city."),
        ("母公司愿意出具金额{n:50-300}万元的连带责任保证书。", "Its parent company will sign a joint and several guarantee for {n}0 thousand yuan."),
        ("银行可以为它开出{n:20-90}万元的付款保函。", "A bank will issue a payment guarantee of {n}0 thousand yuan for it."),
        ("唯一的厂房已经抵押过{n:2-3}次，没有别的财产可押。", "Its only building is already mortgaged {n} times, and there is nothing else to pledge."),
        ("愿意先交货款的{n:20-40}%作为保证金。", "It will pay {n} % of the price as a deposit beforehand."),
        ("约{n:30-80}万元的库存可以质押，由第三方监管。", "Stock worth about {n}0 thousand yuan can be pledged and watched by a third party."),
        ("找来的保证人自己也在为{n:2-4}笔债务作保，保证力不足。", "The guarantor it found already stands for {n} other debts, so the guarantee is weak."),
        ("拿来质押的{n:3-6}辆旧货车，评估后几乎不值钱。", "The {n} old vans it wants to pledge turned out to be nearly worthless."),
    ),
    "condition": (
        ("所在城市今年新开{n:5-12}所学校，学习用品需求上升。", "{n} new schools open in its city this year, so demand for school supplies rises."),
        ("全行业价格战已经打了{n:6-18}个月，平均售价下降{m:8-20}%。", "A price war in the whole trade has lasted {n} months; prices have dropped by {m} %."),
        ("新的环保规定要求{n:3-9}个月内更换包装，全行业成本上升。", "New environmental rules require other packaging within {n} months; costs rise for the whole trade."),
        ("开学旺季将到，往年这段时间占全行业销售额的{n:35-50}%。", "The back-to-school season is near; it usually brings {n} % of the whole trade's sales."),
        ("市政施工要封路{n:4-10}个月，整条街的客流减少。", "Road works will close the street for {n} months, and all shops there lose customers."),
        ("市场贷款利率下调{n:10-40}个基点，所有企业的融资成本都降低。", "Market interest rates drop by {n} basis points; borrowing becomes cheaper for all firms."),
        ("{n:2-4}家全国连锁店将在同一商圈开业，竞争加剧。", "{n} national chains will open shops in the same area; competition grows."),
        ("纸浆价格半年上涨{n:10-30}%，所有纸品商都受影响。", "The price of pulp has risen by {n} % in half a year, which hits everyone who sells paper."),
    ),
}

FIVE_P = {
    "personal": (
        ("负责人接受访谈时，如实说出了{n:2-3}次经营失误及原因。", "In the interview the head told us frankly of {n} failures and their causes."),
        ("{n:4-9}家供应商都说，负责人从不找借口拖款。", "{n} suppliers say that the head never looks for excuses to delay payment."),
        ("负责人有{n:2-4}次能还而拒不履行法院判决的记录。", "The head refused {n} times to obey a court's decision to pay although able to pay."),
        ("业务员核对了负责人答应过的{n:10-20}次付款日期，全部兑现。", "The salesperson checked {n} promises of payment by the head: all were kept."),
        ("以前的合作方说，负责人一年里有{n:3-5}次签了合同又反悔。", "Former partners say that the head went back on signed contracts {n} times in a year."),
        ("负责人在本地做了{n:10-25}年生意，为人守信，口碑一直很好。", "The head has done business here for {n} years and is known as a person who keeps faith."),
    ),
    "purpose": (
        ("赊来的货用于开学季铺货，预计{n:30-60}天卖完。", "The goods on credit are meant for the back-to-school season and should sell within {n} days."),
        ("想赊货后低价抛售，用现金归还已到期的{n:3-6}笔旧债。", "It wants goods on credit to dump them for cash and repay {n} old debts that are due."),
        ("申请额度是为了给{n:2-5}家新分店备货。", "It asks for the limit to stock {n} new branches."),
        ("打算把省下来的{n:20-60}万元货款拿去炒股。", "It plans to put the {n}0 thousand yuan that it need not pay us yet into shares."),
        ("说不清为什么要把额度提高到原来的{n:3-5}倍。", "It cannot say what it needs a limit {n} times as high for."),
        ("申请额度是为一笔{n:200-800}套办公用品的订单备货，有中标通知书。", "It needs the limit to stock up for an order of {n} office sets and shows the letter of award."),
    ),
    "payment": (
        ("门店每月收入{n:30-80}万元，足够按期付款。", "Its shops take {n}0 thousand yuan a month, enough to pay on time."),
        ("付款来源是与学校的供货合同，{n:2-4}个月后收款{m:40-90}万元。", "It will pay out of a supply contract with schools that brings {m}0 thousand yuan in {n} months."),
        ("每月扣除各项支出后只剩{n:1-3}万元，不够付我方货款。", "After all expenses only {n}0 thousand yuan a month are left, too little to pay us."),
        ("主要客户拖欠它{n:60-150}万元，何时进账说不准。", "Its main customer owes it {n}0 thousand yuan, and nobody knows when the money will come."),
        ("过去一年经营净现金流合计{n:80-260}万元，每个月都是正数。", "Its operating cash flow of the past year was {n}0 thousand yuan and positive in every month."),
        ("今年丢了最大的客户，月收入下降{n:30-55}%，付款来源不足。", "It has lost its largest customer; monthly income fell by {n} % and no longer covers the payments."),
    ),
    "protection": (
        ("以估值{n:150-400}万元的厂房办理了抵押登记。", "A building valued at {n}0 thousand yuan has been registered as a mortgage for us."),
        ("一家国有企业为它提供{n:50-200}万元的保证。", "A state-owned company stands surety for {n}0 thousand yuan."),
        ("抵押给我方的货车已用了{n:9-14}年，几乎不值钱。", "The van pledged to us is {n} years old and nearly worthless."),
        ("名下没有房产和设备，保证人也被{n:2-3}家公司起诉。", "It owns neither property nor equipment, and {n} companies are suing its guarantor."),
        ("交来{n:5-20}万元现金保证金。", "It has handed over a cash deposit of {n}0 thousand yuan."),
        ("为这笔应收账款买了信用保险，赔付比例{n:70-90}%。", "The receivable is covered by credit insurance that pays {n} %."),
    ),
    "perspective": (
        ("当地计划三年内新建{n:6-15}所幼儿园，行业前景看好。", "The town plans {n} new kindergartens in three years; the outlook for the trade is good."),
        ("新法规将在{n:3-8}个月后禁止它的主打产品。", "A new rule will ban its main product in {n} months."),
        ("无纸化办公使行业需求每年下降{n:5-12}%。", "Paperless offices make demand in the trade shrink by {n} % a year."),
        ("所在园区两年内将入驻{n:40-120}家企业，办公用品需求会增加。", "{n} firms will move into its business park within two years, so demand for office supplies will grow."),
        ("行业协会预计未来两年全行业增长{n:6-15}%。", "The trade association expects the whole trade to grow by {n} % over the next two years."),
        ("所在街区列入拆迁，{n:6-12}个月后必须搬走。", "Its quarter is to be pulled down; it has to move out in {n} months."),
    ),
}

SIX_A = {
    "economic": (
        ("本地人均文具消费三年增长{n:12-30}%，大环境有利于这个项目。", "Local spending on stationery per head has grown by {n} % in three years; the general economy favours the project."),
        ("地区经济下行，一年内同行关门{n:6-20}家。", "The region's economy is weak; {n} firms of the trade closed within a year."),
        ("项目能为本区带来{n:20-60}个就业岗位，对地方经济有益。", "The project creates {n} jobs in the district and does the local economy good."),
        ("地区经济增长{n:6-8}%，居民收入上升，消费市场在扩大。", "The region's economy grows by {n} %, incomes rise and the consumer market expands."),
        ("经济周期转冷，全省消费连续{n:2-4}个季度下降。", "The business cycle has turned; consumption in the province has fallen for {n} quarters."),
    ),
    "technical": (
        ("选用的分拣设备已有{n:20-80}家企业使用，技术成熟。", "{n} firms already use the sorting machine it has chosen; the technology is mature."),
        ("设备每小时分拣{n:800-2000}件，产能够用三年。", "The machine sorts {n} items an hour, enough for three years."),
        ("订货软件还在试验，上线以来出过{n:5-15}次故障。", "The ordering software is still experimental and has failed {n} times since it was switched on."),
        ("新仓库的消防和承重设计有{n:2-4}项达不到标准。", "{n} points of the fire and load design of the new warehouse miss the standard."),
        ("设备供应商承诺质保{n:2-4}年，零件随时可换。", "The maker guarantees the machine for {n} years and keeps all parts in stock."),
    ),
    "managerial": (
        ("总经理有{n:10-20}年仓储管理经验，带过同类项目。", "The general manager has run warehouses for {n} years and has led such a project before."),
        ("管理者做事严谨，每年预算执行偏差不超过{n:2-5}%。", "The managers work with care: they stay within {n} % of the budget every year."),
        ("管理者从没做过电商，全凭感觉决定，一年改了{n:3-6}次计划。", "The managers have never run a web shop, decide by feeling and changed the plan {n} times in a year."),
        ("三位主管的信誉都好，签了{n:3-5}年合同，收入与项目业绩挂钩。", "The three leading managers are well thought of; their contracts run for {n} years and pay depends on the project."),
        ("仓库损耗连续两年超过{n:4-9}%，主管从不过问。", "Shrinkage has exceeded {n} % for two years, and the managers never asked why."),
    ),
    "organisational": (
        ("设有项目部，{n:4-8}个岗位的职责写得清清楚楚。", "There is a project department, and the duties of its {n} posts are clearly written down."),
        ("章程规定，{n:50-200}万元以上的支出须经董事会批准。", "The articles require the board's approval for spending above {n}0 thousand yuan."),
        ("部门之间没有固定流程，一张单子要经过{n:9-15}个部门签字。", "There is no fixed procedure: a single form needs the signatures of {n} departments."),
        ("人员编制和机构调整方案已批准，分{n:2-3}步到位。", "The staffing plan and the new structure are approved and will be put in place in {n} steps."),
        ("有{n:2-4}组本应分开的岗位设在同一个部门，互相不能牵制。", "{n} pairs of duties that should be separate sit in one department, so there is no control."),
    ),
    "commercial": (
        ("已与{n:3-6}家厂签订一年的供货协议，货源有保障。", "Supply contracts for a year are signed with {n} factories, so the goods are secured."),
        ("已有{n:15-40}所学校表示会在新平台下单，销路有着落。", "{n} schools say that they will order on the new platform: there is a market to sell to."),
        ("同城{n:3-5}家对手的售价比它低{m:5-12}%。", "{n} competitors in town sell {m} % cheaper."),
        ("运输和电力供应合同已经签好，期限{n:2-5}年。", "The contracts for transport and power supply are signed for {n} years."),
        ("八成货源来自一家厂，供货合同{n:2-5}个月后到期。", "Four fifths of its goods come from one factory whose contract ends in {n} months."),
    ),
    "financial": (
        ("预计{n:3-5}年收回投资，内部收益率{m:12-20}%。", "The investment should be paid back in {n} years; the internal rate of return is {m} %."),
        ("项目资金中自有资金占{n:40-65}%，其余为三年期贷款。", "Own funds cover {n} % of the cost; the rest is a loan over three years."),
        ("项目建成后资产负债率将升到{n:75-88}%。", "Once the project is built, the debt ratio will be {n} %."),
        ("现金流预测显示，第{n:4-9}个月会有{m:30-80}万元缺口。", "The cash-flow forecast shows a gap of {m}0 thousand yuan in month {n}."),
        ("预测期内利息保障倍数为{n:3-6}倍，偿债指标良好。", "The forecast interest cover is {n} times: the debt ratios look sound."),
    ),
}

# fmt: on

FRAMES = {"5C": ("K", FIVE_C), "5P": ("L", FIVE_P), "6A": ("M", SIX_A)}
"""For each standard: the first letter of its facts' numbers, and the facts by aspect."""


def numbered(frame: str) -> dict[str, tuple[str, str, str]]:
    """Return ``{number of the fact: (aspect, Chinese, English)}`` of a standard, in the order of the numbers."""
    letter, aspects = FRAMES[frame]
    facts = [(aspect, *pair) for aspect, pairs in aspects.items() for pair in pairs]
    return dict(sorted((f"{letter}{(place * 7 + 3) % len(facts) + 1:02}", fact) for place, fact in enumerate(facts)))
