"""Manifest of the accidents module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

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
