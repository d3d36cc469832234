"""Pages of the hotline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from bianwang.modules.outreach import services, showing
from bianwang.modules.outreach.forms import calls as forms
from bianwang.modules.outreach.models import Call, Petition, Reward
from bianwang.modules.outreach.queries import calls as queries
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.forms import FormPage, add_errors, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Crumb, Page

_CALLS = (("12350来电来件", reverse_lazy("outreach:list")),)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Register(FormPage):
    """Take a call."""

    title = "登记来电来件"
    permission = "outreach.register"
    form_class = forms.RegisterForm
    submit = "登记"
    intro = "举报登记后开始计算核查时限；咨询、投诉等可当场答复办结。"
    crumbs = _CALLS

    def save(self, form: Any) -> Call:
        user = cast(User, self.request.user)
        with refusals_in_form(), transaction.atomic():
            call = services.register(user, form.values(), form.person())
            if form.cleaned_data["reply"]:
                services.finish(call, user, form.cleaned_data["reply"])
            return call

    def done(self, result: Call) -> str:
        return f"已登记{result}，现为“{result.state_row.name}”。"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CallPage(ObjectPage):
    """One call."""

    model = Call
    permission = "outreach.view"
    select: ClassVar[Sequence[str]] = ("handler", "unit", "town", "registered_by", "duplicate_of")
    crumbs = _CALLS
    template = "outreach/call.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "dispatch": forms.DispatchForm,
        "finish": forms.ReplyForm,
        "verify": forms.VerifyForm,
        "reply": forms.ReplyForm,
        "duplicate": forms.DuplicateForm,
        "case": forms.CaseForm,
        "reward": forms.RewardForm,
        "identity": forms.IdentityForm,
        "correct": forms.CorrectForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "recall": services.recall,
        "extend": services.extend,
        "return": services.send_back,
        "close": services.close,
        "revoke": services.revoke,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "outreach.identity") and services.is_named(self.object):
            return [Action("查看举报人身份", reverse("outreach:identity", args=[self.object.pk]), "lock")]
        return []


class RewardPage(ObjectPage):
    """One reward."""

    model = Reward
    permission = "outreach.rewards"
    select: ClassVar[Sequence[str]] = ("call", "applied_by", "decided_by", "paid_by")
    crumbs = (*_CALLS, ("举报奖励", reverse_lazy("outreach:rewards")))
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"pay": forms.PayForm}
    step_services: ClassVar[Mapping[str, StepService]] = {
        "approve": services.approve_reward,
        "refuse": services.refuse_reward,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.reward_facts(self.object)


class IdentityPage(Page):
    """Who reported, shown once for a stated reason; nothing of it is kept in a browser or printed."""

    title = "查看举报人身份"
    permission = "outreach.identity"
    template = "outreach/identity.html"
    model: type[Call] | type[Petition] = Call
    way: ClassVar[Sequence[Crumb]] = _CALLS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(pk, forms.ReadForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = forms.ReadForm(request.POST)
        if not form.is_valid():
            return self._show(pk, form, status=422)
        try:
            person = services.read_identity(self.user, self._subject(pk), form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
            return self._show(pk, form, status=422)
        return self._show(pk, None, person=person)

    def _subject(self, pk: int) -> Call | Petition:
        return access.get(self.user, self.model, pk, "outreach.identity")

    def _show(self, pk: int, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        call = self._subject(pk)
        url = call.get_absolute_url()
        crumbs = [*self.way, (call.number, url)]
        answer = self.render(status=status, form=form, call=call, back=url, crumbs=crumbs, submit="查看", **more)
        answer["Cache-Control"] = "no-store"
        return answer


class Statistics(Page):
    """A year's figures beside those of the year before; each leads to its rows."""

    title = "12350统计"
    permission = "outreach.statistics"
    template = "outreach/statistics.html"
    crumbs = _CALLS

    def get(self, request: HttpRequest) -> HttpResponse:
        years = queries.years(request.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        years = years if year in years else [*years, year]
        return self.render(found=queries.statistics(request.user, year), years=years)
