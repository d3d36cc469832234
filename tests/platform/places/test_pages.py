"""Pages of enterprises, public bodies and the map: who sees and may do what."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.platform.ledger.context import acting
from bianwang.platform.places import queries
from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise, Territory, Workshop, Zone
from bianwang.platform.places.sheets import ENTERPRISES
from tests.people import ClientFor, World

LIST, NEW, MAP = "/places/enterprises/", "/places/enterprises/new/", "/places/map/"
FIRST17 = "91500120MA5U00009"
SQUARE = [[[106.1, 29.5], [106.3, 29.5], [106.3, 29.7], [106.1, 29.5]]]


def form(**changed: object) -> dict[str, object]:
    return {
        "name": "新登记厂",
        "credit_code": FIRST17 + check_character(FIRST17),
        "sector": "industry",
        "scale": "small",
        "risk": "red",
        "standardisation": "0",
        "is_active": "on",
        **changed,
    }


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("duty", {"青杠机械厂", "高新涂装有限公司", "八塘建材厂"}),
        ("town", {"青杠机械厂", "高新涂装有限公司"}),
        ("committee", {"高新涂装有限公司"}),
        ("department", {"青杠机械厂"}),
        ("village", {"青杠机械厂"}),
        ("safety2", {"八塘建材厂"}),
    ],
)
def test_everybody_sees_the_enterprises_in_his_scope(client_for: ClientFor, who: str, names: set[str]) -> None:
    client = client_for(who)
    page = client.get(LIST).content.decode()
    assert {name for name in ("青杠机械厂", "高新涂装有限公司", "八塘建材厂") if name in page} == names
    points = client.get("/places/map/data/").json()["points"]
    assert {point["name"] for point in points} == names


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("system", LIST, 403),
        ("duty", NEW, 403),
        ("safety", NEW, 403),
        ("town", NEW, 200),
        ("duty", "/places/organisations/", 200),
        ("town", "/places/organisations/new/", 403),
        ("head", "/places/organisations/new/", 200),
        ("town", "/places/map/outlines/", 403),
        ("duty", MAP, 200),
    ],
)
def test_pages_ask_for_their_permission(client_for: ClientFor, who: str, url: str, status: int) -> None:
    assert client_for(who).get(url).status_code == status


def test_a_stranger_does_not_learn_that_an_enterprise_exists(client_for: ClientFor, world: World) -> None:
    assert client_for("safety").get(f"{LIST}{world.plant.pk}/").status_code == 200
    answer = client_for("safety2").get(f"{LIST}{world.plant.pk}/")
    assert answer.status_code == 404
    assert "青杠机械厂" not in answer.content.decode()
    assert client_for("town2").get(f"{LIST}{world.plant.pk}/edit/").status_code == 404


def test_the_object_page_masks_the_phone(client_for: ClientFor, world: World) -> None:
    page = client_for("duty").get(f"{LIST}{world.plant.pk}/").content.decode()
    assert "138****0000" in page
    assert "13800000000" not in page


def test_a_town_registers_an_enterprise_in_its_own_area_only(client_for: ClientFor, world: World) -> None:
    client = client_for("town")
    refused = client.post(NEW, form(territories=[world.town2_area.pk]))
    assert refused.status_code == 422
    outside = client.post(NEW, form())
    assert "请至少选择一个您管辖的区域" in outside.content.decode()
    done = client.post(NEW, form(territories=[world.village_area.pk]))
    made = Enterprise.objects.get(name="新登记厂")
    assert done["Location"] == f"{LIST}{made.pk}/"
    assert set(made.territories.all()) == {world.village_area, world.town_area}


def test_errors_stand_beside_the_field(client_for: ClientFor, world: World) -> None:
    twin = client_for("town").post(NEW, form(credit_code=world.plant.credit_code, contact_phone="abc"))
    page = twin.content.decode()
    assert "这个代码已登记为“青杠机械厂”" in page
    assert "电话只能是数字" in page


def test_editing_keeps_what_the_editor_is_not_offered(client_for: ClientFor, world: World) -> None:
    joint = world.joint
    values = form(name="改名涂装", credit_code=joint.credit_code, territories=[world.town_area.pk])
    client_for("town").post(f"{LIST}{joint.pk}/edit/", values)
    joint.refresh_from_db()
    assert joint.name == "改名涂装"
    assert world.zone_area in joint.territories.all()


def list_row(enterprise: Enterprise, grade: str | None) -> dict[str, Any]:
    """A row of the Excel list that changes nothing but the grade."""
    empty = {column.name: None for column in ENTERPRISES.columns}
    given = {"credit_code": enterprise.credit_code, "name": enterprise.name, "sector": enterprise.sector}
    places = enterprise.territories.values_list("code", flat=True)
    return {**empty, **given, "territories": "、".join(places), "standardisation": grade}


def test_a_grade_that_certificates_keep_is_not_set_by_hand(client_for: ClientFor, world: World) -> None:
    assert ENTERPRISES.check is not None
    world.plant.standardisation = "2"
    world.plant.save()
    page = client_for("town").get(f"/places/enterprises/{world.plant.pk}/edit/").content.decode()
    assert re.search(r'<select name="standardisation"[^>]*disabled', page)
    client_for("town").post(NEW, form(standardisation="1", territories=[world.town_area.pk]))
    assert Enterprise.objects.get(name="新登记厂").standardisation == "0"
    head = world.who("head")
    for same in ("2", None):
        assert ENTERPRISES.check(head, [list_row(world.plant, same)]) == {}
    errors = ENTERPRISES.check(head, [list_row(world.plant, "1")])
    assert "现为“二级”，不能改为“一级”" in errors[0]["standardisation"]
    with acting(head, "导入"):
        ENTERPRISES.apply(head, [list_row(world.plant, "1")])
    assert Enterprise.objects.get(pk=world.plant.pk).standardisation == "2"


def test_without_the_module_the_grade_is_set_by_hand(
    client_for: ClientFor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ENTERPRISES.check is not None
    monkeypatch.setattr(queries, "registry", dict)
    client_for("town").post(NEW, form(standardisation="1", territories=[world.town_area.pk]))
    assert Enterprise.objects.get(name="新登记厂").standardisation == "1"
    head = world.who("head")
    assert ENTERPRISES.check(head, [list_row(world.plant, "3")]) == {}
    with acting(head, "导入"):
        ENTERPRISES.apply(head, [list_row(world.plant, "3")])
    assert Enterprise.objects.get(pk=world.plant.pk).standardisation == "3"


def test_workshops_and_zones_are_registered_on_the_enterprise(client_for: ClientFor, world: World) -> None:
    client = client_for("town")
    base = f"{LIST}{world.plant.pk}/"
    assert client.post(f"{base}workshops/new/", {"name": "一号车间"})["Location"] == base
    workshop = Workshop.objects.get()
    client.post(f"{base}zones/new/", {"name": "污水池", "kind": "confined_space", "workshop": workshop.pk})
    zone = Zone.objects.get()
    client.post(f"/places/zones/{zone.pk}/edit/", {"name": "调节池", "kind": "confined_space", "workshop": ""})
    page = client.get(base).content.decode()
    assert "一号车间" in page
    assert "调节池" in page
    assert client_for("town2").post(f"{base}workshops/new/", {"name": "二号"}).status_code == 404


@pytest.mark.parametrize("text", ["青杠", "qinggang", "qgj", "91500227MA5U00001"])
def test_the_search_box_finds_by_name_pinyin_and_code(client_for: ClientFor, text: str) -> None:
    page = client_for("duty").get("/search/", {"q": text}).content.decode()
    assert "青杠机械厂" in page


def outline_file(*features: dict[str, object]) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.geojson", orjson.dumps({"type": "FeatureCollection", "features": list(features)}))


def feature(coordinates: object = SQUARE, code: str = "500120", kind: str = "Polygon") -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def test_an_outline_is_drawn_with_its_source(client_for: ClientFor, world: World) -> None:
    client = client_for("enforcement")
    sent = client.post("/places/map/outlines/", {"file": outline_file(feature()), "source": "渝S（2026）001号"})
    assert sent.status_code == 302
    assert client.get("/places/map/data/").json()["outlines"][0]["geometry"]["coordinates"] == SQUARE
    assert "渝S（2026）001号" in client.get(MAP).content.decode()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("a.json", b"{"), "不是有效的 GeoJSON"),
        (outline_file(), "没有要素"),
        (outline_file(feature(code="999999")), "代码 999999没有对应唯一的区域"),
        (outline_file(feature(kind="Point", coordinates=[1, 2])), "应为 Polygon"),
        (outline_file(feature(coordinates=[[[29.5, 106.1]] * 4])), "不是中国境内的经纬度"),
        (outline_file(feature(coordinates=[[[1]]])), "不是中国境内的经纬度"),
        (outline_file(feature(), feature()), "出现了两次"),
    ],
)
def test_a_wrong_outline_is_refused_as_a_whole(
    client_for: ClientFor, world: World, file: SimpleUploadedFile, message: str
) -> None:

    answer = client_for("enforcement").post("/places/map/outlines/", {"file": file, "source": "x"})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Territory.objects.exclude(outline="").exists()
