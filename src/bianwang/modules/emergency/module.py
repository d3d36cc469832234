"""Manifest of the emergency module: events from the first call to the review."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

_STAFF = frozenset({roles.DUTY, roles.HEAD})
_TOWN = frozenset({roles.TOWN})

module = Module(
    code="emergency",
    name="应急处置",
    icon="urgent",
    menu=(MenuItem("突发事件", "emergency:list", "emergency.view", "urgent"),),
    permissions=(
        Permission("emergency.view", "查看突发事件", roles.BUREAU | _TOWN),
        Permission("emergency.register", "登记、更正、合并和撤销突发事件", _STAFF | _TOWN),
        Permission("emergency.command", "启动、调整和结束响应，结束盯守", _STAFF | {roles.LEADER}),
        Permission("emergency.note", "补充处置记录", roles.BUREAU | _TOWN),
    ),
    tiles=(
        Tile(
            "正在处置的事件",
            "emergency:list",
            "emergency.view",
            "bianwang.modules.emergency.queries.live_count",
            icon="urgent",
            colour="red",
            query="live=1",
        ),
    ),
    search="bianwang.modules.emergency.queries.search",
    verbs={
        "emergency.register": "登记事件",
        "emergency.correct": "更正登记",
        "emergency.respond": "启动响应",
        "emergency.level": "调整响应级别",
        "emergency.end": "处置结束",
        "emergency.resume": "重新处置",
        "emergency.close": "结束盯守并办结",
        "emergency.merge": "并入主事件",
        "emergency.split": "拆分",
        "emergency.revoke": "撤销登记",
        "emergency.note": "补充处置记录",
    },
)
