"""Manifest of the patrol module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

_WATCHERS = roles.BUSINESS - {roles.FINANCE}
_JUDGES = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="patrol",
    name="视频巡检",
    depends=("sensing",),
    icon="eye-check",
    menu=(
        MenuItem("待复核", "patrol:review", "patrol.judge", "eye-question"),
        MenuItem("疑似情形", "patrol:suspicion_list", "patrol.view", "eye-exclamation"),
    ),
    permissions=(
        Permission("patrol.view", "查看视频巡检与疑似情形", _WATCHERS),
        Permission("patrol.judge", "复核疑似情形", _JUDGES),
        Permission("patrol.judge_duty", "承办疑似情形复核", frozenset({roles.DUTY})),
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
    ),
    verbs={
        "patrol.suspect": "列入待复核",
        "patrol.confirm": "复核属实",
        "patrol.reject": "复核不属实",
        "patrol.unclear": "复核无法判断",
        "patrol.reopen": "更正复核",
    },
)
