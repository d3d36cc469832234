"""Pages of the Excel import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import orjson
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from bianwang.platform import access
from bianwang.platform.exchange import services
from bianwang.platform.exchange.export import download
from bianwang.platform.exchange.models import Import
from bianwang.platform.exchange.sheets import Sheet, sheets
from bianwang.platform.exchange.template import template
from bianwang.platform.ui.pages import Crumb, Page

SHOWN_ROWS = 100


class UploadForm(forms.Form):
    """One filled template."""

    file = forms.FileField(
        label="填好的表格",
        help_text="xlsx 格式，不超过 10 MB。上传后先检查，确认前不会写入任何数据。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class SheetPage(Page):
    """The common part: the sheet named in the URL, and its permission."""

    sheet: Sheet

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = sheets().get(kwargs["kind"])
        if found is None:
            raise Http404("没有这种导入。")
        access.require(request.user, found.permission)
        self.sheet = found
        return super().dispatch(request, *args, **kwargs)


class Upload(SheetPage):
    """Steps one and two: template, upload, earlier imports."""

    template = "exchange/upload.html"

    def get_title(self) -> str:
        return f"导入{self.sheet.title}"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._show(UploadForm())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, 422)
        file = form.cleaned_data["file"]
        try:
            batch = services.stage(self.sheet, self.user, file.name, file, file.size)
        except ValidationError as error:
            form.add_error("file", error)
            return self._show(form, 422)
        return redirect("exchange:import", pk=batch.pk)

    def _show(self, form: UploadForm, status: int = 200) -> HttpResponse:
        earlier = Import.objects.filter(kind=self.sheet.kind, user=self.user).order_by("-id")[:10]
        return self.render(form=form, sheet=self.sheet, earlier=earlier, status=status)


class Template(SheetPage):
    """The empty template as a download."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return download(template(self.sheet), f"{self.sheet.title}导入模板.xlsx")


class ImportPage(Page):
    """Step three: what was read, errors by row and column, confirm, progress; for who uploaded it."""

    template = "exchange/import.html"
    batch: Import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = Import.objects.filter(pk=kwargs["pk"], user=cast(Any, request.user)).first()
        if found is None or found.kind not in sheets():
            raise Http404("没有这次导入，或它不是您上传的。")
        access.require(request.user, sheets()[found.kind].permission)
        self.batch = found
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"检查“{self.batch.name}”"

    def get_crumbs(self) -> Sequence[Crumb]:
        sheet = sheets()[self.batch.kind]
        return [(f"导入{sheet.title}", reverse("exchange:upload", args=[sheet.kind]))]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = sheets()[self.batch.kind]
        progress = request.htmx and request.htmx.target == "progress"  # type: ignore[attr-defined]
        return self.render(
            "exchange/_progress.html" if progress else "",
            batch=self.batch,
            sheet=sheet,
            faults=self._faults(sheet),
            preview=self._preview(sheet),
            percent=round(100 * self.batch.applied / max(1, self.batch.rows)),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            if request.POST.get("action") == "confirm":
                services.confirm(self.batch)
                messages.success(request, f"已开始写入 {self.batch.rows} 行，可以离开本页，写入在后台继续。")
            else:
                services.cancel(self.batch)
                messages.success(request, f"已放弃导入“{self.batch.name}”，没有写入任何数据。")
                return redirect("exchange:upload", kind=self.batch.kind)
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
        return redirect("exchange:import", pk=pk)

    def _faults(self, sheet: Sheet) -> list[tuple[int, str, str]]:
        rows = self.batch.staged.exclude(errors="{}")[:SHOWN_ROWS]
        return [
            (row.number, sheet.column(name).title, text)
            for row in rows
            for name, text in orjson.loads(row.errors).items()
        ]

    def _preview(self, sheet: Sheet) -> list[tuple[int, list[tuple[str, str]]]]:
        if self.batch.state != Import.State.CHECKED:
            return []
        rows = self.batch.staged.filter(errors="{}")[:10]
        return [(row.number, _shown(sheet, services.load(sheet, row))) for row in rows]


def _shown(sheet: Sheet, row: dict[str, Any]) -> list[tuple[str, str]]:
    shown = []
    for column in sheet.columns:
        value = row[column.name]
        if column.mask and value is not None:
            value = column.mask(value)
        if isinstance(value, bool):
            value = "是" if value else "否"
        shown.append((column.title, str(dict(column.choices).get(value, "—" if value is None else value))))
    return shown
