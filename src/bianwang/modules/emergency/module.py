"""Manifest of the emergency module: events from the first call to the review."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_STAFF = frozenset({roles.DUTY, roles.HEAD})
_TOWN = frozenset({roles.TOWN})
_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="emergency",
    name="应急处置",
    icon="urgent",
    depends=("alarms", "accidents"),
    menu=(
        MenuItem("突发事件", "emergency:list", "emergency.view", "urgent"),
        MenuItem("处置任务", "emergency:tasks", "emergency.tasks", "checkup-list"),
        MenuItem("信息报送", "emergency:reports", "emergency.view", "report"),
        MenuItem("应急资源", "emergency:resources", "emergency.resources", "truck"),
        MenuItem("资源调用", "emergency:callups", "emergency.resources", "arrows-exchange"),
        MenuItem("火势研判", "emergency:judgements", "emergency.view", "flame"),
        MenuItem("居民点", "emergency:settlement_list", "emergency.view", "home"),
        MenuItem("地图资料", "emergency:layers", "emergency.view", "map-2"),
        MenuItem("应急统计", "emergency:statistics", "emergency.statistics", "chart-bar"),
    ),
    permissions=(
        Permission("emergency.view", "查看突发事件", roles.BUREAU | _TOWN),
        Permission("emergency.register", "登记、更正、合并和撤销突发事件", _STAFF | _TOWN),
        Permission("emergency.command", "启动、调整和结束响应，结束盯守", _STAFF | {roles.LEADER}),
        Permission("emergency.report", "报送事件信息，更新伤亡和损失", _STAFF | _TOWN),
        Permission("emergency.tasks", "查看处置任务", roles.BUREAU | _UNITS),
        Permission("emergency.answer", "签收和反馈处置任务", _UNITS),
        Permission("emergency.statistics", "查看应急统计", roles.BUREAU),
        Permission("emergency.resources", "查看应急资源和调用", roles.BUREAU | _UNITS),
        Permission("emergency.resource_edit", "登记、导入、更正和核实应急资源", _STAFF | _UNITS),
        Permission("emergency.resource_phones", "查看应急资源完整电话", _STAFF | _UNITS | {roles.LEADER}),
        Permission("emergency.note", "补充处置记录", roles.BUREAU | _TOWN),
        Permission("emergency.judge", "提出火势研判", _STAFF | {roles.LEADER}),
        Permission("emergency.settlements", "登记和导入居民点", _STAFF | _TOWN),
        Permission("emergency.layers", "导入道路、河流、高程和可燃物", _STAFF),
    ),
    jobs=(
        Job(
            "emergency.judge",
            "火势研判",
            timedelta(seconds=2),
            "bianwang.modules.emergency.services.compute_waiting",
        ),
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
        Tile(
            "任务逾期未签收",
            "emergency:tasks",
            "emergency.tasks",
            "bianwang.modules.emergency.queries.overdue_count",
            icon="checkup-list",
            colour="red",
            query="overdue=1",
        ),
        Tile(
            "超期未核实的资源",
            "emergency:resources",
            "emergency.resource_edit",
            "bianwang.modules.emergency.resource_queries.unverified_count",
            icon="truck",
            colour="orange",
            query="unverified=1",
        ),
    ),
    sheets=(
        "bianwang.modules.emergency.resource_sheet.RESOURCES",
        "bianwang.modules.emergency.settlement_sheet.SETTLEMENTS",
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
        "emergency.told": "书面初报已报，时限解除",
        "emergency.report": "报送信息",
        "emergency.loss": "更新伤亡和损失",
        "emergency.wind": "录入现场风",
        "emergency.judge": "提出火势研判",
        "emergency.judged": "完成火势研判",
        "emergency.judge_fail": "火势研判未完成",
        "emergency.settlement": "登记居民点",
        "emergency.layer": "导入地图资料",
        "emergency.layer_off": "停用地图资料",
        "emergency.task_give": "下达任务",
        "emergency.task_sign": "签收",
        "emergency.task_phone": "登记电话签收",
        "emergency.task_report": "反馈进展",
        "emergency.task_done": "报告完成",
        "emergency.task_cancel": "取消任务",
        "emergency.resource_add": "登记应急资源",
        "emergency.resource_change": "更正应急资源",
        "emergency.resource_verify": "核实应急资源",
        "emergency.resource_occupy": "更新入住人数",
        "emergency.resource_repair": "送修",
        "emergency.resource_disable": "停用应急资源",
        "emergency.resource_restore": "恢复可用",
        "emergency.resource_call": "应急资源被调用",
        "emergency.resource_free": "应急资源归建",
        "emergency.callup": "调用应急资源",
        "emergency.callup_arrive": "到达",
        "emergency.callup_release": "归建",
    },
)
