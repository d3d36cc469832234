"""Plans become rounds, rounds are walked over HTTP, late and missed are facts."""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.patrol import drawing, pack, queries, services
from bianwang.modules.patrol.models import Look, Plan, Round, Suspicion
from bianwang.platform import clock
from bianwang.platform.clock import now, today
from bianwang.platform.config import config
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Zone
from bianwang.platform.todo import queries as todos
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.models import Limit
from tests.modules.patrol.scenes import camera, picture, plan, round_of, seen, suspected, walking
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 17


def snapshots(number: int) -> list[SimpleUploadedFile]:
    colours = ["red", "green", "blue", "gray", "white", "black"]
    return [SimpleUploadedFile(f"{n}.jpg", picture(colours[n]), "image/jpeg") for n in range(number)]


def save(client: Client, row: Look, result: str, **data: Any) -> Any:
    return client.post(reverse("patrol:look_save", args=[row.pk]), {"result": result, **data})


def test_a_plan_is_entered_and_its_rounds_are_made_once(world: World, client_for: ClientFor) -> None:
    camera(world.plant)
    camera(world.other, "采石场")
    camera(world.plant, "旧机位", is_enabled=False)
    client = client_for("duty")
    data = {
        "name": "夜间巡检", "unit": world.bureau.pk, "enterprises": [world.plant.pk], "share": 100, "every": "day",
        "weekdays": list("1234567"), "windows": "00:00-12:00\n12:00-24:00", "role": "duty_officer",
        "valid_from": today().isoformat(),
    }  # fmt: skip
    answer = client.post(reverse("patrol:plan_new"), data)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    made = Plan.objects.get()
    # What was over when the plan began is none of it.
    Plan.objects.update(since=now() - timedelta(days=3))
    for _ in range(2):
        services.make_rounds()
    assert Round.objects.count() == 2, "the plan is not in force yesterday"
    looked = Look.objects.values_list("camera__name", flat=True)
    assert set(looked) == {"喷漆房东"}
    assert client.get(made.get_absolute_url()).status_code == 200
    data["unit"], data["role"] = world.bureau.pk, "town_staff"
    assert "没有镇街人员" in client.post(reverse("patrol:plan_new"), data).content.decode()


def test_a_plan_reaches_no_further_than_its_planner(world: World, client_for: ClientFor) -> None:
    camera(world.other)
    client = client_for("town")
    data = {
        "name": "越界", "unit": world.town.pk, "enterprises": [world.other.pk], "share": 100, "every": "week",
        "windows": "08:00-12:00", "role": "town_staff", "valid_from": today().isoformat(),
    }  # fmt: skip
    assert client.post(reverse("patrol:plan_new"), data).status_code == 422
    assert client.post(reverse("patrol:plan_new"), data | {"unit": world.bureau.pk}).status_code == 422
    assert not Plan.objects.exists()


def test_a_stopped_plan_makes_no_rounds(world: World, client_for: ClientFor) -> None:
    camera(world.plant)
    made = plan(world)
    answer = client_for("duty").post(reverse("patrol:plan_switch", args=[made.pk]), {"reason": "设备检修"})
    assert answer.status_code == 302
    services.make_rounds()
    assert not Round.objects.exists()


def test_a_share_is_drawn_with_a_seed_that_is_kept(world: World) -> None:
    for number in range(10):
        camera(world.plant, f"机位{number}")
    found = round_of(plan(world, share=25))
    kept = set(found.looks.values_list("camera", flat=True))
    assert len(kept) == 3
    assert kept == drawing.draw(found.seed, json.loads(found.candidates), 25)
    assert queries.repeats(found)
    Round.objects.filter(pk=found.pk).update(seed="别的种子了")
    assert not queries.repeats(Round.objects.get())


def test_town_and_zone_name_cameras(world: World) -> None:
    zone = Zone.objects.create(owner=world.other, name="泵房", kind=Zone.Kind.PUMP)
    camera(world.plant)
    camera(world.joint, "高新厂门")
    camera(world.other, "泵房内", zone=zone)
    camera(world.other, "院内")
    made = plan(world, town=world.town_area, zones=[zone], enterprises=[])
    assert {row.name for row in queries.cameras_of(made)} == {"喷漆房东", "高新厂门", "泵房内"}


def test_named_people_take_turns_and_nobody_else_may_begin(world: World) -> None:
    camera(world.plant)
    people = [world.who("enforcement"), world.who("enforcement2")]
    made = plan(world, role="enforcement_officer", people=people)
    rounds = [round_of(made) for _ in range(1)]
    second = services.make_round(made, now(), now() + timedelta(hours=1))
    assert second is not None
    rounds.append(second)
    assert {row.assignee for row in rounds} == set(people)
    for row in rounds:
        assert row.assignee is not None
        assert todos.mine(row.assignee).filter(object_type="patrol.round").count() == 1
        [other] = set(people) - {row.assignee}
        with pytest.raises(Refused, match="巡检"):
            services.start(row, other)
    assert not todos.mine(world.who("duty")).filter(object_type="patrol.round").exists()


