"""Workbooks in the layout of other systems."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.enforcement.models import Visit
from bianwang.modules.outreach.exports import Layout, layouts
from bianwang.modules.outreach.models import Call
from bianwang.modules.outreach.queries.calls import COUNTED
from bianwang.modules.penalties.models import Case
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.exchange.export import download, workbook
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.lists import EXPORT_LIMIT
from bianwang.platform.ui.pages import Page


class _Days(forms.Form):
    """Which rows."""

    first = forms.DateField(label="开始日期", widget=DateInput())
    last = forms.DateField(label="结束日期", widget=DateInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "结束日期不能早于开始日期。")
        return data


class Exports(Page):
    """Choose a layout."""

    title = "二次填报导出"
    permission = "outreach.export"
    template = "outreach/exports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        present = today()
        return self.render(layouts=layouts().values(), first=present.replace(day=1), last=present)


class Download(Page):
    """One layout, filled in."""

    permission = "outreach.export"
    template = "outreach/exports.html"
    crumbs = (("二次填报导出", reverse_lazy("outreach:exports")),)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        layout = layouts().get(code)
        if layout is None:
            raise Http404("没有这种导出格式，请从“二次填报导出”进入。")
        form = _Days(request.GET)
        if not form.is_valid():
            return self._wrong("；".join(str(words) for found in form.errors.values() for words in found))
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        rows = self._rows(layout, first, last)
        total = rows.count()
        if total > EXPORT_LIMIT:
            return self._wrong(f"这段日期有 {total} 行，超过单次导出上限 {EXPORT_LIMIT} 行，请分段导出。")
        note_export(self.user, layout.name, total)
        content = workbook(layout.name, layout.cells(), rows.iterator(chunk_size=2000), maker="", bare=True)
        return download(content, f"{layout.name}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx")

    def _rows(self, layout: Layout, first: date, last: date) -> QuerySet[Any]:
        if layout.dataset == "visits":
            visits = access.visible(self.user, Visit, "outreach.export").filter(state=Visit.State.DONE)
            shown = visits.filter(date__range=(first, last)).select_related("unit", "enterprise", "campaign")
            return shown.prefetch_related("officers").order_by("date", "pk")
        if layout.dataset == "cases":
            cases = access.visible(self.user, Case, "outreach.export", "penalties.view")
            filed = cases.filter(filed_on__range=(first, last)).select_related("unit", "enterprise__enterprise")
            return filed.prefetch_related("officers__user").order_by("filed_on", "pk")
        calls = access.visible(self.user, Call, "outreach.export").filter(COUNTED)
        within = calls.filter(received_at__gte=_midnight(first), received_at__lt=_midnight(last + timedelta(days=1)))
        return within.select_related("unit", "town", "handler").order_by("received_at", "pk")

    def _wrong(self, words: str) -> HttpResponse:
        present = today()
        return self.render(
            status=422, title="二次填报导出", wrong=words, layouts=layouts().values(), first=present, last=present
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
