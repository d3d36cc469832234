"""Pages of licensing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.licensing import forms, pack, queries, services, showing
from bianwang.modules.licensing.models import Application, Licence
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.queries import limit

_APPLICATIONS = (("许可申请", reverse_lazy("licensing:list")),)


class Apply(FormPage):
    """Enter an application."""

    title = "提交申请"
    permission = "licensing.apply"
    form_class = forms.ApplyForm
    submit = "提交"
    crumbs = _APPLICATIONS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        """A licence's page leads here for the licence, the guide for its kind."""
        wanted = self.request.GET
        found: dict[str, Any] = {"kind": wanted.get("kind", ""), "action": wanted.get("action", "new")}
        number = wanted.get("licence", "")
        licence = (
            access.visible(self.user, Licence, "licensing.apply").filter(pk=int(number)).first()
            if number.isdecimal()
            else None
        )
        if licence is not None:
            found |= {"kind": licence.kind, "licence": licence, "owner": licence.owner_id, "scope": licence.scope}
        return found

    def save(self, form: Any) -> Application:
        with refusals_in_form():
            return services.submit(
                self.user, form.cleaned_data["owner"], form.values(), form.cleaned_data["papers"] or ()
            )

    def done(self, result: Application) -> str:
        return f"已提交{result}，现为“{result.state_row.name}”。"


class ApplicationPage(ObjectPage):
    """One application."""

    model = Application
    permission = "licensing.view"
    select: ClassVar[Sequence[str]] = ("owner", "licence", "registered_by", "decided_by")
    crumbs = _APPLICATIONS
    template = "licensing/object.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "correct": forms.CorrectionForm,
        "resubmit": forms.ResubmitForm,
        "visit": forms.VisitForm,
        "stop": forms.StopForm,
        "decide": forms.DecideForm,
        "deliver": forms.DeliverForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "accept": services.accept,
        "reject": services.reject,
        "resume": services.resume,
        "extend": services.extend,
        "forward": services.forward,
        "recall": services.recall,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.related(self.object, self.user)


class LicencePage(ObjectPage):
    """One licence."""

    model = Licence
    permission = "licensing.view"
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = (("证照", reverse_lazy("licensing:licences")),)
    template = "licensing/object.html"
    step_services: ClassVar[Mapping[str, StepService]] = {"revoke": services.revoke}

    def facts(self) -> Sequence[Facts]:
        return showing.licence_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.licence_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        licence: Licence = self.object
        if licence.state_row.final or not access.can(self.user, "licensing.apply"):
            return []
        action = "renew" if licence.state == "valid" else "cancel"
        words = dict(pack.ACTIONS)[action]
        url = f"{reverse('licensing:apply')}?licence={licence.pk}&action={action}"
        return [Action(f"申请{words}等", url, "file-plus")]


class Statistics(Page):
    """What was decided in a year, how fast, and how often in time; each figure leads to its rows."""

    title = "许可统计"
    permission = "licensing.statistics"
    template = "licensing/statistics.html"
    crumbs = _APPLICATIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        years = queries.years(request.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        years = years if year in years else [*years, year]
        return self.render(found=queries.statistics(request.user, year), years=years)


class Guide(Page):
    """What the district pack says of every matter: time, validity, papers, and the law."""

    title = "办事指南"
    permission = "licensing.view"
    template = "licensing/guide.html"
    crumbs = _APPLICATIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        stops = dict(pack.STOPS)
        kinds = [(kind, "、".join(stops[code] for code in kind.stops)) for kind in pack.kinds_on(today())]
        limits = {name: limit(f"licensing.{name}") for name in ("accept", "deliver")}
        return self.render(kinds=kinds, limits=limits, may_apply=access.can(self.user, "licensing.apply"))
