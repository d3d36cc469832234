"""What the pages of a dossier and of a document show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.documents.contents import OFFICERS, missing, said
from bianwang.modules.documents.models import Document, Dossier, Service
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, due_column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related


def dossier_facts(dossier: Dossier) -> Sequence[Facts]:
    """Whom it is about."""
    return [
        Facts(
            "案卷",
            [
                fact("类别", dossier.get_kind_display()),
                fact("当事人", dossier.enterprise.name, href=dossier.enterprise.get_absolute_url()),
                fact("执法单位", dossier.unit.name),
                fact("立卷日期", dossier.opened_on, "date"),
                fact("立卷人", dossier.opened_by),
                fact("共用顺序号", f"〔{dossier.serial_year}〕{dossier.serial}" if dossier.serial else None),
            ],
        )
    ]


def dossier_documents(dossier: Dossier, user: Any) -> Related:
    """Its documents in the order of the case file."""
    rows = access.visible(user, Document, "documents.view").filter(dossier=dossier)
    ordered = sorted(rows, key=lambda row: (row.kind_row.order, row.pk))
    return Related("卷内文书", _ROWS, ordered, empty="还没有文书，从下面选一种制作。")


def facts(document: Document) -> Sequence[Facts]:
    """What it says, and what became of it."""
    kind = document.kind_row
    groups = [Facts("文书", _basics(document)), Facts("内容", _contents(document))]
    if document.state == "draft" and (words := missing(kind, document.values)):
        groups[0].rows.append(fact("签发前还缺", words))
    service = getattr(document, "service", None)
    if service or document.signed_at:
        groups.append(Facts("送达与签字", _handed(document, service)))
    return groups


def related(document: Document, user: Any) -> Sequence[Related]:
    """The other documents of its dossier."""
    rows = access.visible(user, Document, "documents.view").filter(dossier=document.dossier).exclude(pk=document.pk)
    others = sorted(rows, key=lambda row: (row.kind_row.order, row.pk))
    more = document.dossier.get_absolute_url()
    return [Related("同一案卷的文书", _ROWS, others, more=more, empty="案卷中没有别的文书。")]


def _basics(document: Document) -> list[Cell]:
    kind = document.kind_row
    return [
        fact("文号", document.number),
        fact("案卷", document.dossier.title, href=document.dossier.get_absolute_url()),
        fact("当事人", document.dossier.enterprise.name, href=document.dossier.enterprise.get_absolute_url()),
        fact("执法单位", document.dossier.unit.name),
        fact("制作人", document.drawn_by),
        fact("签发人", document.issued_by),
        fact("制发时间", document.issued_at, "datetime"),
        fact("模板", document.template or ("内置模板" if document.issued_at else None)),
        fact("依据", f"{kind.source}{kind.article}（{kind.certainty}）"),
    ]


def _contents(document: Document) -> list[Cell]:
    kind = document.kind_row
    values = said(kind, document.values)
    rows = [fact(field.label, _joined(values[field.code])) for field in kind.fields]
    return [*rows, fact("执法人员", values[OFFICERS])] if kind.officers else rows


def _handed(document: Document, service: Service | None) -> list[Cell]:
    rows = []
    if service:
        rows += [
            fact("送达方式", service.get_method_display()),
            fact("送达日期", service.on, "date"),
            fact("收件人", service.receiver),
            fact("送达见证人", service.witness),
            fact("送达人", service.by),
            fact("说明", service.note),
        ]
    if document.signed_at:
        rows += [
            fact("签字", "拒绝签字" if document.refused else document.signed_by),
            fact("签字见证人", document.witness),
            fact("签字时间", document.signed_at, "datetime"),
        ]
    return rows


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"{number}. {row}" for number, row in enumerate(value, 1))
    return str(value)


_ROWS = (
    Column("name", "文书", lambda row: row.kind_row.name, kind="link"),
    Column("number", "文号"),
    state_column(),
    due_column(),
    Column("issued_at", "制发时间", kind="datetime"),
    Column("served_on", "送达日期", kind="date"),
)
