"""Pages of the yearly assessment and of the committee's figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.committee import assessing, services
from bianwang.modules.committee.forms import area
from bianwang.modules.committee.models import Assessment
from bianwang.modules.committee.pack import scheme_of
from bianwang.modules.committee.units import members
from bianwang.platform import access
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import attachments, timeline

SHEET = (("巡查考核", reverse_lazy("committee:assessment")),)
VERSIONS = (*SHEET, ("冻结版本", reverse_lazy("committee:versions")))


def known_year(year: int) -> int:
    """A year that can be assessed. Raises Http404."""
    if assessing.year_of(str(year)) != year:
        raise Http404(f"{year}年没有考核数据。")
    return year


class SheetPage(Page):
    """The year as the records have it now."""

    title = "巡查考核"
    permission = "committee.overview"
    template = "committee/assessment.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        year = assessing.year_of(request.GET.get("year", ""))
        return self.render(sheet=assessing.sheet(self.user, year), year=year)


class UnitSheet(Page):
    """One unit's scores with their arithmetic and rows."""

    permission = "committee.overview"
    template = "committee/unit_sheet.html"
    crumbs = SHEET

    def get(self, request: HttpRequest, year: int, unit: int) -> HttpResponse:
        found = assessing.sheet(self.user, known_year(year))
        standing = found.of(unit)
        if standing is None:
            raise Http404(f"没有编号为 {unit} 的考核单位。")
        lines = [(line, attachments(line.manual) if line.manual else []) for line in standing.lines]
        return self.render(
            title=f"{standing.unit.name} {found.year}年度考核", sheet=found, standing=standing, lines=lines
        )


class ScoreForm(forms.Form):
    """A score that a person gives."""

    score = forms.DecimalField(label="得分", min_value=0, max_digits=6, decimal_places=2)
    reason = area("评分理由", 500)
    papers = FilesField(label="评分证据", required=False, help_text="现场照片、检查记录等；第一次评分必须附")


class ScorePage(FormPage):
    """Score an item by hand."""

    permission = "committee.assess"
    form_class = ScoreForm
    submit = "评分"

    def get_object(self) -> Organisation:
        found = members().filter(pk=self.kwargs["unit"]).first()
        items = scheme_of(known_year(self.kwargs["year"])).checked()
        self.item = next((row for row in items if row.code == self.kwargs["code"] and row.way == "manual"), None)
        if found is None or self.item is None or found.level not in self.item.levels:
            raise Http404("没有这个考核单位或人工评分的项目。")
        return found

    def get_title(self) -> str:
        return f"{self.object.name}：{self.item.name}（满分 {self.item.full}）" if self.item else "评分"

    def get_crumbs(self) -> Any:
        return [*SHEET, (self.object.name, self._url())]

    def initial(self) -> dict[str, Any]:
        kept = assessing.evidence_of(self.user, self.kwargs["year"], self.object.pk, self.kwargs["code"])
        return {"score": kept.score, "reason": kept.reason} if kept else {}

    def save(self, form: Any) -> str:
        data, asked = form.cleaned_data, self.kwargs
        with refusals_in_form():
            services.give_score(
                self.user, asked["year"], self.object, asked["code"], data["score"], data["reason"], data["papers"]
            )
        return self._url()

    def done(self, result: str) -> str:
        return f"已为“{self.object.name}”评分。"

    def _url(self) -> str:
        return reverse("committee:unit_sheet", args=[self.kwargs["year"], self.object.pk])


class FreezeForm(forms.Form):
    """Why a version is kept."""

    reason = area("说明", 300, required=False, help_text="如：年终考核定稿")


class FreezePage(FormPage):
    """Keep the year's sheet as a version."""

    permission = "committee.decide"
    title = "冻结考核结果"
    form_class = FreezeForm
    submit = "冻结"
    intro = (
        "把本年度现在的得分、算式和截至日期原样保存为一个版本。版本不能修改，以后数据有变化，会在版本页面上逐项标出。"
    )
    crumbs = SHEET

    def save(self, form: Any) -> Assessment:
        return services.freeze(self.user, self.kwargs["year"], form.cleaned_data["reason"])

    def done(self, result: Assessment) -> str:
        return f"已冻结“{result}”，数据截至 {result.as_of}。"


class VersionPage(Page):
    """A frozen version and what has moved since."""

    permission = "committee.overview"
    template = "committee/version.html"
    crumbs = VERSIONS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = access.get(self.user, Assessment, pk, self.permission, related=("frozen_by",))
        units = assessing.frozen(self.user, version)
        chosen = next((row for row in units if str(row.unit.pk) == request.GET.get("unit")), None)
        moved = sum(row.moved for row in units)
        title, events = str(version), timeline(version)
        return self.render(title=title, version=version, units=units, chosen=chosen, moved=moved, events=events)


class Statistics(Page):
    """The committee's figures of a year."""

    title = "安委会统计"
    permission = "committee.overview"
    template = "committee/statistics.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        year = assessing.year_of(request.GET.get("year", ""))
        shares = assessing.statistics(self.user, year)
        return self.render(shares=shares, year=year, as_of=assessing.closed_day(year))
