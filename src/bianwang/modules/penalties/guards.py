"""Why a step cannot be taken yet: each guard looks at one object and one person, and answers in one sentence."""

from __future__ import annotations

from typing import Any

from bianwang.modules.penalties import papers, timing
from bianwang.modules.penalties.accounts import account
from bianwang.modules.penalties.discretion import kinds_of
from bianwang.modules.penalties.pack import ceiling, statute
from bianwang.modules.penalties.statute import is_barred
from bianwang.platform.clock import SHANGHAI, today

HARD_KINDS = frozenset({"licence", "suspend", "revoke"})
"""Penalties that always give the right to a hearing and need a discussion, whatever the fine."""


def own(case: Any, user: Any) -> str | None:
    """Only those who handle the case."""
    if user is None or case.officers.filter(user=user, recused_on__isnull=True).exists():
        return None
    return "只有本案办案人员才能办理这一步。"


def not_own(case: Any, user: Any) -> str | None:
    """Never those who handle the case, even if they have stepped aside."""
    if user is not None and case.officers.filter(user=user).exists():
        return "办案人员不能审批、审核或者决定自己办理的案件，请由他人办理。"
    return None


def of_case(row: Any, user: Any) -> str | None:
    """`own`, for what hangs on a case."""
    return own(row.case, user)


def not_own_of_case(row: Any, user: Any) -> str | None:
    """`not_own`, for what hangs on a case."""
    return not_own(row.case, user)


def two_officers(case: Any) -> str | None:
    """At least two officers with a valid certificate (行政处罚法 art. 42)."""
    rows = [row.user for row in case.officers.select_related("user") if row.recused_on is None]
    if sum(user.is_certified(today()) for user in rows) < 2:
        return "执法人员不得少于两人，且须持有效执法证，请先增加办案人员或者更新执法证。"
    return None


def hearing_right(case: Any) -> bool:
    """Whether the proposed penalty gives the right to a hearing, by the ceilings of the day of the notice."""
    return _is_large(case, "hearing", case.told_on or today(), case.proposed_fine, case.proposed_kinds)


def needs_discussion(case: Any, fine: Any, kinds: str) -> bool:
    """Whether the leaders must discuss the penalty together."""
    return _is_large(case, "discussion", today(), fine, kinds)


def apply(case: Any, user: Any) -> str | None:
    """The filing form stands, two officers, not barred by time."""
    return own(case, user) or barred(case) or two_officers(case) or papers.missing(case, papers.FILING, "draft")


def barred(case: Any) -> str | None:
    """Whether the conduct was found too late to be punished."""
    if case.conduct_to is None:
        return None
    rule = statute(case.conduct_to)
    years = rule.life_years if case.life_harm else rule.years
    if is_barred(case.conduct_to, case.found_on, years):
        return f"违法行为终了已超过{years}年才被发现，不再给予行政处罚（{rule.source}{rule.article}）。"
    return None


def file(case: Any, user: Any) -> str | None:
    """Somebody else approves, by issuing the form."""
    return not_own(case, user) or barred(case) or two_officers(case) or papers.missing(case, papers.FILING)


def finish(case: Any, user: Any) -> str | None:
    """Evidence is weighed, and the report is written."""
    if found := own(case, user) or two_officers(case):
        return found
    states = list(case.evidence.values_list("state", flat=True))
    if set(states) & {"collected", "examined", "shown"}:
        return "还有证据没有审查完毕，请逐件采信或者不采信。"
    if "admitted" not in states:
        return "没有采信的证据，不能认定违法事实，请先登记并审查证据。"
    return papers.missing(case, papers.REPORT)


def review(case: Any, user: Any) -> str | None:
    """Somebody else, with the written opinion."""
    return not_own(case, user) or papers.missing(case, papers.REVIEW)


def tell(case: Any, user: Any) -> str | None:
    """The notices were issued after the review, which says what is intended, and have been served."""
    last = case.reviews.filter(passed=True).first()
    since = last.at if last else None
    if found := own(case, user) or papers.missing(case, papers.NOTICE, "served", since):
        return found
    return papers.missing(case, papers.HEARING_NOTICE, "served", since) if hearing_right(case) else None


def answer(case: Any, user: Any) -> str | None:
    """There is a plea without an answer."""
    waiting = case.pleas.filter(verdict="").exists()
    return own(case, user) or (None if waiting else "没有待复核的陈述申辩。")


def waive(case: Any, user: Any) -> str | None:
    """Once."""
    return own(case, user) or ("已经登记放弃。" if case.waived else None)


