"""Manifest of the licensing module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_STAFF = frozenset({roles.ENFORCEMENT, roles.HEAD})
_READERS = roles.BUREAU | {roles.TOWN, roles.DEPARTMENT, roles.SAFETY}

module = Module(
    code="licensing",
    name="行政许可",
    icon="license",
    menu=(
        MenuItem("许可申请", "licensing:list", "licensing.view", "license"),
        MenuItem("证照", "licensing:licences", "licensing.view", "certificate"),
        MenuItem("许可统计", "licensing:statistics", "licensing.statistics", "chart-bar"),
        MenuItem("办事指南", "licensing:guide", "licensing.view", "list-details"),
    ),
    permissions=(
        Permission("licensing.view", "查看许可申请和证照", _READERS),
        Permission("licensing.statistics", "查看许可统计", roles.BUREAU),
        Permission("licensing.apply", "提交许可申请和补正材料", _STAFF | {roles.SAFETY}),
        Permission("licensing.accept", "受理许可申请", _STAFF),
        Permission("licensing.review", "审查许可申请", _STAFF),
        Permission("licensing.extend", "批准延长许可期限", frozenset({roles.LEADER})),
        Permission("licensing.decide", "作出许可决定", frozenset({roles.HEAD, roles.LEADER})),
        Permission("licensing.deliver", "送达许可决定", _STAFF),
        Permission("licensing.register", "登记和导入证照", _STAFF),
    ),
    tiles=(
        Tile(
            "许可办理逾期",
            "licensing:list",
            "licensing.statistics",
            "bianwang.modules.licensing.queries.overdue_count",
            icon="license",
            colour="red",
            query="overdue=1",
        ),
        Tile(
            "证照临期或到期",
            "licensing:licences",
            "licensing.view",
            "bianwang.modules.licensing.queries.ending_count",
            icon="certificate",
            colour="orange",
            query="ending=1",
        ),
    ),
    jobs=(
        Job(
            "licensing.overdue",
            "认定逾期许可",
            timedelta(minutes=5),
            "bianwang.modules.licensing.services.escalate_late",
        ),
        Job(
            "licensing.validity",
            "证照到期提醒",
            timedelta(hours=1),
            "bianwang.modules.licensing.services.keep_licences",
        ),
    ),
    search="bianwang.modules.licensing.queries.search",
    sheets=("bianwang.modules.licensing.sheets.LICENCES",),
    verbs={
        "licensing.submit": "提交许可申请",
        "licensing.accept": "受理",
        "licensing.correct": "一次性告知补正",
        "licensing.resubmit": "提交补正材料",
        "licensing.reject": "不予受理",
        "licensing.visit": "现场核查",
        "licensing.stop": "中止计时",
        "licensing.resume": "恢复计时",
        "licensing.extend": "批准延长期限",
        "licensing.forward": "转报",
        "licensing.decide": "作出决定",
        "licensing.deliver": "送达",
        "licensing.recall": "撤回申请",
        "licensing.escalate": "逾期上报",
        "licensing.issue": "颁发证照",
        "licensing.import": "导入证照",
        "licensing.licence_renew": "证照延期",
        "licensing.licence_change": "证照变更",
        "licensing.licence_replace": "证照补发",
        "licensing.licence_cancel": "证照注销",
        "licensing.licence_withdraw": "证照撤销",
        "licensing.licence_correct": "更正证照",
        "licensing.revoke": "登记吊销",
        "licensing.remind": "到期提醒",
        "licensing.expire": "证照到期",
    },
)
