"""Pages of the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.reports import building, content, drafting, forms, queries, services, showing
from bianwang.modules.reports.building import KINDS, Draft
from bianwang.modules.reports.material import TOTAL, Material
from bianwang.modules.reports.models import Edit, Report, Version
from bianwang.modules.reports.tree import Document
from bianwang.platform import access
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import attachments, timeline

_REPORTS = (("自评报告", reverse_lazy("reports:list")),)
_RELATED = ("owner", "latest", "created_by")
_JSON = "json"


class New(FormPage):
    """Begin the report of a year."""

    title = "起草报告"
    permission = "reports.write"
    form_class = forms.NewForm
    submit = "起草"
    crumbs = _REPORTS
    intro = "正文、数字、得分、问题和建议按登记的记录自动写好，起草后逐段修改。每个年度一份报告，可以冻结多个版本。"

    def save(self, form: Any) -> Report:
        return services.create(self.user, form.cleaned_data["year"])

    def done(self, result: Report) -> str:
        return f"已起草“{result}”，请逐段核对。"


class _ReportPage(Page):
    """A page about one report, reached through the access door."""

    permission = "reports.view"
    crumbs = _REPORTS
    report: Report

    def load(self, pk: int) -> Report:
        """The report."""
        self.report = access.get(self.request.user, Report, pk, self.permission, related=_RELATED)
        return self.report

    def get_title(self) -> str:
        return str(self.report)


class ReportPage(_ReportPage):
    """The draft as a document, with its figures, faults and versions beside it."""

    template = "reports/report.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.load(pk)
        draft = building.draft(report)
        shown = showing.Page(report, draft, queries.edits(report))
        return self.render(
            shown=shown,
            base=reverse("reports:report", args=[pk]) + "figures/",
            annexes=draft.document.annexes,
            material=draft.material,
            annex=showing.annex(draft.document, request.GET.get("form", "")),
            versions=report.versions.defer("content").select_related("frozen_by"),
            events=timeline(report),
            total=draft.material.quantities[TOTAL].text,
            can_write=access.can(self.user, "reports.write"),
            can_freeze=access.can(self.user, "reports.freeze"),
        )


class FigurePage(_ReportPage):
    """One figure: what it is, its arithmetic, and the rows behind it."""

    template = "reports/figure.html"

    def get(self, request: HttpRequest, pk: int, figure: str) -> HttpResponse:
        report = self.load(pk)
        material = building.material(report.owner, report.year, building.last_day(report.year))
        return _figure(self, request, material, figure, [*_REPORTS, (str(report), report.get_absolute_url())])


class VersionFigure(Page):
    """The same as a frozen version keeps it."""

    permission = "reports.view"
    template = "reports/figure.html"

    def get(self, request: HttpRequest, pk: int, figure: str) -> HttpResponse:
        version = _version(self, pk)
        crumbs = [*_REPORTS, (str(version), version.get_absolute_url())]
        return _figure(self, request, content.unpacked(version.content).material, figure, crumbs)


def _figure(page: Page, request: HttpRequest, material: Material, figure: str, crumbs: Sequence[Any]) -> HttpResponse:
    quantity = material.quantities.get(figure)
    if quantity is None:
        raise Http404(f"报告里没有名为“{figure}”的数字。")
    is_part = request.htmx and request.htmx.target == "figure"  # type: ignore[attr-defined]
    template = "reports/_figure.html" if is_part else ""
    return page.render(
        template, number=showing.Number(quantity), material=material, title=quantity.label, crumbs=crumbs
    )


class EditPage(FormPage):
    """Write a paragraph anew, leave it out, or take the template's words again."""

    title = "修改段落"
    permission = "reports.write"
    form_class = forms.ParagraphForm
    template = "reports/edit.html"

    def get_object(self) -> Report:
        return access.get(self.user, Report, self.kwargs["pk"], self.permission, related=_RELATED)

    def get_crumbs(self) -> Sequence[Any]:
        return (*_REPORTS, (str(self.object), self.object.get_absolute_url()))

    @cached_property
    def _draft(self) -> Draft:
        return building.draft(self.object)

    @cached_property
    def _source(self) -> drafting.Source:
        rows = drafting.sources(self._draft.template, self._draft.material)
        found = next((row for row in rows if row.key == self.kwargs["key"]), None)
        if found is None:
            raise Http404("报告里没有这一段，可能数据有了变化，请重新打开报告。")
        return found

    @cached_property
    def _edit(self) -> Edit | None:
        return queries.edits(self.object).get(self.kwargs["key"])

    def initial(self) -> dict[str, Any]:
        edit, source = self._edit, self._source
        written = edit is not None and edit.state == Edit.State.WRITTEN
        return {"text": edit.text if edit and written else source.text, "base": edit.revision if edit else 0}

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        shown = {
            "source": self._source,
            "edit": self._edit,
            "references": showing.references(self._draft.material),
            "words": self._draft.material.words.items(),
        }
        return super().render(template, status, **shown, **context)

    def save(self, form: Any) -> str:
        key, base = self.kwargs["key"], form.cleaned_data["base"]
        act = self.request.POST.get("act", "")
        try:
            if act == "drop":
                services.drop(self.object, self.user, key, base=base)
            elif act == "restore":
                services.restore(self.object, self.user, key, base=base)
            else:
                services.write(self.object, self.user, key, form.cleaned_data["text"], base=base)
        except services.Stale as error:
            # The next try is over what now stands there: the writer has seen it in the message.
            form.data = form.data.copy()
            form.data["base"] = error.edit.revision
            raise
        return f"{self.object.get_absolute_url()}#{key}"

    def done(self, result: str) -> str:
        told = {"drop": "已删去这一段，可以从右侧“已删去的段落”恢复。", "restore": "已恢复为模板的文字。"}
        return told.get(self.request.POST.get("act", ""), "已保存这一段。")


