"""Numbers of documents: gap-free by unit, series and year; an inspection's documents share one serial."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from bianwang.modules.documents.models import Document, Dossier, Series
from bianwang.modules.documents.pack import Kind, pack
from bianwang.platform.places.models import Organisation
from bianwang.platform.workflow.errors import Refused


def give(document: Document, kind: Kind, year: int) -> dict[str, Any]:
    """Columns `number`, `year`, `serial` of a document that is issued now; nothing for a kind without numbers.

    Must run in the transaction that issues it: fails it, the number is given to the next. Raises Refused
    for a unit without a short name.
    """
    if not kind.mark:
        return {}
    dossier = Dossier.objects.select_for_update().get(pk=document.dossier_id)
    prefix = _prefix(dossier)
    serial = _shared(dossier, kind, year) if kind.serial else _take(dossier.unit_id, kind.series, year)
    number = f"（{prefix}）{kind.mark}〔{year}〕{serial}号"
    return {"number": number, "year": year, "serial": serial}


def _shared(dossier: Dossier, kind: Kind, year: int) -> int:
    """The dossier's own serial; a second document of the kind, or one of another year, takes the next.

    The next one becomes the dossier's own where there was none, in a new year, and in place of a void document.
    """
    used = Document.objects.filter(dossier=dossier, kind=kind.code, year=year, serial=dossier.serial)
    if dossier.serial is not None and dossier.serial_year == year and not used.exists():
        return dossier.serial
    serial = _take(dossier.unit_id, kind.series, year)
    if dossier.serial_year != year or not used.exclude(state="void").exists():
        Dossier.objects.filter(pk=dossier.pk).update(serial=serial, serial_year=year)
    return serial


def _take(unit: int, code: str, year: int) -> int:
    row: dict[str, Any] = {"unit_id": unit, "code": code, "year": year}
    if not Series.objects.filter(**row).update(last=F("last") + 1):
        Series.objects.get_or_create(**row)
        Series.objects.filter(**row).update(last=F("last") + 1)
    return Series.objects.get(**row).last


def _prefix(dossier: Dossier) -> str:
    code = Organisation.objects.filter(pk=dossier.unit_id).values_list("code", flat=True).first()
    prefix = pack().prefixes.get(code or "")
    if not prefix:
        raise Refused(f"“{dossier.unit}”没有文号简称，请系统管理员在地区包 documents.yaml 的 prefixes 中补充。")
    return prefix
