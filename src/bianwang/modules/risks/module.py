"""Manifest of the risks module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

_EDITORS = frozenset({roles.ENFORCEMENT, roles.HEAD, roles.SAFETY})

module = Module(
    code="risks",
    name="风险管控",
    depends=("sensing",),
    icon="flame",
    menu=(
        MenuItem("风险点", "risks:list", "risks.view", "flame"),
        MenuItem("重大危险源", "risks:sources", "risks.view", "radioactive"),
        MenuItem("风险统计", "risks:statistics", "risks.statistics", "chart-bar"),
    ),
    permissions=(
        Permission("risks.view", "查看风险点和重大危险源", roles.BUSINESS),
        Permission("risks.statistics", "查看风险统计", roles.BUREAU | {roles.TOWN, roles.DEPARTMENT}),
        Permission("risks.edit", "登记风险点和重大危险源", _EDITORS),
    ),
    tiles=(
        Tile(
            "重大危险源有缺项",
            "risks:sources",
            "risks.view",
            "bianwang.modules.risks.queries.faulty_count",
            icon="radioactive",
            colour="red",
            query="faulty=1",
        ),
    ),
    search="bianwang.modules.risks.queries.search",
    sheets=("bianwang.modules.risks.sheets.POINTS",),
    verbs={
        "risks.create": "登记风险点",
        "risks.change": "修改风险点",
        "risks.source_create": "登记重大危险源",
        "risks.source_change": "修改重大危险源",
        "risks.keeper": "确定包保责任人",
        "risks.duty": "登记履职",
    },
)
