"""Permits in each other's way: exactly where their times have a moment in common and they are near enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.permits import services
from bianwang.modules.permits.conflicts import conflicts_among, conflicts_of, overlap
from bianwang.modules.permits.models import Permit
from bianwang.platform.clock import now
from bianwang.platform.places.models import Workshop
from bianwang.platform.workflow.errors import Refused
from tests.modules.permits.jobs import applied, approved, clock, finish, prepared, working, zone
from tests.people import World

DEGREE_M = 111_195.0
ZERO = datetime(2026, 11, 23, tzinfo=UTC)


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_times_overlap_if_and_only_if_they_share_a_minute(minutes: list[int]) -> None:
    one, other = (sorted(minutes[:2]), sorted(minutes[2:]))
    one[1], other[1] = one[1] + 1, other[1] + 1
    shared = set(range(*one)) & set(range(*other))
    windows = [(ZERO + timedelta(minutes=a), ZERO + timedelta(minutes=b)) for a, b in (one, other)]
    assert overlap(*windows) is bool(shared)
    assert overlap(*reversed(windows)) is bool(shared)


@pytest.mark.django_db
@pytest.mark.usefixtures("limits")
class TestInTheDatabase:
    """Conflicts of real permits."""

    def test_a_blocking_conflict_refuses_the_approval_and_names_the_other(self, world: World) -> None:
        with clock():
            other = working(world, "blind_plate")
            permit = prepared(world, "hot_work")
            with pytest.raises(Refused, match=f"{other.number}（盲板抽堵，溶剂库.*30 m 内不应动火"):
                services.approve(permit, world.who("safety_mate"), "负责人")
            finish(world, other)
            services.approve(permit, world.who("safety_mate"), "负责人")
        assert Permit.objects.get(pk=permit.pk).state == "approved"

    def test_a_warning_is_shown_and_does_not_refuse(self, world: World) -> None:
        with clock():
            first = working(world, "height")
            permit = prepared(world, "height")
            found = conflicts_of(permit)
            assert [(one.other, one.effect) for one in found] == [(first, "warn")]
            services.approve(permit, world.who("safety_mate"), "负责人")
            assert len(conflicts_among([first, permit])) == 1

    def test_one_after_the_other_is_no_conflict(self, world: World) -> None:
        with clock():
            approved(world, "lifting")
            later = prepared(world, "lifting", planned_start=now() + timedelta(hours=4))
            assert conflicts_of(later) == []
            sooner = prepared(world, "lifting", planned_start=now() + timedelta(hours=4, minutes=-1))
            assert len(conflicts_of(sooner)) == 1

    @pytest.mark.parametrize(("metres", "count"), [(29.0, 1), (31.0, 0)])
    def test_with_coordinates_the_distance_decides(self, world: World, metres: float, count: int) -> None:
        with clock():
            approved(world, "lifting", longitude=106.2, latitude=29.6)
            beside = {"longitude": 106.2, "latitude": 29.6 + metres / DEGREE_M}
            permit = applied(world, "lifting", zone(world, "北跨"), **beside)
            assert len(conflicts_of(permit)) == count

    def test_without_coordinates_the_zone_decides_and_the_same_workshop_is_looked_at(self, world: World) -> None:
        shop = Workshop.objects.create(owner=world.plant, name="一车间")
        near, nearby, far = (zone(world, name) for name in ("东跨", "西跨", "库房"))
        for one in (near, nearby):
            one.workshop = shop
            one.save()
        with clock():
            approved(world, "lifting", near)
            effects = [
                [one.effect for one in conflicts_of(applied(world, "lifting", at))] for at in (near, nearby, far)
            ]
        assert effects == [["block"], ["warn"], []]

    def test_another_enterprises_permit_is_never_in_the_way(self, world: World) -> None:
        with clock():
            approved(world, "lifting")
            mine = applied(world, "lifting")
            Permit.objects.filter(pk=mine.pk).update(owner=world.other)
            mine.refresh_from_db()
            assert conflicts_of(mine) == []
