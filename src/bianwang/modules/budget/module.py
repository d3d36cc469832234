"""Manifest of the budget module: functional lines, projects, payments, publication, posts and staff."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, Measure, MenuItem, Module, Permission, Tile

_MEASURES = "bianwang.modules.budget.measures"
_ALERTS = "bianwang.modules.budget.queries.alerts"
_SHEETS = "bianwang.modules.budget.sheets"
_LINES = "年度预算科目、预算调整和支付登记"
_STAFF = "编制人员登记"

module = Module(
    code="budget",
    name="预算与资金",
    depends=(),
    icon="coins",
    menu=(
        MenuItem("预算预警", "budget:alerts", "budget.view", "alert-triangle"),
        MenuItem("年度预算", "budget:list", "budget.view", "report-money"),
        MenuItem("预算科目", "budget:lines", "budget.view", "list-numbers"),
        MenuItem("预算项目", "budget:projects", "budget.view", "folder"),
        MenuItem("预算调整", "budget:adjustments", "budget.view", "adjustments"),
        MenuItem("支付", "budget:payments", "budget.view", "cash"),
        MenuItem("资金来源", "budget:funds", "budget.view", "chart-bar"),
        MenuItem("上级资金", "budget:receipts", "budget.view", "building-bank"),
        MenuItem("预决算公开", "budget:publications", "budget.view", "world"),
        MenuItem("编制人员", "budget:staff", "budget.view", "users"),
    ),
    permissions=(
        Permission("budget.view", "查看预算与资金", roles.BUREAU),
        Permission("budget.edit", "登记预算、调整、支付、公开和编制人员", frozenset({roles.FINANCE})),
    ),
    tiles=(
        Tile(
            "上级资金滞留",
            "budget:receipts",
            "budget.view",
            f"{_ALERTS}.pressing_count",
            icon="building-bank",
            colour="red",
            query="pressing=1",
        ),
        Tile(
            "预算项目滞后",
            "budget:projects",
            "budget.view",
            f"{_ALERTS}.lagging_count",
            icon="hourglass",
            colour="orange",
            query="lagging=1",
        ),
        Tile(
            "预决算公开临期",
            "budget:publications",
            "budget.view",
            f"{_ALERTS}.papers_count",
            icon="world",
            colour="orange",
            query="soon=1",
        ),
    ),
    jobs=(Job("budget.watch", "预算预警待办", timedelta(hours=1), "bianwang.modules.budget.services.clock.watch"),),
    search="bianwang.modules.budget.queries.search.search",
    sheets=(f"{_SHEETS}.LINES", f"{_SHEETS}.PROJECTS", f"{_SHEETS}.PAYMENTS"),
    measures=(
        Measure("budget.opening", "年初预算数", "万元", f"{_MEASURES}.opening", _LINES),
        Measure("budget.adjusted", "调整预算数", "万元", f"{_MEASURES}.adjusted", _LINES),
        Measure("budget.executed", "预算执行数", "万元", f"{_MEASURES}.executed", _LINES),
        Measure("budget.carry_over", "结转结余", "万元", f"{_MEASURES}.carry_over", _LINES),
        Measure("budget.execution_rate", "预算执行率", "%", f"{_MEASURES}.execution_rate", _LINES),
        Measure("budget.publication_rate", "预决算公开率", "%", f"{_MEASURES}.publication_rate", "预决算公开登记"),
        Measure("budget.undisbursed", "未支付上级资金", "万元", f"{_MEASURES}.undisbursed", "上级资金和支付登记"),
        Measure("budget.low_projects", "进度滞后的预算项目", "个", f"{_MEASURES}.low_projects", "预算项目和支付登记"),
        Measure("budget.printed_gaps", "与印发文件不同的合计", "个", f"{_MEASURES}.printed_gaps", "文件上的合计数登记"),
        Measure("budget.posts", "编制", "个", f"{_MEASURES}.posts", _STAFF),
        Measure("budget.staff", "实有人数", "人", f"{_MEASURES}.employed", _STAFF),
        Measure("budget.retired", "退休人数", "人", f"{_MEASURES}.retired", _STAFF),
    ),
    verbs={
        "budget.year": "登记年度预算",
        "budget.approve": "登记预算批复",
        "budget.close": "登记决算批复",
        "budget.reopen": "退回执行中",
        "budget.redraft": "退回编制",
        "budget.line": "登记科目",
        "budget.line_change": "更改科目",
        "budget.adjust": "调整预算",
        "budget.project": "登记项目",
        "budget.project_change": "更改项目",
        "budget.explain": "说明执行偏低原因",
        "budget.receive": "登记上级资金",
        "budget.assign": "落实上级资金",
        "budget.pay": "登记支付",
        "budget.statement": "登记文件上的合计数",
        "budget.publication": "登记应公开事项",
        "budget.publication_change": "更改应公开事项",
        "budget.publish": "登记公开",
        "budget.staff": "登记编制人员",
    },
)
