"""Manifest of the disasters module: the statistics of natural disasters (应急〔2020〕19号)."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission

_STAFF = frozenset({roles.DUTY, roles.HEAD})
_PLACES = frozenset({roles.TOWN, roles.VILLAGE})

module = Module(
    code="disasters",
    name="灾情统计",
    icon="flood",
    menu=(MenuItem("灾情", "disasters:list", "disasters.view", "flood"),),
    permissions=(
        Permission("disasters.view", "查看灾害", roles.BUREAU | _PLACES),
        Permission("disasters.register", "登记、更正和撤销灾害", _STAFF),
    ),
    search="bianwang.modules.disasters.queries.search",
    verbs={
        "disasters.register": "登记灾害",
        "disasters.correct": "更正登记",
        "disasters.revoke": "撤销登记",
    },
)
