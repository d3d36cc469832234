"""Manifest of the enforcement module."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import Measure, MenuItem, Module, Permission, Tile

_MEASURES = "bianwang.modules.enforcement.measures"
_OFFICERS = frozenset({roles.ENFORCEMENT, roles.HEAD})
_REPORTERS = _OFFICERS | {roles.TOWN, roles.DEPARTMENT}
_DECIDERS = frozenset({roles.HEAD, roles.LEADER})

module = Module(
    code="enforcement",
    name="执法检查",
    icon="clipboard-check",
    menu=(
        MenuItem("执法检查", "enforcement:list", "enforcement.view", "clipboard-check"),
        MenuItem("年度检查计划", "enforcement:plans", "enforcement.plan_view", "calendar-event"),
        MenuItem("专项行动", "enforcement:campaigns", "enforcement.view", "flag"),
        MenuItem("检查统计", "enforcement:statistics", "enforcement.view", "chart-bar"),
    ),
    permissions=(
        Permission("enforcement.view", "查看检查和专项行动", roles.BUREAU | {roles.TOWN, roles.DEPARTMENT}),
        Permission("enforcement.report", "登记本单位的检查", _REPORTERS),
        Permission("enforcement.import", "批量导入检查", _REPORTERS),
        Permission("enforcement.exceed", "审批超频次检查", _DECIDERS),
        Permission("enforcement.plan_view", "查看年度检查计划和抽取记录", roles.BUREAU),
        Permission("enforcement.plan", "编制、调整年度检查计划和抽取", _OFFICERS),
        Permission("enforcement.approve", "批准年度检查计划", _DECIDERS),
        Permission("enforcement.campaign", "登记专项行动", _OFFICERS),
    ),
    tiles=(
        Tile(
            "超频次检查待审批",
            "enforcement:list",
            "enforcement.exceed",
            "bianwang.modules.enforcement.queries.over_count",
            icon="clipboard-check",
            colour="orange",
            query="waiting=1",
        ),
    ),
    measures=(
        Measure(
            "enforcement.plan_completion",
            "执法计划任务完成率",
            "%",
            f"{_MEASURES}.plan_completion",
            "年度检查计划和检查登记",
        ),
        Measure(
            "enforcement.planned_enterprises",
            "计划检查企业",
            "家",
            f"{_MEASURES}.planned_enterprises",
            "年度检查计划",
        ),
        Measure("enforcement.direct_visits", "直管企业检查", "家次", f"{_MEASURES}.direct_visits", "检查登记"),
        Measure("enforcement.visits", "全区检查", "家次", f"{_MEASURES}.visits", "检查登记"),
    ),
    search="bianwang.modules.enforcement.queries.search",
    sheets=("bianwang.modules.enforcement.sheets.VISITS",),
    verbs={
        "enforcement.plan": "编制检查计划",
        "enforcement.change_plan": "修改检查计划",
        "enforcement.add_items": "列入计划",
        "enforcement.change_item": "调整计划企业",
        "enforcement.remove_item": "移出计划",
        "enforcement.draw": "双随机抽取",
        "enforcement.recuse": "登记回避",
        "enforcement.withdraw_recusal": "撤回回避",
        "enforcement.amend": "调整计划",
        "enforcement.approve": "批准计划",
        "enforcement.discard": "废弃草稿",
        "enforcement.campaign": "登记专项行动",
        "enforcement.visit": "登记检查",
        "enforcement.change_visit": "修改检查",
        "enforcement.found": "记入发现的隐患",
        "enforcement.void": "作废检查",
        "enforcement.flag": "认定超频次",
        "enforcement.exceed": "审批超频次",
        "enforcement.rechecked": "记入复查",
        "enforcement.import": "导入检查",
        "enforcement.history": "载入历年检查",
    },
)