def hear(case: Any, user: Any) -> str | None:
    """The right exists; whether it was used in time, the service knows."""
    if found := own(case, user):
        return found
    return None if hearing_right(case) else "拟作出的处罚没有达到听证标准，当事人没有要求听证的权利。"


def conclude(case: Any, user: Any) -> str | None:
    """The other side has had its days, or does without them; where nothing is to be imposed it needs none."""
    if found := own(case, user):
        return found
    if case.state == "proposing":
        return "请先告知当事人。" if case.proposed_kinds else None
    if case.pleas.filter(verdict="").exists():
        return "当事人的陈述申辩还没有复核。"
    if case.waived:
        return None
    rules = ["plead", *(["hearing_request"] if hearing_right(case) else [])]
    last = max(day for rule in rules if (day := timing.after(rule, case.told_on)))
    if today() <= last:
        return f"陈述申辩、要求听证的期限到 {last} 届满，当事人书面放弃的请先登记。"
    return None


def notify(case: Any, user: Any) -> str | None:
    """Once."""
    return own(case, user) or ("已经登记听证通知。" if case.hearing.notified_on else None)


def hold(case: Any, user: Any) -> str | None:
    """It was announced in time, has been held, and its record stands."""
    if found := own(case, user):
        return found
    hearing = case.hearing
    if hearing.notified_on is None:
        return "还没有登记听证通知。"
    if hearing.held_on > today():
        return f"听证定于 {hearing.held_on} 举行，举行后再登记结果。"
    return papers.missing(case, papers.HEARING_RECORD)


def decide(case: Any, user: Any) -> str | None:
    """Reviewed after everything that was said, every plea answered, no hearing passed over."""
    if found := not_own(case, user) or two_officers(case):
        return found
    if case.pleas.filter(verdict="").exists():
        return "当事人的陈述申辩还没有复核，不能作出决定。"
    hearing = getattr(case, "hearing", None)
    if hearing is not None and hearing.finished_at is None:
        return "当事人要求的听证还没有举行，不能作出决定。"
    last = case.reviews.first()
    if last is None or not last.passed:
        return "没有通过法制审核，不能作出决定。"
    if hearing is not None and not hearing.is_withdrawn and last.at < hearing.finished_at:
        return "听证后须再次法制审核，才能作出决定。"
    return None


def serve(case: Any, user: Any) -> str | None:
    """The decision has been served as a document."""
    return own(case, user) or papers.missing(case, papers.DECISION, "served")


def summary(case: Any, user: Any) -> str | None:
    """The form for penalties on the spot has been served."""
    return (
        own(case, user) or barred(case) or two_officers(case) or papers.missing(case, papers.SUMMARY_DECISION, "served")
    )


def register(case: Any, user: Any) -> str | None:
    """Only what was decided on the spot, once."""
    if case.procedure != "summary":
        return "普通程序的案件不需要备案。"
    return "已经备案。" if case.registered_on else not_own(case, user)


def extend(case: Any, user: Any) -> str | None:
    """Once."""
    return "办案期限已经延长过。" if case.extended else not_own(case, user)


def resume(case: Any, user: Any) -> str | None:
    """Something stands still."""
    return None if case.suspensions.filter(last__isnull=True).exists() else "没有正在停算的期间。"


def pay(case: Any, user: Any) -> str | None:
    """Something is owed."""
    if found := not_own(case, user):
        return found
    return None if account(case, today()).is_owed else "罚没款和加处罚款都已缴清。"


def bank(case: Any, user: Any) -> str | None:
    """Money collected on the spot is still on its way."""
    if found := not_own(case, user):
        return found
    waiting = case.payments.filter(way="spot", banked_on__isnull=True).exists()
    return None if waiting else "没有待上缴的当场收缴款。"


def instal(case: Any, user: Any) -> str | None:
    """Once, for a fine that is still owed."""
    if case.instalments.exists():
        return "已经批准延期或者分期缴纳。"
    if found := not_own(case, user):
        return found
    return None if account(case, today()).fine_due else "罚款已经缴清。"


def urge(case: Any, user: Any) -> str | None:
    """It is late, and the letter stands."""
    if found := own(case, user):
        return found
    state = account(case, today())
    if not state.is_overdue:
        return "缴款期限没有届满，或者已经缴清，不需要催告。"
    return papers.missing(case, papers.DEMAND)


def enforce(case: Any, user: Any) -> str | None:
    """Ten days after the letter."""
    if found := own(case, user):
        return found
    last = timing.after("urge", case.urged_on)
    return f"催告后的等待期到 {last} 届满。" if last is None or today() <= last else None


