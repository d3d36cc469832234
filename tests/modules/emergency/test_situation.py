"""The map of an event, wind, settlements, imported lines and rasters: who may, what is refused, what is shown."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
from PIL import Image, TiffImagePlugin

from bianwang.modules.emergency import services
from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.fire.planning import raster_of
from bianwang.modules.emergency.forms.situation import GroundForm, LinesForm
from bianwang.modules.emergency.mapping.drawing import SIZE, Drawing, apart
from bianwang.modules.emergency.mapping.geojson import read_lines, read_perimeter
from bianwang.modules.emergency.models import Ground, MapLayer, Settlement
from bianwang.modules.emergency.queries import situation
from bianwang.modules.emergency.sheets import settlements as settlement_sheet
from bianwang.modules.sensing.models import Signal
from bianwang.platform.clock import now, to_ms
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.spread import geotiff
from bianwang.spread.errors import SpreadError
from bianwang.spread.origin import Origin
from bianwang.telemetry.columns import Columns
from tests.modules.emergency.resources import team
from tests.modules.emergency.things import fire, settled
from tests.modules.telemetry_server import serving
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

_WIND = ("wind_speed", "wind_direction")
ASC = "ncols 3\nnrows 2\nxllcorner 106.0\nyllcorner 29.0\ncellsize 0.001\nNODATA_value -9999\n1 2 3\n4 -9999 6\n"


def _line(*points: Any, kind: str = "LineString", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": list(points)}}


def _file(*features: Any) -> tuple[io.BytesIO, int]:
    data = orjson.dumps({"type": "FeatureCollection", "features": list(features)})
    return io.BytesIO(data), len(data)


def _tiff(values: Any, **tags: Any) -> bytes:
    """A GeoTIFF in degrees with the north-western corner at 106° E, 30° N."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    told = {"model": 2, "raster": 1, "scale": (0.001, 0.001, 0.0), "tie": (0.0, 0.0, 0.0, 106.0, 30.0, 0.0), **tags}
    info[geotiff.SCALE], info[geotiff.TIE] = told["scale"], told["tie"]
    for tag in (geotiff.SCALE, geotiff.TIE):
        info.tagtype[tag] = 12
    info[geotiff.KEYS] = (1, 1, 0, 2, geotiff.MODEL, 0, 1, told["model"], geotiff.RASTER, 0, 1, told["raster"])
    info.tagtype[geotiff.KEYS] = 3
    info[geotiff.NODATA] = "-9999"
    file = io.BytesIO()
    Image.fromarray(np.array(values, np.float32)).save(file, "TIFF", tiffinfo=info)
    return file.getvalue()


