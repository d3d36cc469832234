"""Pages of the annual plan and its draws."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bianwang.modules.enforcement import drawing, forms, queries, services, units
from bianwang.modules.enforcement.lists import PLANS
from bianwang.modules.enforcement.models import Draw, Plan, PlanItem
from bianwang.modules.enforcement.services.plans import lacks
from bianwang.platform import access
from bianwang.platform.calendar.queries import notice
from bianwang.platform.clock import today
from bianwang.platform.places.queries import bureau
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import timeline

_RELATED = ("owner", "made_by", "approved_by", "base")


class New(FormPage):
    """Begin the plan of a year."""

    title = "编制年度检查计划"
    permission = "enforcement.plan"
    form_class = forms.PlanForm
    crumbs = PLANS

    def initial(self) -> dict[str, Any]:
        year, officers = today().year, list(units.certified())
        found = {"year": year, "statutory_days": queries.statutory_days(year), "officers": officers}
        return found | ({"people": len(officers)} if officers else {})

    def save(self, form: Any) -> Plan:
        return services.create(self.user, bureau(), form.values(), form.cleaned_data["officers"])


class _OnePlan(FormPage):
    """A form about one plan."""

    permission = "enforcement.plan"
    crumbs = PLANS

    def get_object(self) -> Any:
        return access.get(self.user, Plan, self.kwargs["pk"], self.permission, related=_RELATED)

    def get_title(self) -> str:
        return f"{self.title}：{self.object}"

    def back(self) -> str:
        return str(self.object.get_absolute_url())


class Change(_OnePlan):
    """Change the arithmetic and the officers of a draft."""

    title = "修改工作日和人员"
    form_class = forms.DaysForm

    def initial(self) -> dict[str, Any]:
        names = set(forms.DaysForm.base_fields) - {"officers"}
        officers = list(self.object.officers.values_list("user", flat=True))
        return {name: getattr(self.object, name) for name in names} | {"officers": officers}

    def save(self, form: Any) -> Plan:
        return services.change(self.object, self.user, form.values(), form.cleaned_data["officers"])


class Add(_OnePlan):
    """Put named enterprises into a draft."""

    title = "列入企业"
    form_class = forms.AddForm
    submit = "列入计划"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "plan": self.object}

    def save(self, form: Any) -> Plan:
        services.add_items(self.object, self.user, list(form.cleaned_data["enterprises"]), form.values())
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Plan) -> str:
        return f"所选企业已列入“{result}”。"


class MakeDraw(_OnePlan):
    """双随机."""

    title = "双随机抽取"
    form_class = forms.DrawForm
    submit = "抽取并列入计划"
    intro = "抽取结果立即列入计划并形成公开记录，不能重抽或删除；任何人可凭种子和抽取范围重新计算。"

    def save(self, form: Any) -> Draw:
        data = form.cleaned_data
        pool = queries.drawable(self.user, direct_only=data["pool"] == "direct")
        values = {name: data[name] for name in ("month", "times", "days")}
        return services.make_draw(self.object, self.user, pool, data["quotas"], data["seed"], values)

    def done(self, result: Draw) -> str:
        return f"已抽取 {len(drawing.parse_result(result.result))} 家企业，并列入计划。"


class Approve(_OnePlan):
    """Put a draft in force."""

    title = "批准计划"
    permission = "enforcement.approve"
    form_class = forms.ApproveForm
    submit = "批准"
    intro = "批准后本版即为现行计划，上一版被取代；此后只能用“调整计划”另编一版。"

    def save(self, form: Any) -> Plan:
        return services.approve(self.object, self.user)

    def done(self, result: Plan) -> str:
        return f"已批准“{result}”。"


class Discard(_OnePlan):
    """Give a draft up."""

    title = "废弃草稿"
    form_class = forms.DiscardForm
    submit = "废弃"
    intro = "废弃后不能恢复，企业和抽取记录仍可查看；已批准的计划不受影响，需要时另编一版。"

    def save(self, form: Any) -> Plan:
        return services.discard(self.object, self.user, form.cleaned_data["reason"])

    def done(self, result: Plan) -> str:
        return f"已废弃“{result}”。"


class Amend(_OnePlan):
    """Begin the next version."""

    title = "调整计划"
    form_class = forms.AmendForm
    submit = "另编一版"

    def save(self, form: Any) -> Plan:
        return services.amend(self.object, self.user, form.cleaned_data["reason"])

    def done(self, result: Plan) -> str:
        return f"已从上一版编出“{result}”，批准前仍按上一版执行。"


class ChangeItem(FormPage):
    """Change when an enterprise of a draft is inspected, or leave it out."""

    permission = "enforcement.plan"
    form_class = forms.ChangeItemForm
    crumbs = PLANS

    def get_object(self) -> Any:
        return access.get(self.user, PlanItem, self.kwargs["pk"], self.permission, related=("plan", "enterprise"))

    def get_title(self) -> str:
        return f"调整：{self.object.enterprise}"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("month", "times", "days")}

    def back(self) -> str:
        return str(self.object.plan.get_absolute_url())

    def save(self, form: Any) -> Plan:
        data = form.cleaned_data
        if data["remove"]:
            services.remove_item(self.object, self.user, data["reason"])
        else:
            services.change_item(self.object, self.user, {name: data[name] for name in ("month", "times", "days")})
        return self.object.plan  # type: ignore[no-any-return]

    def done(self, result: Plan) -> str:
        return f"已调整“{result}”中的“{self.object.enterprise}”。"


class Detail(Page):
    """One version: its arithmetic line by line, its months, progress, draws and what was left out."""

    permission = "enforcement.plan_view"
    template = "enforcement/plan.html"
    crumbs = PLANS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = access.get(self.user, Plan, pk, self.permission, related=_RELATED)
        months, kinds = queries.progress(plan), queries.by_kind(plan)
        may_plan = access.can(self.user, "enforcement.plan")
        return self.render(
            title=str(plan),
            plan=plan,
            calendar_days=queries.statutory_days(plan.year),
            calendar_notice=notice(plan.year),
            months=months,
            kinds=kinds,
            scheduled=sum(row["workdays"] for row in kinds),
            planned=sum(row["planned"] for row in kinds),
            completion=queries.completion(plan),
            officers=plan.officers.select_related("user"),
            removals=plan.removals.select_related("enterprise"),
            draws=plan.draws.select_related("made_by"),
            versions=access.visible(self.user, Plan, self.permission).filter(owner=plan.owner_id, year=plan.year),
            lacks=lacks(plan) if plan.is_draft else [],
            may_change=plan.is_draft and may_plan,
            may_approve=plan.is_draft and access.can(self.user, "enforcement.approve"),
            may_amend=plan.state == Plan.State.APPROVED and may_plan,
            items_url=f"{reverse('enforcement:items')}?plan={plan.pk}",
            events=timeline(plan),
        )


class DrawPage(Page):
    """The published record of a draw; posting to it makes the draw again and compares."""

    permission = "enforcement.plan_view"
    template = "enforcement/draw.html"
    crumbs = PLANS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self._draw(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draw = self._draw(pk)
        if services.verify(draw):
            messages.success(request, "重新计算的抽取范围校验值和结果与公开记录逐字节一致。")
        else:
            messages.error(request, "重新计算的结果与公开记录不一致，记录可能被改动，请联系系统管理员查台账。")
        return self._show(draw)

    def _draw(self, pk: int) -> Draw:
        return access.get(self.user, Draw, pk, self.permission, related=("plan__owner", "made_by"))

    def _show(self, draw: Draw) -> HttpResponse:
        inputs = drawing.parse_inputs(draw.inputs)
        enterprises = {row.code: row for row in inputs.candidates}
        officers = {row.code: row for row in inputs.officers}
        rows = [
            {"enterprise": enterprises[code], "officers": [officers[number] for number in pair]}
            for code, pair in drawing.parse_result(draw.result)
        ]
        words = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
        quotas = [(words.get(code, "不分层"), number) for code, number in inputs.quotas.items()]
        excluded = [(enterprises[code].name, officers[number]) for code, number in sorted(inputs.exclusions)]
        return self.render(title=str(draw), draw=draw, inputs=inputs, rows=rows, quotas=quotas, excluded=excluded)
