"""Pages of ratings, grades, subsidies and their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.standardisation import forms, queries, services, showing, thirdparty
from bianwang.modules.standardisation.lists import day_of
from bianwang.modules.standardisation.models import Grade, SelfRating, Subsidy
from bianwang.modules.standardisation.services.subsidies import policy_of
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.errors import Refused

_GRADES = (("标准化定级", reverse_lazy("standardisation:list")),)
_RATINGS = (("标准化自评", reverse_lazy("standardisation:ratings")),)
_SUBSIDIES = (("标准化奖补", reverse_lazy("standardisation:subsidies")),)


class RatingOpen(FormPage):
    """Begin a year's self-rating."""

    title = "开始自评"
    permission = "standardisation.rate"
    form_class = forms.OpenForm
    submit = "开始自评"
    intro = "每年自评一次：各要素先按满分列出，再逐项填写空项、扣分和原因，得分由系统计算。"
    crumbs = _RATINGS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> str:
        rating = services.open_rating(self.user, form.cleaned_data["owner"], form.cleaned_data["year"])
        return reverse("standardisation:scores", args=[rating.pk])

    def done(self, result: Any) -> str:
        return "已开始自评，请逐项填写扣分。"


class RatingScores(FormPage):
    """The elements of a draft."""

    permission = "standardisation.rate"
    form_class = forms.ScoresForm
    submit = "保存得分"
    intro = "没有扣分的保持 0；企业不涉及的内容填空项分，从满分中减去。有扣分或空项的必须写明原因。"
    template = "standardisation/scores.html"

    def get_object(self) -> SelfRating:
        return access.get(self.user, SelfRating, self.kwargs["pk"], "standardisation.rate", related=("owner",))

    def get_title(self) -> str:
        return f"{self.object.year}年自评得分" if self.object else ""

    def get_crumbs(self) -> Sequence[Any]:
        return [*_RATINGS, (str(self.object), self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"rating": self.object}

    def save(self, form: Any) -> SelfRating:
        with refusals_in_form():
            services.save_scores(self.object, self.user, form.values(), form.cleaned_data["note"])
        found: SelfRating = self.object
        return found

    def done(self, result: SelfRating) -> str:
        return f"已保存，自评得分 {result.total} 分；核对后请“提交自评”。"


class RatingPage(ObjectPage):
    """One self-rating."""

    model = SelfRating
    permission = "standardisation.view"
    select: ClassVar[Sequence[str]] = ("owner", "submitted_by")
    crumbs = _RATINGS
    template = "standardisation/object.html"
    step_services: ClassVar[Mapping[str, StepService]] = {"submit": services.submit, "return": services.send_back}

    def facts(self) -> Sequence[Facts]:
        return showing.rating_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.rating_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "standardisation.rate"):
            return []
        if self.object.state == "draft":
            return [Action("填报得分", reverse("standardisation:scores", args=[self.object.pk]), "pencil")]
        return [Action("申请定级", reverse("standardisation:apply", args=[self.object.pk]), "certificate")]


class Apply(FormPage):
    """Apply for a grade."""

    title = "申请定级"
    permission = "standardisation.rate"
    form_class = forms.ApplyForm
    submit = "提交申请"
    intro = "以本次自评为依据申请；受理后组织现场评审，达到分数线的公示，期满定级。"

    def get_object(self) -> SelfRating:
        return access.get(self.user, SelfRating, self.kwargs["pk"], "standardisation.rate", related=("owner",))

    def get_crumbs(self) -> Sequence[Any]:
        return [*_RATINGS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Grade:
        with refusals_in_form():
            return services.apply(self.user, self.object, form.cleaned_data["level"])

    def done(self, result: Grade) -> str:
        return f"已申请{result.get_level_display()}，现为“{result.state_row.name}”。"


class Register(FormPage):
    """Enter a certificate that exists."""

    title = "登记已有证书"
    permission = "standardisation.import"
    form_class = forms.RegisterForm
    submit = "登记"
    intro = "上级定级的，或平台启用前取得的证书；已经到期的也登记，用于历年达标家数。"
    crumbs = _GRADES

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Grade:
        return services.record_existing(self.user, form.cleaned_data["owner"], form.values())

    def done(self, result: Grade) -> str:
        return f"已登记证书 {result.certificate}，有效期至 {result.valid_until}，现为“{result.state_row.name}”。"


class GradePage(ObjectPage):
    """One grading."""

    model = Grade
    permission = "standardisation.view"
    select: ClassVar[Sequence[str]] = ("owner", "rating__owner", "applied_by")
    crumbs = _GRADES
    template = "standardisation/object.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "arrange": forms.ArrangeForm,
        "review": forms.ReviewForm,
        "conclude": forms.ConcludeForm,
        "revoke": forms.RevokeForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "refuse": services.refuse,
        "withdraw": services.withdraw,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.grade_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.grade_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "standardisation.rate"):
            return []
        try:
            policy_of(self.object)
        except Refused:
            return []
        return [Action("申请奖补", reverse("standardisation:claim", args=[self.object.pk]), "coins")]


class Claim(FormPage):
    """Apply for the subsidy of a grade."""

    title = "申请奖补"
    permission = "standardisation.rate"
    form_class = forms.ConfirmForm
    submit = "申请奖补"
    intro = "金额按定级之日有效的奖补政策确定，同一企业同一等级只奖补一次；经审核、审批后由区局发放。"

    def get_object(self) -> Grade:
        return access.get(self.user, Grade, self.kwargs["pk"], "standardisation.rate", related=("owner",))

    def get_crumbs(self) -> Sequence[Any]:
        return [*_GRADES, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Subsidy:
        with refusals_in_form():
            return services.apply_subsidy(self.user, self.object)

    def done(self, result: Subsidy) -> str:
        return f"已申请奖补 {result.amount} 元，现为“{result.state_row.name}”。"


class SubsidyPage(ObjectPage):
    """One subsidy."""

    model = Subsidy
    permission = "standardisation.view"
    select: ClassVar[Sequence[str]] = ("owner", "grade__owner", "applied_by", "checked_by", "decided_by", "paid_by")
    crumbs = _SUBSIDIES
    template = "standardisation/object.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"pay": forms.PayForm}
    step_services: ClassVar[Mapping[str, StepService]] = {
        "check": services.check_subsidy,
        "approve": services.approve_subsidy,
        "refuse": services.refuse_subsidy,
        "reject": services.reject_subsidy,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.subsidy_facts(self.object)


class Statistics(Page):
    """Figures as of a day; each leads to its rows."""

    title = "标准化统计"
    permission = "standardisation.view"
    template = "standardisation/statistics.html"
    crumbs = _GRADES

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_of(request.GET)
        return self.render(
            found=queries.statistics(self.user, day),
            policies=queries.policy_uses(self.user),
            years=queries.subsidy_years(self.user),
            lines=thirdparty.line_uses(self.user),
        )


def upload(request: HttpRequest) -> HttpResponse:
    """To the import of certificates."""
    access.require(request.user, "standardisation.import")
    return redirect("exchange:upload", "standardisation.grade")
