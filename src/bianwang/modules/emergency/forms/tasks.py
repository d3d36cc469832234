"""Forms of tasks, information reports and losses."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms.events import area
from bianwang.modules.emergency.models import Report
from bianwang.modules.emergency.units import responders
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition


class TaskForm(forms.Form):
    """A task for units."""

    units = forms.ModelMultipleChoiceField(
        label="承担单位", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    content = area("任务内容", 1000)
    place = forms.CharField(label="集结或到达地点", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["units"]
        field.queryset = responders()


class FeedbackForm(PlainStepForm):
    """How far the unit is."""

    feedback = area("反馈", 1000)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.answer_task(obj, user, step.code, self.cleaned_data["feedback"])


class ReportForm(forms.Form):
    """What is reported upwards."""

    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), *Report.Kind.choices])
    receiver = forms.CharField(label="报送对象", max_length=100, help_text="如区委区政府总值班室、市应急局")
    sent_at = forms.DateTimeField(label="报出时间", widget=MomentInput(), required=False, help_text="空表示现在")
    nature = area("事件性质和经过", 3000, rows=5)
    effect = area("影响和损失", 2000)
    trend = area("发展趋势", 1000, required=False)
    leaders = forms.CharField(label="领导到位情况", max_length=300, required=False)
    measures = area("已采取的措施", 2000, required=False)
    signer = forms.CharField(label="签发人", max_length=40, required=False, help_text="书面报告的签发领导")

    def values(self) -> dict[str, Any]:
        """Columns of the report."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sent_at" or value}


class LossForm(forms.Form):
    """What is known of casualties and losses."""

    as_of = forms.DateTimeField(label="截至时间", widget=MomentInput())
    deaths = forms.IntegerField(label="死亡失踪（人）", min_value=0, max_value=100_000, initial=0)
    injuries = forms.IntegerField(label="重伤（人）", min_value=0, max_value=100_000, initial=0)
    slight = forms.IntegerField(label="轻伤（人）", min_value=0, max_value=100_000, initial=0)
    evacuated = forms.IntegerField(label="紧急转移（人）", min_value=0, max_value=1_000_000, initial=0)
    area = forms.DecimalField(label="受害面积（公顷）", min_value=0, max_digits=9, decimal_places=2, initial=0)
    loss = forms.DecimalField(label="直接损失（万元）", min_value=0, max_digits=12, decimal_places=2, initial=0)
    source = forms.CharField(label="依据", max_length=200, help_text="如现场核查、镇街报告")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
