"""Arithmetic of the annual plan: how many working days there are for inspections, and how much of it is done.

Pure: no Django, so that every figure of a page can be recomputed by anybody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Workdays:
    """Working days of a plan (应急管理部门年度监督检查计划编制办法, 安监总政法〔2017〕150号, art. 7).

    监督检查工作日 = 总法定工作日 − 其他执法工作日 − 非执法工作日; 总法定工作日 = 国家法定工作日 × 人数.
    """

    statutory: int
    people: int
    other: int
    non_enforcement: int

    @property
    def total(self) -> int:
        """总法定工作日."""
        return self.statutory * self.people

    @property
    def available(self) -> int:
        """监督检查工作日; negative when more was set aside than there is."""
        return self.total - self.other - self.non_enforcement

    def lines(self) -> list[tuple[str, str]]:
        """The arithmetic, one step a line, with its figures."""
        return [
            ("总法定工作日", f"{self.statutory} × {self.people} = {self.total}"),
            ("监督检查工作日", f"{self.total} − {self.other} − {self.non_enforcement} = {self.available}"),
        ]


@dataclass(frozen=True)
class Share:
    """A rate with what it is made of."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """In per cent with two decimals; None of nothing."""
        return round(100 * self.part / self.whole, 2) if self.whole else None


def completion(planned: Collection[int], visited: Collection[int]) -> Share:
    """计划完成率 = 已检查计划企业数 ÷ 计划企业数: distinct enterprises, however often they were visited."""
    wanted = set(planned)
    return Share(len(wanted & set(visited)), len(wanted))


def removed_without_reason(before: Collection[int], after: Collection[int], explained: Collection[int]) -> set[int]:
    """Enterprises that a new version leaves out and nobody says why."""
    return set(before) - set(after) - set(explained)
