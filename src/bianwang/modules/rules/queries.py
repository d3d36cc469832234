"""What is judged now, for the intake; what a draft would judge, for its author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from bianwang.engine.semantics import GOOD, ChangeKind
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules.binding import LEVELS, Bound, instances
from bianwang.modules.rules.commissioning import Baseline, baseline
from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.telemetry import client
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now

_BOUND = ("pk", "signal_id", "signal__owner_id", "baseline", "span", "signal__device__period_s")
_PIECE = 200
"""Signals of one telemetry request of a back-test or a commissioning."""
_MOST_AT_ONCE = 1_500_000
_MOST_REPLAYED = 20_000_000
"""Readings of one back-test: some seconds."""


def active_instances(at: datetime | None = None) -> list[Instance]:
    """Every condition that is judged at `at` (now): active versions whose basis is in force on that day,
    bound to signals in use. Two queries however many there are; key = binding x 8 + level."""
    day = (at or now()).astimezone(SHANGHAI).date()
    active = RuleVersion.objects.filter(state=RuleVersion.State.ACTIVE, valid_from__lte=day)
    active = active.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by()
    levels: dict[int, list[RuleLevel]] = {}
    for level in RuleLevel.objects.filter(version__in=active).order_by("version_id", "index"):
        levels.setdefault(level.version_id, []).append(level)
    rows = _in_use(Binding.objects.filter(version__in=list(levels), ended_at__isnull=True))
    found: list[Instance] = []
    for version, *values in rows.values_list("version_id", *_BOUND).iterator(chunk_size=5000):
        found += instances(_bound(values), levels[version])
    return found


def version_instances(version: RuleVersion) -> list[Instance]:
    """What one version, draft or not, judges or would judge."""
    levels = list(version.levels.all())
    rows = _in_use(version.bindings.filter(ended_at__isnull=True)).values_list(*_BOUND)
    return [instance for values in rows for instance in instances(_bound(values), levels)]


@dataclass(frozen=True)
class Selection:
    """Which signals an officer wants: of one owner, in one kind of zone, of one quantity; None: any."""

    owner: int | None = None
    zone_kind: str = ""
    quantity: str = ""


def candidates(user: User, template: Template, wanted: Selection = Selection()) -> QuerySet[Signal]:
    """Signals in use that the template may judge and for which the user may write rules."""
    rows = access.visible(user, Signal, "rules.edit").filter(is_enabled=True)
    rows = rows.select_related("device", "owner", "zone").order_by("owner__pinyin", "pk")
    if template.bind.quantities:
        rows = rows.filter(quantity__in=template.bind.quantities)
    for kinds in (template.bind.zones, (wanted.zone_kind,) if wanted.zone_kind else ()):
        if kinds:
            inherited = Q(zone__isnull=True, device__zone__kind__in=kinds)
            rows = rows.filter(Q(zone__kind__in=kinds) | inherited)
    if wanted.owner:
        rows = rows.filter(owner=wanted.owner)
    return rows.filter(quantity=wanted.quantity) if wanted.quantity else rows


def judged_elsewhere(template: Template, besides: Rule | None = None) -> QuerySet[Binding]:
    """Bindings of other rules' active versions made from the same template."""
    active = RuleVersion.objects.filter(template=template.id, state=RuleVersion.State.ACTIVE)
    if besides is not None:
        active = active.exclude(rule=besides)
    return Binding.objects.filter(version__in=active, ended_at__isnull=True).order_by()


def active_version(rule: Rule) -> RuleVersion | None:
    """The version that is judged by now."""
    return rule.versions.filter(state=RuleVersion.State.ACTIVE).first()


def with_newest(user: User, rules: QuerySet[Rule]) -> QuerySet[Any]:
    """Rules with `state`, `number` and `source` of the version in force, or else of the newest; `bound`, how many
    signals in the user's scope it judges; `drafts`, how many drafts there are. None where there is nothing."""
    versions = RuleVersion.objects.filter(rule=OuterRef("pk"))
    order = versions.order_by("state", "-number")  # active < draft < retired
    newest = {name: Subquery(order.values(name)[:1]) for name in ("state", "number", "source")}
    judged = access.visible(user, Binding).filter(version__rule=OuterRef("pk"), ended_at__isnull=True)
    judged = judged.filter(version__state=RuleVersion.State.ACTIVE).order_by()
    drafts = versions.filter(state=RuleVersion.State.DRAFT).order_by()
    found: Any = rules.annotate(**newest)
    found = found.annotate(bound=Subquery(judged.values("version__rule").annotate(n=Count("pk")).values("n")))
    found = found.annotate(drafts=Subquery(drafts.values("rule").annotate(n=Count("pk")).values("n")))
    return cast("QuerySet[Any]", found)


