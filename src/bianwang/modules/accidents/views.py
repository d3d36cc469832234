"""Pages of the accidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.accidents import forms, queries, services, showing
from bianwang.modules.accidents.models import Accident
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page

_ACCIDENTS = (("生产安全事故", reverse_lazy("accidents:list")),)


class Register(FormPage):
    """Enter an accident."""

    title = "登记事故"
    permission = "accidents.register"
    form_class = forms.RegisterForm
    submit = "登记"
    intro = "登记后按第493号令自动定级，并开始计算逐级报告、补报和调查时限。"
    crumbs = _ACCIDENTS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def save(self, form: Any) -> Accident:
        user = cast(User, self.request.user)
        with refusals_in_form():
            return services.register(user, form.cleaned_data["owner"], form.values(), form.cleaned_data["papers"])

    def done(self, result: Accident) -> str:
        return f"已登记{result}，定级为“{result.get_grade_display()}事故”，请按时限逐级报告。"


class AccidentPage(ObjectPage):
    """One accident with its reports, its people and, for the bureau, its inquiry."""

    model = Accident
    permission = "accidents.view"
    select: ClassVar[Sequence[str]] = ("owner", "town", "registered_by", "investigation")
    crumbs = _ACCIDENTS
    template = "accidents/accident.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "report": forms.ReportForm,
        "change": forms.ChangeForm,
        "casualty": forms.CasualtyForm,
        "correct": forms.CorrectForm,
        "investigate": forms.InvestigateForm,
        "member": forms.MemberForm,
        "apply": forms.ApplyForm,
        "decide": forms.DecideForm,
        "submit": forms.SubmitForm,
        "approve": forms.ApproveForm,
        "check": forms.CheckForm,
        "sanction": forms.SanctionForm,
        "settle": forms.SettleForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "return": services.send_back,
        "close": services.close,
        "file": services.file_away,
        "revoke": services.revoke,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.related(self.object, self.user)

    def extra(self) -> dict[str, Any]:
        return {"papers": showing.papers(self.object, self.user)}

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        if "events" in context:
            context["events"] = showing.public_events(context["events"], self.object, self.user)
        return super().render(template, status, **context)


class Statistics(Page):
    """A year's figures beside those of the year before; each leads to its rows."""

    title = "事故统计"
    permission = "accidents.statistics"
    template = "accidents/statistics.html"
    crumbs = _ACCIDENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        years = queries.years(request.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        years = years if year in years else [*years, year]
        found = queries.statistics(request.user, year)
        return self.render(found=found, years=years, deaths=found.figures[1])


class GdpEdit(FormPage):
    """Enter or correct a year's GDP."""

    title = "录入地区生产总值"
    permission = "accidents.gdp"
    form_class = forms.GdpForm
    crumbs = (*_ACCIDENTS, ("事故统计", reverse_lazy("accidents:statistics")))

    def save(self, form: Any) -> str:
        row = services.save_gdp(cast(User, self.request.user), form.cleaned_data)
        self.saved = row
        return reverse("accidents:gdp")

    def done(self, result: str) -> str:
        return f"已保存{self.saved}：{self.saved.value} 亿元。"

    def back(self) -> str:
        return reverse("accidents:gdp")
