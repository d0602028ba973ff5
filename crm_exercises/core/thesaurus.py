"""Words that say the same in this trade, in Chinese and English: what a key point can be said with.

Each line is a group: Chinese words, ``=``, English words or phrases separated by commas. A wording names a group by its first word, or
by any word that stands in one group only. English words are stems: they match at the beginning of a word (``compan`` finds company and
companies). Words that are close but not the same (a prospect is no customer yet) have groups of their own.
"""

from __future__ import annotations

from functools import cache

GROUPS = """
客户 顾客 消费者 买家 买主 用户 客人 宾客 住客 购买者 采购方 主顾 = customer, client, buyer, guest, consumer, purchaser, patron
潜在客户 潜在顾客 准客户 潜在的客户 潜在的顾客 潜在买家 意向客户 = prospect, potential customer, potential buyer, lead
老客户 老顾客 现有客户 现有顾客 已有客户 原有客户 回头客 熟客 = existing customer, old customer, current customer, present customer, regular customer, existing client
新客户 新顾客 新的客户 新的顾客 新买家 拉新 = new customer, new client, new buyer, new guest, acquisition, acquir
企业 公司 厂家 商家 单位 组织 机构 店家 我方 卖方 = compan, firm, business, enterprise, organisation, organization, seller
信息 资料 数据 情况 内容 材料 = information, data, detail, fact, particulars
记录 保存 登记 记载 存放 收集 采集 搜集 留存 填写 写下 写上 记下 记上 存储 储存 写进 填进 存着 记的 = record, keep, kept, store, storing, collect, captur, register, note, write, written, sav, fill in
表格 表单 文档 文件 一张表 单子 卡片 的表 张表 = form, document, sheet, table, template
分类 划分 分成 分为 区分 归类 分组 分开 归入 划为 分门别类 = classif, divid, sort, group, categor, segment, split
类别 类型 种类 群体 几类 不同类 若干类 各类 小组 组别 等级 = class, type, kind, group, categor, segment
标准 依据 根据 按照 特征 属性 准则 特点 指标 = standard, criteri, basis, based, according, characteristic, attribute, featur, propert, by certain, by some
管理 经营 = manag, administ
服务 照顾 接待 对待 = serv, care, treat
需求 需要 要求 期望 想要 偏好 = need, demand, want, require, expect, wish, preference
购买 消费 买 采购 下单 订购 = buy, bought, purchas, order, spend
购买力 购买能力 支付能力 付款能力 买得起 财力 = afford, purchasing power, buying power, ability to pay, can pay, able to pay, money
利润 盈利 收益 赢利 获利 挣的钱 赚的钱 赚了多少 赚多少 = profit, earning, margin, gain
收入 销售额 营业额 销售收入 = revenue, sales, turnover, income
成本 费用 开支 花费 支出 投入 代价 花的钱 = cost, expens, spend, outlay
降低 减少 节省 节约 省下 压缩 少花 省钱 = lower, reduc, sav, cut, less, decreas
提高 增加 提升 增强 扩大 改善 = rais, increas, improv, grow, enhanc
资产 = asset, capital tied, tied up
应收账款 应收款 欠款 赊销款 货款 欠的钱 赊账 = receivable, owed, owes, outstanding, unpaid
库存 存货 备货 = stock, inventor
比率 比值 比例 之比 占比 百分比 除以 比上 相除 = ratio, share, percent, proportion, divid, rate of return, per unit, relative to
历史 过去 以前 以往 往年 曾经 已经发生 到现在为止 = histor, past, previous, so far, already, until now
未来 将来 今后 以后 = futur, later, to come, will still
变化 变动 趋势 走势 演变 波动 增减 升降 此消彼长 = chang, trend, shift, drift, evolv, moved, over time
比较 对比 对照 相比 = compar, contrast, against
地区 区域 地域 省份 各地 地方 = region, area, province, district, territor, geograph
年 年度 = year, annual
历年 逐年 多年 连年 每年 年年 = year by year, several years, every year, over the years, year after year, over time
分析 研究 判断 了解 找出 看出 看清 掌握 = analys, analyz, stud, examin, find out, understand, judge, learn
决策 决定 策略 对策 拿主意 拍板 = decision, decid, strateg
集成 整合 统一 汇总 合并 综合 汇集 汇到一处 = integrat, unif, combin, consolidat, merg, brought together
匿名 匿名化 去标识 假名 隐去姓名 隐去身份 去掉姓名 = anonym, pseudonym, de-identif, deidentif, mask, remove name, without name
保密 加密 不外泄 防止泄露 防泄露 不泄露 = confidential, encrypt, secre, not leak
安全 权限 备份 = safe, secur, backup, access right
主动 积极 = active, proactive, initiative
计划 规划 = plan, schedul
及时 随时 立即 定期 马上 不断更新 = timely, prompt, regularly, up-to-date, up to date, at once, in time
完整 全面 齐全 完备 没有遗漏 = complet, comprehensive, entire, nothing missing, in full
一致 统一口径 不矛盾 连贯 = consisten, coheren, uniform, not contradict
联系 拜访 访问 联络 打电话 = contact, visit, call
电话 电话号码 手机号 = phone, telephone
回访 跟踪 跟进 = follow up, follow-up, following up, followed up
介绍 推荐 引荐 转介绍 = introduc, recommend, referral, refer
广告 媒体 传单 = advertis, media, ads, leaflet, flyer
上门 登门 逐户 挨家 地毯式 扫街 = door-to-door, door to door, every household, each household, carpet
委托 雇 请人 = commission, hir, delegat, entrust
交易会 展会 展览会 博览会 展销会 广交会 = fair, exhibition, expo, trade show
最近 近期 间隔 多久 = recen, last purchase, last order, how long ago
频率 次数 频次 多少次 几次 = frequen, often, how many times, number of orders, number of purchases
金额 消费额 多少钱 钱数 = monetar, amount, how much, money spent
排序 排队 从大到小 从高到低 排名 = sort, rank, line up, lined up, largest first
累计 累加 累积 = cumulat, running, add up, added up
重点 主要 重要 关键 = key, main, important, vital, focus, priorit
忠诚 忠实 复购 = loyal, repeat, come back
保持 维系 留住 保留 挽留 维护 = retain, retention, keep, maintain
开发 获取 争取 拓展 吸引 = acqui, develop, win, attract
"""


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Return ``{name: the words of its group}``; a word of two groups names neither, unless it is the first word of one."""
    heads: dict[str, tuple[str, ...]] = {}
    others: dict[str, list[tuple[str, ...]]] = {}
    for line in GROUPS.strip().splitlines():
        zh, en = line.split(" = ")
        words = (*zh.split(), *(word.strip() for word in en.split(",")))
        heads[words[0]] = words
        for word in words[1:]:
            others.setdefault(word, []).append(words)
    return {word: found[0] for word, found in others.items() if len(found) == 1} | heads
