"""Internal hints: opened once for a gauge and level when the rain reaches it, closed when it surely no longer does."""

from __future__ import annotations

import logging
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.modules.weather import rain, raining
from bianwang.modules.weather.models import Gauge, Hint
from bianwang.modules.weather.pack import ThresholdRow, thresholds
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow.services import advance, start

log = logging.getLogger(__name__)


def watch_rain() -> None:
    """Judge every gauge over the windows that end now. Without readings nothing is opened and nothing is closed."""
    gauges = list(Gauge.objects.filter(is_enabled=True).select_related("owner"))
    if not gauges:
        return
    moment = now()
    try:
        found = raining.measure(gauges, moment)
    except TelemetryError as error:
        log.warning("雨量内部提示未更新：%s", error)
        return
    rules = thresholds(_day(moment))
    each(gauges, lambda gauge: _judge(gauge, found[gauge.pk], rules, moment))


def note(row: Hint, user: User, reason: str = "") -> None:
    """The duty officer knows."""
    advance(row, "note", user, reason=reason)


def dismiss(row: Hint, user: User, reason: str) -> None:
    """End a hint by hand: the gauge is broken, or its readings do not come any more."""
    advance(row, "dismiss", user, reason=reason, fields={"closed_at": now()})


@transaction.atomic
def _judge(gauge: Gauge, measured: raining.Measured, rules: list[ThresholdRow], moment: datetime) -> None:
    pure = [row.pure() for row in rules]
    reached, over = rain.reached(measured.sums, pure), rain.over(measured.sums, pure)
    running = {row.level: row for row in gauge.hints.filter(closed_at__isnull=True)}
    for rule in rules:
        if rule.level in reached and rule.level not in running:
            _open(gauge, rule, measured.sums[rule.hours], moment)
    for level, row in running.items():
        if level in over:
            row.gauge = gauge
            advance(row, "close", None, fields={"closed_at": moment})


def _open(gauge: Gauge, rule: ThresholdRow, total: rain.Sum, moment: datetime) -> None:
    hint = Hint(
        gauge=gauge,
        level=rule.level,
        hours=rule.hours,
        threshold=rule.mm,
        basis=f"{rule.source} {rule.article}（{rule.certainty}）"[:300],
        opened_at=moment,
        amount=Decimal(total.amount) / 100,
        is_demo=gauge.is_demo,
    )
    start(hint, verb="weather.hint_open", changes={"amount": (None, str(hint.amount))})


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
