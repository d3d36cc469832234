"""Visits of a past year, listed elsewhere until now: taken over in pieces, with one ledger row for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bianwang.modules.enforcement.models import Visit, VisitHazard
from bianwang.modules.hazards.models import Hazard
from bianwang.platform import bulk
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party


@transaction.atomic
def load_history(
    user: User, unit: Party, rows: Sequence[Mapping[str, Any]], found: Mapping[str, str], *, is_demo: bool = False
) -> None:
    """Write a piece (≤ 1,000 rows) of the visits that a unit other than the bureau has made.

    `rows` are columns of Visit by attribute name, `external_number` among them; `found` says at which visit of the
    piece each of the unit's hazards was found, both by the unit's own numbers. Ceilings are not held against them.
    """
    if not rows:
        return
    common = {"unit_id": unit.pk, "scope": Visit.Scope.DISTRICT, "made_by_id": user.pk, "made_at": now()}
    bulk.insert(Visit, [{**row, **common, "is_demo": is_demo} for row in rows])
    _link(unit, found)
    numbers = [row["external_number"] for row in rows]
    told = {
        "检查": (None, len(rows)),
        "编号": (None, f"{numbers[0]} 至 {numbers[-1]}"),
        "发现的隐患": (None, len(found)),
    }
    record("enforcement.history", unit, owner=unit.pk, changes=told)


def _link(unit: Party, found: Mapping[str, str]) -> None:
    visits = Visit.objects.filter(unit=unit, external_number__in=set(found.values()))
    hazards = Hazard.objects.filter(reporting_unit=unit, external_number__in=found)
    by_number: dict[str | None, int] = dict(visits.values_list("external_number", "pk"))
    ids: dict[str | None, int] = dict(hazards.values_list("external_number", "pk"))
    bulk.insert(
        VisitHazard, [{"hazard_id": ids[hazard], "visit_id": by_number[visit]} for hazard, visit in found.items()]
    )
