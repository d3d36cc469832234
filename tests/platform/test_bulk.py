"""Very many rows at once are the rows that one at a time would have been."""

from __future__ import annotations

from datetime import date

import pytest

from bianwang.modules.enforcement.models import Visit
from bianwang.platform import bulk, clock
from bianwang.platform.clock import SHANGHAI
from tests.people import World

pytestmark = pytest.mark.django_db


def test_rows_are_as_if_saved_one_by_one(world: World) -> None:
    moment = clock.now()
    given = {"unit_id": world.town.pk, "enterprise_id": world.plant.pk, "kind": "patrol", "scope": "district"}
    given |= {"date": date(2022, 5, 9), "made_by_id": world.people["town"].pk, "made_at": moment}
    saved = Visit(**given)
    saved.save()
    bulk.insert(Visit, [{**given, "external_number": f"{number}"} for number in range(3)])
    columns = [field.attname for field in Visit._meta.concrete_fields if field.name not in {"id", "external_number"}]
    rows = list(Visit.objects.order_by("pk").values_list(*columns))
    assert len(rows) == 4
    assert len(set(rows)) == 1
    assert list(Visit.objects.order_by("pk").values_list("external_number", flat=True)) == [None, "0", "1", "2"]


def test_at_a_moment_now_and_today_are_that_moment() -> None:
    moment = clock.now().replace(year=2022, month=8, day=23, hour=17)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today() == moment.astimezone(SHANGHAI).date() == date(2022, 8, 24)
    assert clock.now().year > 2022
