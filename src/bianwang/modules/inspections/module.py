"""Manifest of the inspections module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT, roles.SAFETY})
_VIEWERS = roles.BUREAU | _UNITS

module = Module(
    code="inspections",
    name="现场检查",
    depends=("hazards", "documents", "enforcement"),
    icon="device-mobile",
    menu=(
        MenuItem("现场检查", "inspections:list", "inspections.view", "clipboard-list"),
        MenuItem("手机检查", "inspections:field", "inspections.inspect", "device-mobile"),
        MenuItem("检查表", "inspections:checklists", "inspections.view", "list-check"),
    ),
    permissions=(
        Permission("inspections.view", "查看现场检查和检查表", _VIEWERS),
        Permission("inspections.inspect", "现场检查", _UNITS | {roles.ENFORCEMENT, roles.HEAD}),
        Permission("inspections.void", "作废现场检查", _UNITS | {roles.HEAD}),
    ),
    tiles=(
        Tile(
            "现场检查待处理",
            "inspections:list",
            "inspections.inspect",
            "bianwang.modules.inspections.queries.waiting_count",
            icon="device-mobile",
            colour="orange",
            query="waiting=1",
        ),
    ),
    search="bianwang.modules.inspections.queries.search",
    verbs={
        "inspections.create": "开始检查",
        "inspections.save": "上传检查内容",
        "inspections.conflict": "另存一版",
        "inspections.choose": "选择一版",
        "inspections.submit": "提交",
        "inspections.sign": "签字确认",
        "inspections.complete": "办结",
        "inspections.discard": "弃用草稿",
        "inspections.void": "作废",
    },
)
