"""A case enters the books, is filed or not, gets its people, and may leave again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.documents.models import Dossier
from bianwang.modules.documents.services import open_dossier
from bianwang.modules.penalties import weighing
from bianwang.modules.penalties.models import Case, CaseOfficer, Series, Suspension, Transfer
from bianwang.modules.penalties.pack import circumstances_on, conduct
from bianwang.modules.penalties.services.steps import checked_day, saved, settle, take, written
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.services import start

TITLE = 120
"""As long as a dossier's title may be."""

_UNSET = (
    "dossier", "state", "state_since", "due_at", "filed_on", "filed_by", "told_on", "proposed_fine", "fine",
    "decided_on", "decided_by", "served_on", "pay_by", "urged_on", "registered_on", "closed_on",
)  # fmt: skip

CHANGEABLE = (
    "conduct", "conduct_from", "conduct_to", "facts", "life_harm", "overdue", "degree", "circumstances",
)  # fmt: skip


@transaction.atomic
def enter(user: User, values: Mapping[str, Any], colleagues: Iterable[User] = ()) -> Case:
    """Enter a clue; whoever does becomes its first officer. `values` are columns of Case.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "penalties.handle")
    case = Case(unit=bureau(), created_by=user, **values)
    case.found_on = checked_day(values.get("found_on"), "found_on")
    _check(case)
    case.title = _title(case)
    case.number = _take_number(case.found_on.year)
    case.clean_fields(exclude=list(_UNSET))
    case.dossier = open_dossier(
        user,
        case.unit,
        Enterprise.objects.get(pk=case.enterprise_id),
        Dossier.Kind.CASE,
        case.title[:TITLE],
        case.found_on,
        is_demo=case.is_demo,
    )
    start(case, by=user, verb="penalties.open", changes={"conduct": (None, case.conduct_name)})
    for index, person in enumerate(dict.fromkeys([user, *colleagues])):
        _join(case, person, is_lead=index == 0)
    settle(case)
    return case


def change(case: Case, user: User, values: Mapping[str, Any]) -> None:
    """Put right what is known of the conduct."""
    new = {name: value for name, value in values.items() if name in CHANGEABLE and getattr(case, name) != value}
    if not new:
        raise ValidationError("没有改动，不必更正。")
    trial = Case.objects.select_related("enterprise").get(pk=case.pk)
    for name, value in new.items():
        setattr(trial, name, value)
    _check(trial)
    trial.clean_fields(exclude=list(_UNSET))
    if new.get("conduct", case.conduct) != case.conduct:
        new["title"] = _title(trial)
    codes = new.pop("circumstances", None)
    told = {} if codes is None else {"circumstances": (_named(case.circumstances), _named(codes))}

    def keep() -> None:
        if codes is not None:
            Case.objects.filter(pk=case.pk).update(circumstances=codes)
            case.circumstances = codes

    take(case, "change", user, changes=told, make=keep, **new)


def apply(case: Case, user: User, reason: str = "") -> None:
    """Ask for the case to be filed."""
    take(case, "apply", user, reason=reason)


def file(case: Case, user: User, reason: str = "", day: date | None = None) -> None:
    """File it: the time for a decision begins."""
    take(case, "file", user, reason=reason, filed_on=checked_day(day, "day", since=case.found_on), filed_by=user)


def refuse(case: Case, user: User, reason: str) -> None:
    """Do not file it."""
    take(case, "refuse", user, reason=reason)


def add_officer(case: Case, user: User, person: User) -> None:
    """One more who handles it."""
    if case.officers.filter(user=person).exists():
        raise ValidationError({"person": f"{person.name}已是本案办案人员，或者已经回避。"})
    take(case, "officer", user, changes={"officers": (None, person.name)}, make=lambda: _join(case, person))


def recuse(case: Case, user: User, officer: CaseOfficer, reason: str) -> None:
    """Somebody steps aside (回避), decided by a superior."""
    if officer.case_id != case.pk or officer.recused_on is not None:
        raise ValidationError({"officer": "请选择本案在办的办案人员。"})
    if officer.user_id == user.pk:
        raise ValidationError({"officer": "本人的回避由负责人决定。"})

    def step_aside() -> None:
        CaseOfficer.objects.filter(pk=officer.pk).update(recused_on=today(), recusal=reason.strip()[:300])

    take(case, "recuse", user, reason=reason, changes={"officers": (officer.user.name, "回避")}, make=step_aside)


def suspend(case: Case, user: User, kind: str, first: date, last: date | None) -> None:
    """Days that some limits do not count."""
    if last is not None and last < first:
        raise ValidationError({"last": "结束日期不能早于开始日期。"})
    row = Suspension(case=case, kind=kind, first=first, last=last)
    row.clean_fields()
    take(case, "suspend", user, changes={"suspension": (None, str(row))}, make=row.save)


def resume(case: Case, user: User, day: date) -> None:
    """The spans that still stand end on a day."""
    rows = list(case.suspensions.filter(last__isnull=True))
    if any(day < row.first for row in rows):
        raise ValidationError({"day": f"结束日期不能早于开始日期 {max(row.first for row in rows)}。"})

    def end() -> None:
        case.suspensions.filter(pk__in=[row.pk for row in rows]).update(last=day)

    told = {"suspension": ("、".join(map(str, rows)), f"至 {day}")}
    take(case, "resume", user, changes=told, make=end)


def extend(case: Case, user: User, reason: str) -> None:
    """More days for the decision, once."""
    take(case, "extend", user, reason=reason, extended=True)


def withdraw(case: Case, user: User, reason: str) -> None:
    """销案: the case falls away."""
    take(case, "withdraw", user, reason=reason, closed_on=today())


def transfer(case: Case, user: User, *, to_kind: str, to: str, reason: str) -> None:
    """Hand it to the judiciary or another authority."""
    row = Transfer(case=case, to_kind=to_kind, to=written(to, "to", "请写明接收机关。"), sent_on=today())
    row.clean_fields(exclude=["receipt_on"])
    told = {"transfer": (None, f"{row.get_to_kind_display()} {row.to}")}
    take(case, "transfer", user, reason=reason, changes=told, make=row.save, closed_on=today())


def enter_receipt(case: Case, user: User, day: date, receipt: str) -> None:
    """What the other side answered."""
    found = checked_day(day, "day", since=case.transfer.sent_on)
    text = written(receipt, "receipt", "请填写回执文号或者受理结果。")

    def keep() -> None:
        Transfer.objects.filter(case=case).update(receipt_on=found, receipt=text)

    take(case, "receipt", user, changes={"receipt": (None, f"{found} {text}")}, make=keep)


def _check(case: Case) -> None:
    """The conduct's days and circumstances make sense."""
    if case.conduct_to is not None and case.conduct_to < case.conduct_from:
        raise ValidationError({"conduct_to": "终了日期不能早于开始日期。"})
    if max(case.conduct_from, case.conduct_to or case.conduct_from) > today():
        raise ValidationError({"conduct_from": "违法行为的日期不能晚于今天。"})
    if (case.respondent_kind == Case.Respondent.PERSON) != bool(case.respondent.strip()):
        raise ValidationError({"respondent": "当事人是个人的须填写姓名，是单位的不填。"})
    for name in ("hazard", "visit"):
        row = getattr(case, name)
        party = row and (row.owner_id if name == "hazard" else row.enterprise_id)
        if row is not None and party != case.enterprise_id:
            raise ValidationError({name: "所选来源不是这家单位的，请重新选择。"})
    try:
        weighing.options(case, today())
    except ValueError as error:
        raise ValidationError({"circumstances": str(error)}) from error


def _join(case: Case, person: User, *, is_lead: bool = False) -> None:
    if not person.is_certified(today()):
        raise ValidationError(f"{person.name}没有有效的执法证，不能办案，请先在账号中登记或者更新执法证。")
    row = CaseOfficer(case=case, user=person, certificate=person.certificate, is_lead=is_lead)
    saved(row, "recused_on")
    record("penalties.officer", row, owner=case.unit_id, changes={"user": (None, person.name)})


def _title(case: Case) -> str:
    """As case names are built: whom it concerns, what was done, 案."""
    return f"{case.respondent_name}{conduct(case.conduct).name}案"[:200]


def _named(codes: str) -> str:
    names = {row.code: row.name for row in circumstances_on(today())}
    return "；".join(names.get(code, code) for code in codes.split(",") if code)


def _take_number(year: int) -> str:
    Series.objects.get_or_create(year=year)
    Series.objects.filter(year=year).update(last=F("last") + 1)
    return f"AJ-{year}-{Series.objects.get(year=year).last:04d}"
