"""Manifest of the disasters module: the statistics of natural disasters (应急〔2020〕19号)."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_STAFF = frozenset({roles.DUTY, roles.HEAD})
_TOWN = frozenset({roles.TOWN})

module = Module(
    code="disasters",
    name="灾情统计",
    icon="flood",
    menu=(
        MenuItem("灾情", "disasters:list", "disasters.view", "flood"),
        MenuItem("灾情报告", "disasters:reports", "disasters.reports", "report"),
        MenuItem("镇街灾情表", "disasters:sheets", "disasters.figures", "table"),
        MenuItem("倒损住房户台账", "disasters:houses", "disasters.ledgers", "home"),
        MenuItem("死亡失踪人员台账", "disasters:casualties", "disasters.ledgers", "users"),
        MenuItem("灾情年度统计", "disasters:statistics", "disasters.reports", "chart-bar"),
    ),
    permissions=(
        Permission("disasters.view", "查看灾害", roles.BUREAU | {roles.TOWN, roles.VILLAGE}),
        Permission("disasters.register", "登记、更正和撤销灾害", _STAFF),
        Permission("disasters.reports", "查看灾情报告和统计", roles.BUREAU),
        Permission("disasters.figures", "查看镇街灾情表", roles.BUREAU | _TOWN),
        Permission("disasters.fill", "填报本镇街灾情", _TOWN),
        Permission("disasters.import", "导入镇街灾情", _STAFF | _TOWN),
        Permission("disasters.file", "汇总上报灾情、退回和代填镇街灾情表", _STAFF),
        Permission("disasters.lead", "督办逾期未报的灾情", frozenset({roles.HEAD, roles.LEADER})),
        Permission("disasters.ledgers", "查看灾情台账（打码）", roles.BUREAU | _TOWN),
        Permission("disasters.ledger_edit", "登记和更正灾情台账", _STAFF | _TOWN),
        Permission("disasters.identity", "查看灾情台账中的身份信息", frozenset({roles.HEAD}) | _TOWN),
    ),
    jobs=(
        Job(
            "disasters.escalate",
            "提醒逾期灾情报告",
            timedelta(minutes=1),
            "bianwang.modules.disasters.services.escalate_overdue",
        ),
    ),
    tiles=(
        Tile(
            "灾情报告逾期",
            "disasters:reports",
            "disasters.reports",
            "bianwang.modules.disasters.queries.late_reports_count",
            icon="flood",
            colour="red",
            query="overdue=1",
        ),
        Tile(
            "待填灾情表",
            "disasters:sheets",
            "disasters.figures",
            "bianwang.modules.disasters.queries.waiting_count",
            icon="table",
            query="waiting=1",
        ),
    ),
    sheets=("bianwang.modules.disasters.sheets.FIGURES", "bianwang.modules.disasters.sheets.HOUSES"),
    search="bianwang.modules.disasters.queries.search",
    verbs={
        "disasters.register": "登记灾害",
        "disasters.correct": "更正登记",
        "disasters.revoke": "撤销登记",
        "disasters.towns": "增加受灾镇街",
        "disasters.stable": "灾情稳定，转入核报",
        "disasters.verify": "灾情核定",
        "disasters.recheck": "重新核报",
        "disasters.report_open": "要求报告",
        "disasters.report_file": "上报",
        "disasters.report_late": "逾期未报，报局领导",
        "disasters.report_drop": "取消报告",
        "disasters.sheet_ask": "要求镇街填报",
        "disasters.sheet_fill": "填报",
        "disasters.sheet_enter": "代填（电话上报）",
        "disasters.sheet_change": "更正填报",
        "disasters.sheet_return": "退回重填",
        "disasters.sheet_late": "逾期提醒镇街",
        "disasters.sheet_sum": "汇总",
        "disasters.sheet_miss": "记为未报",
        "disasters.sheet_drop": "取消填报",
        "disasters.house_add": "登记倒损住房户",
        "disasters.house_change": "更正倒损住房户",
        "disasters.house_photos": "上传房屋照片",
        "disasters.house_withdraw": "撤销倒损住房户",
        "disasters.casualty_add": "登记因灾死亡失踪人员",
        "disasters.casualty_change": "更正因灾死亡失踪人员",
        "disasters.casualty_withdraw": "撤销因灾死亡失踪人员",
        "disasters.identity_read": "查看台账身份信息",
    },
)
