"""The lists of agencies, experts, contracts, visits and payments."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.standardisation import pack, thirdparty
from bianwang.modules.standardisation.models import (
    Agency,
    AgencyPayment,
    Contract,
    Expert,
    ServiceFinding,
    ServiceVisit,
)
from bianwang.modules.standardisation.thirdparty_workflow import DONE, VISIT
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url

PERMISSION = "standardisation.third_party"


def agency_choices(user: Any) -> list[tuple[str, str]]:
    """Agencies for filters."""
    rows = access.visible(user, Agency, PERMISSION).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def contract_choices(user: Any) -> list[tuple[str, str]]:
    """Contracts for filters."""
    rows = access.visible(user, Contract, PERMISSION).values_list("pk", "number")
    return [(str(pk), number) for pk, number in rows]


class AgencyList(ListPage):
    """Agencies with what their service brought."""

    model = Agency
    permission = PERMISSION
    title = "技术服务机构"
    columns = (
        Column("name", "机构", kind="link", sort="name"),
        Column("qualification", "资质证书编号"),
        Column("qualified_until", "资质有效期至", kind="date", sort="qualified_until"),
        Column(
            "visit_count", "服务家次", kind="number", sort="visit_count",
            link=lambda row: list_url("standardisation:visits", agency=row.pk, done=1),
        ),
        Column(
            "finding_count", "发现问题", kind="number", sort="finding_count",
            link=lambda row: list_url("standardisation:findings", agency=row.pk, done=1),
        ),
        Column("per_visit", "每家次问题", thirdparty.per_visit),
        Column(
            "confirmed_count", "确认隐患", kind="number", sort="confirmed_count",
            link=lambda row: list_url("standardisation:findings", agency=row.pk, done=1, confirmed=1),
        ),
        Column("confirmed_rate", "确认率", thirdparty.confirmed_rate),
        Column(
            "paid", "已付费用", kind="money", unit="元", sort="paid",
            link=lambda row: list_url("standardisation:payments", agency=row.pk),
        ),
        Column("scope", "业务范围", default=False),
        Column("contact", "联系人", default=False),
        Column("contact_phone", "联系电话", kind="phone", default=False),
        Column("is_active", "在用", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )  # fmt: skip
    filters = (
        Search(title="机构或证书编号", fields=("name", "qualification")),
        DateRange("qualified", "资质有效期至", field="qualified_until"),
        Flag("lapsed", "资质已过期", where=lambda user: Q(qualified_until__lt=today())),
    )
    sort = "name"
    empty = "还没有技术服务机构。点“登记机构”，再登记专家和合同。"
    buttons = (
        Button("登记机构", "standardisation:agency_new", "standardisation.contract"),
        Button("专家", "standardisation:experts", PERMISSION, "users"),
    )

    def rows(self) -> QuerySet[Any]:
        return thirdparty.with_service(super().rows())


class ExpertList(ListPage):
    """Experts of agencies and on their own."""

    model = Expert
    permission = PERMISSION
    title = "专家"
    columns = (
        Column("name", "姓名", kind="link", sort="name"),
        Column("field", "专业", sort="field"),
        Column("agency", "所属机构", lambda row: row.agency.name if row.agency else "独立专家", sort="agency__name"),
        Column("certificate", "资格证书编号"),
        Column("is_active", "在用", kind="flag"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="姓名或专业", fields=("name", "field")),
        Choice("agency", "所属机构", choices=agency_choices),
    )
    related = ("agency",)
    sort = "name"
    empty = "还没有专家。点“登记专家”，登记服务时从这里选。"
    buttons = (Button("登记专家", "standardisation:expert_new", "standardisation.contract"),)


class ContractList(ListPage):
    """Contracts with what was paid."""

    model = Contract
    permission = PERMISSION
    title = "技术服务合同"
    columns = (
        Column("number", "合同编号", kind="link", sort="number"),
        Column("title", "合同名称"),
        Column("agency", "服务机构", "agency.name", sort="agency__name"),
        Column("first_day", "开始", kind="date", sort="first_day"),
        Column("last_day", "结束", kind="date", sort="last_day"),
        Column("amount", "合同金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("paid", "已付", kind="money", unit="元", sort="paid", total="paid"),
        Column("rate", "付款率", lambda row: thirdparty.used(row.paid, row.amount)),
        Column(
            "visit_count", "服务家次", kind="number", sort="visit_count",
            link=lambda row: list_url("standardisation:visits", contract=row.pk, done=1),
        ),
        Column("budget_line", "预算项目", "budget_line_name", sort="budget_line"),
        Column("ceiling", "付款上限", kind="money", unit="元", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )  # fmt: skip
    filters = (
        Search(title="合同编号或名称", fields=("number", "title", "agency__name")),
        Choice("agency", "服务机构", choices=agency_choices),
        Choice("budget_line", "预算项目", choices=lambda user: pack.line_choices()),
        DateRange("first", "开始日期", field="first_day"),
        DateRange("last", "结束日期", field="last_day"),
    )
    related = ("agency",)
    sort = "-first_day"
    empty = "还没有技术服务合同。先登记机构，再点“登记合同”。"
    buttons = (
        Button("登记合同", "standardisation:contract_new", "standardisation.contract"),
        Button("付款记录", "standardisation:payments", PERMISSION, "coins"),
    )

    def rows(self) -> QuerySet[Any]:
        return thirdparty.with_payments(super().rows())


class VisitList(ListPage):
    """Days of service."""

    model = ServiceVisit
    permission = PERMISSION
    title = "专家服务"
    columns = (
        Column("enterprise", "企业", "enterprise.name", kind="link", sort="enterprise__pinyin"),
        Column("day", "服务日期", kind="date", sort="day"),
        state_column(),
        Column("agency", "服务机构", "contract.agency.name", sort="contract__agency__name"),
        Column("contract", "合同编号", "contract.number", sort="contract__number"),
        Column("findings", "发现问题", lambda row: len(row.findings.all()), kind="number"),
        Column("fee", "费用", kind="money", unit="元", sort="fee", total="fee"),
        Column("voucher", "付款凭证号", lambda row: row.payment.voucher if row.payment else ""),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="企业", fields=("enterprise__name", "enterprise__pinyin", "enterprise__initials")),
        Choice("state", "状态", choices=tuple(VISIT.choices())),
        Choice("agency", "服务机构", field="contract__agency", choices=agency_choices),
        Choice("contract", "服务合同", choices=contract_choices),
        DateRange("day", "服务日期"),
        InTerritory(field="enterprise"),
        Flag("done", "已验收或已付款", where=Q(state__in=DONE)),
        Owner(title="企业", field="enterprise"),
    )
    related = ("enterprise", "contract__agency", "payment")
    sort = "-day"
    empty = "还没有专家服务。在服务合同页面点“登记服务”，就会出现在这里。"

    def rows(self) -> QuerySet[Any]:
        return super().rows().prefetch_related("findings")


class FindingList(ListPage):
    """What the experts found, and the hazards that it became."""

    model = ServiceFinding
    permission = PERMISSION
    title = "服务发现问题"
    columns = (
        Column("title", "问题", kind="link", link=lambda row: row.visit.get_absolute_url()),
        Column("category", "类别", sort="category"),
        Column("enterprise", "企业", "visit.enterprise.name", sort="visit__enterprise__pinyin"),
        Column("day", "服务日期", "visit.day", kind="date", sort="visit__day"),
        Column("agency", "服务机构", "visit.contract.agency.name", sort="visit__contract__agency__name"),
        Column(
            "hazard",
            "隐患",
            "hazard.number",
            sort="hazard",
            link=lambda row: row.hazard.get_absolute_url() if row.hazard else "",
        ),
        Column("grade", "隐患级别", "hazard.get_grade_display"),
        Column("state", "隐患状态", lambda row: row.hazard.state_row.name if row.hazard else ""),
    )
    filters = (
        Search(title="问题或企业", fields=("title", "visit__enterprise__name", "visit__enterprise__pinyin")),
        Choice("category", "类别"),
        Choice("agency", "服务机构", field="visit__contract__agency", choices=agency_choices),
        DateRange("day", "服务日期", field="visit__day"),
        Flag("done", "服务已验收", where=Q(visit__state__in=DONE)),
        Flag("confirmed", "确认为隐患", where=thirdparty.CONFIRMED),
        Flag("waiting", "待转入隐患", where=Q(hazard__isnull=True)),
    )
    related = ("visit__enterprise", "visit__contract__agency", "hazard")
    empty = "还没有服务发现的问题。在专家服务页面点“登记问题”，就会出现在这里。"


class PaymentList(ListPage):
    """Payments, each with the visits that it was for."""

    model = AgencyPayment
    permission = PERMISSION
    title = "服务付款"
    columns = (
        Column("voucher", "付款凭证号", kind="link", sort="voucher"),
        Column("paid_on", "付款日期", kind="date", sort="paid_on"),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("visits", "服务家次", lambda row: len(row.visits.all()), kind="number"),
        Column("contract", "合同编号", "contract.number", sort="contract__number"),
        Column("agency", "服务机构", "contract.agency.name", sort="contract__agency__name"),
        Column("budget_line", "预算项目", "contract.budget_line_name", sort="contract__budget_line"),
        Column("paid_by", "付款人", "paid_by.name"),
    )
    filters = (
        Search(title="凭证号或合同编号", fields=("voucher", "contract__number")),
        Choice("agency", "服务机构", field="contract__agency", choices=agency_choices),
        Choice("contract", "服务合同", choices=contract_choices),
        Choice("budget_line", "预算项目", field="contract__budget_line", choices=lambda user: pack.line_choices()),
        DateRange("paid", "付款日期", field="paid_on"),
    )
    related = ("contract__agency", "paid_by")
    empty = "还没有付款。服务验收后，在合同页面点“支付服务费”。"

    def rows(self) -> QuerySet[Any]:
        return super().rows().prefetch_related("visits")
