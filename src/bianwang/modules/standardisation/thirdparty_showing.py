"""What the pages of agencies, contracts, visits and payments show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.standardisation import thirdparty
from bianwang.modules.standardisation.models import Agency, AgencyPayment, Contract, Expert, ServiceVisit
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Facts, Related

_PERMISSION = "standardisation.third_party"


def agency_facts(agency: Agency, user: Any) -> Sequence[Facts]:
    """Who it is, and how its service is to be judged."""
    counted: Any = thirdparty.with_service(access.visible(user, Agency, _PERMISSION)).get(pk=agency.pk)
    basics = [
        fact("资质证书编号", agency.qualification),
        fact("资质有效期至", agency.qualified_until, "date"),
        fact("业务范围", agency.scope),
        fact("联系人", agency.contact),
        fact("联系电话", agency.contact_phone, "phone"),
        fact("在用", agency.is_active, "flag"),
    ]
    service = [
        fact("服务家次", counted.visit_count, "number", unit="家次（已验收）",
             href=list_url("standardisation:visits", agency=agency.pk, done=1)),
        fact("发现问题", counted.finding_count, "number", unit="个",
             href=list_url("standardisation:findings", agency=agency.pk, done=1)),
        fact("每家次问题", thirdparty.per_visit(counted), unit="个"),
        fact("确认隐患", counted.confirmed_count, "number", unit="个（已定级）",
             href=list_url("standardisation:findings", agency=agency.pk, done=1, confirmed=1)),
        fact("确认率", thirdparty.confirmed_rate(counted)),
        fact("已付费用", counted.paid, "money", unit="元",
             href=list_url("standardisation:payments", agency=agency.pk)),
    ]  # fmt: skip
    return [Facts("机构", basics), Facts("服务评价", service)]


def agency_related(agency: Agency, user: Any) -> Sequence[Related]:
    """Its contracts and experts."""
    contracts = thirdparty.with_payments(access.visible(user, Contract, _PERMISSION).filter(agency=agency))
    experts = access.visible(user, Expert, _PERMISSION).filter(agency=agency)
    return [
        Related("服务合同", _CONTRACTS, contracts, empty="还没有合同。"),
        Related("专家", _EXPERTS, experts, empty="还没有登记专家。"),
    ]


def expert_facts(expert: Expert) -> Sequence[Facts]:
    """Who it is."""
    agency = expert.agency
    rows = [
        fact("专业", expert.field),
        fact("所属机构", agency.name if agency else "独立专家", href=agency.get_absolute_url() if agency else ""),
        fact("资格证书编号", expert.certificate),
        fact("在用", expert.is_active, "flag"),
    ]
    return [Facts("专家", rows)]


def expert_related(expert: Expert, user: Any) -> Sequence[Related]:
    """Where he has been."""
    rows = access.visible(user, ServiceVisit, _PERMISSION).filter(experts=expert).select_related("enterprise")
    return [Related("参加的服务", _VISITS, rows[:50], empty="还没有参加服务。")]


def contract_facts(contract: Contract, user: Any) -> Sequence[Facts]:
    """What was agreed, and how much of it was paid."""
    counted: Any = thirdparty.with_payments(access.visible(user, Contract, _PERMISSION)).get(pk=contract.pk)
    rows = [
        fact("服务机构", contract.agency.name, href=contract.agency.get_absolute_url()),
        fact("服务内容", contract.scope),
        fact("合同期", f"{contract.first_day} 至 {contract.last_day}"),
        fact("每家次费用", contract.price, "money", unit="元"),
        fact("预算项目", contract.budget_line_name),
    ]
    money = [
        fact("合同金额", contract.amount, "money", unit="元"),
        fact("付款上限", contract.ceiling, "money", unit="元"),
        fact("已付", counted.paid, "money", unit="元",
             href=list_url("standardisation:payments", contract=contract.pk)),
        fact("付款率", thirdparty.used(counted.paid, contract.amount)),
        fact("还可付", contract.ceiling - counted.paid, "money", unit="元"),
        fact("服务家次", counted.visit_count, "number", unit="家次（已验收）",
             href=list_url("standardisation:visits", contract=contract.pk, done=1)),
    ]  # fmt: skip
    return [Facts("合同", rows), Facts("付款", money)]


def contract_related(contract: Contract, user: Any) -> Sequence[Related]:
    """Its latest visits, and its payments."""
    visits = access.visible(user, ServiceVisit, _PERMISSION).filter(contract=contract).select_related("enterprise")
    payments = access.visible(user, AgencyPayment, _PERMISSION).filter(contract=contract)
    more = list_url("standardisation:visits", contract=contract.pk)
    return [
        Related("专家服务", _VISITS, visits[:20], more=more, empty="还没有服务。"),
        Related("付款", _PAYMENTS, payments, empty="还没有付款。"),
    ]


def visit_facts(visit: ServiceVisit) -> Sequence[Facts]:
    """Where, who, and whether it was paid."""
    payment = visit.payment
    rows = [
        fact("企业", visit.enterprise.name, href=visit.enterprise.get_absolute_url()),
        fact("服务日期", visit.day, "date"),
        fact("服务机构", visit.contract.agency.name, href=visit.contract.agency.get_absolute_url()),
        fact("合同", str(visit.contract), href=visit.contract.get_absolute_url()),
        fact("专家", "、".join(expert.name for expert in visit.experts.all())),
        fact("服务情况", visit.summary),
        fact("费用", visit.fee, "money", unit="元"),
        fact("付款", payment.voucher if payment else "", href=payment.get_absolute_url() if payment else ""),
        fact("登记人", visit.made_by.name),
    ]
    return [Facts("专家服务", rows)]


def visit_related(visit: ServiceVisit, add: tuple[str, str] | None) -> Sequence[Related]:
    """What was found, and the hazards that it became."""
    rows = visit.findings.select_related("hazard")
    return [Related("发现的问题", _FINDINGS, rows, add=add, empty="没有登记问题。")]


def payment_facts(payment: AgencyPayment) -> Sequence[Facts]:
    """How much, when, by whom."""
    contract = payment.contract
    rows = [
        fact("合同", str(contract), href=contract.get_absolute_url()),
        fact("服务机构", contract.agency.name, href=contract.agency.get_absolute_url()),
        fact("预算项目", contract.budget_line_name),
        fact("金额", payment.amount, "money", unit="元"),
        fact("付款凭证号", payment.voucher),
        fact("付款日期", payment.paid_on, "date"),
        fact("付款人", payment.paid_by.name),
    ]
    return [Facts("付款", rows)]


def payment_related(payment: AgencyPayment, user: Any) -> Sequence[Related]:
    """The visits that it was for."""
    rows = access.visible(user, ServiceVisit, _PERMISSION).filter(payment=payment).select_related("enterprise")
    return [Related("对应的服务（费用之和等于本次金额）", _VISITS, rows)]


_CONTRACTS = (
    Column("number", "合同编号", kind="link"),
    Column("title", "合同名称"),
    Column("last_day", "结束", kind="date"),
    Column("amount", "合同金额", kind="money", unit="元"),
    Column("paid", "已付", kind="money", unit="元"),
)
_EXPERTS = (Column("name", "姓名", kind="link"), Column("field", "专业"), Column("certificate", "资格证书编号"))
_VISITS = (
    Column("enterprise", "企业", "enterprise.name", kind="link"),
    Column("day", "服务日期", kind="date"),
    state_column(),
    Column("fee", "费用", kind="money", unit="元"),
)
_PAYMENTS = (
    Column("voucher", "付款凭证号", kind="link"),
    Column("paid_on", "付款日期", kind="date"),
    Column("amount", "金额", kind="money", unit="元"),
)
_FINDINGS = (
    Column("title", "问题"),
    Column("category", "类别"),
    Column("place", "具体位置"),
    Column(
        "hazard",
        "隐患",
        lambda row: row.hazard.number if row.hazard else "待转入",
        link=lambda row: row.hazard.get_absolute_url() if row.hazard else "",
    ),
    Column("state", "隐患状态", lambda row: row.hazard.state_row.name if row.hazard else ""),
)
