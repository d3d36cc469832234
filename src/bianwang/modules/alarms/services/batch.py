"""Alarms, episodes, to-dos and ledger rows of one transaction, written together."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from bianwang.modules.alarms.models import Alarm, AlarmState, Episode, Severity
from bianwang.modules.alarms.services.duty import call
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.workflow.queries import deadline, limit

FLOOD_WINDOW_MS = 600_000
"""An alarm within ten minutes of an unfinished, no milder one of the same owner and rule joins it
(ten minutes is the interval of IEC 62682 for alarm floods)."""

_JUDGED = (
    "severity", "peak", "is_active", "is_interrupted", "ended_ms", "end_reason", "root", "escalate_at",
    "is_open", "acknowledged_at", "acknowledged_by",
)  # fmt: skip


class Batch:
    """Collects what one piece of work changes; `write` inserts and updates in bulk."""

    def __init__(self, known: Iterable[Alarm] = ()) -> None:
        self.known = {(alarm.rule_version_id, alarm.binding_id, alarm.started_ms): alarm for alarm in known}
        self._new: list[tuple[Alarm, int, int]] = []
        self._changed: dict[int, Alarm] = {}
        self._notes: list[tuple[Alarm, str, dict[str, tuple[Any, Any]], str]] = []
        self._episodes: list[tuple[Episode, bool]] = []
        self._promoted: list[tuple[Alarm, int]] = []
        self._states: list[AlarmState] = []

    def add(self, alarm: Alarm, rule: int, first: int) -> None:
        """A new alarm of a rule, and the level that answers first."""
        self._new.append((alarm, rule, first))
        self.known[(alarm.rule_version_id, alarm.binding_id, alarm.started_ms)] = alarm

    def remember(self, alarm: Alarm, state: bytes) -> None:
        """What a formula without bound remembered before a new alarm."""
        self._states.append(AlarmState(alarm=alarm, state=zlib.compress(state)))

    def note(self, alarm: Alarm, verb: str, changes: dict[str, tuple[Any, Any]], reason: str) -> None:
        """A ledger row about a new or changed alarm."""
        self._notes.append((alarm, verb, changes, reason))
        if alarm.pk is not None:
            self._changed[alarm.pk] = alarm

    def keep(self, episode: Episode, *, is_new: bool) -> None:
        """An episode to be saved."""
        self._episodes.append((episode, is_new))

    def worsened(self, alarm: Alarm, first: int) -> None:
        """An alarm rose above its worst so far: it no longer hides behind a milder one, and whoever
        acknowledged the milder has not acknowledged this."""
        if alarm.pk is None:
            return
        hidden = alarm.root is not None and alarm.root.peak < alarm.peak
        uncalled = alarm.root is None and alarm.escalate_at is None and alarm.level < Alarm.Level.BUREAU
        if hidden:
            alarm.root = None
        is_called = any(known is alarm for known, _ in self._promoted)
        if (hidden or uncalled or alarm.acknowledged_at is not None) and not is_called:
            alarm.acknowledged_at = alarm.acknowledged_by = None
            self._promoted.append((alarm, first))

    def overlaps(self, binding: int, begin: int, end: int | None) -> Iterator[bool]:
        """For each known alarm of a binding, whether it shares time with an interval."""
        for (_, other, _), alarm in self.known.items():
            if other == binding:
                starts_before = end is None or alarm.started_ms <= end
                ends_after = alarm.ended_ms is None or alarm.ended_ms >= begin
                yield starts_before and ends_after

    def write(self) -> None:
        """Write everything in the caller's transaction."""
        self._find_roots()
        fresh = [alarm for alarm, _, _ in self._new]
        calling = [(alarm, first) for alarm, _, first in self._new if _needs_answer(alarm)] + self._promoted
        calling = [(alarm, first) for alarm, first in calling if alarm.root is None]
        answer_by = deadline(limit("alarms.ack_enterprise"), now()) if calling else None
        for alarm, _ in calling:
            alarm.escalate_at = answer_by if alarm.level < Alarm.Level.BUREAU else None
        for alarm in fresh:
            alarm.settle()
        # Roots first: members need their numbers.
        Alarm.objects.bulk_create([alarm for alarm in fresh if alarm.root is None])
        Alarm.objects.bulk_create([alarm for alarm in fresh if alarm.root is not None])
        AlarmState.objects.bulk_create(self._states)
        changed = list(self._changed.values())
        for alarm in changed:
            alarm.settle()
            # One update a row: bulk_update's CASE over eleven columns takes ten times as long.
            alarm.save(update_fields=_JUDGED)
        self._write_episodes()
        for alarm, first in calling:
            call(alarm, first, answer_by)
        Entry.objects.bulk_create(
            draft(verb, alarm, owner=alarm.owner_id, changes=changes, reason=reason)
            for alarm, verb, changes, reason in self._notes
        )

    def _write_episodes(self) -> None:
        Episode.objects.bulk_create([episode for episode, is_new in self._episodes if is_new])
        for episode, is_new in self._episodes:
            if not is_new:
                episode.save(update_fields=["levels", "is_open", "opened_ms", "alarm"])

    def _find_roots(self) -> None:
        """Let each new alarm join an unfinished one of its owner and rule that is recent and no milder."""
        joining = sorted(
            ((alarm, rule) for alarm, rule, _ in self._new if not alarm.is_late),
            key=lambda pair: pair[0].started_ms,
        )
        if not joining:
            return
        roots: dict[tuple[int, int], Alarm] = {}
        earliest = joining[0][0].started_ms - FLOOD_WINDOW_MS
        standing = Alarm.objects.filter(
            is_open=True,
            root__isnull=True,
            owner__in={alarm.owner_id for alarm, _ in joining},
            rule_version__rule__in={rule for _, rule in joining},
            started_ms__gte=earliest,
        )
        columns = ("owner", "peak", "started_ms", "rule_version__rule")
        for root in standing.select_related("rule_version").only(*columns).order_by("started_ms"):
            _prefer(roots, (root.owner_id, root.rule_version.rule_id), root)
        for alarm, rule in joining:
            first = roots.get((alarm.owner_id, rule))
            near = first is not None and alarm.started_ms - first.started_ms <= FLOOD_WINDOW_MS
            if first is not None and near and first.peak >= alarm.peak:
                alarm.root = first
            else:
                roots[(alarm.owner_id, rule)] = alarm


def _prefer(roots: dict[tuple[int, int], Alarm], key: tuple[int, int], root: Alarm) -> None:
    if key not in roots or root.peak >= roots[key].peak:
        roots[key] = root


def _needs_answer(alarm: Alarm) -> bool:
    """Blue ones are information, late ones are history: nobody is called out of bed."""
    return alarm.peak > Severity.BLUE and not alarm.is_late and alarm.is_active
