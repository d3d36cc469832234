"""Manifest of the audits module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

module = Module(
    code="audits",
    name="自评核对",
    icon="file-search",
    menu=(MenuItem("自评核对", "audits:list", "audits.view", "file-search"),),
    permissions=(
        Permission("audits.view", "查看自评报告和核对结果", roles.BUREAU),
        Permission("audits.audit", "上传自评报告、处理核对问题", roles.BUREAU - {roles.LEADER}),
    ),
    jobs=(Job("audits.recount", "复核自评问题数", timedelta(hours=24), "bianwang.modules.audits.services.recount"),),
    tiles=(
        Tile(
            "待处理的自评核对",
            "audits:list",
            "audits.view",
            "bianwang.modules.audits.queries.open_count",
            icon="file-search",
            query="open=1",
        ),
    ),
    search="bianwang.modules.audits.queries.search",
    verbs={
        "audits.create": "开始核对",
        "audits.revise": "存为新版本",
        "audits.rename": "修改名称",
        "audits.decide": "处理问题",
        "audits.withdraw": "撤回处理",
        "audits.recount": "复核问题数",
    },
)
