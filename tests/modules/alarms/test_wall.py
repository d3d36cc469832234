"""The wall and the pages of alarms through HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.alarms import wall
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.alarms.services import apply_changes
from bianwang.platform.clock import now_ms
from tests.modules.alarms.plant import BEGAN, bound, changes, raised
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db

WALL_QUERIES = 22
LIST_QUERIES = 18


def test_the_wall_shows_an_alarm_with_word_value_and_buttons(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    page = client_for("duty").get(reverse("alarms:wall")).content.decode()
    for text in ("可燃气体浓度超限", "青杠机械厂", "橙", "31.5 %LEL", "属实", "误报", "确认"):
        assert text in page
    assert reverse("alarms:wall_alarm", args=[alarm.pk]) in page


def test_a_stranger_sees_neither_row_nor_alarm(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant))
    client = client_for("safety2")
    assert "可燃气体浓度超限" not in client.get(reverse("alarms:wall_state")).content.decode()
    for name in ("wall_alarm", "detail", "curve"):
        assert client.get(reverse(f"alarms:{name}", args=[alarm.pk])).status_code == 404
    for act in ("acknowledge", "verify", "comment"):
        assert client.post(reverse("alarms:act", args=[alarm.pk, act])).status_code == 404


def test_two_clicks_verify_an_alarm(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    url = reverse("alarms:act", args=[alarm.pk, "verify"])
    answer = client_for("duty").post(url, {"verdict": "genuine", "reason": "视频确认"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger"] == "alarms-changed"
    alarm.refresh_from_db()
    assert (alarm.verdict, alarm.verdict_reason, alarm.verified_by) == ("genuine", "视频确认", world.who("duty"))


def test_a_refusal_is_told_on_the_wall(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    url = reverse("alarms:act", args=[alarm.pk, "verify"])
    answer = client_for("safety").post(url, {"verdict": "false", "reason": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "不能自行认定" in answer.content.decode()


def test_a_flood_fits_on_the_wall_and_every_alarm_is_in_one_line(world: World) -> None:
    bindings = [
        bound([world.plant, world.joint, world.other][number % 3], code=f"r{number // 9}", signal=f"s{number}")
        for number in range(180)
    ]
    rows = [(b, [(0, now_ms() - 700_000 * (n % 9), BEGAN)]) for n, b in enumerate(bindings)]
    for row in rows:
        apply_changes(changes(row), binding_facts([row[0].pk]), 1)
    lines = wall.rows(world.who("duty"))
    assert len(lines) <= wall.MOST_ROWS
    assert sum(line.count for line in lines) == 180
    assert any(line.alarm is None for line in lines)


def test_the_lines_link_shows_exactly_its_alarms(world: World, client_for: ClientFor) -> None:
    for number in range(5):
        raised(bound(world.plant, signal=f"s{number}"))
    raised(bound(world.other, signal="x"))
    line = next(line for line in wall.rows(world.who("duty")) if line.count == 5)
    page = client_for("duty").get(line.url).content.decode()
    assert "<b>5</b> 条" in page


def test_the_alarms_page_explains_it(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    page = client_for("safety").get(alarm.get_absolute_url()).content.decode()
    for text in ("GB/T 50493-2019第5.5.2条", "大于 50", "产生告警", "138****0000", "本单位的红色、橙色告警"):
        assert text in page
    page = client_for("duty").get(alarm.get_absolute_url()).content.decode()
    assert "本单位的红色、橙色告警" not in page


def test_the_curve_falls_back_on_the_evidence(world: World, client_for: ClientFor) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    data = client_for("duty").get(reverse("alarms:curve", args=[alarm.pk])).json()
    assert [line["value"] for line in data["limits"]] == [25.0, 50.0, 75.0]
    assert data["points"] == []
    assert data["note"]


@pytest.mark.parametrize(("name", "most"), [("wall", WALL_QUERIES), ("list", LIST_QUERIES)])
def test_more_alarms_cost_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    for number in range(12):
        raised(bound(world.plant, code=f"r{number}", signal=f"s{number}"))
    assert Alarm.objects.count() == 12
    client = client_for("duty")
    client.get(reverse(f"alarms:{name}"))
    with django_assert_max_num_queries(most):
        client.get(reverse(f"alarms:{name}"))


def test_the_false_rate_page_links_to_the_rows(world: World, client_for: ClientFor) -> None:
    raised(bound(world.plant))
    page = client_for("duty").get(reverse("alarms:false_rates")).content.decode()
    assert "可燃气体浓度超限" in page
    assert client_for("safety").get(reverse("alarms:false_rates")).status_code == 403
