"""An alarm derived again: its rule version with the numbers of that time over the stored readings."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.snapshot import SnapshotError
from bianwang.engine.table import Instance
from bianwang.modules.alarms.models import Alarm, AlarmState
from bianwang.modules.rules.binding import bound, instances, text_of
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.hours import rest_days
from bianwang.modules.rules.models import Binding
from bianwang.modules.rules.past import Plan, changes
from bianwang.platform.clock import now_ms, to_ms
from bianwang.platform.config import config

log = logging.getLogger(__name__)

_LONGEST_LEAD_MS: Final = 30 * 86_400_000


class Episode(msgspec.Struct, frozen=True):
    """What an alarm says of itself, or what was derived: times in ms, `end` None while it lasts."""

    begin: int | None
    end: int | None
    level: int | None
    value: float | None
    margin: float | None


@dataclass(frozen=True)
class Derived:
    """Both, and in which words they differ."""

    told: Episode
    found: Episode
    differences: list[str]

    @property
    def agrees(self) -> bool:
        """Whether the readings give the alarm again."""
        return not self.differences


def derive(alarm: Alarm) -> Derived:
    """Judge the alarm's binding again. Raises TelemetryError."""
    facts = alarm.facts
    told = Episode(alarm.started_ms, alarm.ended_ms, facts.get("level"), facts.get("value"), facts.get("margin"))
    found = _found(alarm, _plan(alarm))
    return Derived(told, found, list(_differences(alarm, told, found)))


def _plan(alarm: Alarm) -> Plan:
    binding = Binding.objects.select_related("version", "place", "signal__device").get(pk=alarm.binding_id)
    version = binding.version
    known = alarm.facts.get("limits") or []
    judged = instances(bound(binding), text_of(version, version.levels.all()))
    judged = [_as_it_was(instance, known) for instance in judged]
    end = min((alarm.ended_ms if alarm.ended_ms is not None else now_ms()) + 1, now_ms())
    plan = Plan.of(str(config().telemetry_socket()), (alarm.started_ms, end), judged, rest_days(alarm.started_ms, end))
    if all(instance.horizon_ms is not None for instance in judged):
        return plan
    # The formula remembers without bound and nothing was kept: as far back as the binding was judged.
    since = alarm.started_ms - to_ms(binding.started_at)
    return msgspec.structs.replace(plan, lead_ms=max(plan.lead_ms, min(since, _LONGEST_LEAD_MS)))


def _as_it_was(instance: Instance, known: list[dict[str, Any]]) -> Instance:
    """With the parameters kept in the alarm: the signal's range or its device's period may have changed since."""
    level = instance.key % LEVELS
    values = known[level].get("values") if level < len(known) else None
    if not values or set(values) != set(instance.program.parameters):
        return instance
    return replace(instance, parameters=tuple(values[name] for name in instance.program.parameters))


def _found(alarm: Alarm, plan: Plan) -> Episode:
    """The episode that is open at the alarm's beginning, or begins there."""
    kept = AlarmState.objects.filter(pk=alarm.pk).first()
    if kept is not None:
        try:
            return _episode(alarm, plan, zlib.decompress(kept.state))
        except SnapshotError:
            log.warning("告警 %d 保存的引擎状态不是本版本写出的，改从存储的读数重新推导。", alarm.pk)
    return _episode(alarm, plan)


def _episode(alarm: Alarm, plan: Plan, state: bytes = b"") -> Episode:
    first: Episode | None = None
    open_levels: set[int] = set()
    positions = range(len(plan.instances))
    for _, piece in changes(plan, positions, only_judged=not alarm.is_late, state=state):
        for level, time, kind, value, margin in _rows(piece):
            if kind == ChangeKind.BEGAN:
                if not open_levels:
                    first = Episode(time, None, level, value, margin)
                open_levels.add(level)
            elif kind == ChangeKind.ENDED:
                open_levels.discard(level)
                if first is not None and not open_levels and time >= alarm.started_ms:
                    return msgspec.structs.replace(first, end=time)
    return first if first is not None and open_levels else Episode(None, None, None, None, None)


def _rows(piece: Changes) -> Iterator[tuple[int, int, int, float | None, float | None]]:
    # Emission order stays where times are equal: an event without quiet time begins and ends at one instant.
    for row in sorted(range(len(piece)), key=piece.time.__getitem__):
        value, margin = (float(column[row]) for column in (piece.value, piece.margin))
        yield (
            int(piece.key[row]) % LEVELS,
            int(piece.time[row]),
            int(piece.kind[row]),
            value if value == value else None,
            margin if margin == margin else None,
        )


def _differences(alarm: Alarm, told: Episode, found: Episode) -> Iterator[str]:
    if found.begin is None:
        yield "存储的读数没有给出这次告警"
        return
    if found.begin != told.begin:
        yield "开始时间不同"
    if alarm.end_reason in ("", Alarm.EndReason.ENDED) and found.end != told.end:
        yield "结束时间不同"
    if found.value != told.value:
        yield "触发时数值不同"
    if found.margin != told.margin and told.margin is not None:
        yield "超出量不同"
