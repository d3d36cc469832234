"""The only writer of reports: a year's report is begun, its paragraphs are written, and a version is frozen.

Figures, document, audit and files are made before each transaction; they take a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from bianwang.modules.indicators import queries as indicators
from bianwang.modules.reports import building, content, drafting, language, pack
from bianwang.modules.reports.building import Draft
from bianwang.modules.reports.models import Edit, Report, Version
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import Stored, store
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Conflict, Refused

MOST_TEXT = 5_000
"""Characters of one paragraph."""
_FAULTS_SHOWN = 20
_FILES = (("docx", "Word 文件"), ("pdf", "PDF 文件"))


class Stale(ValidationError):
    """Somebody else wrote meanwhile; `edit` is what stands there now."""

    def __init__(self, message: str, edit: Edit) -> None:
        super().__init__({"text": message})
        self.edit = edit


def create(user: User, year: int, *, is_demo: bool = False) -> Report:
    """Begin the bureau's report of a year. Raises PermissionDenied, ValidationError, Refused (no template)."""
    access.require(user, "reports.write")
    if indicators.scheme_of(year) is None:
        raise ValidationError({"year": f"{year}年度还没有绩效指标，请先在“绩效指标”中编制。"})
    pack.template_of(year)
    try:
        with transaction.atomic():
            made = Report(owner=bureau(), year=year, created_by=user, created_at=now(), is_demo=is_demo)
            made.save(force_insert=True)
            record("reports.create", made, owner=made.owner_id, changes={"year": (None, year)})
    except IntegrityError as error:
        raise ValidationError({"year": f"{year}年度的自评报告已经有了，请在列表中打开它。"}) from error
    return made


def write(report: Report, user: User, key: str, text: str, *, base: int) -> Edit:
    """Give a paragraph other words; `base` is the revision that the writer saw (0: the template's text).

    Raises Stale when somebody was first, ValidationError for typed numbers, unknown references, no paragraph of
    that key, or a text that is empty or too long.
    """
    access.check(user, Report, report.pk, "reports.write")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError({"text": "没有文字。不要这一段时，请点“删去这一段”。"})
    if len(text) > MOST_TEXT:
        raise ValidationError({"text": f"这一段有 {len(text)} 个字，超过 {MOST_TEXT} 字，请分成几段。"})
    _check(report, key, text)
    return _set(report, user, key, Edit.State.WRITTEN, text, base)


def drop(report: Report, user: User, key: str, *, base: int) -> Edit:
    """Leave a paragraph out. Raises Stale, ValidationError."""
    access.check(user, Report, report.pk, "reports.write")
    _known(report, key)
    return _set(report, user, key, Edit.State.DROPPED, "", base)


def restore(report: Report, user: User, key: str, *, base: int) -> Edit:
    """Take the template's text again. Raises Stale, ValidationError."""
    access.check(user, Report, report.pk, "reports.write")
    return _set(report, user, key, Edit.State.ORIGINAL, "", base)


def freeze(report: Report, user: User, on: date | None = None, reason: str = "") -> Version:
    """Keep the report as it is as a version that never changes.

    Raises PermissionDenied, ValidationError with the faults in words, Refused, Conflict when somebody wrote meanwhile.
    """
    access.check(user, Report, report.pk, "reports.freeze")
    seen = _revisions(report)
    draft = building.draft(report, on)
    if faults := draft.faults:
        told = [f"{number}. {fault.sentence}。" for number, fault in enumerate(faults[:_FAULTS_SHOWN], 1)]
        raise ValidationError([f"还不能冻结，有 {len(faults)} 处要先改正：", *told])
    packed = content.packed(content.Content(draft.template.name, draft.document, draft.material))
    files = _stored(report, draft)
    with transaction.atomic():
        fresh = Report.objects.select_for_update().get(pk=report.pk)
        if _revisions(fresh) != seen:
            raise Conflict("冻结期间有人修改了报告，请重新打开报告，核对后再冻结。")
        made = _add_version(fresh, user, draft, packed, reason)
        for label, file in files.items():
            attach(made, file, user=user, label=label)
    report.refresh_from_db()
    return made