def test_the_map_and_its_tables_tell_the_same(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    settled(world)
    team(world, longitude=106.203, latitude=29.602)
    Enterprise.objects.filter(pk=world.joint.pk).update(sector="chemicals", longitude=106.21, latitude=29.6)
    Enterprise.objects.filter(pk=world.other.pk).update(sector="chemicals", longitude=106.9, latitude=29.6)
    url = reverse("emergency:map", args=[event.pk])
    page = client_for("duty").get(url).content.decode()
    assert "高新涂装有限公司" in page
    assert "969 米 东" in page
    assert "八塘建材厂" not in page
    assert page.count('class="mark-settlement" transform') == page.count("　石河村三社</a>") == 1
    assert "没有导入道路和河流" in page
    near = client_for("duty").get(url, {"km": "1"}).context
    assert near["km"] == 1
    assert [len(item.cells) for item in near["tables"]] == [1, 1, 0, 1, 0, 0]
    assert client_for("town2").get(url).status_code == 404


def test_an_event_without_a_place_says_what_to_do(world: World, client_for: ClientFor) -> None:
    event = fire(world, longitude=None, latitude=None)
    page = client_for("duty").get(reverse("emergency:map", args=[event.pk])).content.decode()
    assert "还没有坐标" in page
    assert '<svg class="emergency-map' not in page


def test_a_wind_is_entered_drawn_and_offered_to_the_judgement(world: World, client_for: ClientFor) -> None:
    event, town = fire(world), client_for("town")
    url = reverse("emergency:wind_new", args=[event.pk])
    told = {"measured_at": "2026-08-23T04:10", "speed": "4.5", "blows_from": "东北", "source": "手持风速仪"}
    for wrong in ({"blows_from": "斜"}, {"blows_from": "361"}, {"speed": "61"}, {"measured_at": "2100-01-01T00:00"}):
        assert town.post(url, told | wrong).status_code == 422
    assert town.post(url, told | {"temperature": "36"}).status_code == 302
    page = client_for("duty").get(reverse("emergency:map", args=[event.pk])).content.decode()
    assert "东北风（45°） 4.5 米/秒" in page
    assert 'class="wind-arrow"' in page
    form = client_for("duty").get(reverse("emergency:judgement_new", args=[event.pk])).context["form"]
    assert (form["winds"].value(), form["temperature"].value(), form["humidity"].value()) == ("4.5 东北", 36.0, 40)
    assert Entry.objects.filter(verb="emergency.wind").count() == 1


def test_the_nearest_station_measures_the_wind(tmp_path: Path, world: World) -> None:
    event, duty = fire(world), world.who("duty")
    near = [Signal.objects.create(owner=world.plant, name=code, title="气象站", quantity=code) for code in _WIND]
    far = Signal.objects.create(owner=world.other, name="wind_speed", title="远站", quantity="wind_speed")
    Enterprise.objects.filter(pk=world.other.pk).update(latitude=29.7)
    wind, trouble = situation.breeze(duty, event)
    assert wind is None
    assert trouble
    with serving(tmp_path / "telemetry") as store:
        old, recent = (to_ms(now() - timedelta(hours=hours)) for hours in (4, 1))
        store.insert(Columns.of([near[0].pk, far.pk], [old, recent], [9.0, 3.0]))
        wind, trouble = situation.breeze(duty, event)
        assert wind
        assert (wind.speed, wind.blows_from, trouble) == (3.0, None, "")
        store.insert(Columns.of([near[0].pk, near[1].pk], [recent, recent], [4.0, 50.0]))
        wind, _ = situation.breeze(duty, event)
        assert wind
        assert wind.words == "东北风（50°） 4 米/秒"
        told = {"measured_at": now(), "speed": 6.0, "blows_from": 90.0, "source": "手持"}
        services.enter_wind(duty, event, told)
        wind, _ = situation.breeze(duty, event)
        assert wind
        assert wind.source == "手持"


def test_settlements_belong_to_towns(world: World, client_for: ClientFor) -> None:
    row = settled(world)
    values = {"name": "石河村三社", "households": 20, "people": 60, "frail": 61, "longitude": 106.2, "latitude": 29.6}
    with pytest.raises(ValidationError, match="不能多于人数"):
        services.save_settlement(world.who("town"), world.town, values, row)
    with pytest.raises(ValidationError, match="本镇街"):
        services.save_settlement(world.who("town2"), world.town, {**values, "frail": 0})
    with pytest.raises(PermissionDenied):
        services.save_settlement(world.who("leader"), world.town, {**values, "frail": 0})
    with pytest.raises(ValidationError):
        services.save_settlement(world.who("town"), world.town, {**values, "frail": 0})
    assert Settlement.objects.get().people == 52
    page = client_for("town2").get(reverse("emergency:settlement_list")).content.decode()
    assert "石河村三社" not in page
    assert "需协助转移" in client_for("leader").get(row.get_absolute_url()).content.decode()
    url = reverse("emergency:settlement_edit", args=[row.pk])
    form = client_for("town").get(url).context["form"]
    assert str(world.town2.pk) not in str(form["owner"])
    posted = {**values, "frail": 60, "owner": world.town.pk, "is_active": "on"}
    assert client_for("town").post(url, posted).status_code == 302
    row.refresh_from_db()
    assert (row.people, row.frail) == (60, 60)


def test_settlements_come_by_excel_and_again(world: World) -> None:
    row = {
        "town": world.town.name, "name": "三社", "households": 5, "people": 12, "frail": None,
        "longitude": 106.2, "latitude": 29.6, "contact": None, "phone": None,
    }  # fmt: skip
    user = world.who("town")
    faulty = [
        {**row, "town": world.town2.name}, {**row, "people": 1.5}, {**row, "longitude": 29.6, "latitude": 106.2},
        {**row, "frail": 13}, row,
    ]  # fmt: skip
    found = settlement_sheet.check(user, faulty)
    assert {index: sorted(faults) for index, faults in found.items()} == {
        0: ["town"],
        1: ["people"],
        2: ["latitude", "longitude"],
        3: ["frail"],
    }
    for people in (12, 14):
        settlement_sheet.apply(user, [{**row, "people": people}])
    assert Settlement.objects.get().people == 14


def test_roads_are_read_drawn_and_switched_off(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), client_for("duty")
    feature = _line([106.19, 29.6], [106.21, 29.6], name="后山路")
    posted = {"kind": "road", "name": "道路", "source": "区交通局 2026"}
    data = SimpleUploadedFile("roads.geojson", _file(feature)[0].read())
    assert duty.post(reverse("emergency:layer_new"), {**posted, "file": data}).status_code == 302
    page = duty.get(reverse("emergency:map", args=[event.pk])).content.decode()
    assert "<title>后山路</title>" in page
    assert "道路（区交通局 2026）" in page
    row = MapLayer.objects.get()
    assert duty.post(reverse("emergency:layers"), {"action": "retire", "row": row.pk}).status_code == 302
    assert "后山路" not in duty.get(reverse("emergency:map", args=[event.pk])).content.decode()
    assert Entry.objects.filter(verb__startswith="emergency.layer").count() == 2
    swapped = SimpleUploadedFile("roads.geojson", _file(feature, _line([29.6, 106.2], [29.6, 106.3]))[0].read())
    form = LinesForm(posted, {"file": swapped})
    assert "第 2 个要素的坐标" in str(form.errors["file"])
    assert MapLayer.objects.count() == 1


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        (_line([106.2, 29.6], kind="Point"), "第 1 个要素是 Point"),
        (_line([106.2, 29.6]), "只有 1 个点"),
        (_line([106.2, "29.6"], [106.2, 29.6]), "经纬度"),
        (_line([36.5e6, 3.3e6], [36.5e6, 3.3e6]), "WGS-84"),
        ({"type": "Feature"}, "没有图形"),
        (_line(3, 4), "坐标 3"),
    ],
)
def test_a_wrong_line_is_named(feature: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read_lines(*_file(feature))


def test_lines_and_perimeters_are_bounded() -> None:
    ring = [[106.2, 29.6], [106.21, 29.6], [106.21, 29.61], [106.2, 29.6]]
    assert len(read_perimeter(*_file(_line(ring, kind="Polygon")))) == 1
    assert len(read_perimeter(io.BytesIO(orjson.dumps(_line(ring, kind="Polygon")["geometry"])), 100)) == 1
    with pytest.raises(ValidationError, match="没有闭合"):
        read_perimeter(*_file(_line([*ring[:3], [106.3, 29.6]], kind="Polygon")))
    with pytest.raises(ValidationError, match="100,000"):
        read_lines(*_file(_line(*([[106.2, 29.6]] * 100_001))))
    with pytest.raises(ValidationError, match="10 MB"):
        read_lines(io.BytesIO(b"{}"), 10 * 1024 * 1024 + 1)
    with pytest.raises(ValidationError, match="GeoJSON"):
        read_lines(io.BytesIO(b"PK\x03\x04"), 4)


def test_rasters_are_imported_with_all_that_they_say(world: World, client_for: ClientFor) -> None:
    duty, url = client_for("duty"), reverse("emergency:ground_new")
    posted = {"kind": "elevation", "name": "高程", "source": "12.5 米 DEM"}
    for name, data in (("a.asc", ASC.encode()), ("a.tif", _tiff([[1, 2, 3], [4, -9999, 6]]))):
        assert duty.post(url, {**posted, "file": SimpleUploadedFile(name, data)}).status_code == 302
    plain, tiff = Ground.objects.order_by("pk")
    for row, south in ((plain, 29.0), (tiff, 29.998)):
        raster = raster_of(row)
        np.testing.assert_array_equal(raster.values, [[1, 2, 3], [4, np.nan, 6]])
        assert (raster.west, raster.south, raster.cell) == pytest.approx((106.0, south, 0.001))
    metres = ASC.replace("106.0", "400000").replace("29.0", "3270000").replace("0.001", "30")
    form = GroundForm(posted, {"file": SimpleUploadedFile("a.asc", metres.encode())})
    assert "EPSG:4326" in str(form.errors["file"])
    form = GroundForm(posted, {"file": SimpleUploadedFile("a.tif", b"\x89PNG\r\n")})
    assert "既不是 GeoTIFF" in str(form.errors["file"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_tiff([[1.0]], model=1), "没有写明经纬度"),
        (_tiff([[1.0]], scale=(0.001, 0.002, 0.0)), "不是正方形"),
        (_tiff([[1.0]])[:60], "不是能读的"),
    ],
)
def test_a_wrong_geotiff_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(SpreadError, match=words):
        geotiff.read(data, "a.tif")


