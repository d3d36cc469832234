"""A rule with three levels on a signal of the world's plant, and verdict changes as the engine writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.alarms.services import Context, apply_changes
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
from bianwang.modules.sensing.models import Signal
from bianwang.platform.clock import now, now_ms
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.models import Limit

BEGAN, ENDED, INTERRUPTED, RESUMED = ChangeKind.BEGAN, ChangeKind.ENDED, ChangeKind.INTERRUPTED, ChangeKind.RESUMED

Row = tuple[int, int, ChangeKind]
"""(level, time in ms, what happened)."""


def limits() -> None:
    """The two acknowledgement time-outs."""
    for code, minutes in (("alarms.ack_enterprise", 5), ("alarms.ack_town", 15)):
        Limit.objects.get_or_create(
            code=code,
            valid_from=date(2020, 1, 1),
            defaults={"name": code, "value": minutes, "unit": Limit.Unit.MINUTES, "source": "测试"},
        )


def bound(
    owner: Party,
    *,
    code: str = "gas-high",
    severities: Sequence[str] = ("yellow", "orange", "red"),
    schedule: str = "[]",
    signal: str = "可燃气体",
) -> Binding:
    """A binding of an active rule, whose limits are 25, 50, 75 … %LEL, to a new signal of the owner."""
    limits()
    rule, _ = Rule.objects.get_or_create(code=code, defaults={"name": "可燃气体浓度超限", "family": Rule.Family.STATE})
    version = rule.versions.first() or RuleVersion.objects.create(
        rule=rule,
        number=1,
        template="gas",
        unit="%LEL",
        schedule=schedule,
        source="GB/T 50493-2019",
        article="第5.5.2条",
        valid_from=date(2020, 1, 1),
        state=RuleVersion.State.ACTIVE,
        made_at=now(),
    )
    if not version.levels.exists():
        for index, severity in enumerate(severities):
            RuleLevel.objects.create(
                version=version, index=index, severity=severity, kind=RuleLevel.Kind.THRESHOLD, limit=25.0 * (index + 1)
            )
    made = Signal.objects.create(
        owner_id=owner.pk, name="lel", title=signal, quantity="gas_lel", unit="%LEL", low=0, high=100
    )
    return Binding.objects.create(version=version, signal=made, owner_id=owner.pk, started_at=now())


def changes(*rows: tuple[Binding | int, Iterable[Row]]) -> Changes:
    """The engine's columns for rows of several bindings."""
    flat = [
        (getattr(binding, "pk", binding) * LEVELS + level, time, kind)
        for binding, of_binding in rows
        for level, time, kind in of_binding
    ]
    size = len(flat)
    return Changes(
        key=np.array([row[0] for row in flat], np.int64),
        time=np.array([row[1] for row in flat], np.int64),
        kind=np.array([int(row[2]) for row in flat], np.uint8),
        value=np.full(size, 31.5),
        margin=np.full(size, 6.5),
        outcome=np.empty(0, np.uint8),
    )


def judge(binding: Binding, *rows: Row, seq: int = 1, context: Context | None = None) -> None:
    """Apply changes of one binding."""
    apply_changes(changes((binding, rows)), binding_facts([binding.pk]), seq, context)


def raised(binding: Binding, *levels: int, at: int | None = None) -> Alarm:
    """An alarm that began a moment ago with the given levels true."""
    start = at if at is not None else now_ms() - 60_000
    judge(binding, *((level, start, BEGAN) for level in levels or (0,)))
    return Alarm.objects.filter(binding=binding).latest("started_ms")
