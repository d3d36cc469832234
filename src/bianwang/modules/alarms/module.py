"""Manifest of the alarms module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_HANDLERS = frozenset(
    {roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.LEADER, roles.TOWN, roles.DEPARTMENT, roles.SAFETY}
)

module = Module(
    code="alarms",
    name="告警",
    depends=("sensing", "rules"),
    icon="bell-ringing",
    menu=(
        MenuItem("告警墙", "alarms:wall", "alarms.view", "device-desktop"),
        MenuItem("告警", "alarms:list", "alarms.view", "bell-ringing"),
        MenuItem("误报率", "alarms:false_rates", "alarms.rates", "percentage"),
    ),
    permissions=(
        Permission("alarms.view", "查看告警", roles.BUSINESS),
        Permission("alarms.acknowledge", "确认告警", _HANDLERS | {roles.VILLAGE}),
        Permission("alarms.comment", "填写告警情况说明", _HANDLERS | {roles.VILLAGE}),
        Permission("alarms.verify", "核实告警", _HANDLERS),
        Permission("alarms.correct", "更正告警核实结论", frozenset({roles.DUTY, roles.HEAD, roles.LEADER})),
        Permission("alarms.rates", "查看规则误报率", roles.BUREAU),
        Permission("alarms.answer", "企业应答告警", frozenset({roles.SAFETY})),
        Permission("alarms.answer_town", "镇街应答升级告警", frozenset({roles.TOWN, roles.DEPARTMENT})),
        Permission("alarms.answer_bureau", "区局应答升级告警", frozenset({roles.DUTY})),
    ),
    jobs=(
        Job("alarms.escalate", "告警逾时升级", timedelta(seconds=5), "bianwang.modules.alarms.services.escalate_due"),
        Job("alarms.windows", "规则时段开始", timedelta(seconds=10), "bianwang.modules.alarms.services.open_windows"),
        Job(
            "alarms.forget_evidence",
            "清理到期的告警录像",
            timedelta(hours=1),
            "bianwang.modules.alarms.services.forget_evidence",
        ),
    ),
    tiles=(
        Tile(
            "未处置告警",
            "alarms:list",
            "alarms.view",
            "bianwang.modules.alarms.wall.unhandled_count",
            icon="bell-ringing",
            colour="red",
            header=True,
            query="handling=unhandled",
        ),
    ),
    verbs={
        "alarms.raise": "产生告警",
        "alarms.severity": "等级变化",
        "alarms.interrupt": "数据中断",
        "alarms.resume": "数据恢复",
        "alarms.end": "条件解除",
        "alarms.acknowledge": "确认",
        "alarms.comment": "情况说明",
        "alarms.verify": "核实",
        "alarms.escalate": "逾时升级",
    },
)
