"""Manifest of the hazards module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, Measure, MenuItem, Module, Permission, Tile

_MEASURES = "bianwang.modules.hazards.measures"
_UNITS = frozenset({roles.ENFORCEMENT, roles.HEAD, roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="hazards",
    name="隐患",
    depends=("sensing", "rules", "alarms"),
    icon="alert-triangle",
    menu=(
        MenuItem("隐患", "hazards:list", "hazards.view", "alert-triangle"),
        MenuItem("隐患统计", "hazards:statistics", "hazards.view", "chart-bar"),
        MenuItem("看管一张表", "hazards:board", "hazards.board", "layout-grid"),
        MenuItem("重大隐患判定标准", "hazards:criteria", "hazards.view", "list-check"),
    ),
    permissions=(
        Permission("hazards.view", "查看隐患", roles.BUSINESS),
        Permission("hazards.board", "查看看管一张表", roles.BUREAU | {roles.TOWN, roles.DEPARTMENT}),
        Permission("hazards.register", "登记隐患", _UNITS | {roles.DUTY, roles.VILLAGE, roles.SAFETY}),
        Permission("hazards.grade", "隐患定级并下达整改", _UNITS | {roles.SAFETY}),
        Permission("hazards.rectify", "提交隐患整改", frozenset({roles.SAFETY, roles.VILLAGE, roles.TOWN})),
        Permission("hazards.self_close", "企业自查一般隐患自行销号", frozenset({roles.SAFETY})),
        Permission("hazards.extend", "申请整改延期", frozenset({roles.SAFETY, roles.TOWN})),
        Permission("hazards.approve", "审批整改延期", _UNITS),
        Permission("hazards.recheck", "复查隐患整改", _UNITS | {roles.SAFETY}),
        Permission("hazards.close", "隐患销号", _UNITS | {roles.SAFETY}),
        Permission("hazards.grade_others", "承办检查发现隐患的定级", _UNITS),
        Permission("hazards.recheck_others", "承办检查发现隐患的复查", _UNITS),
        Permission("hazards.close_others", "承办检查发现隐患的销号", _UNITS),
        Permission("hazards.list_major", "重大隐患挂牌督办", frozenset({roles.HEAD, roles.LEADER})),
        Permission("hazards.import", "批量导入外单位隐患", _UNITS),
    ),
    jobs=(
        Job("hazards.overdue", "认定超期隐患", timedelta(minutes=1), "bianwang.modules.hazards.services.find_overdue"),
        Job("hazards.board", "看管日结", timedelta(hours=1), "bianwang.modules.hazards.services.keep_board_day"),
    ),
    tiles=(
        Tile(
            "重大隐患未销号",
            "hazards:list",
            "hazards.view",
            "bianwang.modules.hazards.queries.major_open_count",
            icon="alert-octagon",
            colour="red",
            query="grade=major&open=1",
        ),
        Tile(
            "超期未整改隐患",
            "hazards:list",
            "hazards.view",
            "bianwang.modules.hazards.queries.overdue_count",
            icon="clock-exclamation",
            colour="orange",
            query="overdue=1",
        ),
    ),
    measures=(
        Measure("hazards.found", "发现隐患", "个", f"{_MEASURES}.found", "隐患台账"),
        Measure("hazards.rectified", "已整改隐患", "个", f"{_MEASURES}.rectified", "隐患台账"),
        Measure("hazards.overdue", "超期未整改隐患", "个", f"{_MEASURES}.overdue", "隐患台账"),
        Measure("hazards.rectification_rate", "隐患整改率", "%", f"{_MEASURES}.rectification_rate", "隐患台账"),
    ),
    search="bianwang.modules.hazards.queries.search",
    sheets=("bianwang.modules.hazards.sheets.HAZARDS",),
    verbs={
        "hazards.register": "登记隐患",
        "hazards.grade": "定级并下达整改",
        "hazards.revoke": "撤销",
        "hazards.submit": "提交整改",
        "hazards.self_close": "自行销号",
        "hazards.apply": "申请延期",
        "hazards.decide": "审批延期",
        "hazards.list": "挂牌督办",
        "hazards.overdue": "认定超期",
        "hazards.pass": "复查合格",
        "hazards.fail": "复查不合格",
        "hazards.close": "销号",
        "hazards.import": "外单位导入",
        "hazards.history": "载入历年隐患",
    },
)
