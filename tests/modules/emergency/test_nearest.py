"""The nearest resources are those that counting by hand finds, in order, with few questions to the database."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.modules.emergency import goods, nearest, services
from bianwang.modules.emergency.models import Event, Resource
from bianwang.modules.emergency.nearest import box, distance_km
from bianwang.modules.emergency.pack import resources as resource_pack
from bianwang.modules.emergency.queries.resources import by_distance
from bianwang.platform.config import ConfigError
from tests.modules.emergency.resources import called, described, shelter, team
from tests.modules.emergency.things import fire
from tests.people import ClientFor, World

LIST_QUERIES = 16
"""Of the page of the nearest, however many resources there are."""

_east, _north = st.floats(105.9, 106.5), st.floats(29.2, 30.0)
_anywhere = st.tuples(st.floats(73, 136), st.floats(3, 54))


def test_the_examples_hold() -> None:
    for module in (nearest, goods):
        assert doctest.testmod(module).failed == 0


@given(_anywhere, _anywhere, st.floats(0.1, 500))
@settings(max_examples=200, deadline=None)
def test_the_box_loses_nothing_within_the_circle(
    here: tuple[float, float], there: tuple[float, float], km: float
) -> None:
    side, far = box(*here, km), distance_km(*here, *there)
    assert far == pytest.approx(distance_km(*there, *here), abs=1e-6)
    if far <= km:
        assert side.south <= there[1] <= side.north
        assert side.west <= there[0] <= side.east


@pytest.mark.parametrize(("km", "speed", "expected"), [(40, 40, 60), (40.01, 40, 61), (0, 40, 1), (3, 0, None)])
def test_an_estimate_is_the_straight_line_at_the_kinds_speed(km: float, speed: int, expected: int | None) -> None:
    assert nearest.minutes(km, speed) == expected


_name = st.text("水带铁锹救生衣", min_size=1, max_size=8)
_goods = st.lists(
    st.builds(goods.Goods, _name, st.integers(0, 9_999_999), st.sampled_from("盘把件")),
    unique_by=lambda item: item.name,
)


@given(_goods)
@settings(max_examples=50, deadline=None)
def test_goods_are_read_as_they_are_written(items: list[goods.Goods]) -> None:
    assert goods.parse(goods.written(items)) == items


@pytest.mark.parametrize("text", ["水带二十盘", "20 盘", "水带 20", "水带 20 盘；水带 5 盘", "水带 12345678 盘"])
def test_goods_that_make_no_sense_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        goods.parse(text)


@pytest.mark.django_db
@given(st.lists(st.tuples(_east, _north), max_size=25), _east, _north, st.sampled_from([0, 5, 20]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_finds_what_counting_by_hand_finds(
    world: World, places: list[tuple[float, float]], longitude: float, latitude: float, km: int
) -> None:
    Resource.objects.all().delete()
    _strew(world, places)
    by_hand = sorted(
        (distance_km(longitude, latitude, row.longitude or 0, row.latitude or 0), row.pk)
        for row in Resource.objects.filter(longitude__isnull=False)
    )
    expected = [pair for pair in by_hand if not km or pair[0] <= km]
    found = by_distance(Resource.objects.all(), longitude, latitude, km).order_by("distance", "pk")
    told = [(row.distance, row.pk) for row in found]
    assert {pk for _, pk in told} == {pk for _, pk in expected}
    assert [far for far, _ in told] == pytest.approx([far for far, _ in expected], abs=1e-6)


@pytest.mark.django_db
@pytest.mark.usefixtures("limits")
def test_an_event_finds_the_nearest_of_what_its_class_needs(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    event, client = fire(world), client_for("duty")
    near, far = team(world), team(world, name="八塘扑火队", longitude=106.3, latitude=29.8)
    team(world, name="矿山专家", kind="expert")
    team(world, name="没有坐标的队", longitude=None, latitude=None)
    services.set_standing(team(world, name="送修的车", kind="vehicle"), world.who("duty"), "repair", "换水泵")
    _strew(world, [(106.9, 29.9 + number / 1e5) for number in range(200)])
    url = reverse("emergency:nearest", args=[event.pk])
    with django_assert_max_num_queries(LIST_QUERIES):
        page = client.get(f"{url}?needed=1&state=available&within=50")
    assert page.context["sheet"].object_list == [near, far]
    cells = {cell.title: cell for cell in page.context["table"][0][1]}
    km = distance_km(106.2, 29.6, 106.25, 29.58)
    assert (cells["直线距离"].text, cells["调用"].href) == (f"{km:.1f}", f"{url}{near.pk}/call/")
    assert cells["直线估算"].text == f"约 {nearest.minutes(km, 40)} 分钟"
    with django_assert_max_num_queries(LIST_QUERIES):
        everything = client.get(url).context["sheet"]
    assert everything.paginator.count == 204
    called(world, event, near)
    assert client.get(f"{url}?needed=1&state=available&within=50").context["sheet"].object_list == [far]
    made = called(world, event, shelter(world))
    row = client.get(f"{url}?kind=shelter").context["table"][0][1]
    assert [(cell.text, cell.href) for cell in row if cell.title == "调用"] == [("已调用", made.get_absolute_url())]
    export = client.get(f"{url}?needed=1&within=50&export=xlsx")
    assert export["Content-Type"].startswith("application/vnd.openxmlformats")


@pytest.mark.django_db
@pytest.mark.usefixtures("limits")
def test_without_coordinates_it_says_what_to_do(world: World, client_for: ClientFor) -> None:
    event = fire(world, longitude=None, latitude=None)
    team(world)
    page = client_for("duty").get(reverse("emergency:nearest", args=[event.pk])).content.decode()
    assert "没有坐标，不能按距离排列。请回到事件页“更正”" in page
    assert called(world, event, shelter(world)).distance is None
    assert Event.objects.get().callups.count() == 1


def test_the_pack_refuses_what_it_does_not_know() -> None:
    dated = {"source": "区局", "article": "", "certainty": "待核实", "valid_from": "2020-01-01"}
    kind = {"code": "drone", "name": "无人机", "unit": "架", "speed": 40, "verify_days": 30, **dated}
    need = {"class": "flood", "kinds": ["drone"], **dated}
    assert resource_pack.read({"kinds": [kind], "needs": [need]}).needs[0].kinds == ("drone",)
    for wrong in (
        {"kinds": [kind], "needs": [{**need, "kinds": ["boat"]}]},
        {"kinds": [kind], "needs": [{**need, "class": "war"}]},
        {"kinds": [{**kind, "verify_days": 0}], "needs": []},
        {"kinds": [kind, kind], "needs": []},
    ):
        with pytest.raises(ConfigError, match=r"resources\.yaml"):
            resource_pack.read(wrong)


def _strew(world: World, places: list[tuple[float, float]]) -> None:
    """Teams at these places, written at once."""
    first = described(world, name="")
    del first["items"]
    rows = [
        Resource(**{**first, "name": f"队{number}", "longitude": east, "latitude": north}, state="available")
        for number, (east, north) in enumerate(places)
    ]
    for row in rows:
        row.state_since = world.people["duty"].password_changed_at
    Resource.objects.bulk_create(rows)
