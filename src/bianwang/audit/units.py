"""What may stand behind a number, and how it compares with others of its kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

MONEY, RATIO, SCORE, POINT = "money", "ratio", "score", "point"

MULTIPLIERS: Final = {
    word: Decimal(10) ** power
    for word, power in (("", 0), ("百", 2), ("千", 3), ("万", 4), ("百万", 6), ("千万", 7), ("亿", 8), ("万亿", 12))
}
MONEY_UNITS: Final = ("元", "块钱")
RATIO_UNITS: Final = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "成": Decimal("0.1")}
POINT_UNITS: Final = ("个百分点", "百分点")
CLASSIFIERS: Final = (
    "平方公里", "平方千米", "平方米", "立方米", "千瓦时", "千米", "公里", "厘米", "毫米", "公顷", "公斤", "千克",
    "人次", "家次", "户次", "场次", "批次", "车次", "班次", "台次", "件次", "点次", "课时", "学时", "小时", "分钟",
    "个月", "余亩", "亩", "米", "吨", "升", "度",
    "个", "家", "户", "人", "名", "位", "起", "件", "次", "场", "项", "条", "宗", "批", "台", "套", "辆", "艘", "架",
    "间", "所", "座", "栋", "幢", "处", "块", "份", "期", "篇", "册", "本", "张", "支", "只", "头", "棵", "株", "盏",
    "根", "枚", "袋", "箱", "桶", "车", "路", "方", "类", "层", "种", "对", "组", "班", "门", "例", "床", "部", "届",
    "轮", "站", "村", "镇", "街", "天", "夜", "日", "周", "年", "月", "秒", "线", "期", "单", "幅", "片", "瓶", "具",
    "口", "眼", "尾", "羽", "节", "句", "字", "页", "封", "通", "案", "岗", "队", "团", "员", "倍", "元件",
)  # fmt: skip
"""Longest first where one begins like another."""

SPOKEN: Final = frozenset(
    "个家户人名位起件次场项条宗批台套辆间所座栋处块份期篇册张支类层种对组班门例方村镇街天届轮"
) | {"人次", "家次", "户次", "场次", "批次", "平方米", "公里", "小时"}
"""Behind a number in Chinese characters: fewer, for 一方面 and 三年 are no counts."""
SAME_THING: Final = {"名": "人", "位": "人"}
"""Classifiers that count the same."""
