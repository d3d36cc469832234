"""Claims by state for each level, meetings and appeals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.models import Appeal, Claim, Meeting
from bianwang.modules.relief.pack import kind_choices
from bianwang.modules.relief.queries import claims as queries
from bianwang.modules.relief.services import claims as services
from bianwang.modules.relief.workflow import APPEAL, CLAIM, GRANTED
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import AsOf, Choice, DateRange, Filter, Flag, FlagOn, InTerritory, Owner, Search, Year
from bianwang.platform.ui.lists import BatchAction, Button, ListPage, list_url
from bianwang.platform.workflow.errors import Refused

_SHOWN_REFUSALS = 3


@dataclass(frozen=True)
class InDisaster(Filter):
    """Claims for one disaster, or for none."""

    control = "choice"

    def apply(self, rows: QuerySet[Any], params: Any, user: Any) -> QuerySet[Any]:
        value = params.get(self.name, "")
        if value == "none":
            return rows.filter(programme__disaster__isnull=True)
        return rows.filter(programme__disaster=int(value)) if value.isdecimal() else rows

    def options(self, model: Any, user: Any) -> Any:
        known = Disaster.objects.filter(programmes__isnull=False).distinct().order_by("-pk")
        return [("none", "按年度救助"), *known.values_list("pk", "name")[:200]]


def _each(verb: str, service: Callable[[Any, Any], None]) -> Callable[[Any, list[Any]], str]:
    """Take a step for every ticked row; what cannot be done is named, the rest is done."""

    def handle(user: Any, rows: list[Any]) -> str:
        done, refused = 0, []
        for row in rows:
            try:
                service(row, user)
                done += 1
            except Refused as error:
                refused.append(f"{row.number}：{str(error).rstrip('。')}")
        words = f"{verb} {done} 户。"
        if refused:
            words += f"未办 {len(refused)} 户：{'；'.join(refused[:_SHOWN_REFUSALS])}。"
        return words

    return handle


class ClaimList(ListPage):
    """Households, from report to payment."""

    model = Claim
    permission = "relief.view"
    title = "救助申请"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("head", "户主", sort="head"),
        Column("programme", "救助项目", "programme.name", sort="programme"),
        Column("owner", "村（社）", "owner.name", sort="owner__pinyin"),
        Column("persons", "人口", kind="number", sort="persons", total="persons"),
        Column("amount", "金额", kind="money", sort="amount", unit="元", total="amount"),
        state_column(),
        due_column(),
        Column("paid_on", "拨付日期", kind="date", sort="paid_on"),
        Column("decided_on", "审定日期", kind="date", sort="decided_on", default=False),
        Column("pay_by", "拨付期限", kind="date", sort="pay_by", default=False),
        Column("rooms", "房屋间数", kind="number", sort="rooms", default=False),
        Column("source", "来源", default=False),
        Column("id_mask", "身份证号码", default=False),
        Column("bounced", "银行退回原因", default=False),
        Column("reported_at", "户报时间", kind="datetime", sort="reported_at", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、户主或村社", fields=("number", "head", "owner__name", "owner__initials")),
        Choice("state", "状态", choices=tuple(CLAIM.choices())),
        Choice("programme", "救助项目", choices=queries.programme_choices),
        Choice("kind", "救助种类", field="programme__kind", choices=lambda user: kind_choices()),
        InDisaster("disaster", "灾害"),
        InTerritory(),
        Owner(title="村（社）"),
        Year(field="programme__year", choices=queries.year_choices),
        DateRange("reported", "户报日期", field="reported_at"),
        DateRange("paid_on", "拨付日期"),
        Flag("overdue", "逾期", where=lambda user: queries.overdue()),
        Flag("granted", "已批准", where=Q(state__in=GRANTED)),
        Flag("paid", "已拨付", where=Q(paid_on__isnull=False)),
        Flag("bounced", "银行退回", where=~Q(bounced="")),
        AsOf(),
        FlagOn("due_decision", "应拨付（按审定）", on=queries.came_due),
        FlagOn("in_time_decision", "及时拨付（按审定）", on=queries.in_time),
        FlagOn("due_arrival", "应拨付（按资金到位）", on=partial(queries.came_due, column="funded_pay_by")),
        FlagOn("in_time_arrival", "及时拨付（按资金到位）", on=partial(queries.in_time, column="funded_pay_by")),
    )
    related = ("programme", "owner")
    empty = "还没有救助申请。区局先“设立救助项目”，村（社）再“登记申请”或“批量导入”，农户也可以用手机自报。"
    buttons = (
        Button("登记申请", "relief:new", "relief.report"),
        Button("批量导入", "relief:import", "relief.report", "upload"),
    )
    actions = (
        BatchAction("submit", "公示期满报镇街", "relief.assess", _each("已报镇街", services.submit)),
        BatchAction("check", "镇街审核通过", "relief.check", _each("已审核通过", services.check)),
        BatchAction("approve", "区局批准", "relief.decide", _each("已批准", services.approve)),
        BatchAction("confirm", "确认到户", "relief.report", _each("已确认到户", services.confirm)),
    )


class MeetingList(ListPage):
    """Meetings and their public notices."""

    model = Meeting
    permission = "relief.view"
    title = "评议公示"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("owner", "村（社）", "owner.name", sort="owner__pinyin"),
        Column("programme", "救助项目", "programme.name", sort="programme"),
        Column("held_on", "评议日期", kind="date", sort="held_on"),
        Column("voters", "到会", kind="number", sort="voters", unit="人"),
        Column("claims", "参评户", "total", kind="number", link=lambda row: row.get_absolute_url()),
        Column("notice_to", "公示截止", kind="date", sort="notice_to"),
        Column("open", "公示中", "on_notice", kind="number", link=lambda row: row.get_absolute_url()),
    )
    filters = (
        Search(title="编号或村社", fields=("number", "owner__name", "owner__initials")),
        Choice("programme", "救助项目", choices=queries.programme_choices),
        InTerritory(),
        DateRange("held_on", "评议日期"),
    )
    related = ("owner", "programme")
    empty = "还没有评议会。村（社）收到户报后点“登记评议”，填写到会人员和每户票数，通过的自动进入公示。"
    buttons = (Button("登记评议", "relief:waiting", "relief.assess"),)

    def rows(self) -> QuerySet[Any]:
        counted = {"total": Count("claims"), "on_notice": Count("claims", filter=Q(claims__state="public"))}
        rows: QuerySet[Any] = super().rows().annotate(**counted)
        return rows


class AppealList(ListPage):
    """Appeals."""

    model = Appeal
    permission = "relief.view"
    title = "救助申诉"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("claim", "救助申请", "claim.number", link=lambda row: row.claim.get_absolute_url()),
        Column("head", "户主", "claim.head"),
        Column("owner", "村（社）", "claim.owner.name"),
        Column("ground", "申诉理由"),
        state_column(),
        due_column(),
        Column("filed_at", "申诉时间", kind="datetime", sort="filed_at"),
    )
    filters = (
        Search(title="编号或户主", fields=("number", "claim__number", "claim__head")),
        Choice("state", "状态", choices=tuple(APPEAL.choices())),
    )
    related = ("claim__owner",)
    empty = "没有申诉。农户对不予救助或金额有异议时，由村（社）或镇街在申请页面上“提出申诉”。"


def waiting_groups(user: Any) -> list[dict[str, Any]]:
    """Programme and village with households that wait for a meeting."""
    rows = access.visible(user, Claim, "relief.assess").filter(state="reported").order_by()
    grouped = rows.values("programme", "programme__name", "owner", "owner__name")
    found = grouped.annotate(households=Count("pk")).order_by("programme", "owner")
    return [
        {**row, "url": list_url("relief:list", state="reported", programme=row["programme"], owner=row["owner"])}
        for row in found
    ]
