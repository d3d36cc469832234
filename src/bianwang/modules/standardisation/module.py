"""Manifest of the standardisation module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, Measure, MenuItem, Module, Permission, Tile

_OFFICE = frozenset({roles.ENFORCEMENT, roles.HEAD})

module = Module(
    code="standardisation",
    name="标准化",
    depends=("hazards",),
    icon="certificate",
    menu=(
        MenuItem("标准化定级", "standardisation:list", "standardisation.view", "certificate"),
        MenuItem("标准化自评", "standardisation:ratings", "standardisation.view", "clipboard-check"),
        MenuItem("标准化奖补", "standardisation:subsidies", "standardisation.view", "coins"),
        MenuItem("技术服务机构", "standardisation:agencies", "standardisation.third_party", "building-store"),
        MenuItem("技术服务合同", "standardisation:contracts", "standardisation.third_party", "file-dollar"),
        MenuItem("专家服务", "standardisation:visits", "standardisation.third_party", "users-group"),
        MenuItem("标准化统计", "standardisation:statistics", "standardisation.view", "chart-bar"),
    ),
    permissions=(
        Permission("standardisation.view", "查看标准化", roles.BUSINESS),
        Permission("standardisation.rate", "填报自评、申请定级和奖补", frozenset({roles.SAFETY})),
        Permission("standardisation.grade", "办理标准化定级", _OFFICE),
        Permission("standardisation.revoke", "撤销标准化等级", frozenset({roles.HEAD, roles.LEADER})),
        Permission("standardisation.import", "登记和导入已有证书", _OFFICE),
        Permission("standardisation.subsidise", "审核标准化奖补", _OFFICE),
        Permission("standardisation.approve", "审批标准化奖补", frozenset({roles.LEADER})),
        Permission("standardisation.third_party", "查看技术服务机构和合同", roles.BUREAU),
        Permission("standardisation.contract", "管理技术服务合同、验收专家服务", frozenset({roles.HEAD})),
        Permission("standardisation.serve", "登记专家服务和发现的问题", _OFFICE),
        Permission("standardisation.pay", "发放奖补、支付服务费", frozenset({roles.FINANCE})),
    ),
    jobs=(
        Job(
            "standardisation.expire",
            "标准化证书到期",
            timedelta(hours=1),
            "bianwang.modules.standardisation.services.expire_due",
        ),
        Job(
            "standardisation.remind",
            "标准化证书到期提醒",
            timedelta(hours=1),
            "bianwang.modules.standardisation.services.remind_due",
        ),
    ),
    tiles=(
        Tile(
            "标准化证书三个月内到期",
            "standardisation:list",
            "standardisation.view",
            "bianwang.modules.standardisation.queries.ending_count",
            icon="certificate",
            colour="orange",
            query="ending=1",
        ),
    ),
    measures=(
        Measure(
            "standardisation.certified",
            "安全生产标准化达标企业",
            "家",
            "bianwang.modules.standardisation.measures.certified",
            "标准化定级",
        ),
    ),
    search="bianwang.modules.standardisation.queries.search",
    sheets=("bianwang.modules.standardisation.sheets.GRADES",),
    verbs={
        "standardisation.rating_open": "开始自评",
        "standardisation.rating_save": "填报自评得分",
        "standardisation.rate": "提交自评",
        "standardisation.rating_return": "退回自评",
        "standardisation.apply": "申请定级",
        "standardisation.withdraw": "撤回定级申请",
        "standardisation.arrange": "安排现场评审",
        "standardisation.review": "登记评审结论",
        "standardisation.conclude": "定级",
        "standardisation.refuse": "不予定级",
        "standardisation.record": "登记已有证书",
        "standardisation.record_valid": "已有证书生效",
        "standardisation.remind": "到期提醒",
        "standardisation.expire": "证书到期",
        "standardisation.replace": "换新证",
        "standardisation.revoke": "撤销等级",
        "standardisation.subsidy_apply": "申请奖补",
        "standardisation.subsidy_check": "奖补审核通过",
        "standardisation.subsidy_approve": "批准奖补",
        "standardisation.subsidy_refuse": "不予奖补",
        "standardisation.subsidy_pay": "发放奖补",
        "standardisation.agency_create": "登记服务机构",
        "standardisation.agency_change": "更改服务机构",
        "standardisation.expert_create": "登记专家",
        "standardisation.expert_change": "更改专家",
        "standardisation.contract_create": "登记服务合同",
        "standardisation.visit_create": "登记专家服务",
        "standardisation.finding": "登记服务发现的问题",
        "standardisation.visit_transfer": "问题转入隐患",
        "standardisation.visit_accept": "验收服务",
        "standardisation.visit_reject": "不予验收",
        "standardisation.visit_pay": "服务已付款",
        "standardisation.payment": "支付服务费",
    },
)
