"""The lists of calls and of rewards. Neither has a column, a filter or an export of who reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from bianwang.modules.outreach.models import Call, Reward
from bianwang.modules.outreach.pack import band_choices
from bianwang.modules.outreach.queries.calls import COUNTED, NONE, overdue
from bianwang.modules.outreach.workflow import CALL, REWARD
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

OUTCOME_COLOURS = {"true": "orange", "partly": "orange"}


def towns(user: Any) -> list[tuple[str, str]]:
    """Towns and streets, and "none" for calls without."""
    rows = Territory.objects.filter(kind=Territory.Kind.TOWN).order_by("code")
    return [*((str(pk), name) for pk, name in rows.values_list("pk", "name")), (NONE, "未填")]


@dataclass(frozen=True)
class OrNone(Choice):
    """A choice that may be missing."""

    missing: Q = field(default_factory=Q)

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        if params.get(self.name) == NONE:
            return rows.filter(self.missing)
        return super().apply(rows, params, user)


class CallList(ListPage):
    """All calls, newest first."""

    model = Call
    permission = "outreach.view"
    title = "12350来电来件"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("received_at", "受理时间", kind="datetime", sort="received_at"),
        Column("category", "类别", sort="category"),
        Column("summary", "反映内容", lambda row: row.summary[:60]),
        Column("unit", "被举报单位", "unit.name", sort="unit__pinyin"),
        Column("town", "属地", "town.name", sort="town__code"),
        Column("handler", "承办单位", "handler.name", sort="handler__pinyin"),
        state_column(),
        due_column(),
        Column(
            "outcome", "核查结论", kind="badge", sort="outcome", colour=lambda row: OUTCOME_COLOURS.get(row.outcome, "")
        ),
        Column("is_filed", "立案", kind="flag", sort="is_filed"),
        Column("channel", "渠道", sort="channel", default=False),
        Column("place", "具体地点", default=False),
        Column("case_number", "立案文号", default=False),
        Column("replied_at", "答复时间", kind="datetime", sort="replied_at", default=False),
        Column("closed_at", "办结时间", kind="datetime", sort="closed_at", default=False),
        Column("duplicate_of", "最先的举报", "duplicate_of.number", default=False),
        Column("is_exercise", "演练", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、内容、地点或被举报单位", fields=("number", "summary", "place", "unit__name")),
        Choice("category", "类别"),
        Choice("state", "状态", choices=tuple(CALL.choices())),
        Choice("channel", "渠道"),
        OrNone("outcome", "核查结论", choices=(*Call.Outcome.choices, (NONE, "未核实")), missing=Q(outcome="")),
        OrNone("town", "属地", choices=towns, missing=Q(town__isnull=True)),
        DateRange("received", "受理日期", field="received_at"),
        Flag("overdue", "逾期", where=lambda user: overdue()),
        Flag("filed", "已立案", where=Q(is_filed=True)),
        Flag("repeated", "重复举报", where=Q(duplicate_of__isnull=False)),
        Flag("counted", "计入统计", where=COUNTED),
        Owner(title="承办单位", field="handler"),
    )
    related = ("handler", "unit", "town", "duplicate_of")
    sort = "-received_at"
    empty = "还没有来电来件。接到后点“登记来电来件”，就会出现在这里。"
    buttons = (Button("登记来电来件", "outreach:register", "outreach.register"),)


class RewardList(ListPage):
    """Rewards; to whom they were paid is in no list."""

    model = Reward
    permission = "outreach.rewards"
    title = "举报奖励"
    columns = (
        Column("call", "举报", "call.number", kind="link", sort="call"),
        Column("band", "奖励类别", "band_name", sort="band"),
        Column("fine", "行政处罚金额", kind="money", unit="元", sort="fine"),
        Column("amount", "奖励金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("joint", "联名人数", kind="number"),
        state_column(),
        Column("applied_by", "申请人", "applied_by.name"),
        Column("applied_at", "申请时间", kind="datetime", sort="applied_at"),
        Column("decided_by", "审批人", "decided_by.name"),
        Column("paid_at", "发放时间", kind="datetime", sort="paid_at"),
        Column("receipt", "领取凭证号"),
        Column("is_demo", "演示数据", "call.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="举报编号或凭证号", fields=("call__number", "receipt")),
        Choice("state", "状态", choices=tuple(REWARD.choices())),
        Choice("band", "奖励类别", choices=lambda user: band_choices()),
        DateRange("applied", "申请日期", field="applied_at"),
    )
    related = ("call", "applied_by", "decided_by")
    sort = "-applied_at"
    empty = "还没有举报奖励。举报查证属实后，在举报页面“申请举报奖励”。"
