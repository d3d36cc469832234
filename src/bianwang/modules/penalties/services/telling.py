"""From the end of the inquiry to the last word of the other side: review, notice, pleas, hearing, discussion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from bianwang.modules.penalties import papers, timing, weighing
from bianwang.modules.penalties.discretion import words_of
from bianwang.modules.penalties.models import Case, Discussion, Hearing, LegalReview, Opinion, Plea, Suspension
from bianwang.modules.penalties.services.steps import checked_day, saved, take, written
from bianwang.platform.accounts.models import User
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import now, today
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit

FEWEST = 3
"""A discussion of fewer is none."""


def finish(case: Case, user: User, *, law: str, kinds: Iterable[str], fine: Decimal) -> None:
    """The inquiry is over; what shall be imposed goes to the legal review."""
    option = chosen_option(case, law)
    found = frozenset(kinds)
    # What was gained unlawfully is counted at the decision.
    refuse_faults(weighing.check(option, found - {"confiscate"}, fine))
    take(
        case,
        "finish",
        user,
        proposed_version=option.version.code if option.version else "",
        proposed_kinds=words_of(found),
        proposed_fine=fine,
    )


def review(case: Case, user: User, opinion: str, *, again: bool = False) -> None:
    """法制审核 passed, before the notice or (`again`) once more before the decision."""
    text = written(opinion, "opinion", "请写明审核意见。")
    take(
        case, "recheck" if again else "review", user, changes={"review": (None, text)}, make=_reviewed(case, user, text)
    )


def send_back(case: Case, user: User, reason: str) -> None:
    """法制审核 did not pass."""
    take(case, "return", user, reason=reason, make=_reviewed(case, user, reason, passed=False))


def tell(case: Case, user: User, reason: str = "", day: date | None = None) -> None:
    """The other side was told what is intended, and of its rights: when the notices were served."""
    served = day or papers.served_on(case, papers.NOTICE, papers.HEARING_NOTICE)
    take(case, "tell", user, reason=reason, told_on=checked_day(served, "day", since=case.filed_on), waived=False)


def plead(case: Case, user: User, content: str, day: date | None = None) -> None:
    """Write down what the other side says."""
    row = Plea(
        case=case,
        day=checked_day(day, "day", since=case.told_on),
        content=written(content, "content", "请写明陈述申辩内容。"),
        recorded_by=user,
    )
    take(case, "plead", user, changes={"plea": (None, row.content[:80])}, make=lambda: saved(row))


def answer(case: Case, user: User, plea: Plea, verdict: str, text: str) -> None:
    """Say what is made of it."""
    if plea.case_id != case.pk or plea.verdict:
        raise ValidationError({"plea": "请选择本案待复核的陈述申辩。"})
    if verdict not in Plea.Verdict.values:
        raise ValidationError({"verdict": "请选择复核意见。"})
    words = written(text, "answer", "请写明采纳或者不采纳的理由。")

    def keep() -> None:
        Plea.objects.filter(pk=plea.pk).update(verdict=verdict, answer=words)

    told = {"plea": (str(plea), f"{Plea.Verdict(verdict).label}：{words}")}
    take(case, "answer", user, changes=told, make=keep)


def waive(case: Case, user: User, reason: str = "") -> None:
    """The other side has given up its rights in writing."""
    take(case, "waive", user, reason=reason, waived=True)


def hear(case: Case, user: User, day: date | None = None) -> None:
    """The other side asks for a hearing."""
    row = Hearing(case=case, asked_on=checked_day(day, "day", since=case.told_on))
    last = timing.after("hearing_request", case.told_on) if case.told_on else None
    if last is not None and row.asked_on > last:
        raise ValidationError({"day": f"要求听证的期限已于 {last} 届满。"})

    def keep() -> None:
        row.save()
        saved(Suspension(case=case, kind=Suspension.Kind.HEARING, first=row.asked_on), "last")

    take(case, "hear", user, changes={"hearing": (None, f"{row.asked_on} 要求听证")}, make=keep)


def notify(case: Case, user: User, *, notified_on: date, held_on: date, place: str, presider: User) -> None:
    """Announce the hearing, in time; whoever investigated does not preside."""
    day = checked_day(notified_on, "notified_on", since=case.hearing.asked_on)
    if case.officers.filter(user=presider).exists():
        raise ValidationError({"presider": "听证由非本案调查人员主持，请另选主持人。"})
    earliest = _earliest(day)
    if held_on < earliest:
        raise ValidationError({"held_on": f"听证须在通知七日后举行，最早 {earliest}。"})

    def keep() -> None:
        hearing = case.hearing
        hearing.notified_on, hearing.held_on, hearing.place, hearing.presider = day, held_on, place.strip(), presider
        hearing.save(update_fields=["notified_on", "held_on", "place", "presider"])

    told = {"hearing": (None, f"{held_on} 在{place.strip()}听证，主持人{presider.name}")}
    take(case, "notify", user, changes=told, make=keep)


def hold(case: Case, user: User, text: str) -> None:
    """It was held; the opinion goes to the decision."""
    words = written(text, "record", "请写明听证意见。")

    def keep() -> None:
        hearing = case.hearing
        hearing.record, hearing.finished_at = words, now()
        hearing.save(update_fields=["record", "finished_at"])
        _end_of_hearing(case)

    take(case, "hold", user, changes={"hearing": (None, words[:80])}, make=keep)


def unhear(case: Case, user: User, reason: str) -> None:
    """The other side no longer wants it."""

    def keep() -> None:
        hearing = case.hearing
        hearing.is_withdrawn, hearing.finished_at = True, now()
        hearing.save(update_fields=["is_withdrawn", "finished_at"])
        _end_of_hearing(case)

    take(case, "unhear", user, reason=reason, make=keep)


def conclude(case: Case, user: User, reason: str = "") -> None:
    """Everything has been said."""
    take(case, "conclude", user, reason=reason)


def discuss(
    case: Case,
    user: User,
    *,
    held_on: date,
    opinions: Sequence[tuple[str, str]],
    result: str,
    agreed: bool,
    fine: Decimal,
) -> None:
    """The leaders' discussion: who said what, and what came of it."""
    if len({name for name, _ in opinions}) < FEWEST:
        raise ValidationError({"opinions": f"集体讨论至少 {FEWEST} 人参加，每人一行写明意见。"})
    row = Discussion(
        case=case,
        held_on=checked_day(held_on, "held_on", since=case.filed_on),
        result=written(result, "result", "请写明讨论结论。"),
        agreed=agreed,
        fine=fine,
        recorded_by=user,
    )

    def keep() -> None:
        saved(row)
        for name, text in opinions:
            saved(Opinion(discussion=row, name=name, text=text))

    take(case, "discuss", user, changes={"discussion": (None, f"{row}：{row.result}")}, make=keep)


def chosen_option(case: Case, law: str) -> weighing.Option:
    """The chosen law. Raises ValidationError."""
    try:
        return weighing.option(case, law, today())
    except ValueError as error:
        raise ValidationError({"law": str(error)}) from error


def refuse_faults(faults: Iterable[str]) -> None:
    """Raise ValidationError with what is wrong."""
    found = list(faults)
    if found:
        raise ValidationError(found)


def _end_of_hearing(case: Case) -> None:
    """The days of the hearing end today."""
    case.suspensions.filter(kind=Suspension.Kind.HEARING, last__isnull=True).update(last=today())


def _earliest(day: date) -> date:
    row = limit("penalties.hearing_notice", day)
    days = int(row.value)
    return (
        add_working_days(day, days) if row.unit == Limit.Unit.WORKING_DAYS else date.fromordinal(day.toordinal() + days)
    )


def _reviewed(case: Case, user: User, opinion: str, *, passed: bool = True) -> Callable[[], None]:
    row = LegalReview(case=case, by=user, at=now(), passed=passed, opinion=opinion.strip()[:1000])
    return lambda: saved(row)
