"""Which earlier visit a row of a unit's Excel list is the recheck of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bianwang.modules.enforcement.models import Visit
from bianwang.platform.exchange.sheets import Row

_PIECE = 500
Key = tuple[int, str]
"""A unit, and the number that it gave a visit."""


class Earlier:
    """The earlier visits of a list's rechecks: among what was reported, and above them in the list."""

    def __init__(self, rows: list[Row], units: Mapping[str, int], enterprises: Mapping[str, int]) -> None:
        self.rows, self.units, self.enterprises = rows, units, enterprises
        self.places: dict[Key, int] = {}
        for place, key in self._keys("number"):
            self.places.setdefault(key, place)
        rechecks = {place for place, _ in self._keys("recheck_number")}
        own = [key for place, key in self._keys("number") if place in rechecks]
        self.reported = _reported([*own, *(key for _, key in self._keys("recheck_number"))])

    def of(self, place: int) -> tuple[Visit | None, str]:
        """The earlier visit of a row as it will stand, and what is wrong with naming it ("" nothing)."""
        row, unit = self.rows[place], self.units.get(self.rows[place].get("unit") or "")
        number, is_recheck = row.get("recheck_number"), row.get("kind") == Visit.Kind.RECHECK
        if not number:
            return None, "类别为“复查”的，请填写原检查的报送单位编号。" if is_recheck else ""
        if not is_recheck:
            return None, "只有类别为“复查”的检查才填原检查编号，请改类别或清空本格。"
        if unit is None or row.get("credit_code") not in self.enterprises:
            return None, ""
        if self._is_void((unit, row.get("number") or "")):
            return None, ""
        return self._find((unit, number), place)

    def _find(self, key: Key, place: int) -> tuple[Visit | None, str]:
        reported, above = self.reported.get(key), self.places.get(key)
        if reported is not None and reported.state != Visit.State.DONE:
            return None, f"编号为“{key[1]}”的原检查{reported.get_state_display()}，不能作为复查的对象。"
        if above is not None and above != place and (above < place or reported is not None):
            return self._read(above, key[0]), ""
        if reported is not None and above != place:
            return reported, ""
        return None, f"本单位没有编号为“{key[1]}”的原检查，请先导入它，或把它放在本行之前。"

    def _read(self, place: int, unit: int) -> Visit | None:
        """The earlier visit as its row gives it; None for a row that is refused itself."""
        row = self.rows[place]
        if row.get("date") is None:
            return None
        visit = Visit(unit_id=unit, date=row["date"])
        visit.enterprise_id = self.enterprises.get(row.get("credit_code") or "", 0)
        return visit

    def _is_void(self, key: Key) -> bool:
        """Whether the row's own visit was voided here: then the import leaves it alone, and so does the check."""
        own = self.reported.get(key)
        return own is not None and own.state == Visit.State.VOID

    def _keys(self, column: str) -> Iterator[tuple[int, Key]]:
        for place, row in enumerate(self.rows):
            unit = self.units.get(row.get("unit") or "")
            if unit is not None and row.get(column):
                yield place, (unit, row[column])


def _reported(keys: Iterable[Key]) -> dict[Key, Visit]:
    found, wanted = {}, sorted(set(keys))
    for start in range(0, len(wanted), _PIECE):
        piece = wanted[start : start + _PIECE]
        rows = Visit.objects.filter(unit__in={unit for unit, _ in piece}, external_number__in={n for _, n in piece})
        found.update({(visit.unit_id, visit.external_number or ""): visit for visit in rows})
    return found
