"""What was found on a visit, and what became of it by the end of the year."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from bianwang.modules.hazards.models import Criterion
from bianwang.processes.demo.golden.year import Golden, moment

_LIMITS = (15, 15, 15, 30)
"""Days to rectify in."""
_MAJOR_DAYS = 60
_LATE_AUTUMN, _LAST_DAYS = (11, 1), (12, 19)
"""Month and day from which on findings may be left overdue, or open, at the end of the year."""
LEFT = ("overdue", "waiting", "major_open", "major")
"""What only few hazards are: overdue, open within their limit, major and open, major and rectified."""


class Finder:
    """Makes hazards of a year in the order of the units' visits, and leaves as many open as the year's file says."""

    def __init__(self, golden: Golden) -> None:
        data, year = golden.data.hazards, golden.data.year
        self._titles = data.titles
        self._criteria = {code: _criterion(code, year) for code in data.criteria.values()}
        self._by_sector = data.criteria
        self._late, self._last = date(year, *_LATE_AUTUMN), date(year, *_LAST_DAYS)
        self._end = moment(date(year, 12, 31), 20)
        self._major_from = self._late
        self._left: Counter[str] = Counter()

    def allow(self, chance: random.Random, **few: int) -> None:
        """So many more may be left so; what one unit does not use is the next one's."""
        self._left.update(few)
        self._major_from = date(self._late.year, 1 + int(chance.random() * 10), 1)

    def settle(self) -> None:
        """Raises ValueError where fewer were left open than the file says: the scale is too small."""
        if any(self._left.values()):
            raise ValueError(f"not left as the file says: {dict(self._left)}")

    def found(self, chance: random.Random, owner: int, sector: str, day: date, source: str) -> dict[str, Any]:
        """A hazard of an enterprise by a unit without officers: columns of Hazard by attribute name."""
        row = self._row(chance, owner, day, source)
        at: datetime = row["found_at"]
        if day >= self._last:
            if self._take("major_open"):
                return row | self._major(sector, day)
            if self._take("waiting"):
                return row
        elif day >= self._late and row["rectify_by"] < self._end and self._take("overdue"):
            return row | {"overdue_at": row["rectify_by"] + timedelta(minutes=1)}
        elif self._major_from <= day < self._late and self._take("major"):
            return row | self._major(sector, day) | self._rectified(chance, at, 24 * 40)
        return row | self._rectified(chance, at, 24 * (14 if chance.random() < 0.97 else 28))

    def enforced(self, chance: random.Random, owner: int, day: date) -> dict[str, Any]:
        """A hazard whose rectification officers ordered and found done."""
        row = self._row(chance, owner, day, "enforcement")
        done = {"rectified_at": row["found_at"] + timedelta(days=6), "closed_at": row["found_at"] + timedelta(days=7)}
        return row | {"track": "enforcement", "result": "已整改到位。"} | done

    def _row(self, chance: random.Random, owner: int, day: date, source: str) -> dict[str, Any]:
        category, title = self._titles[int(chance.random() * len(self._titles))]
        return {
            "owner_id": owner,
            "source": source,
            "track": "unit",
            "title": title,
            "category": category,
            "grade": "general",
            "found_at": moment(day) + timedelta(minutes=int(chance.random() * 480)),
            "rectify_by": _end_of(day, _LIMITS[int(chance.random() * len(_LIMITS))]),
        }

    def _take(self, what: str) -> bool:
        """Whether one more may be left so."""
        if not self._left[what]:
            return False
        self._left[what] -= 1
        return True

    def _major(self, sector: str, day: date) -> dict[str, Any]:
        criterion = self._criteria[self._by_sector.get(sector, self._by_sector["other"])]
        return {
            "grade": "major",
            "criterion_id": criterion.pk,
            "title": criterion.name[:120],
            "rectify_by": _end_of(day, _MAJOR_DAYS),
            "listed_at": moment(day, 18),
            "responsible": "企业主要负责人",
            "measures": "停止相关作业，限期改造，验收合格后恢复。",
            "funds": 50_000,
            "plan": "专人盯守，设置警戒。",
        }

    def _rectified(self, chance: random.Random, at: datetime, hours: int) -> dict[str, Any]:
        """Done within so many hours, most soon, and at the latest on the last day of the year."""
        share = chance.random()
        done = min(at + timedelta(hours=2 + int(share * share * hours)), self._end)
        closed = min(done + timedelta(hours=1 + int(chance.random() * 48)), self._end + timedelta(hours=1))
        return {"rectified_at": done, "closed_at": closed, "result": "已整改到位。"}


def _criterion(code: str, year: int) -> Criterion:
    return Criterion.objects.filter(code=code, valid_from__lte=date(year, 1, 1)).latest("valid_from")


def _end_of(day: date, days: int) -> datetime:
    return moment(day + timedelta(days=days), 23, 59)
