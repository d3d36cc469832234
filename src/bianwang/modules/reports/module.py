"""Manifest of the reports module: the self-evaluation report with its documents and frozen versions."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission

module = Module(
    code="reports",
    name="自评报告",
    depends=("indicators", "documents"),
    icon="report-analytics",
    menu=(MenuItem("自评报告", "reports:list", "reports.view", "report-analytics"),),
    permissions=(
        Permission("reports.view", "查看自评报告和各版本", roles.BUREAU),
        Permission("reports.write", "起草和修改自评报告", frozenset({roles.FINANCE, roles.HEAD})),
        Permission("reports.freeze", "冻结自评报告", frozenset({roles.LEADER})),
    ),
    search="bianwang.modules.reports.queries.search",
    verbs={
        "reports.create": "起草报告",
        "reports.write": "修改段落",
        "reports.freeze": "冻结版本",
    },
)
