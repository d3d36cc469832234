"""Pages of the permits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from bianwang.modules.permits import forms, queries, services, standard
from bianwang.modules.permits.checks import lacks
from bianwang.modules.permits.conflicts import conflicts_of
from bianwang.modules.permits.facts import GROUPS, MEASURE, OTHER, READING
from bianwang.modules.permits.levels import day_of
from bianwang.modules.permits.models import GasReading, Permit
from bianwang.modules.permits.services.register import FIELDS
from bianwang.modules.permits.standard import WorkType
from bianwang.modules.permits.workflow import ENDED, WORKFLOW
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import attachments
from bianwang.platform.workflow.table import Transition

_PERMITS = (("作业票", reverse_lazy("permits:list")),)
_SELECT = (
    "owner", "zone", "guard", "parent", "created_by", "applied_by", "briefed_by", "isolated_by", "approved_by",
    "accepted_by",
)  # fmt: skip
_DECIDED = {
    "draft": "apply",
    "analysed": "apply",
    "applied": "approve",
    "ready": "start",
    "interrupted": "resume",
    "accepted": "close",
}
"""State -> the step whose lacks the page shows."""


class Choose(Page):
    """Which of the eight kinds of work."""

    title = "登记作业"
    permission = "permits.apply"
    template = "permits/choose.html"
    crumbs = _PERMITS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(kinds=standard.work_types(day_of(now())).values())


class Register(FormPage):
    """Enter a job."""

    permission = "permits.apply"
    form_class = forms.JobForm
    template = "permits/form.html"
    submit = "登记"
    crumbs = (*_PERMITS, ("登记作业", reverse_lazy("permits:new")))

    @property
    def kind(self) -> WorkType:
        """The type of work in the URL. Raises Http404."""
        found = standard.work_types(day_of(now())).get(self.kwargs["kind"])
        if found is None:
            raise Http404("没有这种作业类型，请返回重新选择。")
        return found

    def get_title(self) -> str:
        return f"登记{self.kind.name}作业"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "kind": self.kind}

    def initial(self) -> dict[str, Any]:
        start = now().replace(second=0, microsecond=0) + timedelta(minutes=30)
        return {"planned_start": start, "planned_end": start + timedelta(hours=4)}

    def save(self, form: Any) -> Permit:
        user = cast(User, self.request.user)
        return services.register(user, form.cleaned_data["zone"], self.kind.code, form.values())

    def done(self, result: Permit) -> str:
        return f"已登记作业票 {result.number}（{result.title}），请做作业危害分析。"


class Change(FormPage):
    """Correct a job before it is applied for."""

    permission = "permits.apply"
    form_class = forms.JobForm
    template = "permits/form.html"
    title = "修改作业"

    def get_object(self) -> Any:
        return access.get(self.request.user, Permit, self.kwargs["pk"], self.permission, related=_SELECT)

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "kind": self.object.kind_row, "permit": self.object}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*FIELDS, "zone")}

    def get_crumbs(self) -> Sequence[Any]:
        return (*_PERMITS, (str(self.object), self.object.get_absolute_url()))

    def save(self, form: Any) -> Permit:
        services.change(self.object, cast(User, self.request.user), form.values())
        permit: Permit = self.object
        return permit


class PermitPage(ObjectPage):
    """One permit with its steps."""

    model = Permit
    permission = "permits.view"
    select: ClassVar[Sequence[str]] = _SELECT
    template = "permits/permit.html"
    crumbs = _PERMITS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        **{step.code: forms.ReasonForm if step.reason else forms.PhotoForm for step in WORKFLOW.transitions},
        "analyse": forms.AnalyseForm,
        "test": forms.TestForm,
        "brief": forms.BriefForm,
        "approve": forms.ApproveForm,
        "accept": forms.AcceptForm,
    }

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """Every step's page says first where phones are not allowed, and what is lacking."""
        if template == "ui/step.html":
            context["lacks"] = lacks(self.object, context["step"].code, now())
            template = "permits/step.html"
        return super().render(template, status, **context)

    def facts(self) -> Sequence[Facts]:
        return [Facts(title, rows(self.object)) for title, rows in GROUPS]

    def related(self) -> Sequence[Related]:
        permit = self.object
        found = [Related("安全措施", MEASURE, permit.measures.all())] if permit.analysis else []
        if permit.kind_row.gas:
            found.append(Related("气体检测", READING, _readings(self.user, permit), empty="还没有检测记录。"))
        followers = access.visible(self.user, Permit).filter(parent=permit)
        if followers:
            found.append(Related("随同本票的作业票", OTHER, followers))
        return found

    def extra(self) -> dict[str, Any]:
        permit = self.object
        step = _DECIDED.get(permit.state, "")
        return {
            "conflicts": [] if permit.state in ENDED or permit.stopped_at else conflicts_of(permit),
            "lacks": [one for one in lacks(permit, step, now()) if "时空冲突" not in one],
            "lacks_for": permit.workflow.transition(step).name if step else "",
        }

    def actions(self) -> Sequence[Action]:
        permit = self.object
        found = [Action("打印", reverse("permits:print", args=[permit.pk]), "printer")]
        if permit.state in {"draft", "analysed"} and access.can(self.user, "permits.apply"):
            found.insert(0, Action("修改", reverse("permits:change", args=[permit.pk]), "pencil"))
        return found

    def step_initial(self, step: Transition) -> dict[str, Any]:
        permit = self.object
        found = {"permit": permit, "analysis": permit.analysis, "extra_measures": permit.extra_measures}
        found |= {"inapplicable": permit.inapplicable, "briefing": permit.briefing}
        found["taken"] = [row.number - 1 for row in permit.measures.all() if row.is_taken]
        return found

    def perform(self, step: Transition, form: Any) -> None:
        with transaction.atomic():
            _perform(self.object, self.user, step.code, form, form.cleaned_data)
            services.keep_photos(self.object, self.user, form.cleaned_data["photos"], step.code)

    def step_done(self, step: Transition) -> str:
        if step.code == "test":
            test = self.object.tests.first()
            return f"已记录气体检测：{test}。" + ("" if test.passed else "请立即停止作业，撤出人员，处理后重新检测。")
        return super().step_done(step)


