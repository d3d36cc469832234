"""Forms of notices, check-ins, key periods and daily reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from bianwang.modules.committee import services
from bianwang.modules.committee.forms import area, units_field
from bianwang.modules.committee.models import Call, ZeroReport
from bianwang.modules.committee.pack import kind_choices
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition


class NothingForm(forms.Form):
    """Nothing to fill in: the button says all."""


class NoticeForm(forms.Form):
    """A notice and to whom it goes."""

    kind = forms.ChoiceField(label="类别", choices=kind_choices)
    title = forms.CharField(label="标题", max_length=100)
    content = area("提示内容", 5000, rows=6)
    answer_by = forms.DateTimeField(label="落实时限", widget=MomentInput())
    units = units_field("成员单位", required=False)
    to_enterprises = forms.BooleanField(
        label="同时发给企业", required=False, help_text="按以下条件挑选在用企业，都不选就是全部企业"
    )
    towns = forms.ModelMultipleChoiceField(
        label="所在镇街、园区",
        queryset=Territory.objects.filter(kind__in=("town", "zone")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sectors = forms.MultipleChoiceField(
        label="行业", choices=Enterprise.Sector.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    risks = forms.MultipleChoiceField(
        label="风险等级", choices=Enterprise.Risk.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def filters(self) -> list[str]:
        """The filters of enterprises in words."""
        data = self.cleaned_data
        sectors, risks = dict(Enterprise.Sector.choices), dict(Enterprise.Risk.choices)
        return [
            *(town.name for town in data["towns"]),
            *(str(sectors[code]) for code in data["sectors"]),
            *(str(risks[code]) for code in data["risks"]),
        ]

    def values(self) -> dict[str, Any]:
        """Columns of the notice."""
        return {name: self.cleaned_data[name] for name in ("kind", "title", "content", "answer_by")}


class MeasuresForm(PlainStepForm):
    """What was done about it."""

    measures = area("落实情况", 1000)
    papers = FilesField(label="证明材料", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.answer(obj, user, self.cleaned_data["measures"], self.cleaned_data["papers"])


class CheckInForm(forms.Form):
    """Who is called when."""

    title = forms.CharField(label="调度主题", max_length=100)
    called_at = forms.DateTimeField(label="调度时间", widget=MomentInput())
    note = area("调度要求", 3000, required=False)
    units = units_field("调度单位")


class CallsForm(forms.Form):
    """Who answered, unit by unit."""

    def __init__(self, *args: Any, rows: Sequence[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"minutes_{row.unit_id}"] = forms.IntegerField(
                label=f"{row.unit.name}：几分钟应答",
                min_value=0,
                max_value=600,
                required=False,
                initial=row.minutes,
                help_text="空表示未应答",
            )
            self.fields[f"issue_{row.unit_id}"] = forms.CharField(
                label="发现问题", max_length=300, required=False, initial=row.issue
            )

    def found(self) -> dict[int, tuple[int | None, str]]:
        """By unit: after how many minutes it answered, and what was wrong."""
        data = self.cleaned_data
        return {
            row.unit_id: (data[f"minutes_{row.unit_id}"], data[f"issue_{row.unit_id}"].strip()) for row in self.rows
        }


class PeriodForm(forms.Form):
    """A key period."""

    name = forms.CharField(label="名称", max_length=60, help_text="如 2027年春节")
    first_day = forms.DateField(label="开始日期", widget=DateInput())
    last_day = forms.DateField(label="结束日期", widget=DateInput())
    due_time = forms.TimeField(
        label="每日报送截止", initial="17:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    measures = area("工作要求", 3000, rows=4)
    units = units_field("报送单位")


class ZeroReportForm(forms.Form):
    """The day of one unit."""

    outcome = forms.ChoiceField(label="当日情况", choices=ZeroReport.Outcome.choices, widget=forms.RadioSelect)
    text = area("情况说明", 500, required=False, help_text="有情况的必填：什么情况、怎样处置")
