"""A fire is judged by both laws in a process of its own; who is in its way, in which order; what is refused."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.emergency import services
from bianwang.modules.emergency.fire.burning import burn, ground, ignitions, inside
from bianwang.modules.emergency.fire.plan import Fuel, Layer, Plan
from bianwang.modules.emergency.fire.planning import plan_of
from bianwang.modules.emergency.fire.process import run
from bianwang.modules.emergency.models import Arrival, Judgement
from bianwang.modules.emergency.models.judgement import NOTICE
from bianwang.modules.emergency.pack.fuels import FirePack, check, fire_pack
from bianwang.platform.crypto import sm3
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import Grid
from bianwang.spread.rasters import Raster
from tests.modules.emergency.things import fire, judged, settled
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _form(**values: Any) -> dict[str, Any]:
    return {
        "starts_at": "2026-08-23T04:10", "points": "106.2，29.6", "hours": "3", "winds": "5 东北", "temperature": "36",
        "humidity": "25", "fuel": "4", "moisture": "6", "cell": "50", "span": "4", **values,
    }  # fmt: skip


def test_a_fire_is_judged_and_shown_with_who_is_in_its_way(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), client_for("duty")
    settled(world)
    settled(world, name="上风社", longitude=106.207, latitude=29.606)
    Enterprise.objects.update(latitude=29.7)
    Enterprise.objects.filter(pk=world.plant.pk).update(longitude=106.198, latitude=29.599)
    url = reverse("emergency:judgement_new", args=[event.pk])
    assert duty.post(url, _form()).status_code == 302
    row = Judgement.objects.get()
    assert "排队等待推演" in duty.get(row.get_absolute_url()).content.decode()
    services.compute_waiting()
    row.refresh_from_db()
    assert (row.state, row.progress, row.failure) == ("done", 2, "")
    assert row.result_digest == sm3(row.result.encode()).hex()
    assert "numba" in row.versions
    order = list(Arrival.objects.values_list("name", flat=True))
    assert order[:2] == ["青杠机械厂", "石河村三社"]
    first = Arrival.objects.get(name="石河村三社")
    assert first.wang_early is not None
    assert first.wang_likely is not None
    assert first.first <= first.wang_early < first.wang_likely
    page = duty.get(row.get_absolute_url(), {"hour": "2"}).content.decode()
    assert page.count('<svg class="emergency-map') == 2
    assert NOTICE in page
    assert "2 小时后" in page
    part = duty.get(row.get_absolute_url(), {"hour": "1"}, headers={"HX-Request": "true", "HX-Target": "fronts"})
    assert part.content.decode().lstrip().startswith('<div id="fronts">')
    assert client_for("town").get(row.get_absolute_url()).status_code == 200
    assert client_for("town2").get(row.get_absolute_url()).status_code == 404
    assert "第 1 次" in duty.get(event.get_absolute_url()).content.decode()
    assert [entry.verb for entry in Entry.objects.filter(object_type="emergency.judgement").order_by("pk")] == [
        "emergency.judge",
        "emergency.judged",
    ]
    _figures_are_rows(row, duty)
    _order_can_be_exported(row, duty)


def _figures_are_rows(row: Judgement, duty: Any) -> None:
    """Every number of the table leads to a list with as many people."""
    context = duty.get(row.get_absolute_url()).context
    seen = set()
    for line in context["table"]:
        for law in line.laws:
            for figure in (law.likely, law.possible):
                listed = duty.get(figure.url).context["sheet"].object_list
                assert sum(each.people for each in listed) == figure.people
                assert sum(each.kind == "enterprise" for each in listed) == figure.enterprises
                seen.add(figure.people)
    assert seen >= {0, 52}


def _order_can_be_exported(row: Judgement, duty: Any) -> None:
    response = duty.get(reverse("emergency:arrivals", args=[row.pk]), {"export": "xlsx"})
    sheet: Any = load_workbook(io.BytesIO(response.content)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert [line[1] for line in lines[3:5]] == ["青杠机械厂", "石河村三社"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"points": ""}, "points"),
        ({"points": "29.6，106.2"}, "points"),
        ({"points": "106.2"}, "points"),
        ({"points": "\n".join(["106.2 29.6"] * 21)}, "points"),
        ({"points": "106.2 29.6\n106.24 29.6"}, "side"),
        ({"hours": "25"}, "hours"),
        ({"winds": "5 斜"}, "winds"),
        ({"winds": "\n".join(["5 北"] * 4)}, "winds"),
        ({"fuel": ""}, "fuel"),
        ({"fuel": "9"}, "fuel"),
        ({"cell": "10", "span": "30"}, "side"),
        ({"perimeter": SimpleUploadedFile("a.json", b'{"type":"Point","coordinates":[106,29]}')}, "perimeter"),
    ],
)
def test_a_wrong_question_names_its_field(
    world: World, client_for: ClientFor, values: dict[str, Any], field: str
) -> None:
    event = fire(world)
    response = client_for("duty").post(reverse("emergency:judgement_new", args=[event.pk]), _form(**values))
    assert response.status_code == 422
    errors = response.context["form"].errors
    # What the form has no field for stands above it.
    assert (field if field != "side" else "__all__") in errors
    assert not Judgement.objects.exists()


def test_only_open_fires_are_judged_by_those_who_command(world: World) -> None:
    flood = fire(world, kind="flood", subtype="")
    with pytest.raises(Refused, match="森林火灾"):
        judged(world, flood)
    event = fire(world)
    with pytest.raises(PermissionDenied):
        services.judge_fire(world.who("town"), event, {})
    workflow.advance(event, "revoke", world.who("duty"), reason="误报")
    with pytest.raises(Refused, match="已撤销"):
        judged(world, event)


def test_one_judgement_of_an_event_at_a_time(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    judged(world, event)
    response = client_for("duty").post(reverse("emergency:judgement_new", args=[event.pk]), _form())
    assert response.status_code == 422
    assert "没有算完" in response.content.decode()
    Judgement.objects.update(state="failed")
    assert judged(world, event).number == 2


def test_what_cannot_be_computed_says_why(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    values = np.full((3, 3), 500.0)
    far = services.import_ground(
        world.who("duty"),
        {"kind": "elevation", "name": "别处", "source": "试"},
        Raster(values, 107, 30, 0.01),
        "0" * 64,
    )
    row = judged(world, event, elevation=far)
    services.compute_waiting()
    row.refresh_from_db()
    assert row.state == "failed"
    assert "没有重叠" in row.failure
    assert "没有重叠" in client_for("duty").get(row.get_absolute_url()).content.decode()
    small = services.import_ground(
        world.who("duty"),
        {"kind": "elevation", "name": "小块", "source": "试"},
        Raster(values, 106.2, 29.6, 0.001),
        "0" * 64,
    )
    row = judged(world, event, elevation=small)
    with pytest.raises(SpreadError, match="只覆盖推演范围的"):
        plan_of(row, [])


def test_what_a_dead_process_left_is_tried_once_more(world: World) -> None:
    row = judged(world, fire(world))
    Judgement.objects.update(state="running", tries=1)
    services.compute_waiting()
    row.refresh_from_db()
    assert (row.state, row.tries) == ("done", 2)
    other = judged(world, fire(world))
    Judgement.objects.filter(pk=other.pk).update(state="running", tries=2)
    services.compute_waiting()
    other.refresh_from_db()
    assert (other.state, Entry.objects.filter(verb="emergency.judge_fail").count()) == ("failed", 1)
    services.compute_waiting()


def test_the_process_gives_what_is_computed_here_and_the_same_twice(world: World) -> None:
    row = judged(world, fire(world))
    plan = plan_of(row, [(106.198, 29.599), (106.3, 29.6)])
    told: list[int] = []
    answer = run(plan, told.append)
    assert told == [1, 2]
    assert msgspec.json.encode(answer.fires) == msgspec.json.encode(burn(plan, lambda done: None))
    assert answer.fires[0].arrivals[1] == (None, None, None)
    assert run(msgspec.structs.replace(plan, fuel=9), told.append).refused.startswith("起火点所在的格")


def _plan(**values: Any) -> Plan:
    basis: dict[str, Any] = {
        "longitude": 106.2, "latitude": 29.6, "cell": 50.0, "side": 61, "weather": [], "points": [], "perimeter": [],
        "fuels": [Fuel(4, 4, 3)], "fuel": 4, "fuel_layer": None, "elevation": None, "moisture": 6.0, "places": [],
    }  # fmt: skip
    return Plan(**{**basis, **values})


def test_a_perimeter_burns_from_the_beginning_but_not_its_hole() -> None:
    outer = [(106.19, 29.59), (106.21, 29.59), (106.21, 29.61), (106.19, 29.61), (106.19, 29.59)]
    hole = [(106.198, 29.598), (106.202, 29.598), (106.202, 29.602), (106.198, 29.602), (106.198, 29.598)]
    plan = _plan(perimeter=[outer, hole])
    found = ignitions(plan, ground(plan, "wang"))
    assert len(found) == pytest.approx((1938 * 2217 - 388 * 443) / 2500, rel=0.03)
    assert min(np.hypot(each.x, each.y) for each in found) > 180
    with pytest.raises(SpreadError, match="没有可燃的格"):
        ignitions(plan, ground(msgspec.structs.replace(plan, fuel=9), "wang"))


def test_a_fuel_raster_means_what_the_district_says() -> None:
    classes = np.full((61, 61), 4.0)
    classes[:, 20], classes[:, 21] = np.nan, 99
    plan = _plan(fuel=0, fuel_layer=Layer.of(classes))
    for law, code in (("wang", 4), ("rothermel", 3)):
        codes = ground(plan, law).codes()
        assert (codes[:, :20] == code).all()
        assert (codes[:, 20:22] == 0).all()


def test_inside_is_even_odd() -> None:
    square = np.array([[-100, -100], [100, -100], [100, 100], [-100, 100], [-100, -100]], float)
    grid = Grid(10.0, np.ones((40, 40)), None, -200, -200)
    assert inside([square], grid).sum() == 400
    assert inside([square, square / 2], grid).sum() == 300


def test_the_pack_knows_both_laws() -> None:
    rows = fire_pack().fuels
    wrong = msgspec.structs.replace(rows[0], wang=7)
    with pytest.raises(ValueError, match="没有这一种"):
        check(FirePack((wrong,)))
    with pytest.raises(ValueError, match="同日生效"):
        check(FirePack((rows[0], rows[0])))
