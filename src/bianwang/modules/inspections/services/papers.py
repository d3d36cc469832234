"""The dossier of an inspection of law: the notice before it, the record after it."""

from __future__ import annotations

from typing import Any

from bianwang.modules.documents import services as documents
from bianwang.modules.documents.queries import has
from bianwang.modules.inspections import queries
from bianwang.modules.inspections.checklists import WORDS, CheckList
from bianwang.modules.inspections.content import Content, Officer
from bianwang.modules.inspections.models import NOTICE, RECORD, Inspection
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation


def open_file(inspection: Inspection, user: User, content: Content, lists: list[CheckList]) -> None:
    """Open the dossier of an inspection of law with its 行政检查通知书 as a draft, to be issued in the office."""
    if inspection.kind != Inspection.Kind.STATUTORY:
        return
    unit = Organisation.objects.get(pk=inspection.unit_id)
    inspection.dossier = documents.open_dossier(
        user,
        unit,
        inspection.enterprise,
        "inspection",
        f"{inspection.day} {inspection.enterprise}现场检查"[:120],
        min(inspection.day, queries.today()),
        is_demo=inspection.is_demo,
    )
    laws = dict.fromkeys(item.law for row in lists for item in row.items)
    notice = {
        "officers": _people(content.officers),
        "inspected_on": inspection.day,
        "basis": "、".join(laws),
        "content": [row.name for row in lists],
    }
    documents.draw_up(user, inspection.dossier, NOTICE, notice)
    inspection.save(update_fields=["dossier"])


def draw_up_record(inspection: Inspection, user: User, content: Content, lists: list[CheckList]) -> None:
    """现场检查记录 as a draft, from what was filled in; one that the office has made already stands."""
    dossier = inspection.dossier
    if dossier is None or has(dossier, RECORD, "draft", "issued", "served"):
        return
    signed = content.signature
    record: dict[str, Any] = {
        "officers": _people(content.officers),
        "place": inspection.enterprise.address or inspection.enterprise.name,
        "started_at": content.started_at,
        "ended_at": content.finished_at,
        "accompanied_by": content.companion or (f"{signed.signer} {signed.position}".strip() if signed else ""),
        "findings": _findings(content, lists),
    }
    documents.draw_up(user, dossier, RECORD, record)


def _findings(content: Content, lists: list[CheckList]) -> list[str]:
    """What was looked at, and each fault with its law."""
    items = {item.code: item for row in lists for item in row.items}
    told = [f"对照检查表检查：{'、'.join(row.name for row in lists)}，共 {len(items)} 项。"]
    for found in content.findings:
        item = items.get(found.item)
        parts = (found.title, f"位置：{found.place}" if found.place else "", found.description, _basis(content, item))
        told.append("；".join(part for part in parts if part))
    if not content.findings:
        told.append("未发现问题。")
    return [*told, content.summary] if content.summary else told


def _basis(content: Content, item: Any) -> str:
    if item is None:
        return ""
    reading = content.answers[item.code].value
    words = f"读数 {reading} {item.unit}，{WORDS[item.answer]['fail']}；" if reading else ""
    return f"{words}依据{item.basis}"


def _people(officers: tuple[Officer, ...]) -> list[str]:
    """Officers as documents name them."""
    return [f"{row.name}（{row.certificate}）" if row.certificate else row.name for row in officers]
