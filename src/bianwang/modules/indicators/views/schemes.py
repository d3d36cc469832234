"""Pages of a year's indicators: the sheet as of a day, drawing it up, putting it into force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.indicators import queries, services
from bianwang.modules.indicators.evaluation import Evaluation
from bianwang.modules.indicators.forms import IndicatorForm, SchemeForm
from bianwang.modules.indicators.models import Scheme
from bianwang.modules.indicators.pack import template
from bianwang.modules.indicators.views.figures import period_of
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.export import workbook_response
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.pages import Page

LIST = (("绩效指标", reverse_lazy("indicators:list")),)


class SchemePage(Page):
    """The year's sheet as of a day."""

    permission = "indicators.view"
    template = "indicators/scheme.html"
    crumbs = LIST
    columns = (
        Column("name", "指标"),
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("opening", "年初目标", lambda row: row.opening_text),
        Column("target", "目标", lambda row: row.target_text),
        Column("actual", "完成值", lambda row: row.actual_text),
        Column("weight", "权重", kind="number"),
        Column("score", "得分", kind="number"),
        Column("working", "计分"),
        Column("light", "进度", lambda row: row.light.words),
        Column("reason", "偏差原因"),
        Column("measures", "改进措施"),
        Column("office", "责任科室"),
    )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        scheme = access.get(self.user, Scheme, pk, self.permission)
        sheet = _sheet(scheme, request)
        if request.GET.get("export") == "xlsx":
            note_export(self.user, str(scheme), len(sheet.rows))
            return workbook_response(f"{scheme} {sheet.on}", self.columns, sheet.rows, maker=str(request.user))
        grades = template(scheme.template, scheme.year).grades
        return self.render(title=str(scheme), scheme=scheme, sheet=sheet, grades=grades, present=today())


def _sheet(scheme: Scheme, request: HttpRequest) -> Evaluation:
    asked = request.GET.get("on")
    on = period_of(request.GET).last if asked else None
    return queries.evaluate(scheme, on)


class SchemeNew(FormPage):
    """Draw up a year's indicators."""

    title = "编制年度指标"
    permission = "indicators.edit"
    form_class = SchemeForm
    submit = "从模板开始"
    crumbs = LIST

    def initial(self) -> dict[str, Any]:
        return {"year": today().year}

    def save(self, form: Any) -> Scheme:
        with refusals_in_form():
            return services.start(self.user, form.cleaned_data["year"], form.cleaned_data["template"])

    def done(self, result: Scheme) -> str:
        return f"已按模板建立“{result}”，请核对目标和权重后下达。"


class SchemeAdopt(FormPage):
    """Put a year's indicators into force."""

    title = "下达年度指标"
    permission = "indicators.adopt"
    form_class = forms.Form
    submit = "下达"
    intro = "下达后不能再增删指标和改权重；目标变化须办理“调整目标”，写明理由和文号。"

    def get_object(self) -> Scheme:
        return access.get(self.user, Scheme, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Any:
        return [*LIST, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Scheme:
        services.adopt(self.object, self.user)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Scheme) -> str:
        return f"“{result}”已下达。"


class IndicatorNew(FormPage):
    """Add an indicator."""

    title = "增加指标"
    permission = "indicators.edit"
    form_class = IndicatorForm

    def get_object(self) -> Scheme:
        return access.get(self.user, Scheme, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Any:
        return [*LIST, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> str:
        with refusals_in_form():
            services.save_indicator(self.object, self.user, form.values())
        return str(self.object.get_absolute_url())

    def done(self, result: str) -> str:
        left = self.object.total - queries.weights(self.object)
        words = "权重已满" if not left else f"权重还差 {left:g}" if left > 0 else f"权重超出 {-left:g}"
        return f"已增加指标，{words}。"
