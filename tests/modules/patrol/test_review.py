"""The review queue: what models suspect is gathered into rows, and people judge them over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.patrol import services
from bianwang.modules.patrol.models import Suspicion
from bianwang.platform.clock import now
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.models import Limit
from tests.modules.patrol.scenes import camera, picture, suspected
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 15


def answer(client: Any, row: Suspicion, verdict: str, reason: str = "画面确认属实") -> Any:
    return client.post(reverse("patrol:judge", args=[row.pk]), {"verdict": verdict, "reason": reason})


def test_the_same_within_minutes_is_one_row(world: World) -> None:
    where = camera(world.plant)
    first = suspected(where)
    again = suspected(where, minutes=8)
    later = suspected(where, minutes=17)
    assert first.pk == again.pk == later.pk, "each is within ten minutes of the one before"
    row = Suspicion.objects.get()
    assert (row.times, row.last_at) == (3, later.last_at)
    assert suspected(where, minutes=40).pk != row.pk, "it had stopped in between"
    assert suspected(where, "flame", 40).kind == "flame"
    assert suspected(camera(world.plant, "库房"), minutes=40).camera.name == "库房"
    assert Suspicion.objects.count() == 4


def test_a_judged_one_comes_back_only_after_the_minutes(world: World) -> None:
    where = camera(world.plant)
    row = suspected(where)
    services.judge(row, world.who("duty"), "rejected", "人员坐卧休息")
    assert suspected(where, minutes=1).pk == row.pk
    assert suspected(where, minutes=12).pk != row.pk, "a rejected one must not hide what happens later"


def test_a_camera_that_goes_on_and_on_does_not_fill_the_queue(world: World) -> None:
    Limit.objects.filter(code="patrol.suspicions_day").update(value=3)
    where, start = camera(world.plant), now().replace(hour=2)
    rows = [suspected(where, at=start + timedelta(minutes=20 * n)) for n in range(8)]
    assert Suspicion.objects.filter(state="open").count() == 3
    assert rows[-1].pk == rows[2].pk
    assert Suspicion.objects.get(pk=rows[2].pk).times == 6


@pytest.mark.parametrize("box", [(0, 0, 1.2, 1), (0.5, 0, 0.5, 1), (0, 0, float("nan"), 1)])
def test_a_box_outside_the_picture_is_refused(world: World, box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="box"):
        services.suspect(camera(world.plant), "flame", region="", score=1, at=now(), box=box, picture=picture())
    assert not Suspicion.objects.exists()


def test_a_suspicion_is_a_duty_with_picture_and_no_alarm(world: World) -> None:
    from bianwang.modules.alarms.models import Alarm

    row = suspected(camera(world.plant))
    todo = Todo.objects.get(object_type="patrol.suspicion")
    assert (todo.permission, todo.due_at) == ("patrol.judge_duty", row.due_at)
    assert Attachment.objects.get(object_type="patrol.suspicion", object_id=row.pk).media_type == "image/jpeg"
    assert Entry.objects.filter(verb="patrol.suspect", object_id=row.pk).count() == 1
    assert not Alarm.objects.exists()


def test_one_key_judges_and_leads_to_the_next(world: World, client_for: ClientFor) -> None:
    calm, fire = suspected(camera(world.plant), "no_vest"), suspected(camera(world.plant, "库房"), "flame", 1)
    client = client_for("duty")
    page = client.get(reverse("patrol:review")).content.decode()
    assert "疑似明火" in page, "fire first, though it came later"
    assert page.count('data-key="1"') == 1
    assert "这一类的实测误差：" in page
    shown = client.get(reverse("files:download", args=[Attachment.objects.get(object_id=fire.pk).pk]))
    assert shown.status_code == 200
    assert answer(client, fire, "confirmed").headers["Location"] == reverse("patrol:review")
    fire.refresh_from_db()
    assert (fire.state, fire.judged_by, fire.reason) == ("confirmed", world.who("duty"), "画面确认属实")
    assert not Todo.objects.filter(object_id=fire.pk, done_at__isnull=True).exists()
    assert "疑似未穿反光衣" in client.get(reverse("patrol:review")).content.decode()
    assert "其余都已看过" in client.get(reverse("patrol:review") + f"?skip={calm.pk}").content.decode()


def test_a_judgement_wants_a_reason_and_the_first_counts(world: World, client_for: ClientFor) -> None:
    row = suspected(camera(world.plant))
    answer(client_for("duty"), row, "confirmed", "")
    row.refresh_from_db()
    assert row.state == "open"
    answer(client_for("duty"), row, "rejected", "光影或反光")
    assert answer(client_for("town"), row, "confirmed").status_code == 409
    services.reopen(Suspicion.objects.get(), world.who("duty"), "按错了键")
    assert Suspicion.objects.get().state == "open"
    assert Todo.objects.filter(object_id=row.pk, done_at__isnull=True).count() == 1


def test_owner_and_teammate_see_it_and_a_stranger_does_not(world: World, client_for: ClientFor) -> None:
    row = suspected(camera(world.plant))
    file = reverse("files:download", args=[Attachment.objects.get(object_id=row.pk).pk])
    for who in ("safety", "safety_mate"):
        client = client_for(who)
        assert "通道" in client.get(row.get_absolute_url()).content.decode()
        assert client.get(file).status_code == 200
        assert answer(client, row, "rejected").status_code == 403, "not for the enterprise to judge"
    client = client_for("safety2")
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get(file).status_code == 404
    assert "疑似人员倒地" not in client.get(reverse("patrol:suspicion_list")).context["sheet"].object_list
    assert client.get(reverse("patrol:suspicion_list")).context["sheet"].paginator.count == 0
    assert answer(client_for("town2"), row, "rejected").status_code == 404


def test_more_suspicions_cost_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        suspected(camera(world.plant, f"机位{number}"))
    client = client_for("duty")
    client.get(reverse("patrol:suspicion_list"))
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get(reverse("patrol:suspicion_list"))
