"""Forms of meetings, tasks and supervised matters, and what each step asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Assignment, Attendance, CheckIn, Meeting, Supervision, Task
from bianwang.modules.committee.units import members
from bianwang.modules.hazards.models import Hazard
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import FilesField
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


def area(label: str, limit: int, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


def units_field(label: str, **more: Any) -> Any:
    """Members of the committee to tick."""
    return forms.ModelMultipleChoiceField(label=label, queryset=members(), widget=forms.CheckboxSelectMultiple, **more)


def unit_field(label: str) -> Any:
    """One member of the committee."""
    return forms.ModelChoiceField(label=label, queryset=members(), empty_label="请选择")


class MeetingForm(forms.Form):
    """A meeting."""

    kind = forms.ChoiceField(label="类别", choices=Meeting.Kind.choices)
    title = forms.CharField(label="会议名称", max_length=100)
    held_at = forms.DateTimeField(label="会议时间", widget=MomentInput())
    place = forms.CharField(label="地点", max_length=100)
    host = forms.CharField(label="主持人", max_length=40, required=False)
    agenda = area("议程", 3000, required=False, rows=5)
    units = units_field("参会单位")
    papers = FilesField(label="会议材料", required=False)


class AttendanceForm(forms.Form):
    """Who came, unit by unit, with what was decided and the minutes."""

    decisions = area("议定事项", 5000, required=False, rows=6, help_text="一行一项；保存后在会议页面上逐项“交办任务”")
    papers = FilesField(label="会议纪要", required=False)

    def __init__(self, *args: Any, rows: Sequence[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"presence_{row.unit_id}"] = forms.ChoiceField(
                label=f"{row.unit.name}",
                choices=[("", "未记"), *Attendance.Presence.choices],
                required=False,
                initial=row.presence,
            )
            self.fields[f"person_{row.unit_id}"] = forms.CharField(
                label="参会人", max_length=40, required=False, initial=row.person
            )

    def presence(self) -> dict[int, tuple[str, str]]:
        """By unit: whether it came, and who."""
        data = self.cleaned_data
        return {
            row.unit_id: (data[f"presence_{row.unit_id}"], data[f"person_{row.unit_id}"].strip()) for row in self.rows
        }


class TaskForm(forms.Form):
    """A task for a lead unit and others."""

    source = forms.ChoiceField(label="来源", choices=Task.Source.choices)
    meeting = forms.ModelChoiceField(
        label="来源会议", queryset=Meeting.objects.none(), required=False, empty_label="不是会议议定"
    )
    check_in = forms.ModelChoiceField(
        label="来源调度", queryset=CheckIn.objects.none(), required=False, empty_label="不是视频调度"
    )
    document = forms.CharField(label="来源文件", max_length=100, required=False, help_text="文件名称或文号")
    title = forms.CharField(label="任务", max_length=100)
    content = area("任务要求", 3000, rows=5)
    until = forms.DateField(label="完成时限", widget=DateInput())
    lead = unit_field("牵头单位")
    others = units_field("配合单位", required=False)
    papers = FilesField(label="任务文件", required=False, help_text="随任务发给每个承办单位")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = access.visible(user, Meeting, "committee.overview")
        check_in: Any = self.fields["check_in"]
        check_in.queryset = access.visible(user, CheckIn, "committee.overview")


class SupervisionForm(forms.Form):
    """A hazard, a task, a case or any other matter to be supervised."""

    unit = unit_field("督办对象")
    level = forms.ChoiceField(label="督办级别", choices=Supervision.Level.choices)
    title = forms.CharField(label="督办事项", max_length=100)
    demand = area("督办要求", 3000, rows=4)
    until = forms.DateField(label="督办时限", widget=DateInput())
    hazard_number = forms.CharField(
        label="督办的隐患编号", max_length=40, required=False, help_text="督办隐患的填写；隐患销号后才能摘牌"
    )
    assignment = forms.ModelChoiceField(
        label="督办的任务", queryset=Assignment.objects.none(), required=False, empty_label="不是安委会任务"
    )
    case_number = forms.CharField(label="督办的案件文号", max_length=60, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        assignment: Any = self.fields["assignment"]
        rows = access.visible(user, Assignment, "committee.units").exclude(state__in=("closed", "cancelled"))
        assignment.queryset = rows.select_related("task", "unit")

    def clean_hazard_number(self) -> Hazard | None:
        """The hazard itself."""
        number = self.cleaned_data["hazard_number"].strip()
        if not number:
            return None
        found = access.visible(self.user, Hazard, "hazards.view").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(f"没有编号为“{number}”的隐患，请核对后重填。")
        return found

    def values(self) -> dict[str, Any]:
        """Columns of the matter."""
        apart = {"unit", "until", "hazard_number"}
        found = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return {**found, "hazard": self.cleaned_data["hazard_number"]}


class ProgressForm(PlainStepForm):
    """How far it is."""

    progress = area("进展情况", 500)
    papers = FilesField(label="附件", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.report(obj, user, self.cleaned_data["progress"], self.cleaned_data["papers"])


class ResultForm(PlainStepForm):
    """Done, says the unit."""

    result = area("完成情况", 1000)
    papers = FilesField(label="证明材料", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        done = services.submit if isinstance(obj, Assignment) else services.conclude
        done(obj, user, self.cleaned_data["result"], self.cleaned_data["papers"])


class UntilForm(StepForm):
    """A later time limit and why: decided for a task, asked for in a supervised matter."""

    until = forms.DateField(label="新的时限", widget=DateInput())
    field_order = ("until", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        change = services.postpone if isinstance(obj, Assignment) else services.apply_extension
        change(obj, user, self.cleaned_data["until"], self.cleaned_data["reason"])


class DecideForm(StepForm):
    """Yes or no to the open application."""

    approve = forms.ChoiceField(
        label="审批意见", choices=(("1", "同意延期"), ("0", "不同意延期")), widget=forms.RadioSelect
    )
    field_order = ("approve", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        approve = self.cleaned_data["approve"] == "1"
        services.decide_extension(obj, user, approve=approve, reason=self.cleaned_data["reason"])
