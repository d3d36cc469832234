"""Manifest of the accidents module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import Measure, MenuItem, Module, Permission, Tile

_MEASURES = "bianwang.modules.accidents.measures"
_STAFF = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD})
_INQUIRY = frozenset({roles.ENFORCEMENT, roles.HEAD})
_LEADERS = frozenset({roles.HEAD, roles.LEADER})

module = Module(
    code="accidents",
    name="事故",
    icon="urgent",
    menu=(
        MenuItem("生产安全事故", "accidents:list", "accidents.view", "urgent"),
        MenuItem("事故统计", "accidents:statistics", "accidents.statistics", "chart-histogram"),
    ),
    permissions=(
        Permission("accidents.view", "查看事故", roles.BUSINESS),
        Permission("accidents.statistics", "查看事故统计", roles.BUREAU | {roles.TOWN, roles.DEPARTMENT}),
        Permission("accidents.names", "查看伤亡人员全名", _STAFF | {roles.LEADER}),
        Permission("accidents.register", "登记和更正事故", _STAFF),
        Permission("accidents.report", "登记事故报告", _STAFF),
        Permission("accidents.investigate", "办理事故调查与责任追究", _INQUIRY),
        Permission("accidents.extend", "审批延长事故调查", frozenset({roles.LEADER})),
        Permission("accidents.approve", "登记事故调查报告批复", _LEADERS),
        Permission("accidents.close", "事故结案", _LEADERS),
        Permission("accidents.gdp", "录入地区生产总值", frozenset({roles.FINANCE, roles.HEAD})),
    ),
    tiles=(
        Tile(
            "事故有逾期事项",
            "accidents:list",
            "accidents.statistics",
            "bianwang.modules.accidents.queries.overdue_count",
            icon="urgent",
            colour="red",
            query="overdue=1",
        ),
    ),
    measures=(
        Measure("accidents.count", "生产安全事故起数", "起", f"{_MEASURES}.count", "事故登记"),
        Measure("accidents.deaths", "生产安全事故死亡人数", "人", f"{_MEASURES}.deaths", "事故登记"),
        Measure("accidents.injuries", "生产安全事故重伤人数", "人", f"{_MEASURES}.injuries", "事故登记"),
        Measure("accidents.large", "较大以上生产安全事故", "起", f"{_MEASURES}.large", "事故登记"),
        Measure("accidents.gdp", "地区生产总值", "亿元", f"{_MEASURES}.gdp", "地区生产总值"),
        Measure(
            "accidents.decline_per_gdp",
            "亿元GDP事故死亡率下降比例",
            "%",
            f"{_MEASURES}.decline_per_gdp",
            "事故登记和地区生产总值",
        ),
    ),
    search="bianwang.modules.accidents.queries.search",
    verbs={
        "accidents.register": "登记事故",
        "accidents.report": "登记事故报告",
        "accidents.change": "更新伤亡与损失",
        "accidents.casualty": "登记伤亡人员",
        "accidents.correct": "更正登记",
        "accidents.investigate": "成立调查组",
        "accidents.member": "增加调查组成员",
        "accidents.apply": "申请延长调查",
        "accidents.decide": "审批延长调查",
        "accidents.submit": "提交调查报告",
        "accidents.approve": "登记批复",
        "accidents.return": "退回补充调查",
        "accidents.check": "四不放过销项",
        "accidents.sanction": "登记责任追究",
        "accidents.settle": "责任追究办结",
        "accidents.close": "结案",
        "accidents.file": "归档",
        "accidents.revoke": "撤销登记",
        "accidents.gdp": "录入地区生产总值",
    },
)
