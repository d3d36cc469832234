"""Manifest of the penalties module: cases of administrative penalty from the clue to the closed file."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_HEADS = frozenset({roles.HEAD, roles.LEADER})

module = Module(
    code="penalties",
    name="行政处罚",
    depends=("alarms", "hazards", "documents", "enforcement"),
    icon="gavel",
    menu=(
        MenuItem("处罚案件", "penalties:list", "penalties.view", "gavel"),
        MenuItem("取证设备", "penalties:sources", "penalties.view", "camera"),
        MenuItem("罚没缴款", "penalties:payments", "penalties.view", "cash"),
        MenuItem("处罚公示", "penalties:publications", "penalties.view", "speakerphone"),
        MenuItem("处罚统计", "penalties:statistics", "penalties.view", "chart-bar"),
    ),
    permissions=(
        # Never the enterprises, whom the cases are about, nor the towns, which do not handle them.
        Permission("penalties.view", "查看处罚案件", roles.BUREAU),
        Permission("penalties.handle", "办理处罚案件", frozenset({roles.ENFORCEMENT})),
        Permission("penalties.approve", "审批立案、措施、延期和结案", _HEADS),
        Permission("penalties.review", "法制审核", frozenset({roles.HEAD, roles.ENFORCEMENT})),
        Permission("penalties.technical", "登记取证设备和技术审核", frozenset({roles.HEAD, roles.DUTY})),
        Permission("penalties.decide", "作出处罚决定", frozenset({roles.LEADER})),
        Permission("penalties.publish", "公示处罚决定和取证设备", frozenset({roles.HEAD, roles.FINANCE})),
        Permission("penalties.pay", "登记罚没缴款", frozenset({roles.FINANCE})),
    ),
    tiles=(
        Tile(
            "处罚案件有逾期时限",
            "penalties:list",
            "penalties.view",
            "bianwang.modules.penalties.queries.overdue_count",
            icon="gavel",
            colour="red",
            query="overdue=1",
        ),
    ),
    jobs=(
        Job(
            "penalties.remind", "处罚时限逾期提醒", timedelta(minutes=10), "bianwang.modules.penalties.services.remind"
        ),
    ),
    search="bianwang.modules.penalties.queries.search",
    verbs={
        "penalties.open": "登记线索",
        "penalties.officer": "增加办案人员",
        "penalties.apply": "提交立案审批",
        "penalties.file": "批准立案",
        "penalties.refuse": "不予立案",
        "penalties.change": "更正案情和情节",
        "penalties.recuse": "决定回避",
        "penalties.evidence": "登记证据",
        "penalties.evidence_add": "登记证据",
        "penalties.evidence_examine": "审查证据",
        "penalties.evidence_show": "向当事人出示",
        "penalties.evidence_admit": "采信证据",
        "penalties.evidence_exclude": "不采信证据",
        "penalties.source": "登记取证设备",
        "penalties.source_legal": "法制审核通过",
        "penalties.source_technical": "技术审核通过",
        "penalties.source_publish": "公布设置地点",
        "penalties.source_retire": "停用取证设备",
        "penalties.measure": "申请强制措施或登记保存",
        "penalties.measure_ask": "申请强制措施或登记保存",
        "penalties.measure_approve": "批准强制措施或登记保存",
        "penalties.measure_refuse": "不同意强制措施或登记保存",
        "penalties.measure_extend": "批准延长措施期限",
        "penalties.measure_decide": "作出措施处理决定",
        "penalties.suspend": "登记停算期间",
        "penalties.resume": "结束停算期间",
        "penalties.extend": "批准延长办案期限",
        "penalties.finish": "调查终结",
        "penalties.review": "法制审核通过",
        "penalties.return": "法制审核退回",
        "penalties.recheck": "再次法制审核",
        "penalties.tell": "登记告知",
        "penalties.plead": "登记陈述申辩",
        "penalties.answer": "复核陈述申辩",
        "penalties.waive": "登记放弃陈述申辩和听证",
        "penalties.hear": "登记听证要求",
        "penalties.notify": "登记听证通知",
        "penalties.hold": "登记听证结果",
        "penalties.unhear": "当事人撤回听证",
        "penalties.conclude": "提请决定",
        "penalties.discuss": "登记集体讨论",
        "penalties.decide": "作出决定",
        "penalties.retell": "退回补充调查",
        "penalties.summary": "当场处罚",
        "penalties.register": "当场处罚备案",
        "penalties.serve": "登记送达",
        "penalties.pay": "登记缴款",
        "penalties.bank": "登记当场收缴款上缴",
        "penalties.instal": "批准延期或分期缴纳",
        "penalties.urge": "催告",
        "penalties.enforce": "申请法院强制执行",
        "penalties.close": "批准结案",
        "penalties.withdraw": "销案",
        "penalties.transfer": "移送",
        "penalties.receipt": "登记移送回执",
        "penalties.publish": "公示决定",
        "penalties.publication": "公示决定",
        "penalties.unpublish": "撤下公示",
        "penalties.repair": "信用修复后停止公示",
        "penalties.overdue": "时限逾期提醒",
    },
)
