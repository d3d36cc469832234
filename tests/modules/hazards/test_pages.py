"""Hazards through HTTP: three people carry one to closure; figures lead to their rows; the board stays cheap."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bianwang.modules.alarms.services import verify
from bianwang.modules.hazards import services
from bianwang.modules.hazards.models import BoardDay, Hazard
from bianwang.modules.hazards.sheets import HAZARDS
from bianwang.modules.sensing.models import Device
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.models import Attachment
from tests.modules.alarms.plant import bound, raised
from tests.modules.hazards.findings import found, ordered, photo, prepare
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db

BOARD_QUERIES = 20


@pytest.fixture(autouse=True)
def _prepared(world: World, limits: None) -> None:
    prepare(world)


def step(client: Client, hazard: Hazard, code: str, **data: Any) -> Any:
    return client.post(f"{hazard.get_absolute_url()}step/{code}/", data)


def test_three_people_carry_an_alarm_to_a_closed_hazard(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    duty, safety, head = client_for("duty"), client_for("safety"), client_for("head")
    verify(alarm, world.who("duty"), "genuine", "视频确认")
    url = reverse("hazards:from_alarm", args=[alarm.pk])
    assert url in duty.get(alarm.get_absolute_url()).content.decode()
    assert "核实属实：视频确认" in duty.get(url).content.decode()
    answer = duty.post(url, {"title": "3号罐可燃气体超限", "category": "2", "photos": photo()})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    hazard = Hazard.objects.get()
    assert hazard.alarm == alarm

    answer = step(head, hazard, "grade", grade="major")
    assert answer.status_code == 422
    assert "重大隐患必须选择判定依据" in answer.content.decode()
    assert step(head, hazard, "grade", grade="general", responsible="冯安全").status_code == 302

    assert step(safety, hazard, "submit", result="已更换垫片").status_code == 422, "no photo, no rectification"
    assert step(safety, hazard, "submit", result="已更换垫片", photos=photo("green")).status_code == 302
    assert step(safety, hazard, "pass", opinion="好").status_code == 409, "not for the one who rectified"
    assert step(head, hazard, "pass", opinion="现场查看，已更换").status_code == 302
    assert step(head, hazard, "close").status_code == 302
    hazard.refresh_from_db()
    assert hazard.state == "closed"
    labels = Attachment.objects.filter(object_id=hazard.pk, object_type="hazards.hazard").values_list(
        "label", flat=True
    )
    assert sorted(labels) == ["after", "before"]
    page = safety.get(hazard.get_absolute_url()).content.decode()
    for text in ("登记隐患", "定级并下达整改", "提交整改", "复查合格", "销号"):
        assert text in page


def test_an_enterprise_registers_on_its_phone(world: World, client_for: ClientFor) -> None:
    client = client_for("safety")
    page = client.get(reverse("hazards:register")).content.decode()
    assert "青杠机械厂" in page
    assert "八塘建材厂" not in page
    data = {"owner": world.plant.pk, "source": "self", "title": "灭火器过期", "category": "2", "grade": "general"}
    assert client.post(reverse("hazards:register"), {**data, "photos": photo()}).status_code == 302
    hazard = Hazard.objects.get()
    assert (hazard.track, hazard.state, hazard.grade) == ("enterprise", "rectifying", "general")
    forged = {**data, "owner": world.other.pk, "photos": photo()}
    assert client.post(reverse("hazards:register"), forged).status_code == 422


def test_a_stranger_sees_nothing_of_a_hazard(world: World, client_for: ClientFor) -> None:
    hazard = ordered(world)
    client = client_for("safety2")
    assert client.get(hazard.get_absolute_url()).status_code == 404
    assert hazard.number not in client.get(reverse("hazards:list")).content.decode()
    assert step(client, hazard, "submit", result="x", photos=photo()).status_code == 404
    assert client.get(reverse("hazards:board")).status_code == 403


def test_every_figure_of_the_statistics_leads_to_exactly_its_rows(world: World, client_for: ClientFor) -> None:
    hazard = ordered(world)
    services.submit(hazard, world.who("safety"), "好", [photo("green")])
    services.recheck(hazard, world.who("town"), passed=True, opinion="好")
    found(world, title="配电箱未接地")
    services.revoke(found(world, title="登记错误"), world.who("town"), "登记错误")
    client = client_for("head")
    page = client.get(reverse("hazards:statistics")).content.decode()
    figures = re.findall(r'href="(/hazards/\?[^"]+)"><span class="hazard-figure-name">([^<]+)</span><b>(\d+)<', page)
    assert {name: int(value) for _, name, value in figures}["发现"] == 2
    for url, name, value in figures:
        if "率" not in name:
            rows = client.get(url.replace("&amp;", "&")).content.decode()
            assert f"<b>{value}</b> 条" in rows, name


def test_the_board_puts_each_enterprise_in_its_quadrant(world: World, client_for: ClientFor) -> None:
    for party in (world.plant, world.joint):
        signal = bound(party, signal="探头").signal
        signal.device = Device.objects.create(owner=party, key=f"d{party.pk}", name="探头", presence="online")
        signal.save()
    ordered(world)
    late = ordered(world)
    Hazard.objects.filter(pk=late.pk).update(rectify_by=now())
    page = client_for("leader").get(reverse("hazards:board")).content.decode()
    counts = dict(re.findall(r"<h2>([^<]+)</h2><b>(\d+)<", page))
    assert counts == {"看得到、管不了": "1", "看得到、管得了": "1", "看不到、管不了": "0", "管得了、看不到": "1"}
    rows = client_for("leader").get(reverse("hazards:board_rows") + "?quadrant=unmanaged").content.decode()
    assert "青杠机械厂" in rows
    assert "高新涂装有限公司" not in rows
    services.keep_board_day()
    services.keep_board_day()
    assert BoardDay.objects.get().unmanaged == 1


def test_more_enterprises_cost_the_board_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    ordered(world)
    client = client_for("leader")
    client.get(reverse("hazards:board"))
    with django_assert_max_num_queries(BOARD_QUERIES):
        client.get(reverse("hazards:board"))


def test_an_outside_units_list_can_come_again(world: World) -> None:
    today = now().astimezone(SHANGHAI).date()
    row = {
        "unit": world.town.name,
        "number": "QG-1",
        "credit_code": world.plant.credit_code,
        "source": "town",
        "title": "灭火器过期",
        "category": "2",
        "grade": "general",
        "criterion": None,
        "found_on": today,
        "rectify_by": None,
        "rectified_on": None,
        "closed_on": None,
        "result": None,
    }
    town = world.who("town")
    assert HAZARDS.check is not None
    assert HAZARDS.check(town, [row]) == {}
    HAZARDS.apply(town, [row])
    HAZARDS.apply(town, [row])
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.reporting_unit_id, hazard.number.endswith("〕1")) == (
        "rectifying",
        world.town.pk,
        True,
    )
    HAZARDS.apply(town, [{**row, "rectified_on": today, "closed_on": today, "result": "已更换"}])
    hazard.refresh_from_db()
    assert (hazard.state, hazard.result) == ("closed", "已更换")
    foreign = HAZARDS.check(world.who("town2"), [row])
    assert set(foreign[0]) == {"unit", "credit_code"}
    wrong = HAZARDS.check(town, [{**row, "grade": "major", "closed_on": today}])
    assert set(wrong[0]) == {"criterion", "rectified_on"}


def test_the_search_finds_a_hazard_by_number_and_by_words_where_it_may_be_seen(
    world: World, client_for: ClientFor
) -> None:
    hazard = found(world)
    for text in (hazard.number, hazard.title):
        assert hazard.get_absolute_url() in client_for("safety").get("/search/", {"q": text}).content.decode()
        assert hazard.get_absolute_url() not in client_for("safety2").get("/search/", {"q": text}).content.decode()
        assert hazard.get_absolute_url() not in client_for("system").get("/search/", {"q": text}).content.decode()
