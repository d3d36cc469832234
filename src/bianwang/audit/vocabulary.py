"""What the auditor knows of the language of such reports. Data only: extend it here, nowhere else."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

CLOSED_PARTITIONS: Final = tuple(
    tuple(re.compile(member) for member in members)
    for members in (
        ("基本支出", "项目支出"),
        ("人员(?:经费|支出)", "公用(?:经费|支出)"),
        ("因公出国", "公务用车(?:购置及运行|购置和运行|运行|支出|费|购置)", "公务接待"),
        ("货物", "工程", "服务"),
        ("行政(?:编制)?", "参公", "(?<!参公)事业"),
        ("行政", "(?<!参公)事业"),
        ("产出", "效益", "满意度"),
        ("男", "女"),
        ("公务用车购置", "公务用车运行"),
        ("当年财政拨款|本年财政拨款", "结转", "其他资金"),
    )
)
"""Lists that are complete when each of their members is there."""

NOT_A_PART: Final = re.compile(
    "结转|结余|退休|离休|人均|户均|车均|平均|每|目标|较|比上|比去|比年|同比|环比|另|此外|不含|不包括|除外|完成率|执行率|上限|标准|单价|增|减|下降|降低"
)
"""Labels of figures that stand in a list but are no part of its total."""

STAGES: Final = (
    (
        "adjusted",
        re.compile("(?:年末|年中|年终|全年)?(?:调整后?|全年|变更后?)(?:的)?预算(?:数|总额)?|预算调整(?:数|为)?"),
        re.compile("(?:调整后?|全年)(?:的)?预算(?:数|总额|调整为)?$|预算调整(?:数|为)?$"),
    ),
    (
        "budget",
        re.compile("(?:年初|当年|批复|部门)?(?:批复|部门)?预算(?:数|批复|安排)?"),
        re.compile("(?:年初|批复|批准|部门)[^，。]{0,6}预算(?:数|批复|安排)?$|^预算数?$"),
    ),
    (
        "executed",
        re.compile(
            "(?:本年|全年)?(?:支出)?决算(?:数|支出)?|(?:预算)?(?:全年)?执行(?:数|金额)?|实际(?:支出|执行)(?:数)?"
        ),
        re.compile("决算(?:数|支出)?$|执行(?:数|金额)?$|实际(?:支出|执行)数?$"),
    ),
    (
        "carry_over",
        re.compile(
            "(?:年末)?(?:结转和?结余|结转|结余)(?:资金|数)?|(?:当年|年末)?未(?:支出|执行)(?:资金|预算)?|(?:调整)?预算与决算之差"
        ),
        re.compile("(?:结转|结余)(?:的|资金|数)?$"),
    ),
)
"""Name, the whole label of a unit's own total, and how a label ends that speaks of such a total at all."""

CHANGE_UP: Final = "增加|增长|上升|提高|提升|增幅|增|多"
CHANGE_DOWN: Final = "减少|下降|降低|降幅|压减|缩减|减|降|少"

GRADES: Final = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"), (Decimal(0), "差"))
"""From which total on a grade is given (the usual table; a report may state another)."""

OPPOSED: Final = (
    (
        "(?:中央|上级|市级|省级|专项|财政|救灾|救助|补助)[^，。；]{0,10}(?:资金|经费|款物|款项)|自然灾害救助资金|资金",
        "(?:及时|足额|按时|全额)[^，。；]{0,4}(?:下拨|下达|拨付|发放|兑付|支付)",
        "执行进度(?:较为?|偏)?(?:缓慢|慢|滞后)|长期沉淀|(?:下达|拨付|支付|发放)(?:较为?|偏|不)(?:及时|缓慢|慢)|沉淀在|滞留|未及时(?:下拨|下达|拨付|发放)",
    ),
    ("(?:信息|预决算|决算)", "(?:按时|及时|按规定)[^，。；]{0,6}公开", "公开不(?:及时|规范|完整)|未(?:及时|按时)公开"),
)
"""Subject, what is said well of it, and what takes that back."""

TOPICS: Final = (
    ("自然灾害|救灾|安全生产|应急|防灾", ("灾害防治", "应急管理")),
    ("教育|教学|学校", ("教育",)),
    ("卫生|医疗|防疫|疫情", ("卫生健康",)),
    ("农业|水利|林业|乡村振兴|扶贫", ("农林水",)),
    ("环保|生态|污染", ("节能环保",)),
    ("交通|公路", ("交通运输",)),
    ("社保|就业|救助|养老", ("社会保障",)),
    ("科技", ("科学技术",)),
)
"""What a text speaks of, and the words of the budget lines that pay for it."""

DOUBLED: Final = (
    (re.compile("监管管理"), "重复，应为“监督管理”"),
    (re.compile("监督监管|管理管理|监管监管"), "重复"),
    (re.compile("(?<![目真端])的的|了了(?!解)|(?<![一二三四五六七八九十])万万元|元元|%%"), "重复"),
    (re.compile("。。|，，|、、|；；|，。|。，"), "标点重复"),
)
"""Words written twice."""

PARTITIONED: Final = (
    (re.compile("热线|接线|来电|接听|受理电话"), re.compile("举报|咨询|投诉|求助|建议|表扬|其他|无效")),
    (re.compile("信访"), re.compile("来信|来访|网上|电话")),
)
"""A total and its classes, listed without 其中."""
