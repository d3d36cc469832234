"""What a survey found: the sample, the rates with their interval, and the answers to each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from bianwang.modules.outreach.models import Answer, Survey
from bianwang.modules.outreach.queries.publicity import Figure
from bianwang.modules.outreach.sampling import wilson
from bianwang.platform import access
from bianwang.platform.ui.lists import list_url

_PERMISSION = "outreach.survey_view"
KNOWS, CONTENT = "知晓率", "满意度"


@dataclass(frozen=True)
class Rate:
    """A share of the sample: `count` of `of`, and where both stand."""

    name: str
    count: int
    of: int
    url: str
    whole_url: str

    @property
    def words(self) -> str:
        """The share in per cent, one place."""
        return f"{100 * self.count / self.of:.1f}%"

    @property
    def interval(self) -> str:
        """Between which shares that of all people lies, with 95 % confidence."""
        low, high = wilson(self.count, self.of)
        return f"{100 * low:.1f}%～{100 * high:.1f}%"


@dataclass(frozen=True)
class Result:
    """What was found. `refusal` says why there is no rate yet."""

    sample: int
    needed: int
    paper: int
    refusal: str = ""
    rates: list[Rate] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen:
    """One option of a question: how many chose it, of all."""

    text: str
    count: int
    share: str
    is_right: bool


def by_token(token: str) -> Survey:
    """The survey of a public link; a draft has none. Raises Http404."""
    found = Survey.objects.filter(token=token).exclude(state="draft").first()
    if found is None:
        raise Http404("没有这份问卷，请核对链接是否完整。")
    return found


def result(survey: Survey, until: date | None = None) -> Result:
    """The rates, from all answers or from those until a day, or why the sample is too small for any."""
    answers = Answer.objects.filter(survey=survey)
    query: dict[str, Any] = {"survey": survey.pk}
    if until is not None:
        answers, query = answers.filter(day__lte=until), {**query, "day_to": until}
    sample, paper = answers.count(), answers.filter(source=Answer.Source.PAPER).count()
    if sample < survey.needed:
        lacking = f"有效答卷 {sample} 份，少于允许误差 {_percent(survey)} 所需的 {survey.needed} 份，不给出比率"
        return Result(sample, survey.needed, paper, f"{lacking}；请继续回收 {survey.needed - sample} 份。")
    rates = [
        rate
        for name, parameter in ((KNOWS, "knows"), (CONTENT, "satisfied"))
        if (rate := _rate(answers, name, parameter, query)) is not None
    ]
    return Result(sample, survey.needed, paper, rates=rates)


def by_question(survey: Survey) -> list[tuple[str, list[Chosen]]]:
    """How often each option was chosen."""
    questions = survey.parsed
    counts: list[Counter[int]] = [Counter() for _ in questions]
    sample = 0
    for text in Answer.objects.filter(survey=survey).values_list("chosen", flat=True).iterator():
        sample += 1
        for number, choice in enumerate(text.split(",")):
            counts[number][int(choice)] += 1
    found = []
    for question, count in zip(questions, counts, strict=True):
        rows = [
            Chosen(
                option,
                count[number],
                f"{100 * count[number] / sample:.1f}%" if sample else "—",
                number == question.right,
            )
            for number, option in enumerate(question.options, 1)
        ]
        found.append((question.text, rows))
    return found


def year_figures(user: Any, year: int) -> list[Figure]:
    """Rates of the surveys that ended in a year, for those who may see surveys."""
    if not access.can(user, _PERMISSION):
        return []
    rows = access.visible(user, Survey, _PERMISSION).filter(closes_on__year=year).exclude(state="draft")
    found = []
    for survey in rows.order_by("closes_on", "pk"):
        shown = result(survey)
        for rate in shown.rates:
            note = f"{survey.title}，样本 {shown.sample}，95%区间 {rate.interval}"
            found.append(Figure(rate.name, rate.words, "", rate.url, note))
        if shown.refusal:
            url = list_url("outreach:answers", survey=survey.pk)
            found.append(Figure(survey.title, f"{shown.sample}", "份", url, f"样本不足 {shown.needed} 份，不给出比率"))
    return found


def _rate(answers: QuerySet[Answer], name: str, parameter: str, query: Mapping[str, Any]) -> Rate | None:
    found = answers.aggregate(of=Count(parameter), count=Count("pk", filter=Q(**{parameter: True})))
    url, whole_url = list_url("outreach:answers", **query, **{parameter: 1}), list_url("outreach:answers", **query)
    return Rate(name, found["count"], found["of"], url, whole_url) if found["of"] else None


def _percent(survey: Survey) -> str:
    return f"{(survey.margin * 100).normalize():f}%"
