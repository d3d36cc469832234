"""Forms of the reports: begin one, write a paragraph, freeze."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.indicators import queries as indicators
from bianwang.modules.reports.building import last_day
from bianwang.modules.reports.models import Report
from bianwang.modules.reports.services import MOST_TEXT
from bianwang.platform.ui.forms import DateInput


class NewForm(forms.Form):
    """The year of a report."""

    year = forms.TypedChoiceField(label="年度", coerce=int, help_text="只列出已编制绩效指标、还没有报告的年度")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = set(Report.objects.values_list("year", flat=True))
        years = [(year, name) for year, name in indicators.year_choices() if year not in begun]
        self.fields["year"].choices = [("", "请选择年度"), *years]  # type: ignore[attr-defined]


class ParagraphForm(forms.Form):
    """The words of a paragraph. `base` is the revision that was open."""

    text = forms.CharField(
        label="文字",
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10, "class": "report-edit"}),
        help_text="数字写成引用，如 {{visits}}；换行另起一段；名称中的数字加引号，如“8·11”",
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class FreezeForm(forms.Form):
    """As of which day, and why a version is kept."""

    on = forms.DateField(label="数据截至", widget=DateInput())
    reason = forms.CharField(label="说明", max_length=300, required=False, help_text="如：报送财政局的定稿")

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_on(self) -> Any:
        """A day of the year that has come."""
        on = self.cleaned_data["on"]
        last = last_day(self.year)
        if on.year != self.year or on > last:
            raise forms.ValidationError(f"请填 {self.year}年1月1日 至 {last.isoformat()} 之间的日期。")
        return on
