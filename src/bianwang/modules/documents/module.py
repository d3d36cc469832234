"""Manifest of the documents module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_OFFICERS = frozenset({roles.ENFORCEMENT, roles.HEAD, roles.LEADER})

module = Module(
    code="documents",
    name="执法文书",
    icon="file-text",
    menu=(
        MenuItem("执法文书", "documents:list", "documents.view", "file-text"),
        MenuItem("执法案卷", "documents:dossiers", "documents.view", "folder"),
        MenuItem("文书模板", "documents:templates", "documents.templates", "template"),
    ),
    permissions=(
        Permission("documents.view", "查看执法文书和案卷", roles.BUREAU),
        Permission("documents.draw_up", "制作执法文书", frozenset({roles.ENFORCEMENT, roles.HEAD})),
        Permission("documents.issue", "签发执法文书", _OFFICERS),
        Permission("documents.approve", "审批须审批的执法文书", frozenset({roles.HEAD, roles.LEADER})),
        Permission("documents.serve", "登记送达和签字", frozenset({roles.ENFORCEMENT, roles.HEAD})),
        Permission("documents.void", "作废执法文书", frozenset({roles.ENFORCEMENT, roles.HEAD})),
        Permission("documents.templates", "管理文书模板", frozenset({roles.HEAD})),
    ),
    jobs=(
        Job(
            "documents.overdue",
            "督促逾期送达",
            timedelta(minutes=5),
            "bianwang.modules.documents.services.urge_service",
        ),
    ),
    tiles=(
        Tile(
            "文书逾期未送达",
            "documents:list",
            "documents.view",
            "bianwang.modules.documents.queries.overdue_count",
            icon="file-text",
            colour="red",
            query="overdue=1",
        ),
    ),
    search="bianwang.modules.documents.queries.search",
    verbs={
        "documents.open": "立卷",
        "documents.draw_up": "制作文书",
        "documents.change": "修改文书",
        "documents.issue": "签发文书",
        "documents.serve": "登记送达",
        "documents.sign": "登记签字",
        "documents.escalate": "督促送达",
        "documents.void": "作废文书",
        "documents.template": "上传文书模板",
        "documents.restore": "恢复文书模板",
    },
)