def close(case: Any, user: Any) -> str | None:
    """Everything is paid, decided, registered, published and on file."""
    if found := not_own(case, user):
        return found
    if account(case, today()).is_owed:
        return "罚没款或者加处罚款没有缴清，不能结案。"
    if case.payments.filter(way="spot", banked_on__isnull=True).exists():
        return "当场收缴的罚款还没有缴付银行，不能结案。"
    if case.measures.filter(state__in=("asked", "running")).exists():
        return "查封、扣押或者登记保存还没有作出处理决定，不能结案。"
    if case.procedure == "summary" and case.registered_on is None:
        return "当场处罚还没有备案，不能结案。"
    if case.kinds and getattr(case, "publication", None) is None:
        return "处罚决定还没有公示，不能结案。"
    return papers.missing(case, papers.CLOSING) if case.procedure != "summary" else None


def publish(case: Any, user: Any) -> str | None:
    """A penalty, once."""
    if not case.kinds:
        return "不予处罚的决定不公示。"
    return "已经公示。" if getattr(case, "publication", None) is not None else None


def withdraw(case: Any, user: Any) -> str | None:
    """Nothing is left behind."""
    if case.measures.filter(state__in=("asked", "running")).exists():
        return "查封、扣押或者登记保存还没有作出处理决定。"
    return not_own(case, user)


def transfer(case: Any, user: Any) -> str | None:
    """Nothing is left behind, and the letter stands."""
    return withdraw(case, user) or papers.missing(case, papers.TRANSFER)


def receipt(case: Any, user: Any) -> str | None:
    """Once."""
    return "已经登记回执。" if case.transfer.receipt_on else None


def admit(row: Any, user: Any) -> str | None:
    """A device's record counts only when all four gates of art. 41 were passed."""
    if found := own(row.case, user):
        return found
    return electronic(row)


def electronic(row: Any) -> str | None:
    """What a device's record still lacks."""
    if row.origin != "device":
        return None
    if found := source_on(row.source, row.taken_at):
        return found
    if row.examined_by_id is None:
        return "电子技术监控设备的记录须经人工审查，方可作为证据。"
    if row.shown_by_id is None:
        return "电子技术监控设备的记录须向当事人出示，方可作为证据。"
    return None


def source_on(source: Any, moment: Any) -> str | None:
    """What a device lacked when it recorded something."""
    where = "（行政处罚法第四十一条）"
    if source is None:
        return f"请选择已经审核并公布的取证设备{where}。"
    if source.legal_by_id is None or source.technical_by_id is None:
        return f"取证设备“{source}”没有通过法制和技术审核，其记录不能作为证据{where}。"
    day = moment.astimezone(SHANGHAI).date()
    if source.published_on is None or day < source.published_on:
        return f"取证设备“{source}”的设置地点在记录时没有向社会公布，其记录不能作为证据{where}。"
    if source.retired_on is not None and day > source.retired_on:
        return f"取证设备“{source}”在记录时已经停用。"
    return None


def second_reviewer(source: Any, user: Any) -> str | None:
    """Two reviews, two people."""
    same = user is not None and source.legal_by_id == user.pk
    return "法制审核人不能再作技术审核，请由他人审核。" if same else None


def measure_approve(row: Any, user: Any) -> str | None:
    """Somebody else approves, with the papers."""
    kind = papers.PRESERVING if row.kind == "preserve" else papers.SEIZING
    return not_own(row.case, user) or papers.missing(row.case, kind)


def measure_extend(row: Any, user: Any) -> str | None:
    """Sealing and seizing, once."""
    if row.kind == "preserve":
        return "先行登记保存不能延长，请在期限内作出处理决定。"
    return "已经延长过一次。" if row.extended else not_own(row.case, user)


def measure_decide(row: Any, user: Any) -> str | None:
    """Those who handle the case; what was preserved is decided on in writing."""
    if found := own(row.case, user):
        return found
    return papers.missing(row.case, papers.PRESERVED) if row.kind == "preserve" else None


def repair(row: Any, user: Any) -> str | None:
    """The penalty has been carried out."""
    return None if row.case.state == "closed" else "案件没有结案，当事人还没有履行完毕，不能信用修复。"


def _is_large(case: Any, code: str, day: Any, fine: Any, kinds: str) -> bool:
    if kinds_of(kinds) & HARD_KINDS:
        return True
    return fine is not None and fine >= ceiling(code, case.respondent_kind, day).value
