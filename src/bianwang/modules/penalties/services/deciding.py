"""The decision, on the spot or by the general procedure, and its service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from bianwang.modules.penalties import guards, papers, timing, weighing
from bianwang.modules.penalties.discretion import KINDS, kinds_of, words_of
from bianwang.modules.penalties.models import Case
from bianwang.modules.penalties.pack import ceiling
from bianwang.modules.penalties.services.steps import checked_day, take, written
from bianwang.modules.penalties.services.telling import chosen_option, refuse_faults
from bianwang.modules.penalties.summary import why_not_on_the_spot
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today


def decide(
    case: Case,
    user: User,
    *,
    law: str,
    kinds: Iterable[str],
    fine: Decimal,
    reason: str,
    confiscated: Decimal = Decimal(0),
    day: date | None = None,
) -> None:
    """Impose what was announced or less, under the law of the conduct's day unless the later one is lighter."""
    option, found = chosen_option(case, law), frozenset(kinds)
    refuse_faults(weighing.check(option, found, fine, confiscated))
    _not_harder(case, found, fine)
    _discussed(case, option, found, fine)
    words = written(reason, "choice_reason", "请写明适用规定和裁量的理由。")
    take(
        case,
        "decide",
        user,
        version=option.version.code if option.version else "",
        band=option.proposal.name,
        choice_reason=words,
        kinds=words_of(found),
        fine=fine,
        confiscated=confiscated,
        decided_on=checked_day(day, "day", since=case.told_on or case.filed_on),
        decided_by=user,
    )


def retell(case: Case, user: User, reason: str) -> None:
    """Back to the inquiry: other facts, or a harder penalty, need a new notice."""
    take(case, "retell", user, reason=reason, told_on=None, waived=False)


def serve(case: Case, user: User, reason: str = "", day: date | None = None) -> None:
    """The decision reached the other side when its document did; the days to pay begin."""
    served = checked_day(day or papers.served_on(case, papers.DECISION), "day", since=case.decided_on)
    take(
        case, "serve", user, reason=reason, served_on=served, pay_by=timing.after("pay", served) if case.owed else None
    )


def summary(case: Case, user: User, *, law: str, kinds: Iterable[str], fine: Decimal, reason: str) -> None:
    """当场处罚: within its ceilings, decided and served at once."""
    found, present = frozenset(kinds), today()
    top = ceiling("summary", case.respondent_kind, present).value
    if why := why_not_on_the_spot(found, fine, top):
        raise ValidationError(why)
    option = chosen_option(case, law)
    refuse_faults(weighing.check(option, found, fine))
    take(
        case,
        "summary",
        user,
        procedure=Case.Procedure.SUMMARY,
        version=option.version.code if option.version else "",
        band=option.proposal.name,
        choice_reason=written(reason, "choice_reason", "请写明适用规定和裁量的理由。"),
        kinds=words_of(found),
        fine=fine,
        filed_on=present,
        decided_on=present,
        decided_by=user,
        served_on=present,
        pay_by=timing.after("pay", present) if fine else None,
    )


def register_summary(case: Case, user: User, reason: str = "") -> None:
    """The authority takes note of what was decided on the spot."""
    take(case, "register", user, reason=reason, registered_on=today())


def _not_harder(case: Case, kinds: frozenset[str], fine: Decimal) -> None:
    """Never more than was announced, whatever was pleaded (行政处罚法 art. 45)."""
    if more := kinds - kinds_of(case.proposed_kinds):
        named = "、".join(KINDS[kind] for kind in KINDS if kind in more)
        raise ValidationError({"kinds": f"“{named}”没有告知过当事人，要加重的请退回补充调查、重新告知。"})
    if case.proposed_fine is not None and fine > case.proposed_fine:
        words = f"罚款不得高于告知的 {case.proposed_fine:,} 元，不得因陈述申辩、听证加重处罚。"
        raise ValidationError({"fine": words})


def _discussed(case: Case, option: weighing.Option, kinds: frozenset[str], fine: Decimal) -> None:
    """A large penalty, or one outside the band, is discussed first; the decision takes no more than was agreed."""
    outside = weighing.is_outside(option, fine)
    if not outside and not guards.needs_discussion(case, fine, words_of(kinds)):
        return
    last = case.discussions.first()
    if last is None or not last.agreed:
        why = "罚款不在裁量档次之内" if outside else "处罚数额较大或者种类较重"
        raise ValidationError(f"{why}，须经集体讨论同意，请先登记集体讨论。")
    if fine > last.fine:
        raise ValidationError({"fine": f"集体讨论议定罚款 {last.fine:,} 元，决定不得高于它。"})
