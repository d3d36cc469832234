"""The dossier of an inspection of law: the notice before it, the record after it, and the order that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bianwang.modules.documents import services as documents
from bianwang.modules.documents.models import Document
from bianwang.modules.documents.queries import has
from bianwang.modules.inspections.checklists import WORDS, CheckList, Item
from bianwang.modules.inspections.content import Content
from bianwang.modules.inspections.models import NOTICE, ORDER, RECORD, Inspection
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.workflow.errors import Refused


def open_file(inspection: Inspection, user: User, content: Content, lists: list[CheckList]) -> None:
    """Open the dossier of an inspection of law with its 行政检查通知书 as a draft, to be issued in the office."""
    if inspection.kind != Inspection.Kind.STATUTORY:
        return
    inspection.dossier = documents.open_dossier(
        user,
        inspection.unit,
        inspection.enterprise,
        "inspection",
        f"{inspection.day} {inspection.enterprise}现场检查"[:120],
        min(inspection.day, today()),
        is_demo=inspection.is_demo,
    )
    inspection.save(update_fields=["dossier"])
    notice = {
        "officers": _certificates(content),
        "reason": inspection.get_reason_display(),
        "content": f"对照{'、'.join(row.name for row in lists)}检查表检查安全生产情况。",
        "date": inspection.day,
    }
    documents.draw_up(user, inspection.dossier, NOTICE, notice)


def draw_up_record(inspection: Inspection, user: User, content: Content, lists: list[CheckList]) -> None:
    """现场检查记录 as a draft, from what was filled in; one that the office has made already stands."""
    dossier = inspection.dossier
    if dossier is None or has(dossier, RECORD, "draft", "issued", "served"):
        return
    signed = content.signature
    record = {
        "officers": _certificates(content),
        "place": inspection.enterprise.address or inspection.enterprise.name,
        "began_at": content.started_at,
        "ended_at": content.finished_at,
        "host": content.companion or (f"{signed.signer} {signed.position}".strip() if signed else ""),
        "findings": _findings(content, lists),
    }
    documents.draw_up(user, dossier, RECORD, record)


@transaction.atomic
def draw_up_order(inspection: Inspection, user: User, values: Mapping[str, Any]) -> Document:
    """责令限期整改指令书 as a draft. Raises PermissionDenied, Http404, Refused (no record issued), ValidationError."""
    if inspection.dossier is None:
        raise Refused("只有执法检查才能责令整改；日常巡查发现的问题在“隐患”里定级并下达整改。")
    officers = _certificates(inspection.content)
    return documents.draw_up(user, inspection.dossier, ORDER, {"officers": officers, **values})


def problems(content: Content, lists: list[CheckList]) -> list[str]:
    """Each fault in one line, with its place and its law."""
    items = {item.code: item for row in lists for item in row.items}
    told = []
    for found in content.findings:
        place = f"位置：{found.place}" if found.place else ""
        parts = (found.title, place, found.description, _basis(content, items.get(found.item)))
        told.append("；".join(part for part in parts if part))
    return told


def _findings(content: Content, lists: list[CheckList]) -> list[str]:
    """What was looked at, and each fault."""
    count = sum(len(row.items) for row in lists)
    looked = f"对照{'、'.join(row.name for row in lists)}检查表检查，共 {count} 项。"
    told = [looked, *(problems(content, lists) or ["未发现问题。"])]
    return [*told, content.summary] if content.summary else told


def _basis(content: Content, item: Item | None) -> str:
    if item is None:
        return ""
    reading = content.answers[item.code].value
    words = f"读数 {reading} {item.unit}，{WORDS[item.answer]['fail']}；" if reading else ""
    return f"{words}依据{item.basis}"


def _certificates(content: Content) -> list[str]:
    """Numbers of the officers' certificates that are valid today; who is missing is asked when a document is issued."""
    present = today()
    numbers = [row.certificate for row in content.officers if row.certificate]
    valid = {user.certificate for user in User.objects.filter(certificate__in=numbers) if user.is_certified(present)}
    return [number for number in numbers if number in valid]
