"""Pages of plans and drills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import preparing as forms
from bianwang.modules.emergency.lists.preparing import drill_columns, review_colour
from bianwang.modules.emergency.models import Drill, DrillItem, Plan
from bianwang.modules.emergency.pack.events import headquarters_choices, plan_term
from bianwang.modules.emergency.queries import preparing
from bianwang.modules.emergency.services.plans import PLAN_COLUMNS
from bianwang.modules.emergency.workflow.drills import HELD
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm
from bianwang.platform.ui.pages import Crumb, Page

PLANS = (("应急预案", reverse_lazy("emergency:plans")),)
DRILLS = (("应急演练", reverse_lazy("emergency:drills")),)
FIRST_YEAR = 2020
_PREPARE = "emergency.prepare"


def _office(code: str, name: str) -> Cell:
    return fact("指挥部", name, "link", href=reverse("emergency:headquarters", args=[code]))


class PlanNew(FormPage):
    """Begin a plan."""

    title = "编制预案"
    permission = _PREPARE
    form_class = forms.PlanForm
    crumbs = PLANS
    intro = "先登记并上传文本，再“送评审”“批准并发布”“登记备案”。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Plan:
        return services.draft_plan(self.user, form.values(), form.cleaned_data["kinds"], form.cleaned_data["texts"])


class PlanChange(FormPage):
    """Put a draft right."""

    title = "更正预案"
    permission = _PREPARE
    form_class = forms.PlanChangeForm
    crumbs = PLANS

    def get_object(self) -> Plan:
        return access.get(self.user, Plan, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*PLANS, (str(self.object), self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        kinds = [row.kind for row in self.object.kinds.all()]
        return {**{name: getattr(self.object, name) for name in PLAN_COLUMNS}, "kinds": kinds}

    def save(self, form: Any) -> Plan:
        data = form.cleaned_data
        with refusals_in_form():
            services.change_plan(self.object, self.user, form.values(), data["kinds"], data["texts"], data["reason"])
        return self.object  # type: ignore[no-any-return]


class PlanPage(ObjectPage):
    """One plan with its drills."""

    model = Plan
    permission = "emergency.plans"
    select: ClassVar[Sequence[str]] = ("owner", "replaces")
    crumbs = PLANS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"issue": forms.IssueForm, "assess": forms.AssessForm}

    def facts(self) -> Sequence[Facts]:
        row: Plan = self.object
        found = [
            _office(row.headquarters, row.headquarters_name),
            fact("层级", row.get_level_display()),
            fact("适用类别", row.kind_names),
            fact("版本", row.version),
            fact("文号", row.document),
            fact("批准日期", row.approved_on, "date"),
            fact("发布日期", row.issued_on, "date"),
        ]
        if row.review_on and row.issued_on:
            term = plan_term([item.kind for item in row.kinds.all()], row.issued_on)
            words = f"每 {term.years} 年：{term.source}，{term.article}（{term.certainty}）"
            found.append(fact("下次评估", row.review_on, "badge", colour=review_colour(row)))
            found.append(fact("评估周期依据", words))
        if row.replaces:
            found.append(fact("代替的预案", str(row.replaces), "link", href=row.replaces.get_absolute_url()))
        return [Facts("预案", found)]

    def related(self) -> Sequence[Related]:
        drills = preparing.drills(self.user).filter(plan=self.object)
        return [Related("检验本预案的演练", drill_columns(), drills, empty="还没有演练。")]

    def actions(self) -> Sequence[Action]:
        if self.object.state != "drafting" or not access.can(self.user, _PREPARE):
            return []
        return [Action("更正", reverse("emergency:plan_change", args=[self.object.pk]), "edit")]


class DrillNew(FormPage):
    """Plan a drill."""

    title = "计划演练"
    permission = _PREPARE
    form_class = forms.DrillForm
    crumbs = DRILLS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Drill:
        return services.plan_drill(self.user, form.cleaned_data)


class DrillPage(ObjectPage):
    """One drill with what it showed."""

    model = Drill
    permission = "emergency.plans"
    select: ClassVar[Sequence[str]] = ("owner", "plan", "event__territory")
    crumbs = DRILLS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"hold": forms.HoldForm, "evaluate": forms.EvaluateForm}

    def facts(self) -> Sequence[Facts]:
        row: Drill = self.object
        planned = [
            _office(row.headquarters, row.headquarters_name),
            fact("形式", row.get_kind_display()),
            fact("计划日期", row.planned_on, "date"),
            fact("地点", row.place),
            fact("参加单位", row.participants),
            fact("目的", row.purpose),
            fact("情景", row.scenario),
        ]
        for title, other in (("检验的预案", row.plan), ("演练事件", row.event)):
            if other:
                planned.append(fact(title, str(other), "link", href=other.get_absolute_url()))
        found = [Facts("计划", planned)]
        if row.held_on:
            held = [
                fact("开展日期", row.held_on, "date"),
                fact("参加人数", row.people, "number", unit="人"),
                fact("经过", row.course),
                fact("评估结论", row.evaluation),
            ]
            found.append(Facts("开展与评估", held))
        return found

    def related(self) -> Sequence[Related]:
        items = access.visible(self.user, DrillItem, self.permission).filter(drill=self.object)
        may = access.can(self.user, _PREPARE) and self.object.state in {"held", "evaluated"}
        add = ("登记问题", reverse("emergency:drill_item_new", args=[self.object.pk])) if may else None
        return [Related("问题和整改", _item_columns(may_finish=may), items, add=add, empty="还没有登记问题。")]


def _item_columns(*, may_finish: bool) -> tuple[Column, ...]:
    """What was found; those not done lead to where that is entered."""
    day = today()
    found = (
        Column("finding", "问题"),
        Column("measure", "改进措施"),
        Column("responsible", "责任单位或责任人"),
        Column("due_on", "完成期限", kind="date"),
        Column(
            "standing",
            "情况",
            lambda row: "已完成" if row.done_on else "逾期" if row.due_on < day else "整改中",
            kind="badge",
            colour=lambda row: "green" if row.done_on else "red" if row.due_on < day else "orange",
        ),
        Column("result", "完成情况"),
    )
    if not may_finish:
        return found
    return (*found, Column("done", "", lambda row: "" if row.done_on else "登记完成", link=_finish))


def _finish(row: DrillItem) -> str:
    return "" if row.done_on else reverse("emergency:drill_item_done", args=[row.pk])


class ItemNew(FormPage):
    """Something that a drill showed."""

    title = "登记问题"
    permission = _PREPARE
    form_class = forms.ItemForm

    def get_object(self) -> Drill:
        return access.get(self.user, Drill, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*DRILLS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> DrillItem:
        with refusals_in_form():
            return services.add_item(self.user, self.object, form.cleaned_data)


class ItemDone(FormPage):
    """It was put right."""

    title = "登记整改完成"
    permission = _PREPARE
    form_class = forms.ItemDoneForm

    def get_object(self) -> DrillItem:
        return access.get(self.user, DrillItem, self.kwargs["pk"], self.permission, related=("drill",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*DRILLS, (str(self.object.drill), self.object.drill.get_absolute_url())]

    def save(self, form: Any) -> DrillItem:
        with refusals_in_form():
            services.finish_item(self.object, self.user, **form.cleaned_data)
        return self.object  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Line:
    """The drills of a headquarters in a year."""

    name: str
    planned: int
    held: int
    people: int
    planned_url: str
    held_url: str


class DrillStatistics(Page):
    """Planned, held and how many took part, by headquarters."""

    title = "演练统计"
    permission = "emergency.plans"
    template = "emergency/drill_statistics.html"
    crumbs = DRILLS

    def get(self, request: HttpRequest) -> HttpResponse:
        this = today().year
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= this else this
        rows = access.visible(self.user, Drill, self.permission).order_by()
        planned = rows.filter(planned_on__year=year).exclude(state="cancelled")
        held = rows.filter(held_on__year=year, state__in=HELD)
        counts = {row["headquarters"]: row["n"] for row in planned.values("headquarters").annotate(n=Count("pk"))}
        done = {
            row["headquarters"]: (row["n"], row["p"] or 0)
            for row in held.values("headquarters").annotate(n=Count("pk"), p=Sum("people", filter=Q(people__gt=0)))
        }
        lines = [
            _line(name, year, counts.get(code, 0), done.get(code, (0, 0)), {"headquarters": code})
            for code, name in headquarters_choices()
        ]
        total = (sum(line.held for line in lines), sum(line.people for line in lines))
        lines.append(_line("合计", year, sum(line.planned for line in lines), total, {}))
        return self.render(year=year, years=range(this, FIRST_YEAR - 1, -1), lines=lines)


def _line(name: str, year: int, planned: int, held: tuple[int, int], query: dict[str, Any]) -> Line:
    first, last = f"{year}-01-01", f"{year}-12-31"
    return Line(
        name,
        planned,
        *held,
        list_url("emergency:drills", **query, planned_from=first, planned_to=last, kept=1),
        list_url("emergency:drills", **query, held_from=first, held_to=last, done=1),
    )
