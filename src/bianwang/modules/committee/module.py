"""Manifest of the committee module: the safety committee's work above and across towns, departments and 管委会."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_OFFICE = frozenset({roles.DUTY, roles.HEAD})
_LEADERS = frozenset({roles.HEAD, roles.LEADER})
_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="committee",
    name="安委会",
    depends=("hazards", "enforcement"),
    icon="building-community",
    menu=(
        MenuItem("任务落实", "committee:list", "committee.units", "checkup-list"),
        MenuItem("安委会任务", "committee:tasks", "committee.overview", "clipboard-list"),
        MenuItem("任务总表", "committee:matrix", "committee.overview", "layout-grid"),
        MenuItem("安委会会议", "committee:meetings", "committee.overview", "users-group"),
        MenuItem("督办", "committee:supervisions", "committee.units", "gavel"),
    ),
    permissions=(
        Permission("committee.view", "打开本单位安委会材料的附件", roles.BUREAU | _UNITS | {roles.SAFETY}),
        Permission("committee.units", "查看任务落实和督办", roles.BUREAU | _UNITS),
        Permission("committee.overview", "查看安委会任务、会议和统计", roles.BUREAU),
        Permission("committee.assign", "登记会议、交办和审核任务", _OFFICE),
        Permission("committee.answer", "签收和答复安委会工作", _UNITS | {roles.SAFETY}),
        Permission("committee.decide", "任务销号、挂牌督办和摘牌", _LEADERS),
    ),
    tiles=(
        Tile(
            "安委会任务逾期",
            "committee:list",
            "committee.units",
            "bianwang.modules.committee.queries.overdue_count",
            icon="checkup-list",
            colour="red",
            query="overdue=1",
        ),
        Tile(
            "督办逾期",
            "committee:supervisions",
            "committee.units",
            "bianwang.modules.committee.queries.overdue_supervisions",
            icon="gavel",
            colour="red",
            query="overdue=1",
        ),
    ),
    jobs=(
        Job(
            "committee.escalate",
            "安委会任务和督办逾期上报",
            timedelta(minutes=1),
            "bianwang.modules.committee.services.escalate_overdue",
        ),
    ),
    search="bianwang.modules.committee.queries.search",
    verbs={
        "committee.meeting": "登记会议",
        "committee.attendance": "记录到会情况",
        "committee.minutes": "记录议定事项",
        "committee.task": "交办任务",
        "committee.assign": "下发",
        "committee.sign": "签收",
        "committee.report": "反馈进展",
        "committee.submit": "报告办结",
        "committee.pass": "审核通过",
        "committee.return": "退回",
        "committee.close": "销号",
        "committee.postpone": "调整时限",
        "committee.cancel": "取消",
        "committee.escalate": "逾期上报",
        "committee.supervise": "挂牌督办",
        "committee.supervise_sign": "签收督办",
        "committee.supervise_submit": "报告督办办结",
        "committee.supervise_apply": "申请督办延期",
        "committee.supervise_decide": "审批督办延期",
        "committee.supervise_return": "督办退回",
        "committee.supervise_unlist": "核验摘牌",
        "committee.supervise_revoke": "撤销督办",
        "committee.supervise_escalate": "督办逾期上报",
    },
)