def _add_version(report: Report, user: User, draft: Draft, packed: str, reason: str) -> Version:
    last = Version.objects.filter(report=report).aggregate(last=Max("number"))["last"] or 0
    made = Version(
        report=report,
        number=last + 1,
        on=draft.material.on,
        content=packed,
        digest=content.digest(packed),
        total=draft.material.total,
        grade=draft.material.grade,
        reason=reason.strip(),
        frozen_by=user,
        frozen_at=now(),
    )
    made.save(force_insert=True)
    report.latest, report.is_changed = made, False
    report.save(update_fields=["latest", "is_changed"])
    told = {"版次": made.number, "数据截至": made.on, "自评总分": made.total, "摘要": made.digest}
    record(
        "reports.freeze",
        report,
        owner=report.owner_id,
        changes={name: (None, str(value)) for name, value in told.items()},
        reason=made.reason,
    )
    return made


def _stored(report: Report, draft: Draft) -> Mapping[str, Stored]:
    """The files on disk, by label."""
    found = {}
    for kind, label in _FILES:
        made = building.render(draft.document, draft.material, kind, "")
        found[label] = store(SimpleUploadedFile(f"{report}.{kind}", made, building.KINDS[kind]))
    return found


def _check(report: Report, key: str, text: str) -> None:
    """Refuse a text that nobody could say, or that says numbers of its own."""
    material = _known(report, key)
    try:
        language.check(text, material.quantities, material.words)
    except language.Unknown as error:
        raise ValidationError({"text": str(error)}) from error
    if typed := language.typed_numbers(text):
        told = "；".join(language.suggestion(number, material.quantities) for number in dict.fromkeys(typed))
        raise ValidationError({"text": f"正文里不能手工写数字，以免和记录不符。{told}。"})


def _known(report: Report, key: str) -> Any:
    """What the report is written from. Raises ValidationError for a key that is no paragraph of it."""
    try:
        material = building.material(report.owner, report.year, building.last_day(report.year))
    except Refused as error:
        raise ValidationError(str(error)) from error
    if key not in {row.key for row in drafting.sources(pack.template_of(report.year), material)}:
        raise ValidationError("报告里已没有这一段，可能数据有了变化，请重新打开报告。")
    return material


def _set(report: Report, user: User, key: str, state: str, text: str, base: int) -> Edit:
    with transaction.atomic():
        fresh = Report.objects.select_for_update().get(pk=report.pk)
        edit = Edit.objects.filter(report=fresh, key=key).select_related("by").first()
        if edit is not None and edit.revision != base:
            raise Stale(_overtaken(edit), edit)
        before = (edit.get_state_display(), edit.text) if edit else (None, None)
        edit = edit or Edit(report=fresh, key=key, revision=0)
        edit.state, edit.text, edit.revision, edit.by, edit.at = state, text, edit.revision + 1, user, now()
        edit.save()
        fresh.is_changed = True
        fresh.save(update_fields=["is_changed"])
        told = {"段落": (None, key), "处理": (before[0], edit.get_state_display()), "文字": (before[1], text)}
        record("reports.write", fresh, owner=fresh.owner_id, changes=told)
    return edit


def _overtaken(edit: Edit) -> str:
    who = f"{edit.by.name}（{edit.at.astimezone(SHANGHAI):%H:%M}）"
    what = f"改为：{edit.text}" if edit.state == Edit.State.WRITTEN else f"处理为“{edit.get_state_display()}”"
    return f"您修改期间{who}已把这一段{what}。您的文字没有写入，仍保留在下面；合并后再次保存，即以您的为准。"


def _revisions(report: Report) -> set[tuple[str, int]]:
    return set(Edit.objects.filter(report=report).values_list("key", "revision"))
