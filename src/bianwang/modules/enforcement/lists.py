"""The lists of visits, plans, planned enterprises, coverage and campaigns."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy

from bianwang.modules.enforcement import figures, queries
from bianwang.modules.enforcement.models import Campaign, Plan, PlanItem, Recusal, Visit
from bianwang.modules.hazards.lists import grade_column
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.workflow import RECTIFIED, WORKFLOW
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

VISITS = (("执法检查", reverse_lazy("enforcement:list")),)
PLANS = (("年度检查计划", reverse_lazy("enforcement:plans")),)
RECUSALS = (*PLANS, ("回避", reverse_lazy("enforcement:recusals")))
CAMPAIGNS = (("专项行动", reverse_lazy("enforcement:campaigns")),)

STATE_COLOURS = {"done": "green", "planned": "orange"}


def visit_state() -> Column:
    """已完成 in green, what is to come in orange."""
    return Column(
        "state", "状态", kind="badge", sort="state", colour=lambda row: STATE_COLOURS.get(row.state, "secondary")
    )


class VisitList(ListPage):
    """All visits, the newest first."""

    model = Visit
    permission = "enforcement.view"
    title = "执法检查"
    columns = (
        Column("enterprise", "企业", "enterprise.name", kind="link", sort="enterprise__pinyin"),
        Column("date", "检查日期", kind="date", sort="date"),
        Column("kind", "类别", sort="kind"),
        visit_state(),
        Column("unit", "报送单位", "unit.name", sort="unit__pinyin"),
        Column("is_statutory", "执法检查", kind="flag"),
        Column("is_filed", "立案", kind="flag"),
        Column("over", "频次", lambda row: row.over[0], kind="badge", colour=lambda row: row.over[1]),
        Column("scope", "口径", default=False),
        Column("campaign", "专项行动", "campaign.name", default=False),
        Column("documents_complete", "文书齐全", kind="flag", default=False),
        Column("recheck_by", "应复查日期", kind="date", sort="recheck_by", default=False),
        Column("rechecked_on", "复查日期", kind="date", sort="rechecked_on", default=False),
        Column("external_number", "报送单位编号", default=False),
        Column("result", "检查情况", default=False),
        Column("made_by", "登记人", "made_by.name", default=False),
        Column("made_at", "登记时间", kind="datetime", sort="made_at", default=False),
    )
    filters = (
        Search(title="企业或拼音首字母", fields=("enterprise__name", "enterprise__initials")),
        Choice("state", "状态"),
        Choice("kind", "类别"),
        Choice("scope", "口径"),
        Choice("unit", "报送单位", choices=queries.unit_choices),
        Choice("campaign", "专项行动", choices=lambda user: list(queries.campaigns().values_list("pk", "name"))),
        InTerritory(field="enterprise"),
        DateRange("date", "检查日期"),
        DateRange("recheck_by", "应复查日期"),
        Flag("statutory", "执法检查", field="is_statutory"),
        Flag("filed", "立案", field="is_filed"),
        Flag("documents", "文书齐全", field="documents_complete"),
        DateRange("rechecked_on", "复查日期"),
        Flag("unrechecked", "应复查未复查", where=Q(recheck_by__isnull=False, rechecked_on__isnull=True)),
        Flag("valid", "不含已作废", where=~Q(state=Visit.State.VOID)),
        Flag("over", "超频次", field="is_over"),
        Flag("waiting", "超频次待审批", where=queries.OVER_WAITING),
        Owner(title="企业", field="enterprise"),
    )
    related = ("enterprise", "unit", "campaign", "made_by")
    sort = "-date"
    empty = "还没有检查。点“登记检查”或“导入检查”，就会出现在这里。"
    buttons = (
        Button("登记检查", "enforcement:visit_new", "enforcement.report"),
        Button("导入检查", "enforcement:import", "enforcement.import", "file-import"),
    )


class PlanList(ListPage):
    """All versions of all years."""

    model = Plan
    permission = "enforcement.plan_view"
    title = "年度检查计划"
    columns = (
        Column("name", "计划", str, kind="link", sort="year"),
        Column("state", "状态", kind="badge", sort="state", colour=lambda row: row.colour),
        Column("items", "企业数", "item_count", kind="number", sort="item_count"),
        Column("available", "监督检查工作日", lambda row: row.workdays.available, kind="number"),
        Column("reason", "调整理由"),
        Column("made_by", "编制人", "made_by.name"),
        Column("approved_by", "批准人", "approved_by.name"),
        Column("approved_at", "批准时间", kind="datetime", sort="approved_at"),
    )
    filters = (Choice("state", "状态"),)
    related = ("made_by", "approved_by")
    sort = "-pk"
    empty = "还没有年度检查计划。点“编制计划”，算出监督检查工作日，再列入企业。"
    buttons = (
        Button("编制计划", "enforcement:plan_new", "enforcement.plan"),
        Button("回避", "enforcement:recusals", "enforcement.plan_view", "user-off"),
    )

    def rows(self) -> QuerySet[Any]:
        """With the number of their enterprises."""
        rows: QuerySet[Any] = super().rows().annotate(item_count=Count("items"))
        return rows


class ItemList(ListPage):
    """The enterprises of plans, and whether they were inspected."""

    model = PlanItem
    permission = "enforcement.plan_view"
    title = "计划检查企业"
    crumbs = PLANS
    columns = (
        Column("enterprise", "企业", "enterprise.name", kind="link", sort="enterprise__pinyin"),
        Column("plan", "计划", "plan", kind="link", link=lambda row: row.plan.get_absolute_url()),
        Column("kind", "类别", sort="kind"),
        Column("month", "月份", kind="number", sort="month"),
        Column("times", "次数", kind="number", sort="times", total="times"),
        Column("days", "每次工作日", kind="number"),
        Column(
            "inspected",
            "进度",
            lambda row: "已检查" if row.was_inspected else "未检查",
            kind="badge",
            colour=lambda row: "green" if row.was_inspected else "orange",
        ),
        Column("drawn", "产生方式", lambda row: "抽取" if row.draw_id else "指定"),
        Column("officers", "执法人员"),
        Column("change", "办理", lambda row: "调整" if row.plan.is_draft else "", link=lambda row: _change_url(row)),
    )
    filters = (
        Search(title="企业或拼音首字母", fields=("enterprise__name", "enterprise__initials")),
        Choice("plan", "计划", choices=queries.plan_choices),
        Choice("kind", "类别"),
        Choice("month", "月份", choices=tuple((str(month), f"{month}月") for month in range(1, 13))),
        Flag("inspected", "已检查", where=Q(was_inspected=True)),
        Flag("open", "未检查", where=Q(was_inspected=False)),
        Flag("drawn", "抽取产生", where=Q(draw__isnull=False)),
        Owner(title="企业", field="enterprise"),
    )
    related = ("enterprise", "plan")
    sort = "month"
    empty = "没有计划检查的企业。"

    def rows(self) -> QuerySet[Any]:
        """Each with whether it was inspected until today, or until the day `?on=`."""
        on = queries.day_of(self.request.GET.get("on", ""))
        rows: QuerySet[Any] = super().rows().annotate(was_inspected=queries.inspected(on))
        return rows


class RecusalList(ListPage):
    """Which officers keep away from which enterprises, and those that were withdrawn."""

    model = Recusal
    permission = "enforcement.plan_view"
    title = "回避"
    crumbs = PLANS
    columns = (
        Column("officer", "执法人员", "officer.name", sort="officer__pinyin"),
        Column("enterprise", "企业", "enterprise.name", sort="enterprise__pinyin"),
        Column("reason", "回避理由"),
        Column(
            "state",
            "状态",
            lambda row: "已撤回" if row.withdrawn_at else "有效",
            kind="badge",
            colour=lambda row: "secondary" if row.withdrawn_at else "orange",
        ),
        Column("made_by", "登记人", "made_by.name"),
        Column("made_at", "登记时间", kind="datetime", sort="made_at"),
        Column("withdrawal", "撤回理由"),
        Column("withdrawn_by", "撤回人", "withdrawn_by.name", default=False),
        Column("withdrawn_at", "撤回时间", kind="datetime", sort="withdrawn_at", default=False),
        Column("change", "办理", lambda row: _withdraw(row)[0], link=lambda row: _withdraw(row)[1]),
    )
    filters = (
        Search(title="企业或拼音首字母", fields=("enterprise__name", "enterprise__initials")),
        Flag("standing", "有效", where=Q(withdrawn_at__isnull=True)),
    )
    related = ("officer", "enterprise", "made_by", "withdrawn_by")
    sort = "-made_at"
    empty = "没有登记回避。执法人员与企业有利害关系的，点“登记回避”，双随机抽取就不派他去。"
    buttons = (Button("登记回避", "enforcement:recusal_new", "enforcement.plan"),)


class _Year(Choice):
    """The year that `CoverageList.rows` reads itself."""

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        return rows


class CoverageList(ListPage):
    """Directly supervised enterprises and whether the bureau was there in a year (`?year=`)."""

    model = Enterprise
    permission = "enforcement.plan_view"
    title = "直管企业检查覆盖"
    crumbs = (("检查统计", reverse_lazy("enforcement:statistics")),)
    columns = (
        Column("name", "企业", kind="link", sort="pinyin", link=lambda row: f"{_list()}?owner={row.pk}"),
        Column("risk", "风险等级", sort="risk"),
        Column("standardisation", "标准化等级", sort="standardisation"),
        Column("visits", "本年检查", "visit_count", kind="number", unit="次", sort="visit_count"),
    )
    filters = (
        Search(),
        _Year("year", "年度", choices=lambda user: [(year, f"{year}年") for year in _years()]),
        Flag("visited", "至少检查一次", where=Q(was_visited=True)),
        Flag("unvisited", "尚未检查", where=Q(was_visited=False)),
    )
    sort = "pinyin"
    empty = "没有这样的直管企业。"

    def rows(self) -> QuerySet[Any]:
        """Each with its visits of the year."""
        text = self.request.GET.get("year", "")
        year = int(text) if text in {str(number) for number in _years()} else today().year
        visits = figures.covered(self.user, year, queries.day_of(self.request.GET.get("on", "")))
        mine = visits.filter(enterprise=OuterRef("pk"))
        counted = Count("visits", filter=Q(visits__in=visits.values("pk")))
        return figures.directly_supervised(self.user).annotate(was_visited=Exists(mine), visit_count=counted)


class CampaignList(ListPage):
    """All campaigns; every unit sees them, with the number of its own visits."""

    model = Campaign
    permission = "enforcement.view"
    title = "专项行动"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("first_day", "开始日期", kind="date", sort="first_day"),
        Column("last_day", "结束日期", kind="date", sort="last_day"),
        Column("visits", "检查", "visit_count", kind="number", unit="家次", sort="visit_count"),
        Column("owner", "牵头单位", "owner.name"),
    )
    filters = (Search(title="名称", fields=("name",)), DateRange("first_day", "开始日期"))
    related = ("owner",)
    sort = "-first_day"
    empty = "还没有专项行动。"
    buttons = (Button("新增专项行动", "enforcement:campaign_new", "enforcement.campaign"),)

    def rows(self) -> QuerySet[Any]:
        """Not narrowed to a unit: campaigns are the district's."""
        mine = access.visible(self.user, Visit, self.permission).filter(queries.DONE).order_by().values("pk")
        return queries.campaigns().annotate(visit_count=Count("visits", filter=Q(visits__in=mine)))


