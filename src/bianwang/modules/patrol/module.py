"""Manifest of the patrol module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, Measure, MenuItem, Module, Permission, Tile

_SERVICES = "bianwang.modules.patrol.services"
_MEASURES = "bianwang.modules.patrol.measures"
_WALKERS = (roles.DUTY, roles.ENFORCEMENT, roles.TOWN, roles.DEPARTMENT)
_WATCHERS = roles.BUSINESS - {roles.FINANCE}
_JUDGES = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="patrol",
    name="视频巡检",
    depends=("sensing",),
    icon="eye-check",
    menu=(
        MenuItem("视频墙", "patrol:wall", "patrol.view", "layout-grid"),
        MenuItem("巡检轮次", "patrol:round_list", "patrol.view", "route"),
        MenuItem("巡检记录", "patrol:look_list", "patrol.view", "eye-check"),
        MenuItem("待复核", "patrol:review", "patrol.judge", "eye-question"),
        MenuItem("疑似情形", "patrol:suspicion_list", "patrol.view", "eye-exclamation"),
        MenuItem("巡检计划", "patrol:plan_list", "patrol.plan", "calendar"),
        MenuItem("巡检统计", "patrol:statistics", "patrol.view", "chart-bar"),
    ),
    permissions=(
        Permission("patrol.view", "查看视频巡检与疑似情形", _WATCHERS),
        Permission("patrol.judge", "复核疑似情形", _JUDGES),
        Permission("patrol.judge_duty", "承办疑似情形复核", frozenset({roles.DUTY})),
        Permission("patrol.plan", "编制巡检计划", frozenset({roles.DUTY, roles.HEAD, roles.TOWN, roles.DEPARTMENT})),
        Permission("patrol.walk", "视频巡检", frozenset(_WALKERS)),
        *(Permission(f"patrol.walk_{role}", f"{roles.NAMES[role]}承办巡检", frozenset({role})) for role in _WALKERS),
        Permission("patrol.second", "再看巡检记录", frozenset({roles.DUTY, roles.HEAD, roles.ENFORCEMENT})),
        Permission("patrol.export", "导出巡检标注画面", frozenset({roles.HEAD, roles.LEADER, roles.TOWN})),
        Permission("patrol.faces", "导出的画面不打码", frozenset({roles.HEAD, roles.LEADER})),
    ),
    jobs=(
        Job("patrol.rounds", "生成巡检轮次", timedelta(minutes=10), f"{_SERVICES}.make_rounds"),
        Job("patrol.late", "认定逾时和漏检的巡检", timedelta(minutes=1), f"{_SERVICES}.note_late"),
    ),
    tiles=(
        Tile(
            "待复核的疑似情形",
            "patrol:suspicion_list",
            "patrol.view",
            "bianwang.modules.patrol.queries.open_count",
            icon="eye-question",
            colour="orange",
            query="state=open",
        ),
        Tile(
            "待巡检与巡检中",
            "patrol:round_list",
            "patrol.walk",
            "bianwang.modules.patrol.queries.due_rounds_count",
            icon="route",
            query="state=planned&state=walking",
        ),
    ),
    measures=(
        Measure("patrol.coverage", "视频巡检覆盖率", "%", f"{_MEASURES}.coverage", "巡检记录"),
        Measure("patrol.found", "视频巡检发现问题", "个", f"{_MEASURES}.found", "巡检记录"),
    ),
    verbs={
        "patrol.suspect": "列入待复核",
        "patrol.confirm": "复核属实",
        "patrol.reject": "复核不属实",
        "patrol.unclear": "复核无法判断",
        "patrol.reopen": "更正复核",
        "patrol.plan_create": "编制巡检计划",
        "patrol.plan_change": "修改巡检计划",
        "patrol.plan_switch": "启用或停用巡检计划",
        "patrol.round": "生成巡检轮次",
        "patrol.start": "开始巡检",
        "patrol.finish": "完成巡检",
        "patrol.late": "巡检逾时",
        "patrol.miss": "漏检",
        "patrol.cancel": "取消巡检",
        "patrol.look": "记录所见",
        "patrol.to_review": "提请复核",
        "patrol.second": "再看",
    },
)