def test_a_round_of_a_role_is_a_duty_of_that_role_only(world: World) -> None:
    camera(world.plant)
    found = round_of(plan(world))
    assert todos.mine(world.who("duty")).filter(object_type="patrol.round").count() == 1
    assert not todos.mine(world.who("enforcement")).filter(object_type="patrol.round").exists()
    with pytest.raises(Refused, match="值班员"):
        services.start(found, world.who("enforcement"))


def test_a_round_is_walked_by_keys(world: World, client_for: ClientFor) -> None:
    for name in ("喷漆房东", "仓库西", "大门"):
        camera(world.plant, name)
    found = round_of(plan(world))
    client = client_for("duty")
    walk = reverse("patrol:walk", args=[found.pk])
    assert "3 台摄像机待看" in client.get(walk).content.decode()
    assert client.post(walk, {"step": "start"}).status_code == 302
    first, second, third = found.looks.order_by("position")
    page = client.get(walk).content.decode()
    for text in ('data-key="n"', 'data-key="p"', 'data-key="ArrowRight"', "1 / 3"):
        assert text in page

    assert save(client, first, "normal", pictures=snapshots(5)).status_code == 302
    assert Attachment.objects.filter(object_type="patrol.look", object_id=first.pk).count() == 5
    refused = save(client, second, "problem")
    assert refused.status_code == 422
    assert "写明看到了什么问题" in refused.content.decode()
    marked = save(client, second, "normal", x1=10, y1=20, x2=60, y2=80)
    assert "作了标记，结果应为“有问题”" in marked.content.decode()
    data = {"item": "exit_blocked", "note": "纸箱堆在门口", "x1": 10, "y1": 20.5, "x2": 60, "y2": 80}
    assert save(client, second, "problem", **data).headers["Location"] == second.get_absolute_url()
    second.refresh_from_db()
    assert (second.result, second.item_text) == ("problem", "疏散通道、安全出口被堵塞或封闭")
    assert second.shape is not None
    assert second.shape.percent == (10.0, 20.5, 50.0, 59.5)

    assert client.post(walk, {"step": "finish"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "walking", "one is left"
    assert save(client, third, "no_picture").status_code == 302
    assert "3 台都已看过" in client.get(walk).content.decode()
    client.post(walk, {"step": "finish"})
    found.refresh_from_db()
    assert (found.state, found.late_at, found.walked_by) == ("finished", None, world.who("duty"))
    assert found.minutes == 1
    assert save(client, first, "problem", note="晚了").status_code == 422, "finished is finished"
    assert Entry.objects.filter(verb="patrol.look").count() == 3
    assert not Todo.objects.filter(object_type="patrol.round", done_at__isnull=True).exists()


@pytest.mark.parametrize(
    "mark", [{"x1": 60, "y1": 0, "x2": 10, "y2": 9}, {"x1": 10}, {"x1": 0, "y1": 0, "x2": 101, "y2": 5}]
)
def test_a_mark_that_is_no_rectangle_is_refused(world: World, client_for: ClientFor, mark: dict[str, float]) -> None:
    row = walking(world).looks.order_by("position")[0]
    assert save(client_for("duty"), row, "problem", note="人", **mark).status_code == 422


def test_without_pictures_of_the_page_the_newest_one_is_kept(world: World, client_for: ClientFor) -> None:
    row = walking(world).looks.order_by("position")[0]
    file = config().path("cameras", str(row.camera_id), "latest.jpg")
    file.write_bytes(picture("green"))
    try:
        assert save(client_for("duty"), row, "normal").status_code == 302
    finally:
        os.unlink(file)
    assert Attachment.objects.get(object_type="patrol.look", object_id=row.pk).size == len(picture("green"))


def exported(client: Client, look: Look) -> tuple[int, int, int]:
    """The colour of a look's picture in the export."""
    answer: Any = client.get(reverse("patrol:coco"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    with Image.open(io.BytesIO(archive.read(f"images/look-{look.pk}.jpg"))) as shot:
        found = shot.convert("RGB").getpixel((80, 45))
    assert isinstance(found, tuple)
    return found


def test_who_may_not_tell_people_sees_kept_pictures_with_hidden_heads_only(world: World, client_for: ClientFor) -> None:
    row = walking(world).looks.order_by("position")[0]
    file = config().path("cameras", str(row.camera_id), "hidden.jpg")
    file.write_bytes(picture("white"))
    try:
        save(client_for("duty"), row, "problem", note="纸箱堆在门口", pictures=snapshots(1))
    finally:
        os.unlink(file)
    row.refresh_from_db()
    services.to_review(row, world.who("duty"))
    for thing in (row, Suspicion.objects.get()):
        hidden, whole = Attachment.objects.filter(object_id=thing.pk, object_type=thing._meta.label_lower).order_by(
            "pk"
        )
        assert (hidden.size, hidden.needs, whole.needs) == (len(picture("white")), "", "sensing.faces")
        addresses = [reverse("files:download", args=[each.pk]) for each in (hidden, whole)]
        got = {
            who: [client_for(who).get(each).status_code for each in addresses] for who in ("duty", "town", "safety2")
        }
        assert got == {"duty": [200, 200], "town": [200, 403], "safety2": [404, 404]}
        shown = client_for("town").get(thing.get_absolute_url()).content.decode()
        assert f'<img src="{addresses[0]}"' in shown
        assert addresses[1] not in shown
        assert f'<img src="{addresses[1]}"' in client_for("duty").get(thing.get_absolute_url()).content.decode()
    red, white = (exported(client_for(who), row) for who in ("head", "town"))
    assert red[1] < 10
    assert white[1] > 245
    url = reverse("hazards:from_look", args=[row.pk])
    client_for("duty").post(url, {"title": "通道堵塞", "category": "2"})
    kept = Attachment.objects.filter(object_type="hazards.hazard", label="before").order_by("pk")
    assert [each.needs for each in kept] == ["", "sensing.faces"]


def test_a_problem_becomes_a_hazard_once_with_its_pictures(world: World, client_for: ClientFor) -> None:
    row = walking(world).looks.order_by("position")[0]
    client = client_for("duty")
    save(client, row, "problem", item="exit_blocked", note="纸箱堆在门口", pictures=snapshots(2))
    url = reverse("hazards:from_look", args=[row.pk])
    assert url in client.get(row.get_absolute_url()).content.decode()
    form = client.get(url).content.decode()
    assert "纸箱堆在门口" in form
    assert "安全生产法（2021修正）第四十二条" in form
    assert client.post(url, {"title": "通道堵塞", "category": "2"}).status_code == 302
    hazard = Hazard.objects.get()
    assert (hazard.look, hazard.source, hazard.owner_id) == (row, "patrol", world.plant.pk)
    assert Attachment.objects.filter(object_type="hazards.hazard", label="before").count() == 2
    again = client.post(url, {"title": "通道堵塞", "category": "2"})
    assert again.status_code == 422
    assert "不必重复登记" in again.content.decode()
    assert "仓库西" in client.get(hazard.get_absolute_url()).content.decode()


def test_only_a_confirmed_suspicion_becomes_a_hazard(world: World, client_for: ClientFor) -> None:
    row = suspected(camera(world.plant))
    url, data = reverse("hazards:from_suspicion", args=[row.pk]), {"title": "人员倒地", "category": "1"}
    assert client_for("duty").post(url, data).status_code == 422
    services.judge(row, world.who("duty"), "confirmed", "电话核实属实")
    assert url in client_for("duty").get(row.get_absolute_url()).content.decode()
    assert client_for("safety2").post(url, data).status_code == 404
    assert client_for("duty").post(url, data).status_code == 302
    assert (Hazard.objects.get().source, Hazard.objects.get().suspicion) == ("vision", row)


def test_who_is_not_sure_asks_for_review_and_does_not_judge_it(world: World, client_for: ClientFor) -> None:
    row = walking(world).looks.order_by("position")[0]
    client = client_for("duty")
    save(client, row, "review", note="像是烟", x1=1, y1=1, x2=50, y2=50, pictures=snapshots(1))
    made = Suspicion.objects.get()
    assert (made.origin, made.note, made.raised_by, made.box) == (
        "person",
        "像是烟",
        world.who("duty"),
        row.mark or made.box,
    )
    assert Attachment.objects.filter(object_type="patrol.suspicion", object_id=made.pk).count() == 1
    assert "须由他人复核" in client.get(reverse("patrol:review")).content.decode()
    client.post(reverse("patrol:judge", args=[made.pk]), {"verdict": "confirmed", "reason": "是"})
    made.refresh_from_db()
    assert made.state == "open"
    services.judge(made, world.who("head"), "rejected", "水汽")
    row.refresh_from_db()
    with pytest.raises(Refused, match="不必重复"):
        services.to_review(row, world.who("duty"))


def test_late_and_missed_are_facts_that_stay(world: World) -> None:
    camera(world.plant)
    chance, start = random.Random(8), now()
    grace = float(Limit.objects.get(code="patrol.grace").value)
    made, rounds = plan(world), []
    for number in range(8):
        begin = start + timedelta(minutes=10 * number)
        row = services.make_round(made, begin, begin + timedelta(hours=1))
        assert row is not None
        rounds.append((row, timedelta(hours=chance.choice([0.4, 0.9, 1.5, grace, grace + 3]))))
    steps = [start + timedelta(minutes=7 * n) for n in range(int((grace + 6) * 60 / 7))]
    for moment in steps:
        with clock.at(moment):
            services.note_late()
            for row, after in rounds:
                row.refresh_from_db()
                if row.state == "planned" and moment >= row.starts_at + after:
                    services.start(row, world.who("duty"))
                    seen(row.looks.get())
                    services.finish(row, world.who("duty"))
    for row, after in rounds:
        row.refresh_from_db()
        done = after < timedelta(hours=1 + grace) - timedelta(minutes=15)
        assert row.state == ("finished" if done else "missed"), after
        assert (row.late_at is not None) == (after > timedelta(hours=1)), after
        assert Entry.objects.filter(verb="patrol.late", object_id=row.pk).count() <= 1


def test_a_share_of_normal_is_looked_at_again_by_somebody_else(world: World, client_for: ClientFor) -> None:
    Limit.objects.filter(code="patrol.second_share").update(value=1)
    found = walking(world)
    first, second = (seen(row) for row in found.looks.order_by("position"))
    services.finish(found, world.who("duty"))
    assert todos.mine(world.who("head")).filter(object_type="patrol.look").count() == 2
    url = reverse("patrol:second", args=[first.pk])
    for own in (client_for("duty").get(url), client_for("duty").post(url, {"agrees": "1"})):
        assert own.status_code == 403, "refused on opening"
        assert "再看须由他人进行，不能看自己的记录。" in own.content.decode()
    head = client_for("head")
    assert head.post(url, {"agrees": "0"}).status_code == 422, "a difference is said in words"
    assert head.post(url, {"agrees": "0", "note": "左下角有人吸烟"}).status_code == 302
    late = client_for("enforcement").get(url)
    assert late.status_code == 409
    assert "已由他人看过" in late.content.decode()
    services.second_look(second, world.who("enforcement"), agrees=True)
    assert sorted(Look.objects.values_list("second", flat=True)) == ["agreed", "differed"]
    with pytest.raises(Refused, match="他人看过"):
        services.second_look(second, world.who("head"), agrees=True)


def test_what_models_said_in_the_same_minutes_is_kept_with_the_look(world: World) -> None:
    before, after = walking(world).looks.order_by("position")
    said = suspected(before.camera, minutes=-4)
    seen(before)
    assert before.suggested == said
    seen(after)
    later = suspected(after.camera, minutes=5)
    far = suspected(after.camera, "smoke", minutes=30)
    after.refresh_from_db()
    assert after.suggested == later != far


def test_owner_and_teammate_see_records_only_when_made_and_a_stranger_none(world: World, client_for: ClientFor) -> None:
    done, waiting = walking(world).looks.order_by("position")
    seen(done, "problem", note="通道堵塞")
    for who in ("safety", "safety_mate"):
        client = client_for(who)
        assert client.get(done.get_absolute_url()).status_code == 200
        assert client.get(waiting.get_absolute_url()).status_code == 404, "when it will be looked at is not told"
        assert client.get(reverse("patrol:look_list")).context["sheet"].paginator.count == 1
        assert client.get(reverse("patrol:round_list")).context["sheet"].paginator.count == 0
        assert save(client, waiting, "normal").status_code == 403
    client = client_for("safety2")
    assert client.get(done.get_absolute_url()).status_code == 404
    assert client.get(reverse("patrol:look_list")).context["sheet"].paginator.count == 0


@pytest.mark.parametrize("name", ["round_list", "look_list", "plan_list"])
def test_more_rows_cost_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any, name: str
) -> None:
    for number in range(6):
        camera(world.plant, f"机位{number}")
    for number in range(4):
        found = round_of(plan(world, name=f"计划{number}"))
        services.start(found, world.who("duty"))
        for row in found.looks.all():
            seen(row, "problem", note="乱")
    client = client_for("duty")
    client.get(reverse(f"patrol:{name}"))
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get(reverse(f"patrol:{name}"))


def test_the_check_list_is_by_place_and_day(world: World) -> None:
    booth = [row.code for row in pack.items("spray_booth", today())]
    assert booth[0].startswith("spray_")
    assert "exit_blocked" in booth
    assert "space_no_guard" not in booth
    long_ago = today().replace(year=2021, month=1, day=1)
    assert {row.code for row in pack.items("spray_booth", long_ago)} < set(booth)
    assert all(row.source and row.article and row.certainty for row in pack.pack())
