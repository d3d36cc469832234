"""Every limit that runs in a case, by the law of the day on which it began: shown on its page, and reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bianwang.modules.penalties.pack import suspended_by
from bianwang.modules.penalties.spans import Span, last_day
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit

CLOCK_NAMES = {
    "file": "立案",
    "handle": "办案期限",
    "plead": "陈述申辩期",
    "hearing_request": "要求听证的期限",
    "hearing_notice": "听证不得早于",
    "serve": "决定书送达",
    "pay": "缴纳罚款",
    "urge": "催告后等待期",
    "register": "当场处罚备案",
    "publish": "处罚公示",
    "seal": "查封期限",
    "seize": "扣押期限",
    "preserve": "先行登记保存处理",
    "hand_in": "当场收缴款交机关",
    "bank": "当场收缴款缴银行",
}


@dataclass(frozen=True)
class Clock:
    """One limit: since when it runs, its last day, and when what it waits for was done."""

    code: str
    basis: str
    started: date
    due: date | None
    """None: it stands still and nobody can say."""
    stopped: date | None = None
    ours: bool = True
    """Whether the authority has to act before it runs out; else it is the other side's, or a waiting time."""

    @property
    def name(self) -> str:
        """In words."""
        return CLOCK_NAMES[self.code]

    @property
    def is_running(self) -> bool:
        """Whether what it waits for has not been done."""
        return self.stopped is None

    @property
    def is_late(self) -> bool:
        """Whether it was missed, or is being missed."""
        return self.due is not None and (self.stopped or today()) > self.due

    @property
    def left(self) -> int | None:
        """Days until its last day; negative when it has passed."""
        return None if self.due is None or self.stopped is not None else (self.due - today()).days

    @property
    def moment(self) -> datetime | None:
        """The end of its last day."""
        return None if self.due is None else end_of(self.due)


def end_of(day: date) -> datetime:
    """The last second of a day in Shanghai."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)


def clocks(case: Any) -> list[Clock]:
    """All limits of a case that have begun, in the order of the procedure."""
    return [*_procedure(case), *_execution(case), *_measures(case), *_spot(case)]


def next_due(case: Any) -> Clock | None:
    """Which of the authority's limits runs out first; none once the case is over."""
    if case.state_row.final:
        return None
    running = [row for row in clocks(case) if row.ours and row.is_running and row.due is not None]
    return min(running, key=lambda row: row.due or date.max, default=None)


def after(code: str, start: date, case: Any = None) -> date | None:
    """The last day of a limit that begins on `start`: by the rule of that day, without days that stand still."""
    row = limit(f"penalties.{code}", start)
    days = int(row.value)
    if row.unit == Limit.Unit.WORKING_DAYS:
        return add_working_days(start, days)
    return last_day(start, days, spans(case, code, start) if case is not None else ())


def spans(case: Any, code: str, start: date) -> list[Span]:
    """The spans of a case in which a clock that began on `start` stands still."""
    rule = suspended_by(code.removesuffix("_extended"), start)
    kinds = rule.kinds if rule else ()
    return [Span(row.first, row.last) for row in case.suspensions.all() if row.kind in kinds]


def seizure_due(measure: Any) -> date | None:
    """The last day of a measure in force; an extension adds to it."""
    if measure.started_on is None:
        return None
    if measure.kind == "preserve":
        return after("preserve", measure.started_on)
    days = int(limit("penalties.seize", measure.started_on).value)
    if measure.extended:
        days += int(limit("penalties.seize_extension", measure.started_on).value)
    return last_day(measure.started_on, days, spans(measure.case, "seize", measure.started_on))


def _basis(code: str, start: date) -> str:
    row = limit(f"penalties.{code}", start)
    return f"{row.value.normalize():f}{row.get_unit_display()}，{row.source}{row.article}（{row.certainty}）"


def _clock(
    case: Any, code: str, start: date | None, stop: date | None, *, rule: str = "", ours: bool = True
) -> Iterator[Clock]:
    if start is not None:
        name = rule or code
        yield Clock(code, _basis(name, start), start, after(name, start, case), stop, ours)


def _over(case: Any) -> date | None:
    """The day on which the case ended."""
    if not case.state_row.final:
        return None
    ended: date = case.closed_on or case.state_since.astimezone(SHANGHAI).date()
    return ended


def _procedure(case: Any) -> Iterator[Clock]:
    over = _over(case)
    summary = case.procedure == "summary"
    if not summary:
        yield from _clock(case, "file", case.found_on, case.filed_on or over)
        rule = "handle_extended" if case.extended else "handle"
        yield from _clock(case, "handle", case.filed_on, case.decided_on or over, rule=rule)
    if case.told_on is not None and case.state == "told":
        yield from _clock(case, "plead", case.told_on, case.told_on if case.waived else None, ours=False)
        yield from _clock(case, "hearing_request", case.told_on, case.told_on if case.waived else None, ours=False)
    hearing = getattr(case, "hearing", None)
    if hearing is not None:
        held = hearing.held_on if hearing.finished_at else None
        yield from _clock(case, "hearing_notice", hearing.notified_on, held, ours=False)
    if not summary:
        yield from _clock(case, "serve", case.decided_on, case.served_on or over)
    else:
        yield from _clock(case, "register", case.decided_on, case.registered_on or over)


def _execution(case: Any) -> Iterator[Clock]:
    over = _over(case)
    if case.pay_by is not None and case.served_on is not None and case.owed > 0:
        paid = sorted((row.day, row.amount) for row in case.payments.all() if row.kind != "late")
        is_settled = sum(amount for _, amount in paid) >= case.owed
        stop = paid[-1][0] if is_settled else case.urged_on or over
        yield Clock("pay", _basis("pay", case.served_on), case.served_on, case.pay_by, stop)
    if case.state == "urged":
        yield from _clock(case, "urge", case.urged_on, None, ours=False)
    if case.decided_on is not None and case.kinds:
        published = getattr(case, "publication", None)
        yield from _clock(case, "publish", case.decided_on, published.published_on if published else over)


def _measures(case: Any) -> Iterator[Clock]:
    for row in case.measures.all():
        if row.started_on is not None and row.state != "refused":
            rule = "preserve" if row.kind == "preserve" else "seize"
            yield Clock(row.kind, _basis(rule, row.started_on), row.started_on, seizure_due(row), row.decided_on)


def _spot(case: Any) -> Iterator[Clock]:
    for row in case.payments.all():
        if row.way == "spot":
            yield from _clock(case, "hand_in", row.day, row.handed_in_on)
            yield from _clock(case, "bank", row.handed_in_on, row.banked_on)