class CampaignHazards(ListPage):
    """Hazards of the register that a campaign's visits found."""

    model = Hazard
    permission = "enforcement.view"
    title = "专项行动发现的隐患"
    crumbs = CAMPAIGNS
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "隐患"),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        grade_column(),
        state_column(),
        Column("found_at", "发现时间", kind="datetime", sort="found_at"),
        Column("rectified_at", "整改完成时间", kind="datetime", sort="rectified_at"),
    )
    filters = (
        Search(title="编号、隐患、单位或拼音首字母", fields=("number", "title", "owner__name", "owner__initials")),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("grade", "级别"),
        Flag("rectified", "已整改", where=Q(state__in=RECTIFIED)),
        Owner(),
    )
    related = ("owner",)
    sort = "-found_at"
    empty = "这次专项行动的检查还没有发现隐患。现场检查完成后，检查发现的隐患会列在这里。"

    def rows(self) -> QuerySet[Any]:
        """Those of one campaign."""
        campaign = queries.campaign(self.kwargs["pk"])
        return queries.hazards_found(self.user, visit_found__visit__campaign=campaign)


def _years() -> range:
    this = today().year
    return range(this + 1, this - 6, -1)


def _withdraw(row: Recusal) -> tuple[str, str]:
    if row.withdrawn_at:
        return "", ""
    return "撤回", reverse("enforcement:recusal_withdraw", args=[row.pk])


def _change_url(row: PlanItem) -> str:
    return reverse("enforcement:item", args=[row.pk]) if row.plan.is_draft else ""


def _list() -> str:
    return reverse("enforcement:list")
