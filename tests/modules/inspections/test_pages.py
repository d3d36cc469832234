"""The office's pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.inspections.models import Inspection
from bianwang.modules.inspections.queries import waiting_count
from tests.modules.inspections import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 20
PAGE_QUERIES = 40


def test_the_list_filters_and_asks_little(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        things.completed(world)
    conflict = things.conflicted(world).inspection
    client, url = client_for("head"), reverse("inspections:list")
    with django_assert_max_num_queries(LIST_QUERIES):
        assert len(client.get(url).context["sheet"].object_list) == 5
    assert list(client.get(url, {"conflict": "1"}).context["sheet"].object_list) == [conflict]
    assert list(client.get(url, {"waiting": "1"}).context["sheet"].object_list) == [conflict]
    assert waiting_count(world.who("head")) == 1
    assert len(client.get(url, {"state": "done", "kind": "patrol"}).context["sheet"].object_list) == 4
    assert len(client.get(url, {"kind": "statutory"}).context["sheet"].object_list) == 0
    assert len(client.get(url, {"q": "赵镇街", "unit": world.town.pk}).context["sheet"].object_list) == 5
    assert len(client_for("town2").get(url).context["sheet"].object_list) == 0
    assert "安排检查" in client_for("town2").get(url).content.decode()


def test_an_inspection_is_arranged_in_the_office(world: World, client_for: ClientFor) -> None:
    officers = things.officers(world)
    plan = things.planned(world)
    client, url = client_for("enforcement"), reverse("inspections:arrange")
    given = {
        "unit": world.bureau.pk,
        "enterprise": world.plant.pk,
        "day": things.in_days(3).isoformat(),
        "kind": "statutory",
        "reason": "plan",
        "visit": plan.pk,
        "officers": [world.who("enforcement").pk, world.who("enforcement2").pk],
    }
    assert client.get(url).status_code == 200
    assert client.post(url, given).status_code == 302
    inspection = Inspection.objects.get()
    content = inspection.content
    assert (inspection.state, inspection.visit, content.officers) == ("draft", plan, officers)
    assert "general@2021-09-01" in content.lists
    assert "dust@2021-09-01" not in content.lists
    found = client_for("enforcement2").get(reverse("inspections:data")).json()["inspections"]
    assert [row["key"] for row in found] == [str(inspection.key)]
    assert client.post(url, {**given, "unit": world.town.pk}).status_code == 422


def test_the_page_of_an_inspection_shows_everything(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    inspection = things.completed(world)
    with django_assert_max_num_queries(PAGE_QUERIES):
        page = client_for("head").get(inspection.get_absolute_url()).content.decode()
    for words in ("问题0", "不符合", "赵镇街", "第1版", "general@2021-09-01", "第二十二条"):
        assert words in page


def test_check_lists_are_shown_as_of_a_day(client_for: ClientFor) -> None:
    things.criteria()
    client, url = client_for("town"), reverse("inspections:checklists")
    today = client.get(url, {"sector": "industry"}).content.decode()
    assert "应急管理部令第10号" in today
    assert "化工和危险化学品重大隐患判定" not in today
    before = client.get(url, {"day": "2022-06-01"}).content.decode()
    assert "安监总管四〔2017〕129号" in before
    assert "令第59号" in before
    assert "应急管理部令第10号" not in before
    assert "没有有效的检查表" in client.get(url, {"day": "1999-01-01"}).content.decode()


def test_search_finds_inspections_in_scope(world: World, client_for: ClientFor) -> None:
    things.started(world)
    assert "现场检查 · 检查中" in client_for("town").get("/search/", {"q": "青杠机械"}).content.decode()
    assert "现场检查 · 检查中" not in client_for("town2").get("/search/", {"q": "青杠机械"}).content.decode()
