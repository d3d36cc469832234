"""Whether measured gas concentrations allow work: a pure judgement by the criteria of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bianwang.modules.permits.standard import GROUPS, GasCriteria, Species
from bianwang.modules.sensing.quantities import MOLAR_VOLUME

HEIGHTS = {"top": "上部", "middle": "中部", "bottom": "下部"}
UNITS = {"oxygen": ("%VOL",), "combustible": ("%VOL", "%LEL"), "toxic": ("mg/m³", "ppm")}


@dataclass(frozen=True)
class Measured:
    """One value at one height."""

    height: str
    species: Species
    value: float
    unit: str


@dataclass(frozen=True)
class Judged:
    """Whether it passes, and the range that it was held against, in words."""

    passed: bool
    limit: str


def judge(measured: Measured, criteria: GasCriteria, *, rich: bool = False) -> Judged:
    """Hold one value against the criteria; `rich`: an oxygen-rich surrounding."""
    if measured.species.group == "oxygen":
        high = criteria.oxygen_rich if rich else criteria.oxygen_high
        return Judged(criteria.oxygen_low <= measured.value <= high, f"{criteria.oxygen_low:g}～{high:g} %VOL")
    value = in_base_unit(measured)
    if measured.species.group == "combustible":
        strict = measured.species.lel < criteria.lel_from
        most = criteria.combustible_low if strict else criteria.combustible_high
        return Judged(0 <= value <= most, f"≤{most:g} %VOL")
    return Judged(0 <= value <= measured.species.limit, f"≤{measured.species.limit:g} mg/m³")


def in_base_unit(measured: Measured) -> float:
    """%LEL as %VOL, ppm as mg/m³ (25 ℃, 101.325 kPa)."""
    if measured.unit == "%LEL":
        return measured.value * measured.species.lel / 100
    if measured.unit == "ppm":
        return measured.value * measured.species.molar_mass / MOLAR_VOLUME
    return measured.value


def missing(readings: Iterable[Measured], required: Sequence[str], heights: int) -> str:
    """What a test lacks, in one sentence; "" if it is complete: every group at every height, and heights enough."""
    found: dict[str, set[str]] = {}
    for row in readings:
        found.setdefault(row.height, set()).add(row.species.group)
    if not found:
        return "请至少填写一个高度的检测值。"
    for height, groups in found.items():
        lacking = [GROUPS[group] for group in required if group not in groups]
        if lacking:
            return f"{HEIGHTS[height]}缺少{'、'.join(lacking)}的检测值，请补测后填写。"
    if len(found) < heights:
        return f"空间较大，须在上、中、下至少 {heights} 个高度检测，现只填了 {len(found)} 个。"
    return ""
