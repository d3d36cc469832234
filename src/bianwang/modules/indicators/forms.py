"""Forms of a year's indicators."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.indicators import queries
from bianwang.modules.indicators.models import Indicator
from bianwang.modules.indicators.scoring import BY_DAY
from bianwang.platform.clock import today
from bianwang.platform.files.forms import FilesField
from bianwang.platform.ui.forms import DateInput


def area(label: str, limit: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


class SchemeForm(forms.Form):
    """Which year, from which template."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    template = forms.ChoiceField(label="模板", help_text="下达前可以增删改指标和权重")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = queries.template_choices(today().year)  # type: ignore[attr-defined]


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """One indicator with its target and rule."""

    figure = forms.ChoiceField(label="取数：数字", required=False, help_text="由系统按记录统计，不手填")
    formula = forms.CharField(
        label="取数：算式", max_length=200, required=False, help_text="用几个数字算出时填，如 100 * executed / adjusted"
    )

    class Meta:
        model = Indicator
        fields = (
            "code",
            "name",
            "level1",
            "level2",
            "weight",
            "direction",
            "target",
            "target_high",
            "target_day",
            "unit",
            "figure",
            "formula",
            "rule",
            "places",
            "each",
            "step",
            "plan_q1",
            "plan_q2",
            "plan_q3",
            "office",
            "evidence",
            "needs_file",
            "is_core",
            "is_execution",
        )
        widgets = {"target_day": DateInput()}
        help_texts = {
            "code": "英文字母、数字和横线，同一年度不重复",
            "target_high": "只用于“区间”，目标值为下限",
            "target_day": "只用于“完成时限”",
            "places": "填 0 表示先四舍五入到整数再计分；不填则不取整",
            "each": "只用于“每偏离一档扣分”",
            "step": "偏离每满（不满也算）多少扣一次",
            "plan_q1": "逐季累加的指标才填（如执行数）；比率不填",
            "is_execution": "用于比对“得分高而支出低”",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = queries.figure_choices()
        self.fields["figure"].choices = [("", "（用算式，或不取数）"), *known]  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.formula in dict(known):
            self.initial["figure"], self.initial["formula"] = self.instance.formula, ""

    def _post_clean(self) -> None:
        # The service checks and saves; here only the single fields are read.
        pass

    def values(self) -> dict[str, Any]:
        """What was entered, as the service takes it."""
        found = dict(self.cleaned_data)
        chosen = found.pop("figure")
        found["formula"] = chosen or found["formula"].strip()
        return found


class AdjustForm(forms.Form):
    """A new target."""

    value = forms.DecimalField(label="调整后目标值", max_digits=16, decimal_places=4)
    reason = area("调整理由和批准文号", 300)


class ExcludeForm(forms.Form):
    """Why an indicator does not apply; nothing: it counts again."""

    reason = area(
        "不适用的理由", 300, required=False, help_text="留空则恢复计分；不适用的指标不计分，其余指标折算为总分"
    )


class JudgeForm(forms.Form):
    """What was reached where people say so."""

    judged = forms.DecimalField(
        label="评分（占权重的 %）",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
        help_text="达成预期 80–100，部分达成 60–80，未达成 60 以下",
    )
    done_on = forms.DateField(label="完成日期", required=False, widget=DateInput())
    finding = area("完成情况", 1000)
    papers = FilesField(label="佐证", required=False)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["judged" if indicator.direction == BY_DAY else "done_on"]


class ExplainForm(forms.Form):
    """What was done, why a target was missed, and what will be done."""

    finding = area("完成情况", 1000, required=False, help_text="数字由系统带出，这里写做了什么")
    reason = area("偏差原因", 500, required=False)
    measures = area("改进措施", 500, required=False)
    papers = FilesField(label="佐证", required=False)
