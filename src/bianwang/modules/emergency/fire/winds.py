"""Winds as people write them: one line an hour, speed and where it comes from."""

from __future__ import annotations

import re

from bianwang.spread.conditions import Weather
from bianwang.spread.errors import SpreadError
from bianwang.spread.wang import EIGHT

CALM = "静风"


def direction(text: str) -> float:
    """Compass degrees of a wind's origin: a number or one of eight words. Raises SpreadError.

    >>> direction("东北"), direction("西北风"), direction("225"), direction("静风")
    (45.0, 315.0, 225.0, 0.0)
    """
    word = text.strip().removesuffix("°").removesuffix("风" if text.strip() != CALM else "")
    if word == CALM:
        return 0.0
    if word in EIGHT:
        return EIGHT.index(word) * 45.0
    try:
        return float(word)
    except ValueError:
        raise SpreadError(f"风向“{text}”不认识，请填 0～360 度或北、东北、东等八个方位（风从哪里来）。") from None


def word(degrees: float) -> str:
    """The nearest of the eight points of the compass.

    >>> word(350.0), word(100.0)
    ('北', '东')
    """
    return EIGHT[round(degrees / 45) % 8]


def series(text: str, hours: int, temperature: float, humidity: float) -> list[Weather]:
    """An hour for each line; the last line holds to the end. Raises SpreadError that names the line.

    >>> [hour.wind for hour in series("4 东北\\n6 45 38 20", 3, 30, 40)]
    [4.0, 6.0, 6.0]
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise SpreadError("请至少填一行风：风速 风向，如“4.5 东北”。")
    if len(lines) > hours:
        raise SpreadError(f"风有 {len(lines)} 行，只推演 {hours} 小时，请删去多余的行或加长时长。")
    found = [_hour(number, line, temperature, humidity) for number, line in enumerate(lines, 1)]
    return found + found[-1:] * (hours - len(found))


def _hour(number: int, line: str, temperature: float, humidity: float) -> Weather:
    words = re.split(r"[\s,，、]+", line.strip())
    if len(words) not in (2, 3, 4):
        raise SpreadError(f"第 {number} 行“{line.strip()[:40]}”应是“风速 风向”，可再加“气温 湿度”。")
    try:
        wind = float(words[0])
        heat, damp = [*map(float, words[2:]), *(temperature, humidity)[len(words) - 2 :]]
    except ValueError:
        raise SpreadError(f"第 {number} 行“{line.strip()[:40]}”里有不是数的内容，请改正。") from None
    try:
        return Weather(wind, direction(words[1]), heat, damp)
    except SpreadError as error:
        raise SpreadError(f"第 {number} 行：{error}") from None
