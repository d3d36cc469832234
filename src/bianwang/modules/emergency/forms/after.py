"""Forms of what follows an event: ending it, the watch, public opinion, the review and its measures."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms.events import area
from bianwang.modules.emergency.models import Opinion, WatchDay
from bianwang.modules.emergency.pack.opinions import form_choices, platform_choices
from bianwang.modules.emergency.units import doers
from bianwang.modules.emergency.workflow.watch import lacking_days, named
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition

_CHOOSE = ("", "请选择")


class EndForm(StepForm):
    """When the response ended, and why."""

    ended_at = forms.DateTimeField(
        label="处置结束时间", widget=MomentInput(), required=False, help_text="空表示现在；盯守从此起算"
    )
    field_order = ("ended_at", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.end(obj, user, self.cleaned_data["ended_at"], self.cleaned_data["reason"])


class CloseEarlyForm(StepForm):
    """Why the watch may end although days are lacking."""

    def prepare(self, obj: Any, user: User) -> None:
        self.fields["reason"].label = "提前结束或缺检的理由"
        self.fields["reason"].help_text = f"盯守检查还缺 {named(lacking_days(obj))}"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.close_early(obj, user, self.cleaned_data["reason"])


class CheckForm(PlainStepForm):
    """What was seen; short, because it is filled in on a phone."""

    outcome = forms.ChoiceField(label="检查结果", choices=[_CHOOSE, *WatchDay.Outcome.choices])
    text = area("检查情况", 3000, help_text="谁去看了哪里、看到什么，如“巡护员3人沿火烧迹地全线巡查，无烟点”")
    seen_at = forms.DateTimeField(
        label="检查时间", widget=MomentInput(), required=False, help_text="空表示现在；补记的填当天的检查时间"
    )
    place = forms.CharField(label="地点", max_length=100, required=False)
    photos = PhotosField(label="现场照片", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.values()
        services.check(obj, user, data.pop("outcome"), data.pop("text"), **data)


class OpinionForm(forms.Form):
    """What is said where."""

    platform = forms.ChoiceField(label="来源平台")
    url = forms.URLField(label="链接", max_length=500, required=False, assume_scheme="https")
    seen_at = forms.DateTimeField(label="发现时间", widget=MomentInput(), required=False, help_text="空表示现在")
    summary = area("主要内容", 2000)
    heat = forms.ChoiceField(label="热度", choices=[_CHOOSE, *Opinion.Heat.choices])
    trend = forms.ChoiceField(label="走势", choices=[_CHOOSE, *Opinion.Trend.choices])
    truth = forms.ChoiceField(label="研判", choices=Opinion.Truth.choices)
    responsible = forms.CharField(label="责任单位或责任人", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["platform"]
        field.choices = [_CHOOSE, *platform_choices()]

    def values(self) -> dict[str, Any]:
        """Columns of the opinion."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_at" or value}


class JudgeForm(OpinionForm):
    """Judging it again."""

    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen_at"]

    def values(self) -> dict[str, Any]:
        """Columns of the opinion."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AnswerForm(PlainStepForm):
    """What was answered."""

    form = forms.ChoiceField(label="回应方式")
    answer = area("回应内容", 2000)
    answered_at = forms.DateTimeField(label="回应时间", widget=MomentInput(), required=False, help_text="空表示现在")

    def prepare(self, obj: Any, user: User) -> None:
        field: Any = self.fields["form"]
        field.choices = [_CHOOSE, *form_choices()]

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.answer_opinion(obj, user, **self.values())


class ReviewForm(forms.Form):
    """The texts of a review; saved as often as one likes, complete only when it is submitted."""

    course = area("事件经过", 5000, required=False, rows=6, help_text="时间和数字由平台从记录中列出，这里写经过")
    cause = area("原因分析", 5000, required=False, rows=4)
    strengths = area("经验做法", 5000, required=False, rows=4)
    weaknesses = area("存在不足", 5000, required=False, rows=4)
    version = forms.IntegerField(widget=forms.HiddenInput())


class MeasureForm(forms.Form):
    """What is to be done better."""

    text = area("改进措施", 500)
    owner = forms.ModelChoiceField(label="责任单位", queryset=Organisation.objects.none(), empty_label="请选择")
    day = forms.DateField(label="完成期限", widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = doers()


class FinishForm(PlainStepForm):
    """What was done."""

    result = area("落实情况", 2000)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.finish_measure(obj, user, self.cleaned_data["result"])


class NothingForm(forms.Form):
    """Nothing to fill in; pressing the button is all."""