class FreezePage(FormPage):
    """Keep the report as a version."""

    title = "冻结版本"
    permission = "reports.freeze"
    form_class = forms.FreezeForm
    submit = "核对并冻结"
    intro = (
        "冻结前先核对全文：有前后矛盾、没有数的引用、手工写的数字，或满分没有依据的，不能冻结。"
        "冻结的版本连同数字、得分、文件和摘要一起保存，不再改变；以后数据有变化，会在版本页面上逐项标出。"
    )

    def get_object(self) -> Report:
        return access.get(self.user, Report, self.kwargs["pk"], self.permission, related=_RELATED)

    def get_crumbs(self) -> Sequence[Any]:
        return (*_REPORTS, (str(self.object), self.object.get_absolute_url()))

    def form_kwargs(self) -> dict[str, Any]:
        return {"year": self.object.year}

    def initial(self) -> dict[str, Any]:
        return {"on": building.last_day(self.object.year)}

    def save(self, form: Any) -> Version:
        with refusals_in_form():
            return services.freeze(self.object, self.user, form.cleaned_data["on"], form.cleaned_data["reason"])

    def done(self, result: Version) -> str:
        return f"已冻结第{result.number}版，数据截至 {result.on.isoformat()}。"


class VersionPage(Page):
    """A frozen version, and what the records tell differently now."""

    permission = "reports.view"
    template = "reports/version.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = _version(self, pk)
        kept = content.unpacked(version.content)
        fresh = building.material(version.report.owner, version.report.year, version.on)
        return self.render(
            title=str(version),
            crumbs=[*_REPORTS, (str(version.report), version.report.get_absolute_url())],
            version=version,
            base=reverse("reports:version", args=[pk]) + "figures/",
            material=kept.material,
            blocks=showing.blocks(kept.document, {}),
            annex=showing.annex(kept.document, request.GET.get("form", "")),
            annexes=kept.document.annexes,
            numbers=showing.numbers(kept.document, kept.material),
            is_whole=content.digest(version.content) == version.digest,
            drift=content.changed(kept.material, fresh),
            files=attachments(version),
            others=version.report.versions.exclude(pk=version.pk).defer("content"),
        )


class ComparePage(Page):
    """Two versions beside each other: figures and paragraphs that differ."""

    permission = "reports.view"
    template = "reports/compare.html"

    def get(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        after, before = _version(self, pk), _version(self, other)
        if after.report_id != before.report_id:
            raise Http404("两个版本不是同一份报告的，不能比较。")
        if before.number > after.number:
            after, before = before, after
        new, old = content.unpacked(after.content), content.unpacked(before.content)
        return self.render(
            title=f"{after.report}：第{before.number}版与第{after.number}版",
            crumbs=[*_REPORTS, (str(after.report), after.report.get_absolute_url())],
            before=before,
            after=after,
            first=f"第{before.number}版",
            second=f"第{after.number}版",
            changes=content.changed(old.material, new.material),
            rewritten=content.rewritten(old.document, new.document),
        )


class Download(_ReportPage):
    """The draft as a file: docx, pdf, html, or its figures as json."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        report = self.load(pk)
        draft = building.draft(report)
        return _file(self, str(report), draft.document, draft.material, kind, "草稿")


class VersionDownload(Page):
    """A frozen version as a web page, or its figures as json; Word and PDF are kept as files."""

    permission = "reports.view"

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        version = _version(self, pk)
        kept = content.unpacked(version.content)
        note = f"第{version.number}版，SM3 摘要 {version.digest}"
        return _file(self, str(version), kept.document, kept.material, kind, note)


def _version(page: Page, pk: int) -> Version:
    related = ("report__owner", "report__latest", "frozen_by")
    return access.get(page.request.user, Version, pk, page.permission, related=related)


def _file(page: Page, name: str, document: Document, material: Material, kind: str, note: str) -> HttpResponse:
    kinds: Mapping[str, str] = {**KINDS, _JSON: "application/json"}
    if kind not in kinds:
        raise Http404("只有 docx、pdf、html 和 json 四种文件。")
    if kind == _JSON:
        made = building.figures_json(material)
    else:
        made = building.render(document, material, kind, building.foot(material, note))
    note_export(page.user, f"{name}（{kind}）", 1)
    response = HttpResponse(made, content_type=kinds[kind])
    file = quote(f"{name}.{kind}")
    response["Content-Disposition"] = f"attachment; filename=\"report.{kind}\"; filename*=UTF-8''{file}"
    return response
