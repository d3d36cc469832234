"""How an indicator stands against its plan during the year. Pure: no Django, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from bianwang.modules.indicators.scoring import AT_MOST, BY_DAY, QUALITATIVE, Reached, Target

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "secondary"
SOON_DAYS = 30


@dataclass(frozen=True)
class Light:
    """The colour and the words beside it."""

    colour: str
    words: str


def planned_share(plan: tuple[int, int, int], on: date) -> Decimal:
    """What share of the year's target is planned by a day, in per cent: straight lines between the quarters' ends."""
    year = on.year
    ends = [date(year - 1, 12, 31), date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)]
    shares = [0, *plan, 100]
    quarter = next(index for index in range(1, 5) if on <= ends[index])
    passed = Decimal((on - ends[quarter - 1]).days) / (ends[quarter] - ends[quarter - 1]).days
    return shares[quarter - 1] + passed * (shares[quarter] - shares[quarter - 1])


def light(
    target: Target,
    reached: Reached | None,
    plan: tuple[int, int, int] | None,
    on: date,
    *,
    red_below: Decimal,
    yellow_below: Decimal,
) -> Light:
    """Green, yellow or red as of a day; grey where nobody can tell yet."""
    if target.direction == QUALITATIVE:
        return Light(NONE, "年末评定") if reached is None else Light(GREEN, "已评定")
    if target.direction == BY_DAY:
        return _by_day(target, reached, on)
    if not isinstance(reached, Decimal) or target.value is None:
        return Light(NONE, "缺数")
    if not target.deviation(reached):
        return Light(GREEN, "已达目标" if target.direction != AT_MOST else "未超目标")
    planned = planned_share(plan, on) if plan else Decimal(100)
    if target.direction == AT_MOST:
        share = 100 * target.value / reached
    else:
        wanted = target.value * planned / 100
        share = 100 * reached / wanted if wanted else Decimal(100)
    # Green is for what may still come in time: a rate that is missed, or a year that is over, is yellow at best.
    on_plan = share >= yellow_below and planned < 100 and target.direction != AT_MOST
    colour = RED if share < red_below else GREEN if on_plan else YELLOW
    if target.direction == AT_MOST:
        return Light(colour, "已超目标")
    return Light(colour, f"为{'计划进度' if plan else '目标'}的 {share:.0f}%")


def _by_day(target: Target, reached: Reached | None, on: date) -> Light:
    last = cast(date, target.day)
    if isinstance(reached, date) and reached <= on:
        return Light(GREEN, "按时完成") if reached <= last else Light(RED, "逾期完成")
    left = (last - on).days
    if left < 0:
        return Light(RED, f"已逾期 {-left} 天")
    return Light(YELLOW if left <= SOON_DAYS else GREEN, f"还有 {left} 天")