def test_a_geotiff_whose_point_is_a_middle_lies_half_a_cell_further() -> None:
    corner, middle = (geotiff.read(_tiff([[1.0, 2.0]], raster=kind), "a.tif") for kind in (1, 2))
    assert (middle.west - corner.west, middle.south - corner.south) == pytest.approx((-0.0005, 0.0005))


@pytest.mark.parametrize(
    ("text", "hours", "words"),
    [
        ("", 3, "至少填一行"),
        ("4", 3, "第 1 行“4”应是"),
        ("4 东北\n5 斜", 3, "第 2 行：风向“斜”"),
        ("四 东北", 3, "不是数"),
        ("61 东北", 3, "风速 61"),
        ("4 北\n4 北", 1, "只推演 1 小时"),
        ("4 北 30 101", 1, "相对湿度 101"),
    ],
)
def test_a_wrong_wind_names_its_line(text: str, hours: int, words: str) -> None:
    with pytest.raises(SpreadError, match=words):
        winds.series(text, hours, 30, 40)


def test_winds_of_hours() -> None:
    found = winds.series("4.5 东北\n6 225° 38\n 3，西风，30，20", 5, 31, 41)
    assert [(row.wind, row.wind_from, row.temperature, row.humidity) for row in found] == [
        (4.5, 45, 31, 41), (6, 225, 38, 41), *[(3, 270, 30, 20)] * 3,
    ]  # fmt: skip


