"""Pages of visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bianwang.modules.enforcement import forms, limits, queries, services
from bianwang.modules.enforcement.lists import VISITS, visit_state
from bianwang.modules.enforcement.models import Visit
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related

_RELATED = ("enterprise", "unit", "campaign", "recheck_of", "made_by", "over_by")


class New(FormPage):
    """Enter a visit."""

    title = "登记检查"
    permission = "enforcement.report"
    form_class = forms.VisitForm
    submit = "登记"
    crumbs = VISITS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        wanted = {name: self.request.GET.get(name, "") for name in ("enterprise", "campaign", "kind")}
        return {name: value for name, value in wanted.items() if value}

    def save(self, form: Any) -> Visit:
        data = form.cleaned_data
        return services.record_visit(self.user, data["unit"], data["enterprise"], form.values(), form.everybody())

    def done(self, result: Visit) -> str:
        over = "全年检查次数已超过上限，请科室负责人或局领导审批。" if result.is_over else ""
        return f"已登记 {result}。{over}"


class _OneVisit(FormPage):
    """A form about one visit."""

    crumbs = VISITS

    def get_object(self) -> Any:
        return access.get(self.user, Visit, self.kwargs["pk"], self.permission, related=_RELATED)

    def back(self) -> str:
        return str(self.object.get_absolute_url())


class Change(_OneVisit):
    """Correct or complete a visit."""

    title = "修改检查"
    permission = "enforcement.report"
    form_class = forms.VisitForm

    def get_title(self) -> str:
        return f"修改检查：{self.object.enterprise}"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "visit": self.object}

    def initial(self) -> dict[str, Any]:
        names = set(forms.VisitForm.base_fields) - {"unit", "enterprise", "officers", "people", "campaign"}
        people = "；".join(str(row) for row in self.object.officers.all())
        return {name: getattr(self.object, name) for name in names} | {
            "campaign": self.object.campaign_id,
            "recheck_of": self.object.recheck_of_id,
            "people": people,
        }

    def save(self, form: Any) -> Visit:
        return services.change_visit(self.object, self.user, form.values(), form.everybody())


class Void(_OneVisit):
    """Take a visit out of the figures."""

    title = "作废检查"
    permission = "enforcement.report"
    form_class = forms.ReasonForm
    submit = "作废"
    intro = "登记错了的检查才能作废。作废后不计入任何统计，记录和理由保留。"

    def save(self, form: Any) -> Visit:
        services.void(self.object, self.user, form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Visit) -> str:
        return f"已作废 {result}。"


class Exceed(_OneVisit):
    """Approve a visit beyond the ceiling."""

    title = "审批超频次检查"
    permission = "enforcement.exceed"
    form_class = forms.ExceedForm
    submit = "同意"

    def save(self, form: Any) -> Visit:
        services.approve_over(self.object, self.user, form.cleaned_data["note"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Visit) -> str:
        return f"已审批 {result} 的超频次。"


class VisitPage(ObjectPage):
    """One visit."""

    model = Visit
    permission = "enforcement.view"
    select: ClassVar[Sequence[str]] = _RELATED
    crumbs = VISITS

    def facts(self) -> Sequence[Facts]:
        visit = self.object
        found = [Facts("检查", _basics(visit)), Facts("处理", _handling(visit))]
        ceiling = limits.ceiling_of(visit.enterprise, visit.date)
        if ceiling is not None:
            found.append(Facts("频次上限", _limit(visit, ceiling)))
        return found

    def related(self) -> Sequence[Related]:
        visit = self.object
        rows = access.visible(self.user, Visit, self.permission).select_related("unit", "enterprise")
        found = [Related("检查人员", _PEOPLE, visit.officers.all(), empty="没有登记检查人员。")]
        if queries.sees_hazards(self.user):
            hazards = list(queries.hazards_found(self.user, visit_found__visit=visit))
            title = f"发现的隐患（{len(hazards)} 项）"
            found.append(Related(title, _HAZARDS, hazards, empty="没有由现场检查转来的隐患。"))
        if visit.recheck_of:
            found.append(Related("复查的原检查", _VISITS, rows.filter(pk=visit.recheck_of_id)))
        rechecks = list(rows.filter(recheck_of=visit))
        if rechecks:
            found.append(Related("复查", _VISITS, rechecks))
        first, last = limits.year_of(visit.date)
        year = rows.filter(enterprise=visit.enterprise_id, date__gte=first, date__lte=last).exclude(pk=visit.pk)
        url = f"{reverse('enforcement:list')}?owner={visit.enterprise_id}"
        found.append(Related("本年对该企业的其他检查", _VISITS, year[:20], more=url, empty="没有其他检查。"))
        return found

    def actions(self) -> Sequence[Action]:
        visit, found = self.object, []
        if visit.is_over and not visit.over_at and access.can(self.user, "enforcement.exceed"):
            found.append(Action("审批超频次", reverse("enforcement:visit_exceed", args=[visit.pk])))
        if visit.state != Visit.State.VOID and access.can(self.user, "enforcement.report"):
            found.append(Action("修改", reverse("enforcement:visit_change", args=[visit.pk]), "pencil"))
            found.append(Action("作废", reverse("enforcement:visit_void", args=[visit.pk])))
        return found


def import_page(request: HttpRequest) -> HttpResponse:
    """The upload page of the units' list."""
    return redirect("exchange:upload", "enforcement.visit")


_PEOPLE = (Column("name", "姓名"), Column("certificate", "执法证号"))
_HAZARDS = (
    Column("number", "编号", kind="link"),
    Column("title", "隐患"),
    Column("grade", "级别"),
    Column("state", "状态", "state_row.name"),
)
_VISITS = (
    Column("date", "检查日期", kind="link"),
    Column("kind", "类别"),
    Column("unit", "报送单位", "unit.name"),
    visit_state(),
)


def _basics(visit: Visit) -> list[Cell]:
    state = "secondary" if visit.state == Visit.State.VOID else "green" if visit.state == "done" else "orange"
    return [
        fact("企业", visit.enterprise.name),
        fact("检查日期", visit.date, "date"),
        fact("类别", visit.get_kind_display()),
        fact("状态", visit.get_state_display(), "badge", colour=state),
        fact("报送单位", visit.unit.name),
        fact("口径", visit.get_scope_display()),
        fact("执法检查", visit.is_statutory, "flag"),
        fact("专项行动", visit.campaign, href=visit.campaign.get_absolute_url() if visit.campaign else ""),
        fact("检查情况", visit.result),
        fact("报送单位编号", visit.external_number),
    ]


def _handling(visit: Visit) -> list[Cell]:
    return [
        fact("文书齐全", visit.documents_complete, "flag"),
        fact("立案", visit.is_filed, "flag"),
        fact("应复查日期", visit.recheck_by, "date"),
        fact("复查日期", visit.rechecked_on, "date"),
        fact("登记人", visit.made_by),
        fact("登记时间", visit.made_at, "datetime"),
    ]


def _limit(visit: Visit, ceiling: Any) -> list[Cell]:
    counts = "不计入上限" if visit.kind in ceiling.exempt else "计入上限"
    return [
        fact("适用上限", f"{ceiling.name}，每年 {ceiling.per_year} 次"),
        fact("本次检查", counts),
        fact("依据", f"{ceiling.source}（{ceiling.certainty}）"),
        fact("频次", visit.over[0] or "未超", "badge", colour=visit.over[1]),
        fact("超频次审批意见", visit.over_note),
        fact("超频次审批人", visit.over_by),
        fact("超频次审批时间", visit.over_at, "datetime"),
    ]
