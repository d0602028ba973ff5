"""Fictional people, firms and numbers, the same for every generator that is given the same ``random.Random``.

Nothing made here can be taken for real: mobile numbers begin with 154, a prefix that no network has been given; local
telephone numbers begin with 90; mail ends in ``example.com`` (RFC 2606); identity numbers carry the county code 99, which no
province uses; the organisation part of a social credit code begins with XX. Cities, postal prefixes and region codes are real.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stdnum.cn import ric, uscc


@dataclass(frozen=True)
class Name:
    """A name in characters and in pinyin, surname first."""

    zh: str
    en: str
    female: bool = False

    @property
    def mail(self) -> str:
        return self.en.replace(" ", "").lower()


@dataclass(frozen=True)
class City:
    zh: str
    en: str
    province_zh: str
    province_en: str
    region: str
    postal: str
    dial: str


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(pair[0], pair[1:]) for pair in text.split()]


SURNAMES = _pairs(
    "王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 吴Wu 徐Xu 朱Zhu 胡Hu 高Gao 郭Guo 罗Luo 郑Zheng 梁Liang 谢Xie 宋Song 唐Tang 许Xu "
    "邓Deng 冯Feng 韩Han 曹Cao 彭Peng 肖Xiao 田Tian 董Dong 袁Yuan 潘Pan 蒋Jiang 蔡Cai 余Yu 杜Du 叶Ye 程Cheng 魏Wei 苏Su 沈Shen 钟Zhong"
)
MALE = _pairs(
    "伟wei 强qiang 磊lei 军jun 勇yong 杰jie 涛tao 斌bin 鹏peng 浩hao 宇yu 亮liang 刚gang 峰feng 建jian 国guo 志zhi 海hai 明ming 文wen 博bo 俊jun 诚cheng 辉hui"
)
FEMALE = _pairs(
    "芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 慧hui 婷ting 雪xue 琳lin 洁jie 颖ying 倩qian 梅mei 玲ling 燕yan 佳jia 怡yi 瑶yao 欣xin 月yue 云yun"
)
FIRM = (
    _pairs(
        "晨Chen 启Qi 恒Heng 瑞Rui 博Bo 锦Jin 嘉Jia 泽Ze 宏Hong 凯Kai 卓Zhuo 尚Shang 景Jing 朗Lang 睿Rui 融Rong 晟Sheng 骏Jun 沐Mu 澜Lan"
    ),
    _pairs("禾he 川chuan 图tu 言yan 墨mo 里li 木mu 石shi 云yun 方fang 北bei 舟zhou 羽yu 竹zhu 野ye 洲zhou"),
    _pairs(
        "达da 源yuan 航hang 辰chen 程cheng 盛sheng 泰tai 维wei 成cheng 讯xun 诺nuo 科ke 通tong 信xin 兴xing 顺shun 和he 捷jie"
    ),
)
STREETS = (
    ("知墨路", "Zhimo Road"),
    ("书台路", "Shutai Road"),
    ("纸坊街", "Zhifang Street"),
    ("青笺路", "Qingjian Road"),
    ("笔锋街", "Bifeng Street"),
    ("云帆大道", "Yunfan Avenue"),
    ("砚池路", "Yanchi Road"),
    ("长卷路", "Changjuan Road"),
    ("新程大道", "Xincheng Avenue"),
    ("素简路", "Sujian Road"),
    ("方格街", "Fangge Street"),
    ("织云路", "Zhiyun Road"),
)
CITIES = tuple(
    City(*line.split())
    for line in (
        "杭州市 Hangzhou 浙江省 Zhejiang 330100 3100 0571",
        "宁波市 Ningbo 浙江省 Zhejiang 330200 3150 0574",
        "温州市 Wenzhou 浙江省 Zhejiang 330300 3250 0577",
        "嘉兴市 Jiaxing 浙江省 Zhejiang 330400 3140 0573",
        "湖州市 Huzhou 浙江省 Zhejiang 330500 3130 0572",
        "绍兴市 Shaoxing 浙江省 Zhejiang 330600 3120 0575",
        "金华市 Jinhua 浙江省 Zhejiang 330700 3210 0579",
        "台州市 Taizhou 浙江省 Zhejiang 331000 3180 0576",
        "上海市 Shanghai 上海市 Shanghai 310000 2000 021",
        "南京市 Nanjing 江苏省 Jiangsu 320100 2100 025",
        "苏州市 Suzhou 江苏省 Jiangsu 320500 2150 0512",
        "无锡市 Wuxi 江苏省 Jiangsu 320200 2140 0510",
        "常州市 Changzhou 江苏省 Jiangsu 320400 2130 0519",
        "合肥市 Hefei 安徽省 Anhui 340100 2300 0551",
        "芜湖市 Wuhu 安徽省 Anhui 340200 2410 0553",
        "南昌市 Nanchang 江西省 Jiangxi 360100 3300 0791",
        "福州市 Fuzhou 福建省 Fujian 350100 3500 0591",
        "厦门市 Xiamen 福建省 Fujian 350200 3610 0592",
    )
)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def person(random: Random, female: bool | None = None) -> Name:
    """Return a name; the sex is drawn if it is not given."""
    female = random.random() < 0.45 if female is None else female
    surname = random.choice(SURNAMES)
    given = random.sample(FEMALE if female else MALE, random.choice((1, 2, 2)))
    return Name(
        surname[0] + "".join(one[0] for one in given),
        f"{surname[1]} {''.join(one[1] for one in given).capitalize()}",
        female,
    )


def firm_word(random: Random) -> tuple[str, str]:
    """Return the word a firm is known by: three characters, and pinyin."""
    parts = [random.choice(column) for column in FIRM]
    return "".join(part[0] for part in parts), "".join(part[1] for part in parts)


def mobile(random: Random) -> str:
    return f"154{random.randrange(10**8):08}"


def phone(random: Random, city: City) -> str:
    digits = 8 if city.dial in ("021", "025", "0571", "0574", "0577", "0512", "0591") else 7
    return f"{city.dial}-90{random.randrange(10 ** (digits - 2)):0{digits - 2}}"


def postcode(random: Random, city: City) -> str:
    return f"{city.postal}{random.randrange(0, 60):02}"


def address(random: Random, city: City) -> tuple[str, str]:
    zh, en = random.choice(STREETS)
    number = random.randrange(1, 900)
    return f"{city.zh}{zh}{number}号", f"No. {number} {en}, {city.en}"


def social_credit_code(random: Random, city: City, registered: str = "91") -> str:
    """Return a code with the check characters of GB 11714 (organisation) and GB 32100 (whole)."""
    body = "XX" + "".join(random.choice(USCC) for _ in range(6))
    values = [int(letter, 36) for letter in body]
    rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    code = f"{registered}{city.region}{body}{'0' if rest == 11 else 'X' if rest == 10 else rest}"
    return code + uscc.calc_check_digit(code)


def identity_number(random: Random, city: City, birth: str, female: bool) -> str:
    """Return an identity number (GB 11643) for a birth date ``YYYY-MM-DD``; odd order numbers are men's."""
    order = random.randrange(0, 499) * 2 + (2 if female else 1)
    number = f"{city.region[:4]}99{birth.replace('-', '')}{order:03}"
    return number + ric.calc_check_digit(number + "0")
