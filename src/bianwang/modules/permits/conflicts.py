"""Permits that get into each other's way: in time by [start, end), in space by distance or zone, by the matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from bianwang.modules.permits import standard
from bianwang.modules.permits.levels import day_of
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.standard import ConflictRule, Effect
from bianwang.modules.permits.workflow import LIVE
from bianwang.platform.ui.templatetags.bian import moment

Window = tuple[datetime, datetime]

_EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Conflict:
    """One permit in the way of another: how bad, why, and how near."""

    permit: Permit
    other: Permit
    rule: ConflictRule
    effect: Effect
    where: str

    @property
    def sentence(self) -> str:
        """What the approver reads."""
        other = self.other
        return (
            f"与作业票 {other.number}（{other.title}，{other.zone.name}，{other.state_row.name}，"
            f"有效至 {moment(other.window[1])}）时空冲突：{self.where}，{self.rule.why}。"
        )


def overlap(one: Window, other: Window) -> bool:
    """Whether two half-open times have a moment in common."""
    return one[0] < other[1] and other[0] < one[1]


def conflicts_of(permit: Permit, window: Window | None = None) -> list[Conflict]:
    """Live permits of the same unit in the way of this one, the blocking ones first."""
    others = Permit.objects.filter(owner=permit.owner_id, state__in=LIVE).exclude(pk=permit.pk)
    found = [_between(permit, other, window or permit.window) for other in others.select_related("zone")]
    return sorted((one for one in found if one), key=lambda one: one.effect)


def conflicts_among(permits: Iterable[Permit]) -> list[Conflict]:
    """Pairs of the given permits (with their zones) that are in each other's way."""
    by_owner: dict[int, list[Permit]] = {}
    for permit in permits:
        by_owner.setdefault(permit.owner_id, []).append(permit)
    pairs = (pair for rows in by_owner.values() for pair in combinations(rows, 2))
    found = (_between(one, other, one.window) for one, other in pairs)
    return [one for one in found if one]


def distance(one: Permit, other: Permit) -> float | None:
    """Metres between two jobs; None where one has no coordinates."""
    if None in (one.longitude, one.latitude, other.longitude, other.latitude):
        return None
    x1, y1, x2, y2 = (
        radians(float(value or 0)) for value in (one.longitude, one.latitude, other.longitude, other.latitude)
    )
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(half)))


def _between(permit: Permit, other: Permit, window: Window) -> Conflict | None:
    rule = standard.conflict_rule(permit.kind, other.kind, day_of(window[0]))
    if rule is None or not overlap(window, other.window):
        return None
    metres = distance(permit, other) if rule.distance else None
    if metres is not None:
        if metres > rule.distance:
            return None
        return Conflict(permit, other, rule, rule.effect, f"相距约 {metres:.0f} m（须大于 {rule.distance:g} m）")
    if permit.zone_id == other.zone_id:
        return Conflict(permit, other, rule, rule.effect, "在同一区域")
    if rule.distance and permit.zone.workshop_id and permit.zone.workshop_id == other.zone.workshop_id:
        # How far apart is not known, so a person has to look.
        return Conflict(permit, other, rule, "warn", "在同一车间，未填坐标，距离不明")
    return None
