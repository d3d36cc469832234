"""Pages of one indicator: its arithmetic, its rows, and what people add to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse

from bianwang.modules.indicators import queries, services
from bianwang.modules.indicators.forms import AdjustForm, ExcludeForm, ExplainForm, IndicatorForm, JudgeForm
from bianwang.modules.indicators.models import Indicator
from bianwang.modules.indicators.views.figures import period_of
from bianwang.modules.indicators.views.schemes import LIST
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage


class IndicatorPage(ObjectPage):
    """One indicator as of a day."""

    model = Indicator
    permission = "indicators.view"
    select = ("scheme",)
    template = "indicators/indicator.html"

    def get_crumbs(self) -> Any:
        return [*LIST, (str(self.object.scheme), self.object.scheme.get_absolute_url())]

    def facts(self) -> Sequence[Facts]:
        row = self.object
        rows = [
            fact("一级指标", row.level1),
            fact("二级指标", row.level2),
            fact("年初目标", row.opening_text),
            fact("权重", row.weight, "number", unit="分"),
            fact("计分方式", row.get_rule_display()),
            fact("责任科室", row.office),
            fact("需要的佐证", row.evidence),
        ]
        if row.adjusted is not None:
            rows.insert(3, fact("调整后目标", f"{row.target_text}（{row.adjusted_reason}）"))
        return [Facts("定义", rows)]

    def actions(self) -> Sequence[Action]:
        row, user = self.object, self.user
        if not access.can(user, "indicators.edit"):
            return ()
        if row.scheme.is_draft:
            return (_action("修改", "edit", row), _action("移除", "remove", row))
        first = ("评定", "judge") if row.is_judged else ("填写情况和佐证", "explain")
        others = [("调整目标", "adjust"), ("不适用", "exclude")]
        if row.is_judged:
            others = [("偏差和措施", "explain"), ("不适用", "exclude")]
        return tuple(_action(name, code, row) for name, code in (first, *others))

    def extra(self) -> dict[str, Any]:
        on = period_of(self.request.GET).last if self.request.GET.get("on") else None
        row = queries.evaluated(self.object, on)
        return {"row": row, "period": queries.period(self.object.scheme.year, on)}


class IndicatorForms(FormPage):
    """The common part of an indicator's forms."""

    permission = "indicators.edit"

    def get_object(self) -> Indicator:
        return access.get(self.user, Indicator, self.kwargs["pk"], self.permission, related=("scheme",))

    def get_crumbs(self) -> Any:
        scheme = self.object.scheme
        return [
            *LIST,
            (str(scheme), scheme.get_absolute_url()),
            (str(self.object), self.object.get_absolute_url()),
        ]

    def save(self, form: Any) -> Any:
        with refusals_in_form():
            self.carry_out(form)
        return self.object

    def carry_out(self, form: Any) -> None:
        """Call the service."""
        raise NotImplementedError


class IndicatorEdit(IndicatorForms):
    """Change it while the year's indicators are drawn up."""

    title = "修改指标"
    form_class = IndicatorForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object}

    def carry_out(self, form: Any) -> None:
        services.save_indicator(self.object.scheme, self.user, form.values(), self.object)


class IndicatorRemove(IndicatorForms):
    """Take it out."""

    title = "移除指标"
    form_class = forms.Form
    submit = "移除"

    def save(self, form: Any) -> Any:
        services.remove_indicator(self.object, self.user)
        return self.object.scheme

    def done(self, result: Any) -> str:
        return f"已移除“{self.object.name}”。"


class IndicatorAdjust(IndicatorForms):
    """Change the target of an adopted year."""

    title = "调整目标"
    form_class = AdjustForm

    def initial(self) -> dict[str, Any]:
        return {"value": self.object.goal.value}

    def carry_out(self, form: Any) -> None:
        services.adjust(self.object, self.user, form.cleaned_data["value"], form.cleaned_data["reason"])


class IndicatorExclude(IndicatorForms):
    """Leave it out of the total, or count it again."""

    title = "不适用"
    form_class = ExcludeForm

    def initial(self) -> dict[str, Any]:
        return {"reason": self.object.excluded}

    def carry_out(self, form: Any) -> None:
        services.exclude(self.object, self.user, form.cleaned_data["reason"])


class IndicatorJudge(IndicatorForms):
    """Say what was reached."""

    title = "评定"
    form_class = JudgeForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"indicator": self.object}

    def initial(self) -> dict[str, Any]:
        return {"judged": self.object.judged, "done_on": self.object.done_on, "finding": self.object.finding}

    def carry_out(self, form: Any) -> None:
        data = form.cleaned_data
        services.judge(
            self.object,
            self.user,
            judged=data.get("judged"),
            done_on=data.get("done_on"),
            finding=data["finding"],
            files=data["papers"],
        )


class IndicatorExplain(IndicatorForms):
    """Say why, and add evidence."""

    title = "完成情况、偏差和佐证"
    form_class = ExplainForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("finding", "reason", "measures")}

    def carry_out(self, form: Any) -> None:
        data = dict(form.cleaned_data)
        services.explain(self.object, self.user, files=data.pop("papers"), **data)


def _action(name: str, code: str, row: Indicator) -> Action:
    return Action(name, reverse(f"indicators:{code}", args=[row.pk]))
