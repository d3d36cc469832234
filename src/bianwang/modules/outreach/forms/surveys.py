"""Forms of surveys, and the public questionnaire."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.outreach.models import Survey
from bianwang.modules.outreach.questionnaire import Question
from bianwang.modules.outreach.services import surveys as services
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition

_HOW = (
    "一行一个问题；下面以“A.”“B.”开头的是选项，正确的一个前面写 *。没有选项的问题按满意程度 1 至 5 分回答。"
    "不要问姓名、电话等个人信息"
)


class SurveyForm(forms.Form):
    """A survey."""

    title = forms.CharField(label="名称", max_length=80)
    target = forms.CharField(label="调查对象", max_length=100, help_text="例如“全区18岁以上常住居民”")
    population = forms.IntegerField(
        label="对象总人数", min_value=1, max_value=100_000_000, required=False, help_text="不清楚的不填，按很多人算"
    )
    margin = forms.DecimalField(
        label="允许误差", min_value=0.01, max_value=0.2, decimal_places=3, help_text="0.05 即正负5个百分点，95%置信"
    )
    closes_on = forms.DateField(label="截止日期", widget=DateInput())
    questions = forms.CharField(
        label="题目", max_length=20_000, widget=forms.Textarea(attrs={"rows": 16}), help_text=_HOW
    )
    pass_share = forms.DecimalField(
        label="知晓标准", min_value=0, max_value=1, decimal_places=2, help_text="答对几成算知晓，0.6 即六成"
    )
    level = forms.DecimalField(
        label="满意标准", min_value=1, max_value=5, decimal_places=2, help_text="平均几分以上算满意，4 即“满意”"
    )


class ChangeSurveyForm(SurveyForm, PlainStepForm):
    """Changing a draft."""

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.update({name: getattr(obj, name) for name in SurveyForm.base_fields})

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.change_survey(obj, user, self.values())


class ProlongForm(StepForm):
    """Another last day."""

    closes_on = forms.DateField(label="截止日期", widget=DateInput())
    field_order = ("closes_on", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.prolong_survey(obj, user, self.cleaned_data["closes_on"], self.cleaned_data["reason"])


class AnswerForm(forms.Form):
    """The questionnaire as people see it: one choice for each question."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(survey.parsed, 1):
            self.fields[f"q{number}"] = _asked(number, question)

    def chosen(self) -> list[int]:
        """Numbers of the options."""
        return [int(self.cleaned_data[name]) for name in self.fields]


def _asked(number: int, question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{number}. {question.text}",
        choices=[(str(at), option) for at, option in enumerate(question.options, 1)],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
