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
        MenuItem("风险提示", "committee:notices", "committee.overview", "bell-exclamation"),
        MenuItem("风险提示回执", "committee:receipts", "committee.view", "mail-opened"),
        MenuItem("视频调度", "committee:check_ins", "committee.overview", "video"),
        MenuItem("调度应答", "committee:calls", "committee.units", "device-tv"),
        MenuItem("重要节点", "committee:periods", "committee.overview", "calendar-exclamation"),
        MenuItem("每日零报告", "committee:zero_reports", "committee.units", "report"),
        MenuItem("督办", "committee:supervisions", "committee.units", "gavel"),
    ),
    permissions=(
        Permission("committee.view", "查看本单位的风险提示和安委会附件", roles.BUREAU | _UNITS | {roles.SAFETY}),
        Permission("committee.units", "查看任务落实、督办、零报告和调度应答", roles.BUREAU | _UNITS),
        Permission("committee.overview", "查看安委会任务、会议、提示、调度和节点", roles.BUREAU),
        Permission("committee.assign", "登记会议、交办和审核任务、发布提示、调度", _OFFICE),
        Permission("committee.answer", "签收和答复安委会工作", _UNITS | {roles.SAFETY}),
        Permission("committee.receive", "承办企业收到的风险提示", frozenset({roles.SAFETY})),
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
        Tile(
            "风险提示逾期未落实",
            "committee:receipts",
            "committee.view",
            "bianwang.modules.committee.watching.unanswered_count",
            icon="bell-exclamation",
            colour="orange",
            query="overdue=1",
        ),
        Tile(
            "零报告漏报",
            "committee:zero_reports",
            "committee.units",
            "bianwang.modules.committee.watching.missing_count",
            icon="report",
            colour="orange",
            query="missing=1",
        ),
    ),
    jobs=(
        Job(
            "committee.deliver",
            "送达风险提示",
            timedelta(seconds=20),
            "bianwang.modules.committee.services.deliver_pending",
        ),
        Job(
            "committee.remind",
            "风险提示到期提醒",
            timedelta(minutes=5),
            "bianwang.modules.committee.services.remind_before_due",
        ),
        Job(
            "committee.ask",
            "零报告列入待办",
            timedelta(minutes=5),
            "bianwang.modules.committee.services.ask_for_reports",
        ),
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
        "committee.notice": "发布风险提示",
        "committee.deliver": "送达",
        "committee.phone": "登记电话送达",
        "committee.read": "确认已阅",
        "committee.done": "报告已落实",
        "committee.remind": "提醒",
        "committee.check_in": "登记视频调度",
        "committee.calls": "记录应答",
        "committee.period": "登记重要节点",
        "committee.zero_report": "报送零报告",
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
