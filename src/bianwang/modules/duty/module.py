"""Manifest of the duty module: who keeps watch when, and what is handed over."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT})
_PLANNERS = frozenset({roles.DUTY, roles.HEAD}) | _UNITS

module = Module(
    code="duty",
    name="值班值守",
    icon="clock-shield",
    menu=(
        MenuItem("值班安排", "duty:list", "duty.view", "calendar-user"),
        MenuItem("值守一屏", "duty:wall", "duty.view", "device-tv"),
        MenuItem("值班表", "duty:rosters", "duty.view", "calendar-month"),
        MenuItem("换班", "duty:swaps", "duty.view", "arrows-exchange"),
        MenuItem("交接班", "duty:handovers", "duty.view", "transfer"),
        MenuItem("待续事项", "duty:matters", "duty.view", "clipboard-check"),
        MenuItem("值班日志", "duty:log", "duty.view", "notebook"),
        MenuItem("查岗应答", "duty:answers", "duty.view", "user-check"),
        MenuItem("值班统计", "duty:statistics", "duty.view", "chart-bar"),
        MenuItem("值班岗位", "duty:posts", "duty.view", "building-lighthouse"),
        MenuItem("值班人员", "duty:people", "duty.view", "users"),
    ),
    permissions=(
        Permission("duty.view", "查看值班安排和值班人员", roles.BUREAU | _UNITS),
        Permission("duty.roster", "登记值班岗位和人员、编制和发布值班表", _PLANNERS),
        Permission("duty.keep", "记值班日志、交接班、应答查岗、提出和答复换班", roles.BUREAU | _UNITS),
        Permission("duty.approve", "审批换班、督促交接班", frozenset({roles.HEAD, roles.LEADER}) | _UNITS),
        Permission("duty.check", "查岗", frozenset({roles.DUTY, roles.HEAD, roles.LEADER})),
        Permission("duty.phones", "查看值班人员完整手机号", _PLANNERS | {roles.LEADER}),
    ),
    tiles=(
        Tile(
            "待续事项",
            "duty:matters",
            "duty.view",
            "bianwang.modules.duty.queries.open_matter_count",
            icon="clipboard-check",
            query="open=1",
        ),
        Tile(
            "逾期未交接",
            "duty:handovers",
            "duty.view",
            "bianwang.modules.duty.queries.late_handover_count",
            icon="transfer",
            colour="red",
            query="late=1",
        ),
    ),
    jobs=(
        Job("duty.handovers", "交班列入待办", timedelta(minutes=1), "bianwang.modules.duty.services.open_handovers"),
        Job(
            "duty.escalate", "逾期未交接提醒", timedelta(minutes=1), "bianwang.modules.duty.services.escalate_handovers"
        ),
    ),
    sheets=("bianwang.modules.duty.sheets.ROSTER",),
    verbs={
        "duty.post": "登记值班岗位",
        "duty.post_change": "修改值班岗位",
        "duty.person": "登记值班人员",
        "duty.person_change": "修改值班人员",
        "duty.rotation": "编排轮换次序",
        "duty.draft": "编制值班表",
        "duty.fill": "按轮换填写",
        "duty.assign": "排班",
        "duty.publish": "发布值班表",
        "duty.discard": "作废值班表",
        "duty.swap_ask": "申请换班",
        "duty.swap_accept": "同意替班",
        "duty.swap_decline": "不同意替班",
        "duty.swap_approve": "批准换班",
        "duty.swap_reject": "不批准换班",
        "duty.swap_withdraw": "撤回换班",
        "duty.swap_seat": "换班生效",
        "duty.check": "查岗",
        "duty.answer": "应答查岗",
        "duty.handover_owed": "要求交班",
        "duty.hand_over": "交班",
        "duty.take_over": "接班",
        "duty.escalate": "提醒带班领导",
        "duty.matter": "登记待续事项",
        "duty.matter_close": "待续事项办结",
        "duty.log": "记值班日志",
        "duty.log_correct": "更正值班日志",
    },
)
