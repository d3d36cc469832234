"""Pages of surveys, and the one public page of the platform besides the log-in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bianwang.modules.outreach.forms import surveys as forms
from bianwang.modules.outreach.models import Answer, Survey
from bianwang.modules.outreach.pack import questionnaire
from bianwang.modules.outreach.queries import surveys as queries
from bianwang.modules.outreach.services import surveys as services
from bianwang.platform import access
from bianwang.platform.accounts.address import client_address
from bianwang.platform.accounts.queries import district_name
from bianwang.platform.config import config
from bianwang.platform.ratelimit import PUBLIC, TooOften
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

_SURVEYS = (("问卷调查", reverse_lazy("outreach:surveys")),)
_SALT = "outreach.survey"
_TICKET_SECONDS = 24 * 3600
_COOKIE_SECONDS = 180 * 24 * 3600


class New(FormPage):
    """Make a survey, from the template that the URL names."""

    title = "新建问卷"
    permission = "outreach.survey"
    form_class = forms.SurveyForm
    submit = "存为草稿"
    intro = "题目来自地区包的模板，可以改。先存为草稿，核对后“开始回收”，开始后题目不能再改。"
    crumbs = _SURVEYS

    def initial(self) -> dict[str, Any]:
        row = questionnaire(self.request.GET.get("template", ""))
        names = ("margin", "pass_share", "level", "target")
        return {"questions": row.text, **{name: getattr(row, name) for name in names}}

    def save(self, form: Any) -> Survey:
        return services.create_survey(self.user, form.cleaned_data)


class SurveyPage(ObjectPage):
    """One survey with what it found."""

    model = Survey
    permission = "outreach.survey_view"
    select: ClassVar[Sequence[str]] = ("owner", "made_by")
    crumbs = _SURVEYS
    template = "outreach/survey.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "change": forms.ChangeSurveyForm,
        "prolong": forms.ProlongForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "open": services.open_survey,
        "close": services.close_survey,
    }

    def facts(self) -> Sequence[Facts]:
        row: Survey = self.object
        basics = [
            fact("调查对象", row.target),
            fact("对象总人数", row.population or "未填，按很多人算"),
            fact("允许误差", f"{(row.margin * 100).normalize():f}%（95%置信）"),
            fact("截止日期", row.closes_on, "date"),
            fact("知晓标准", f"答对 {(row.pass_share * 100).normalize():f}% 以上"),
            fact("满意标准", f"平均 {row.level.normalize():f} 分以上"),
            fact("编制人", row.made_by.name),
        ]
        if row.state != "draft":
            url = row.get_public_url()
            basics.append(fact("公开链接", self.request.build_absolute_uri(url), href=url))
        return [Facts("问卷", basics), Facts("结果", self._result())]

    def _result(self) -> list[Any]:
        row, found = self.object, queries.result(self.object)
        answers = list_url("outreach:answers", survey=row.pk)
        paper = list_url("outreach:answers", survey=row.pk, source="paper")
        shown = [
            fact("有效答卷", found.sample, "number", unit="份", href=answers),
            fact("其中纸质", found.paper, "number", unit="份", href=paper),
            fact("最少答卷", found.needed, "number", unit="份"),
        ]
        for rate in found.rates:
            shown.append(fact(rate.name, f"{rate.words}（{rate.count}/{rate.of}）", href=rate.url))
            shown.append(fact(f"{rate.name}95%区间", rate.interval))
        if found.refusal:
            shown.append(fact("比率", found.refusal))
        return shown

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Answer, self.permission).filter(survey=self.object)[:10]
        more = list_url("outreach:answers", survey=self.object.pk)
        return [Related("最近的答卷", _ANSWER, rows, more=more, empty="还没有答卷。")]

    def actions(self) -> Sequence[Action]:
        if self.object.state == "open" and access.can(self.user, "outreach.survey"):
            return [Action("导入纸质答卷", reverse("exchange:upload", args=["outreach.answer"]), "upload")]
        return []

    def extra(self) -> dict[str, Any]:
        return {"by_question": queries.by_question(self.object)}


_ANSWER = (
    Column("day", "日期", kind="date"),
    Column("source", "来源"),
    Column("chosen", "答案"),
)


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Where anybody with the link answers, once in each browser; nothing of him is kept."""
    survey = queries.by_token(token)
    cookie = f"answered-{survey.pk}"
    if not survey.takes_answers:
        return _public(request, survey, "这份问卷已经截止，谢谢您的关注。", 410)
    if cookie in request.COOKIES:
        return _public(request, survey, "您已经答过这份问卷，谢谢。", 409 if request.method == "POST" else 200)
    if request.method == "GET":
        return _ask(request, survey, forms.AnswerForm(survey=survey))
    form = forms.AnswerForm(request.POST, survey=survey)
    try:
        PUBLIC.hit(client_address(request))
        ticket = _read_ticket(survey, request.POST.get("ticket", ""))
        if not form.is_valid():
            return _ask(request, survey, form, 422)
        services.answer(survey, ticket, form.chosen())
    except TooOften as error:
        return _public(request, survey, str(error.message), 429)
    except ValidationError as error:
        form.add_error(None, error)
        return _ask(request, survey, form, 422)
    done = _public(request, survey, "已收到您的答卷，谢谢。")
    done.set_cookie(
        cookie, "1", max_age=_COOKIE_SECONDS, path=request.path, httponly=True, secure=config().https, samesite="Lax"
    )
    return done


def _read_ticket(survey: Survey, text: str) -> str:
    """The page's one-time number. Raises ValidationError for a page that is not ours, or too old."""
    try:
        found = signing.loads(text, salt=_SALT, max_age=_TICKET_SECONDS)
    except signing.BadSignature:
        found = None
    if not isinstance(found, list) or found[0] != survey.pk:
        raise ValidationError("页面打开太久了，请重新选择后再提交。")
    return str(found[1])


def _ask(request: HttpRequest, survey: Survey, form: Any, status: int = 200) -> HttpResponse:
    ticket = signing.dumps([survey.pk, secrets.token_urlsafe(16)], salt=_SALT)
    return _public(request, survey, "", status, form=form, ticket=ticket)


def _public(request: HttpRequest, survey: Survey, words: str, status: int = 200, **more: Any) -> HttpResponse:
    context = {"survey": survey, "words": words, "district": district_name(), "title": survey.title, **more}
    return render(request, "outreach/answer.html", context, status=status)
