"""Which level a job has: by what the applicant chose or measured, and one higher at night and on rest days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bianwang.modules.permits import standard
from bianwang.modules.permits.standard import WorkType
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import SHANGHAI


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def base_level(kind: WorkType, chosen: str = "", measure: float | None = None) -> str:
    """The level without upgrade, by the height (m) or mass (t) or as chosen. Raises ValueError (Chinese)."""
    if kind.level_by == "single":
        return kind.levels[0].code
    if kind.level_by == "chosen":
        if chosen not in {level.code for level in kind.levels}:
            raise ValueError(f"请选择{kind.name}作业的等级。")
        return chosen
    name, unit = ("作业高度", "米") if kind.level_by == "metres" else ("吊装质量", "吨")
    if measure is None:
        raise ValueError(f"请填写{name}（{unit}）。")
    reached = [level.code for level in kind.levels if level.reached(measure)]
    if not reached:
        raise ValueError(
            f"{name}为 {measure:g} {unit}，不足 {kind.levels[0].at_least:g} {unit}，不属于{kind.name}作业。"
        )
    return reached[-1]


def is_special_time(moment: datetime) -> bool:
    """Whether a moment lies at night or on a day on which people do not work."""
    local = moment.astimezone(SHANGHAI)
    return standard.upgrade(local.date()).is_night(local.time()) or not is_working_day(local.date())


def special_time_in(start: datetime, end: datetime) -> bool:
    """Whether [start, end) touches a night or a rest day."""
    points = [start, *(edge for edge in edges(start, end) if edge < end)]
    return any(is_special_time(point) for point in points)


def upgraded(kind: WorkType, level: str) -> str:
    """One level higher, or the same at the top."""
    return kind.levels[min(kind.rank(level) + 1, len(kind.levels) - 1)].code


def level_for(kind: WorkType, base: str, start: datetime, end: datetime, *, day_only: bool) -> str:
    """The level of work in [start, end); `day_only` promises to work in the daytime of working days only."""
    if kind.upgrades and not day_only and special_time_in(start, end):
        return upgraded(kind, base)
    return base


def suffices(kind: WorkType, base: str, level: str, moment: datetime) -> bool:
    """Whether a permit's level is high enough for work at a moment."""
    needed = upgraded(kind, base) if kind.upgrades and is_special_time(moment) else base
    return kind.rank(level) >= kind.rank(needed)


def edges(start: datetime, end: datetime) -> list[datetime]:
    """Moments in (start, end] where night or rest day may begin or end, in order."""
    found: list[datetime] = []
    day = day_of(start)
    while day <= day_of(end):
        rule = standard.upgrade(day)
        for at in (datetime.min.time(), rule.night_from, rule.night_to):
            moment = datetime.combine(day, at, SHANGHAI)
            if start < moment <= end:
                found.append(moment)
        day += timedelta(days=1)
    return sorted(found)
