"""Manifest of the duty module: who keeps watch when, and what is handed over."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission

_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT})
_PLANNERS = frozenset({roles.DUTY, roles.HEAD}) | _UNITS

module = Module(
    code="duty",
    name="值班值守",
    icon="clock-shield",
    menu=(
        MenuItem("值班安排", "duty:list", "duty.view", "calendar-user"),
        MenuItem("值班表", "duty:rosters", "duty.view", "calendar-month"),
        MenuItem("值班岗位", "duty:posts", "duty.view", "building-lighthouse"),
        MenuItem("值班人员", "duty:people", "duty.view", "users"),
    ),
    permissions=(
        Permission("duty.view", "查看值班安排和值班人员", roles.BUREAU | _UNITS),
        Permission("duty.roster", "登记值班岗位和人员、编制和发布值班表", _PLANNERS),
        Permission("duty.phones", "查看值班人员完整手机号", _PLANNERS | {roles.LEADER}),
    ),
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
    },
)
