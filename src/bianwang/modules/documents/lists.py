"""The register of documents, the dossiers, and the templates."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse, reverse_lazy

from bianwang.modules.documents.models import Document, Dossier, Template
from bianwang.modules.documents.pack import kind_names
from bianwang.modules.documents.queries import overdue
from bianwang.modules.documents.workflow import LIVE, WORKFLOW
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

DOCUMENTS = (("执法文书", reverse_lazy("documents:list")),)
DOSSIERS = (("执法案卷", reverse_lazy("documents:dossiers")),)
TEMPLATES = (("文书模板", reverse_lazy("documents:templates")),)


class DocumentList(ListPage):
    """All documents with their numbers; a void one keeps its place."""

    model = Document
    permission = "documents.view"
    title = "执法文书"
    columns = (
        Column("name", "文书", lambda row: row.kind_row.name, kind="link", sort="kind"),
        Column("number", "文号", sort="serial"),
        Column("enterprise", "当事人", "dossier.enterprise.name", sort="dossier__enterprise__pinyin"),
        state_column(),
        due_column(),
        Column("issued_at", "制发时间", kind="datetime", sort="issued_at"),
        Column("served_on", "送达日期", kind="date", sort="served_on"),
        Column("signed_by", "签收人", lambda row: "拒绝签字" if row.refused else row.signed_by),
        Column("dossier", "案卷", "dossier.title", default=False),
        Column("unit", "执法单位", "dossier.unit.name", default=False),
        Column("drawn_by", "制作人", "drawn_by.name", default=False),
        Column("issued_by", "签发人", "issued_by.name", default=False),
        Column("year", "年度", sort="year", default=False),
    )
    filters = (
        Search(title="文号、当事人或案卷名称", fields=("number", "dossier__enterprise__name", "dossier__title")),
        Choice("kind", "文书", choices=lambda user: list(kind_names().items())),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("year", "年度", choices=lambda user: _years()),
        DateRange("issued", "制发日期", field="issued_at"),
        Flag("overdue", "逾期未送达", where=lambda user: overdue()),
        Flag("refused", "拒绝签字"),
        Owner(title="当事人", field="dossier__enterprise"),
    )
    related = ("dossier__enterprise", "dossier__unit", "drawn_by", "issued_by")
    empty = "还没有执法文书。先在“执法案卷”立卷，再从案卷制作文书。"


class DossierList(ListPage):
    """All dossiers."""

    model = Dossier
    permission = "documents.view"
    title = "执法案卷"
    columns = (
        Column("title", "案卷名称", kind="link", sort="title"),
        Column("kind", "类别", sort="kind"),
        Column("enterprise", "当事人", "enterprise.name", sort="enterprise__pinyin"),
        Column("opened_on", "立卷日期", kind="date", sort="opened_on"),
        Column("documents", "有效文书", "document_count", kind="number", sort="document_count"),
        Column("unit", "执法单位", "unit.name", sort="unit__pinyin"),
        Column("opened_by", "立卷人", "opened_by.name", default=False),
    )
    filters = (
        Search(title="案卷名称或当事人", fields=("title", "enterprise__name", "enterprise__initials")),
        Choice("kind", "类别"),
        DateRange("opened", "立卷日期", field="opened_on"),
        Owner(title="当事人", field="enterprise"),
    )
    related = ("enterprise", "unit", "opened_by")
    sort = "-opened_on"
    empty = "还没有案卷。点“立卷”，选定当事人后制作文书。"
    buttons = (Button("立卷", "documents:open", "documents.draw_up"),)

    def rows(self) -> QuerySet[Any]:
        """Each with its issued documents."""
        counted = Count("documents", filter=Q(documents__state__in=LIVE))
        rows: QuerySet[Any] = super().rows().annotate(document_count=counted)
        return rows


class TemplateList(ListPage):
    """All versions of the office's own templates."""

    model = Template
    permission = "documents.templates"
    title = "文书模板各版"
    crumbs = TEMPLATES
    columns = (
        Column("name", "模板", str, kind="link", sort="kind", link=lambda row: _template(row)),
        Column(
            "is_active",
            "使用情况",
            lambda row: "使用中" if row.is_active else "已停用",
            kind="badge",
            colour=lambda row: "green" if row.is_active else "secondary",
        ),
        Column("note", "说明"),
        Column("uploaded_by", "上传人", "uploaded_by.name"),
        Column("uploaded_at", "上传时间", kind="datetime", sort="uploaded_at"),
    )
    filters = (Choice("kind", "文书", choices=lambda user: list(kind_names().items())),)
    related = ("uploaded_by",)
    empty = "还没有上传过模板，各种文书都在使用内置模板。"


def _template(row: Template) -> str:
    return reverse("documents:template", args=[row.kind])


def _years() -> list[tuple[str, str]]:
    this = now().astimezone(SHANGHAI).year
    return [(str(year), f"{year}年") for year in range(this, this - 6, -1)]
