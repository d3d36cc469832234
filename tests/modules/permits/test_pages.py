"""Permits through HTTP: two people carry a confined space entry to its closure; what lacks and conflicts is shown."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bianwang.modules.permits import services
from bianwang.modules.permits.models import GasTest, Permit
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.models import Attachment
from tests.modules.hazards.findings import photo
from tests.modules.permits.jobs import applied, approved, clock, entered, prepared, working, zone
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


FIGURE = re.compile(r'href="(/permits/\?[^"]+)"><span>([^<]+)</span><b>(\d+)<')


def step(client: Client, permit: Permit, code: str, **data: Any) -> Any:
    return client.post(f"{permit.get_absolute_url()}step/{code}/", data)


def local(hours: float) -> str:
    return (now() + timedelta(hours=hours)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def test_two_people_carry_an_entry_from_the_form_to_its_closure(world: World, client_for: ClientFor) -> None:
    safety, mate = client_for("safety"), client_for("safety_mate")
    tank = zone(world, "3号罐", "confined_space")
    kinds = text(safety.get(reverse("permits:new")))
    url = reverse("permits:register", args=["confined_space"])
    assert url in kinds
    assert "动火" in kinds
    data = {
        "zone": tank.pk,
        "content": "清罐",
        "planned_start": local(-0.02),
        "planned_end": local(4),
        "workers": "张三 证1",
        "guard": world.who("safety").pk,
        "is_large_space": "on",
    }
    assert safety.post(url, {**data, "guard": world.who("safety2").pk}).status_code == 422
    answer = safety.post(url, data)
    assert answer.status_code == 302, text(answer)[-2000:]
    permit = Permit.objects.get()
    analysis = {"analysis": "中毒窒息", "taken": [str(n) for n in range(7)]}
    assert step(safety, permit, "analyse", **analysis).status_code == 302
    assert step(safety, permit, "apply").status_code == 302
    assert step(safety, permit, "approve", position="x").status_code == 409, "not for the applicant"
    assert "还没有气体检测记录" in text(mate.get(permit.get_absolute_url()))
    refused = step(mate, permit, "approve", position="生产部长")
    assert refused.status_code == 422
    assert "还没有安全交底" in text(refused)

    measured = {"instrument": "A12", "tester": "王五", "combustible": "methane", "combustible_unit": "%LEL"}
    measured |= {"toxic": "hydrogen_sulfide", "toxic_unit": "ppm"}
    measured |= {"top_oxygen": "20.9", "top_combustible": "0", "top_toxic": "0"}
    assert "至少 3 个高度" in text(step(safety, permit, "test", **measured))
    for height in ("middle", "bottom"):
        measured |= {f"{height}_oxygen": "20.8", f"{height}_combustible": "1", f"{height}_toxic": "1"}
    assert step(safety, permit, "test", **measured, photos=photo()).status_code == 302
    assert GasTest.objects.get().readings.count() == 9
    assert step(safety, permit, "brief", briefing="先通风再检测").status_code == 302
    assert step(mate, permit, "approve", position="生产部长").status_code == 302
    assert step(mate, permit, "sign_in").status_code == 409, "not for another than the guard"
    for code in ("sign_in", "start"):
        assert step(safety, permit, code).status_code == 302, code
    assert step(safety, permit, "interrupt").status_code == 422, "a reason is wanted"
    for code, more in (("interrupt", {"reason": "吃饭"}), ("resume", {}), ("stop", {})):
        assert step(safety, permit, code, **more).status_code == 302, code
    assert step(mate, permit, "accept", outcome="清点人数工具无误").status_code == 302
    assert step(safety, permit, "close").status_code == 302
    permit.refresh_from_db()
    assert permit.state == "closed"
    assert Attachment.objects.get(object_type="permits.permit").label == "test"
    page = text(safety.get(permit.get_absolute_url()))
    for words in ("登记作业", "作业危害分析", "批准作业票", "监护人签到", "验收作业", "中部 硫化氢"):
        assert words in page
    ticket = text(safety.get(reverse("permits:print", args=[permit.pk])))
    for words in ("受限空间作业票", permit.number, "先通风、再检测、后作业", "生产部长", "清点人数工具无误"):
        assert words in ticket


def test_in_an_explosive_area_every_page_of_a_step_says_no_phone(world: World, client_for: ClientFor) -> None:
    words = "不得使用普通手机"
    client = client_for("safety")
    store = zone(world, "气瓶间", "gas_store")
    inside, outside = entered(world, "height", store), entered(world, "height")
    marked = entered(world, "height", is_explosive_area=True)
    for permit, expected in ((inside, True), (marked, True), (outside, False)):
        for page in ("", "step/analyse/", "change/"):
            assert (words in text(client.get(f"{permit.get_absolute_url()}{page}"))) is expected


def test_the_approver_sees_each_conflict_with_a_link_and_is_refused_by_a_blocking_one(
    world: World, client_for: ClientFor
) -> None:
    other = working(world, "blind_plate")
    permit = prepared(world, "hot_work", base_level="special")
    mate = client_for("safety_mate")
    page = text(mate.get(permit.get_absolute_url()))
    assert "不得批准" in page
    assert f'href="{other.get_absolute_url()}"' in page
    refused = step(mate, permit, "approve", position="主管领导")
    assert refused.status_code == 422
    assert f"与作业票 {other.number}" in text(refused)


def test_the_board_shows_live_permits_by_enterprise_to_those_who_supervise(world: World, client_for: ClientFor) -> None:
    with clock():
        going = working(world, "height")
        crossing = approved(world, "height")
        waiting = applied(world, "excavation")
        page = text(client_for("town").get(reverse("permits:board")))
        assert "青杠机械厂" in page
        assert going.number in page
        assert f"{crossing.number}</a>" in page
        assert waiting.get_absolute_url() not in page
        assert "须知晓" in page
        assert going.number not in text(client_for("town2").get(reverse("permits:board")))
        rows = text(client_for("duty").get(reverse("permits:list") + "?live=1"))
        assert "<b>2</b> 条" in rows
        for url, name, count in FIGURE.findall(page):
            assert f"<b>{count}</b> 条" in text(client_for("town").get(url.replace("&amp;", "&"))), name
        assert ("有时空冲突", "2") in {(name, count) for _, name, count in FIGURE.findall(page)}


def test_the_town_suspends_with_a_reason_and_the_enterprise_reads_it(world: World, client_for: ClientFor) -> None:
    permit = working(world)
    town, safety = client_for("town"), client_for("safety")
    assert step(town, permit, "suspend").status_code == 422
    assert step(town, permit, "suspend", reason="未系安全带").status_code == 302
    page = text(safety.get(permit.get_absolute_url()))
    assert "已暂停" in page
    assert "未系安全带" in page
    assert step(safety, permit, "resume").status_code == 409


def test_a_stranger_sees_nothing_of_a_permit(world: World, client_for: ClientFor) -> None:
    permit = working(world)
    client = client_for("safety2")
    for url in (permit.get_absolute_url(), reverse("permits:print", args=[permit.pk])):
        assert client.get(url).status_code == 404
    assert permit.content not in text(client.get(reverse("permits:list")))
    assert step(client, permit, "stop").status_code == 404
    assert permit.get_absolute_url() not in text(client.get("/search/", {"q": permit.number}))
    assert permit.get_absolute_url() in text(client_for("safety").get("/search/", {"q": permit.number}))


def test_a_job_is_corrected_until_it_is_applied_for(world: World, client_for: ClientFor) -> None:
    permit = entered(world)
    client = client_for("safety_mate")
    url = reverse("permits:change", args=[permit.pk])
    data = {
        "zone": permit.zone_id,
        "content": "检修屋面",
        "planned_start": local(1),
        "planned_end": local(3),
        "workers": permit.workers,
        "guard": permit.guard_id,
        "measure": "20",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, {**data, "measure": "1"}).status_code == 422
    assert client.post(url, data).status_code == 302
    permit.refresh_from_db()
    assert (permit.content, permit.level) == ("检修屋面", "third")
    services.cancel(permit, world.who("safety"), "不做了")
    assert client.post(url, data).status_code == 409


def test_more_permits_cost_the_board_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for kind in ("height", "excavation", "road_closure"):
        approved(world, kind)
    client = client_for("leader")
    client.get(reverse("permits:board"))
    with django_assert_max_num_queries(16):
        client.get(reverse("permits:board"))
