"""The form of one day."""

from __future__ import annotations

from django import forms

from bianwang.platform.ui.forms import DateInput


class DayForm(forms.Form):
    """Whether people work on a day, and on whose word."""

    day = forms.DateField(label="日期", widget=DateInput())
    is_working = forms.TypedChoiceField(
        label="安排", choices=[("0", "放假"), ("1", "上班")], coerce=lambda value: value == "1"
    )
    name = forms.CharField(label="说明", max_length=60, help_text="如“国庆节”“国庆节调休上班”。")
    source = forms.CharField(label="依据", max_length=120, help_text="如“国务院办公厅关于2027年部分节假日安排的通知”。")


class RestoreForm(forms.Form):
    """Why a change is taken back."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
