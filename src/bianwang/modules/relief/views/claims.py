"""Pages of claims, their numbers, objections and appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from bianwang.modules.relief import showing
from bianwang.modules.relief.forms import claims as forms
from bianwang.modules.relief.models import Appeal, Claim
from bianwang.modules.relief.queries import claims as queries
from bianwang.modules.relief.services import appeals, claims as services, meetings, secrets
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import FormPage, add_errors, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page

CLAIMS = (("救助申请", reverse_lazy("relief:list")),)
APPEALS = (("救助申诉", reverse_lazy("relief:appeals")),)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ClaimNew(FormPage):
    """The village enters a household."""

    title = "登记救助申请"
    permission = "relief.report"
    form_class = forms.ClaimForm
    submit = "登记"
    intro = "身份证号码、手机和账号加密保存，登记后页面上只显示首尾几位。金额按救助项目的政策自动计算。"
    crumbs = CLAIMS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        mine = list(queries.villages(self.user)[:2])
        return {"programme": self.request.GET.get("programme"), "owner": mine[0] if len(mine) == 1 else None}

    def save(self, form: Any) -> Claim:
        data = form.cleaned_data
        with refusals_in_form():
            return services.report(self.user, data["programme"], data["owner"], form.household())

    def done(self, result: Claim) -> str:
        return f"已登记 {result.number}，{result.persons} 人，按政策 {result.amount:,.2f} 元，待村（社）评议。"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ClaimPage(ObjectPage):
    """One household's claim."""

    model = Claim
    permission = "relief.view"
    select: ClassVar[Sequence[str]] = ("programme__disaster", "owner", "meeting__owner", "reported_by")
    crumbs = CLAIMS
    template = "relief/claim.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "amend": forms.AmendForm,
        "account": forms.AccountForm,
        "appeal": forms.AppealForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "submit": services.submit,
        "check": services.check,
        "return": services.give_back,
        "approve": services.approve,
        "send_back": services.send_back,
        "refuse": services.refuse,
        "reject": services.reject,
        "withdraw": services.withdraw,
        "confirm": services.confirm,
    }

    def get_title(self) -> str:
        return f"{self.object.number} {self.object.head}户"

    def facts(self) -> Sequence[Facts]:
        return showing.claim_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.claim_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        row: Claim = self.object
        found = [Action("审批表", reverse("relief:paper", args=[row.pk]), "printer")]
        if access.can(self.user, "relief.clear"):
            found.append(Action("查看身份和账号", reverse("relief:numbers", args=[row.pk]), "lock"))
        if row.state == "public" and access.can(self.user, "relief.assess"):
            found.append(Action("登记异议", reverse("relief:objection", args=[row.pk]), "message-plus"))
            if row.objections.filter(settled_at__isnull=True).exists():
                found.append(Action("处理异议", reverse("relief:settle", args=[row.pk]), "message-check"))
        return found

    def _steps(self) -> list[Any]:
        """Votes are entered with the meeting and objections on their own page."""
        return [step for step in super()._steps() if step.code not in {"pass", "fail", "sustain"}]


class Paper(Page):
    """申请审批表 on A4, with masked numbers."""

    permission = "relief.view"
    template = "relief/paper.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        related = ("programme", "owner__organisation__parent", "meeting")
        claim = access.get(self.user, Claim, pk, self.permission, related=related)
        crumbs = [*CLAIMS, (claim.number, claim.get_absolute_url())]
        people = claim.people.all()
        return self.render(
            title="自然灾害救助申请审批表", claim=claim, people=people, crumbs=crumbs, sum=showing.working_of(claim)
        )


class NumbersPage(Page):
    """Numbers in clear, once for a stated reason; nothing of them is kept in a browser or printed."""

    title = "查看身份和账号"
    permission = "relief.clear"
    template = "relief/numbers.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(pk, forms.ReadForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = forms.ReadForm(request.POST)
        if not form.is_valid():
            return self._show(pk, form, status=422)
        try:
            numbers = secrets.read_numbers(self.user, self._claim(pk), form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
            return self._show(pk, form, status=422)
        return self._show(pk, None, numbers=numbers)

    def _claim(self, pk: int) -> Claim:
        return access.get(self.user, Claim, pk, self.permission, related=("secret",))

    def _show(self, pk: int, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        claim = self._claim(pk)
        url = claim.get_absolute_url()
        crumbs = [*CLAIMS, (claim.number, url)]
        answer = self.render(status=status, form=form, claim=claim, back=url, crumbs=crumbs, submit="查看", **more)
        answer["Cache-Control"] = "no-store"
        return answer


class _OfClaim(FormPage):
    """A form about one claim on notice."""

    permission = "relief.assess"

    def get_object(self) -> Claim:
        return access.get(self.user, Claim, self.kwargs["pk"], self.permission, related=("owner",))

    def get_crumbs(self) -> Any:
        return [*CLAIMS, (self.object.number, self.object.get_absolute_url())]

    def done(self, result: Claim) -> str:
        return f"已{self.title}：{result.number}。"


class ObjectionNew(_OfClaim):
    """Note an objection."""

    title = "登记异议"
    form_class = forms.ObjectionForm
    submit = "登记"
    intro = "有未处理的异议时，公示期满也不能报镇街。"

    def save(self, form: Any) -> Claim:
        meetings.note_objection(self.object, self.user, form.cleaned_data["text"])
        return cast(Claim, self.object)


class ObjectionSettle(_OfClaim):
    """What came of the objections."""

    title = "处理异议"
    form_class = forms.SettleForm
    submit = "处理"

    def save(self, form: Any) -> Claim:
        with refusals_in_form():
            form.settle(self.object, self.user)
        return cast(Claim, self.object)


class AppealPage(ObjectPage):
    """One appeal."""

    model = Appeal
    permission = "relief.view"
    select: ClassVar[Sequence[str]] = ("claim__owner", "claim__programme", "decided_by")
    crumbs = APPEALS
    step_services: ClassVar[Mapping[str, StepService]] = {"uphold": appeals.uphold, "dismiss": appeals.dismiss}

    def facts(self) -> Sequence[Facts]:
        return showing.appeal_facts(self.object)


class Statistics(Page):
    """A year's help by programme, disaster and town, and how timely it was."""

    title = "救助统计"
    permission = "relief.view"
    template = "relief/statistics.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        years = [year for year, _ in queries.year_choices()] or [today().year]
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and int(wanted) in years else years[0]
        groups = [
            (name, queries.totals(self.user, year, by))
            for name, by in (("救助项目", "programme"), ("灾害", "disaster"), ("镇街", "town"))
        ]
        shares = [queries.timeliness(self.user, year, way=way) for way in queries.WAYS]
        return self.render(year=year, years=years, groups=groups, shares=shares, as_of=today())


def import_claims(request: HttpRequest) -> HttpResponse:
    """To the Excel import of claims."""
    access.require(request.user, "relief.report")
    return redirect("exchange:upload", "relief.claim")


def import_results(request: HttpRequest) -> HttpResponse:
    """To the Excel import of what the bank reports."""
    access.require(request.user, "relief.pay")
    return redirect("exchange:upload", "relief.result")
