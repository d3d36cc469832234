"""Which figures a rate speaks of: its name says what is above and what is below the line."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Rate(NamedTuple):
    """A kind of rate; `above` and `below` find the labels of its two sides."""

    name: re.Pattern[str]
    above: re.Pattern[str]
    below: re.Pattern[str]


def _rate(name: str, above: str, below: str) -> Rate:
    return Rate(re.compile(name), re.compile(above), re.compile(below))


RATES: Final = (
    _rate(
        "执行率|支出率|执行进度|支出进度|使用率|支付率",
        "执行|支出|决算|使用|支付|拨付",
        "预算|安排|下达|到位|调整|指标|总额|资金",
    ),
    _rate("完成(?:年初|全年|调整|本年)?预算", "决算|执行|支出", "预算"),
    _rate("拨付率|兑付率|发放率", "拨付|兑付|发放|支付|支出", "下达|到位|安排|预算|应"),
    _rate("到位率", "到位", "批复|下达|预算|应到|安排|计划"),
    _rate("整改(?:完成)?率|整治率|销号率|治理率", "整改|整治|销号|治理|完成", "发现|排查|应|问题|隐患|查出"),
    _rate(
        "办结率|处置率|处理率|答复率|回复率|结案率",
        "办结|处置|处理|答复|回复|结案|办理",
        "受理|收到|接到|接报|接收|立案|交办|转办|发生|诉求|件",
    ),
    _rate(
        "合格率|达标率|优良率|优良天数比例|及格率", "合格|达标|优良|及格", "抽检|检测|抽查|检查|监测|抽样|参加|共|总"
    ),
    _rate("覆盖率|参与率|参保率|普及率|入户率", "覆盖|参与|参加|参保|普及|检查|入户", "应|总|共|全|计划|现有"),
    _rate("完成率|达成率|实现率", "完成|实际|实现|达|检查|新增|改造|建成|开展", "计划|目标|任务|应|年初|预期"),
    _rate(
        "公开率|报送率|回收率|出勤率|入学率|就业率|满意率|满意度|知晓率",
        "公开|报送|回收|有效|出勤|入学|就业|满意|知晓|知道",
        "应|发放|总|共|收回|回收|调查|毕业|适龄",
    ),
    _rate("占.*|比例|占比|比重", ".", "."),
)


def rate_named(label: str) -> Rate | None:
    """The rate that a label names."""
    return next((rate for rate in RATES if rate.name.search(label)), None)