def last_bindings(version: RuleVersion) -> list[Binding]:
    """What a version judges, or judged when it was retired, as far as the signals are still in use."""
    rows = version.bindings.filter(signal__is_enabled=True)
    kept = Q(ended_at__isnull=True) | Q(ended_at=version.retired_at)
    return list(rows.filter(kept).select_related("signal__device", "signal__owner"))


def template_of(version: RuleVersion) -> Template | None:
    """The template that the version was made from, if the locality pack still has it."""
    return templates().get(version.template)


def parameters_of(version: RuleVersion) -> dict[str, float]:
    """The version's parameters."""
    return msgspec.json.decode(version.parameters, type=dict[str, float])


def recorded_baselines(signals: Iterable[Signal], start_ms: int, end_ms: int) -> dict[int, Baseline]:
    """Normal value and spread of each signal in a stored recording [start_ms, end_ms).

    Raises TelemetryError, and ValueError naming the signal whose recording will not do.
    """
    found: dict[int, Baseline] = {}
    wanted = list(signals)
    for start in range(0, len(wanted), _PIECE):
        piece = wanted[start : start + _PIECE]
        rows = client().series([signal.pk for signal in piece], start_ms, end_ms)
        good = np.where(rows["quality"] == GOOD, rows["value"], np.nan)
        for signal in piece:
            try:
                found[signal.pk] = baseline(good[rows["signal"] == signal.pk])
            except ValueError as error:
                raise ValueError(f"信号“{signal.title}”：{error}") from error
    return found


@dataclass(frozen=True)
class BackTest:
    """What a version would have done: readings looked at, and episodes begun by binding."""

    readings: int
    episodes: Mapping[int, int]

    @property
    def total(self) -> int:
        """All episodes."""
        return sum(self.episodes.values())


def back_test(version: RuleVersion, start_ms: int, end_ms: int) -> BackTest:
    """Replay the stored readings of [start_ms, end_ms) through a version, draft or not.

    Counts what the engine calls BEGAN of the mildest level; hours of the day are not considered. Raises
    TelemetryError, and ValueError (Chinese) for more readings than can be replayed while somebody waits.
    """
    by_signal: dict[int, list[Instance]] = {}
    for instance in version_instances(version):
        by_signal.setdefault(instance.signal, []).append(instance)
    signals = sorted(by_signal)
    readings = client().count(signals, start_ms, end_ms) if signals else 0
    if readings > _MOST_REPLAYED:
        raise ValueError(f"这段时间有 {readings:,} 条读数，超过一次回测的上限 {_MOST_REPLAYED:,} 条，请缩短天数。")
    episodes: Counter[int] = Counter()
    for piece in _pieces(signals, start_ms, end_ms):
        episodes.update(_began([i for signal in piece for i in by_signal[signal]], piece, start_ms, end_ms))
    return BackTest(readings, episodes)


def _pieces(signals: list[int], start_ms: int, end_ms: int) -> Iterator[list[int]]:
    """Cut the signals so that the readings of a piece fit into one answer of the store."""
    if not signals:
        return
    if len(signals) > 1 and (len(signals) > _PIECE or client().count(signals, start_ms, end_ms) > _MOST_AT_ONCE):
        half = len(signals) // 2
        yield from _pieces(signals[:half], start_ms, end_ms)
        yield from _pieces(signals[half:], start_ms, end_ms)
    else:
        yield signals


def _began(wanted: list[Instance], signals: list[int], start_ms: int, end_ms: int) -> Iterator[int]:
    rows = client().series(signals, start_ms, end_ms)
    columns = (rows["signal"], rows["time"], rows["value"], rows["quality"])
    # Compiled code costs 100 MB, which the web process should not carry for a page that few open.
    from bianwang.engine.replay import replay

    changes = replay(compile_table(wanted), *columns, start_ms=start_ms, end_ms=end_ms - 1)
    mildest = (changes.kind == ChangeKind.BEGAN) & (changes.key % LEVELS == 0)
    return (int(key) // LEVELS for key in changes.key[mildest])


def _in_use(rows: QuerySet[Binding]) -> QuerySet[Binding]:
    in_use = Q(signal__device__isnull=True) | Q(signal__device__is_enabled=True)
    return rows.filter(in_use, signal__is_enabled=True).order_by()


def _bound(values: Sequence[Any]) -> Bound:
    binding, signal, owner, base, span, period = values
    return Bound(binding, signal, owner, base, span, period or 0)