class Ticket(Page):
    """The permit on paper."""

    permission = "permits.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        permit = access.get(request.user, Permit, pk, self.permission, related=_SELECT)
        context = {
            "permit": permit,
            "title": f"{permit.kind_row.name}作业票 {permit.number}",
            "measures": permit.measures.select_related("by"),
            "tests": _readings(self.user, permit),
            "photos": len(attachments(permit)),
        }
        return render(request, "permits/ticket.html", context)


class Board(Page):
    """What goes on now, unit by unit."""

    title = "在票作业"
    permission = "permits.view"
    template = "permits/board.html"
    crumbs = _PERMITS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(board=queries.board(request.user), moment=now())


def _perform(permit: Permit, user: Any, code: str, form: Any, data: dict[str, Any]) -> None:
    reason = data.get("reason", "")
    match code:
        case "analyse":
            services.analyse(permit, user, form.values(), data["taken"])
        case "test":
            at = {name: data[name] for name in ("at", "instrument", "tester", "place")}
            services.record_test(permit, user, form.readings(), **at)
        case "brief":
            services.brief(permit, user, data["briefing"])
        case "approve":
            services.approve(permit, user, data["position"])
        case "accept":
            services.accept(permit, user, data["outcome"])
        case "reject" | "interrupt" | "cancel" | "suspend":
            getattr(services, code)(permit, user, reason)
        case "release" | "release_started":
            services.release(permit, user, reason)
        case "apply" | "isolate" | "lock" | "unlock" | "sign_in" | "start" | "resume" | "stop" | "close":
            getattr(services, code)(permit, user)


def _readings(user: User, permit: Permit) -> list[GasReading]:
    rows = access.visible(user, GasReading).filter(test__permit=permit)
    return list(rows.select_related("test").order_by("-test__at", "-test__pk", "pk"))
