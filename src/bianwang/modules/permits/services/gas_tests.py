"""Records of gas tests; whether they pass is computed from the criteria of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from bianwang.modules.permits import gas, standard
from bianwang.modules.permits.levels import day_of
from bianwang.modules.permits.models import GasReading, GasTest, Permit
from bianwang.modules.permits.services import signals
from bianwang.modules.permits.services.clock import turn
from bianwang.platform.accounts.models import User
from bianwang.platform.workflow.services import advance

_OLDEST = timedelta(hours=24)


@dataclass(frozen=True)
class Value:
    """One value as entered: height, code of the gas, concentration, unit."""

    height: str
    species: str
    value: float
    unit: str


def record_test(
    permit: Permit,
    user: User,
    values: Iterable[Value],
    *,
    at: datetime,
    instrument: str,
    tester: str,
    place: str = "",
) -> GasTest:
    """Record a test; one that fails while work goes on interrupts it. Raises ValidationError, Refused, Conflict."""
    with turn(permit) as moment:
        if not moment - _OLDEST <= at <= moment:
            raise ValidationError({"at": "检测时间不能晚于现在，也不能早于 24 小时之前。"})
        criteria = standard.criteria(day_of(at))
        measured = [gas.Measured(row.height, standard.gas(row.species), row.value, row.unit) for row in values]
        heights = criteria.heights if permit.is_large_space else 1
        if sentence := gas.missing(measured, permit.kind_row.gas, heights):
            raise ValidationError(sentence)
        judged = [gas.judge(row, criteria, rich=permit.is_oxygen_rich) for row in measured]
        passed = all(row.passed for row in judged)
        test = GasTest.objects.create(
            permit=permit, at=at, place=place, instrument=instrument, tester=tester, passed=passed, recorded_by=user
        )
        GasReading.objects.bulk_create(
            GasReading(
                test=test,
                height=row.height,
                species=row.species.code,
                value=row.value,
                unit=row.unit,
                passed=verdict.passed,
                limit=verdict.limit,
            )
            for row, verdict in zip(measured, judged, strict=True)
        )
        advance(permit, "test", user, changes={"检测结果": (None, str(test)), "检测时间": (None, at)})
        if not passed and permit.state == "active":
            advance(permit, "interrupt", user, reason="气体检测不合格，停止作业", fields={"interrupted_at": moment})
        signals.pulse(permit, at, passed=passed)
    return test