@settings(max_examples=30)
@given(st.floats(-4000, 4000), st.floats(-4000, 4000))
def test_what_is_near_is_on_the_map_where_it_lies(x: float, y: float) -> None:
    drawing = Drawing((106.2, 29.6), 4000)
    longitude, latitude = Origin(106.2, 29.6).wgs84(x, y)
    metres, _ = apart(Origin(106.2, 29.6), (float(longitude), float(latitude)))
    assert metres == pytest.approx(np.hypot(x, y), abs=0.01)
    across, down = drawing.at((float(longitude), float(latitude)))
    assert 0 <= across <= SIZE
    assert (across > SIZE / 2) == (x > 0) or abs(x) < 0.01
    assert (down > SIZE / 2) == (y < 0) or abs(y) < 0.01


def test_only_the_near_parts_of_a_line_are_drawn() -> None:
    drawing = Drawing((106.2, 29.6), 1000)
    drawing.line([(106.0, 29.6), (106.1, 29.6)], "road")
    assert not drawing.strokes
    drawing.line([(106.1, 29.6), (106.3, 29.6), (106.9, 29.9)], "road")
    assert drawing.strokes[0].d.count("M") == 1
    drawing.mark((106.9, 29.6), "danger")
    assert not drawing.marks


def test_the_map_asks_the_database_few_questions(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    event, duty = fire(world), client_for("duty")
    for number in range(8):
        settled(world, name=f"{number} 社")
    url = reverse("emergency:map", args=[event.pk])
    duty.get(url)
    with django_assert_max_num_queries(40):
        duty.get(url)


def test_an_export_of_settlements_has_their_people(world: World, client_for: ClientFor) -> None:
    settled(world)
    response = client_for("duty").get(reverse("emergency:settlement_list"), {"export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[-1][:5] == ("石河村三社", world.town.name, 18, 52, 6)


def test_a_wind_of_tomorrow_is_refused_and_one_of_a_closed_event_too(world: World) -> None:
    event = fire(world)
    told = {"measured_at": now() + timedelta(minutes=1), "speed": 4.0, "blows_from": 45.0, "source": "手持"}
    with pytest.raises(ValidationError, match="晚于现在"):
        services.enter_wind(world.who("town"), event, told)
