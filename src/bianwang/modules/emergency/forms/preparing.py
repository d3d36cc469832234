"""Forms of plans and drills."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms.events import area
from bianwang.modules.emergency.models import Drill, Event, Plan
from bianwang.modules.emergency.pack.events import class_choices, headquarters_choices
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import FilesField, PhotosField
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.table import Transition

_CHOOSE = ("", "请选择")


class PlanForm(forms.Form):
    """A plan that is being written."""

    title = forms.CharField(label="名称", max_length=100, help_text="如璧山区森林火灾应急预案")
    version = forms.CharField(label="版本", max_length=20, help_text="如2026年修订")
    headquarters = forms.ChoiceField(label="指挥部")
    level = forms.ChoiceField(label="层级", choices=[_CHOOSE, *Plan.Level.choices])
    kinds = forms.MultipleChoiceField(label="适用类别", widget=forms.CheckboxSelectMultiple)
    replaces = forms.ModelChoiceField(
        label="代替的预案",
        queryset=Plan.objects.none(),
        required=False,
        empty_label="没有",
        help_text="新版本发布时旧预案自动废止",
    )
    texts = FilesField(label="预案文本", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["headquarters"].choices = [_CHOOSE, *headquarters_choices()]
        fields["kinds"].choices = class_choices()
        fields["replaces"].queryset = access.visible(user, Plan, "emergency.prepare").filter(state__in=IN_FORCE)

    def values(self) -> dict[str, Any]:
        """Columns of the plan."""
        return {name: self.cleaned_data[name] for name in ("title", "version", "headquarters", "level", "replaces")}


class PlanChangeForm(PlanForm):
    """Putting a draft right."""

    reason = forms.CharField(label="理由", max_length=200)


class IssueForm(PlainStepForm):
    """With which document a plan was issued."""

    document = forms.CharField(label="文号", max_length=60)
    approved_on = forms.DateField(label="批准日期", widget=DateInput())
    issued_on = forms.DateField(label="发布日期", widget=DateInput(), help_text="下次评估日期按地区包的周期从此起算")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.issue_plan(obj, user, **self.values())


class AssessForm(StepForm):
    """A plan was looked at again; the reason is the result."""

    assessed_on = forms.DateField(label="评估日期", widget=DateInput())
    field_order = ("assessed_on", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        self.fields["reason"].label = "评估结论"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.assess_plan(obj, user, self.cleaned_data["assessed_on"], self.cleaned_data["reason"])


class DrillForm(forms.Form):
    """A drill that is to be held."""

    title = forms.CharField(label="名称", max_length=100)
    headquarters = forms.ChoiceField(label="指挥部")
    plan = forms.ModelChoiceField(label="检验的预案", queryset=Plan.objects.none(), required=False, empty_label="没有")
    kind = forms.ChoiceField(label="形式", choices=[_CHOOSE, *Drill.Kind.choices])
    planned_on = forms.DateField(label="计划日期", widget=DateInput())
    place = forms.CharField(label="地点", max_length=100, required=False)
    participants = area("参加单位", 1000)
    purpose = area("目的", 1000)
    scenario = area("情景", 3000, rows=5)
    event = forms.ModelChoiceField(
        label="演练事件",
        queryset=Event.objects.none(),
        required=False,
        empty_label="没有",
        help_text="在平台上推演的，先“登记事件”并勾“这是演练”",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["headquarters"].choices = [_CHOOSE, *headquarters_choices()]
        fields["plan"].queryset = access.visible(user, Plan, "emergency.plans").exclude(state="repealed")
        fields["event"].queryset = access.visible(user, Event, "emergency.view").filter(is_exercise=True)


class HoldForm(PlainStepForm):
    """How a drill went."""

    held_on = forms.DateField(label="开展日期", widget=DateInput())
    people = forms.IntegerField(label="参加人数", min_value=1, max_value=100_000)
    course = area("经过", 3000, rows=5)
    photos = PhotosField(label="照片", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.hold_drill(obj, user, **self.values())


class EvaluateForm(PlainStepForm):
    """What a drill has shown."""

    evaluation = area(
        "评估结论", 3000, rows=5, help_text="执行情况、预案的合理性与可操作性、指挥协调、人员处置、设备装备"
    )

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        workflow.advance(obj, step.code, user, fields={"evaluation": self.cleaned_data["evaluation"].strip()})


class ItemForm(forms.Form):
    """Something to put right."""

    finding = forms.CharField(label="问题", max_length=300)
    measure = forms.CharField(label="改进措施", max_length=300)
    responsible = forms.CharField(label="责任单位或责任人", max_length=60)
    due_on = forms.DateField(label="完成期限", widget=DateInput())


class ItemDoneForm(forms.Form):
    """It was put right."""

    done_on = forms.DateField(label="完成日期", widget=DateInput())
    result = forms.CharField(label="完成情况", max_length=300)
