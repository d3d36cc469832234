"""Manifest of the outreach module: the hotline 12350, publicity, and what the public is asked."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission, Tile

_STAFF = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD})
_UNITS = frozenset({roles.TOWN, roles.DEPARTMENT})
_LEADERS = frozenset({roles.HEAD, roles.LEADER})

module = Module(
    code="outreach",
    name="宣教与群众",
    depends=("enforcement",),
    icon="phone-call",
    menu=(
        MenuItem("12350来电来件", "outreach:list", "outreach.view", "phone-call"),
        MenuItem("举报奖励", "outreach:rewards", "outreach.rewards", "gift"),
        MenuItem("12350统计", "outreach:statistics", "outreach.statistics", "chart-bar"),
        MenuItem("宣传活动", "outreach:events", "outreach.publicity", "speakerphone"),
        MenuItem("主题活动", "outreach:campaigns", "outreach.publicity", "flag"),
        MenuItem("宣传渠道", "outreach:channels", "outreach.publicity", "broadcast"),
        MenuItem("技术应用试点", "outreach:pilots", "outreach.publicity", "bulb"),
        MenuItem("宣教统计", "outreach:publicity", "outreach.publicity", "chart-histogram"),
    ),
    permissions=(
        # Never the enterprises: they are whom the reports are about.
        Permission("outreach.view", "查看12350来电来件", roles.BUREAU | _UNITS),
        Permission("outreach.statistics", "查看12350统计", roles.BUREAU),
        Permission("outreach.register", "登记和更正来电来件", _STAFF),
        Permission("outreach.dispatch", "交办举报", frozenset({roles.DUTY, roles.HEAD})),
        Permission("outreach.verify", "核查举报", frozenset({roles.ENFORCEMENT, roles.HEAD}) | _UNITS),
        Permission("outreach.extend", "批准延长举报核查", frozenset({roles.LEADER})),
        Permission("outreach.reply", "答复举报人", _STAFF),
        Permission("outreach.close", "举报办结", _LEADERS),
        Permission("outreach.identity", "查看举报人身份", frozenset({roles.HEAD, roles.FINANCE})),
        Permission("outreach.rewards", "查看举报奖励", roles.BUREAU),
        Permission("outreach.apply", "申请举报奖励", _STAFF),
        Permission("outreach.approve", "审批举报奖励", _LEADERS),
        Permission("outreach.pay", "发放举报奖励", frozenset({roles.FINANCE})),
        Permission("outreach.publicity", "查看宣传活动、渠道和技术试点", roles.BUREAU | _UNITS),
        Permission("outreach.publish", "登记本单位的宣传活动、渠道和技术试点", _STAFF | _UNITS),
        Permission("outreach.campaign", "登记主题活动", frozenset({roles.ENFORCEMENT, roles.HEAD})),
    ),
    tiles=(
        Tile(
            "举报有逾期事项",
            "outreach:list",
            "outreach.view",
            "bianwang.modules.outreach.queries.overdue_count",
            icon="phone-call",
            colour="red",
            query="overdue=1",
        ),
    ),
    search="bianwang.modules.outreach.queries.search",
    verbs={
        "outreach.register": "登记来电来件",
        "outreach.correct": "更正登记",
        "outreach.identity": "登记举报人信息",
        "outreach.identity_read": "查看举报人身份",
        "outreach.dispatch": "交办",
        "outreach.recall": "收回重新交办",
        "outreach.extend": "批准延长核查",
        "outreach.duplicate": "标记为重复举报",
        "outreach.verify": "登记核查结论",
        "outreach.return": "退回重新核查",
        "outreach.case": "登记立案",
        "outreach.reply": "答复举报人",
        "outreach.finish": "答复并办结",
        "outreach.close": "办结",
        "outreach.revoke": "撤销登记",
        "outreach.reward": "申请举报奖励",
        "outreach.reward_apply": "申请举报奖励",
        "outreach.reward_approve": "批准举报奖励",
        "outreach.reward_refuse": "不批准举报奖励",
        "outreach.reward_pay": "发放举报奖励",
        "outreach.campaign": "登记主题活动",
        "outreach.event": "登记宣传活动",
        "outreach.channel": "登记渠道用量",
        "outreach.pilot": "登记技术试点",
    },
)
