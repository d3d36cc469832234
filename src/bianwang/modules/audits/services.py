"""The only writer of audits: a report comes in, is revised, and its findings are decided one by one.

Reading and auditing a text takes tens of milliseconds and is done before each transaction.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.audit.model import Relation, Verdict
from bianwang.modules.audits import kinds, reading
from bianwang.modules.audits.models import Audit, Decision, Version
from bianwang.modules.audits.reading import Reading
from bianwang.modules.audits.sources import Source
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.errors import Conflict

_NEEDS_REASON = frozenset({Decision.State.EXPLAINED, Decision.State.REJECTED})


def create(
    user: User, owner: Party, source: Source, *, title: str, year: int | None = None, is_demo: bool = False
) -> Audit:
    """Begin the audit of a report. Raises PermissionDenied or Http404 (access door)."""
    access.check(user, Party, owner.pk, "audits.audit")
    found = reading.read_document(source.document)
    with transaction.atomic():
        made = Audit(owner=owner, title=title, year=year, created_by=user, created_at=now(), is_demo=is_demo)
        made.save(force_insert=True)
        version = _add_version(made, user, source, found, number=1)
        told = {"title": (None, title), "owner": (None, owner.name), "year": (None, year), **_told(version)}
        record("audits.create", made, owner=owner.pk, changes=told)
    return made


def revise(audit: Audit, user: User, source: Source, *, base: int) -> Version:
    """Add a version that was made from version `base`. Raises ValidationError if somebody was first or nothing
    differs."""
    access.check(user, Audit, audit.pk, "audits.audit")
    found = reading.read_document(source.document)
    field = "file" if source.file else "text"
    with transaction.atomic():
        fresh = _locked(audit)
        latest = _latest(fresh)
        if latest.number != base:
            words = f"{latest.made_by.name}已存了第{latest.number}版，请先打开它，再在它的基础上修改。"
            raise ValidationError({field: f"您打开的是第{base}版，其后{words}"})
        if (latest.text, latest.tables) == (source.document.text, reading.packed(source.document)):
            raise ValidationError({field: f"与第{base}版的内容相同，没有需要保存的改动。"})
        version = _add_version(fresh, user, source, found, number=base + 1)
        record("audits.revise", fresh, owner=fresh.owner_id, changes=_told(version))
    return version


def rename(audit: Audit, user: User, *, title: str, year: int | None) -> bool:
    """Correct the name and year of a report; False if nothing differs."""
    access.check(user, Audit, audit.pk, "audits.audit")
    with transaction.atomic():
        fresh = _locked(audit)
        new = {"title": title, "year": year}
        changes = {name: (getattr(fresh, name), value) for name, value in new.items() if getattr(fresh, name) != value}
        if not changes:
            return False
        for name, (_, value) in changes.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=list(changes))
        record("audits.rename", fresh, owner=fresh.owner_id, changes=changes)
    return True


def decide(audit: Audit, user: User, key: str, state: str, reason: str = "") -> Decision:
    """Decide about a finding of the latest version, or decide otherwise.

    Raises ValidationError for a missing reason, Conflict if the latest version has no such finding.
    """
    access.check(user, Audit, audit.pk, "audits.audit")
    reason = reason.strip()
    if state not in Decision.State.values:
        raise ValidationError({"state": "请选择“采纳”“已说明”或“不成立”。"})
    if state in _NEEDS_REASON and not reason:
        raise ValidationError({"reason": f"选择“{Decision.State(state).label}”须写明理由。"})
    with transaction.atomic():
        fresh = _locked(audit)
        found = reading.read(_latest(fresh))
        relation = found.keys().get(key)
        if relation is None:
            raise Conflict("最新一版里已没有这条问题，可能有人上传了新版本，请刷新页面。")
        before = Decision.objects.filter(audit=fresh, key=key).first()
        values = {"state": state, "reason": reason, "by": user, "at": now()}
        made, _ = Decision.objects.update_or_create(audit=fresh, key=key, defaults=values)
        _count(fresh, found)
        told = {"问题": (None, _words(relation)), "处理": (str(before) if before else None, str(made))}
        record("audits.decide", fresh, owner=fresh.owner_id, changes=told, reason=reason)
    return made


def withdraw(audit: Audit, user: User, key: str) -> bool:
    """Take a decision back; False if there is none."""
    access.check(user, Audit, audit.pk, "audits.audit")
    with transaction.atomic():
        fresh = _locked(audit)
        before = Decision.objects.filter(audit=fresh, key=key).first()
        if before is None:
            return False
        found = reading.read(_latest(fresh))
        relation = found.keys().get(key)
        told = {"问题": (None, _words(relation) if relation else None), "处理": (str(before), None)}
        before.delete()
        _count(fresh, found)
        record("audits.withdraw", fresh, owner=fresh.owner_id, changes=told)
    return True


def recount() -> None:
    """Bring the stored counts to what the auditor of this release finds: it may know more than the last one."""
    for pk in Audit.objects.order_by("pk").values_list("pk", flat=True):
        version = _latest(Audit.objects.select_related("latest__made_by").get(pk=pk))
        found = reading.read(version)
        if version.counts == found.counts():
            continue
        with transaction.atomic():
            fresh = _locked(version.audit)
            latest = _latest(fresh)
            if latest.pk == version.pk:
                before = latest.total
                _fill_counts(latest, found)
                latest.save(update_fields=["contradictions", "suspicious", "unsupported"])
                _count(fresh, found)
                record("audits.recount", fresh, owner=fresh.owner_id, changes={"问题数": (before, latest.total)})


def _locked(audit: Audit) -> Audit:
    return Audit.objects.select_for_update(of=("self",)).select_related("latest__made_by").get(pk=audit.pk)


def _latest(audit: Audit) -> Version:
    latest: Version = audit.latest
    return latest


def _add_version(audit: Audit, user: User, source: Source, found: Reading, *, number: int) -> Version:
    file = attach(audit, source.file, user=user, label=f"第{number}版") if source.file else None
    made = Version(
        audit=audit,
        number=number,
        text=source.document.text,
        tables=reading.packed(source.document),
        file=file,
        made_by=user,
        made_at=now(),
    )
    _fill_counts(made, found)
    made.save(force_insert=True)
    audit.latest = made
    audit.save(update_fields=["latest"])
    _count(audit, found)
    return made


def _fill_counts(version: Version, found: Reading) -> None:
    counts = found.counts()
    version.contradictions = counts[Verdict.CONTRADICTION]
    version.suspicious = counts[Verdict.SUSPICIOUS]
    version.unsupported = counts[Verdict.UNSUPPORTED]


def _count(audit: Audit, found: Reading) -> None:
    decided = set(Decision.objects.filter(audit=audit).values_list("key", flat=True))
    audit.undecided = sum(finding.key not in decided for finding in found.audit.findings)
    audit.save(update_fields=["undecided"])


def _told(version: Version) -> dict[str, tuple[None, str]]:
    counts = "，".join(f"{verdict.label} {number}" for verdict, number in version.counts.items())
    told = {"版本": (None, str(version)), "核对结果": (None, counts)}
    return told if version.file is None else {**told, "原文件": (None, version.file.name)}


def _words(relation: Relation) -> str:
    quotes = "；".join(f"“{quote.text[:60]}”" for quote in relation.quotes[:3])
    return f"{relation.verdict.label}·{kinds.name(relation.kind)}：{quotes}"[:300]
