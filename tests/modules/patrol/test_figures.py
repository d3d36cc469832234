"""Figures against counting by hand, each with its rows; the wall; labelled pictures as COCO."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from bianwang.modules.patrol import services
from bianwang.modules.patrol.models import Look, Round
from bianwang.modules.patrol.shapes import Box
from bianwang.modules.sensing.models import Camera
from bianwang.platform.clock import now, today
from bianwang.platform.files.models import Attachment
from bianwang.platform.period import Period
from tests.measured import at, taken, until
from tests.modules.patrol.scenes import camera, picture, plan, seen, suspected, walking
from tests.people import ClientFor, World
from tests.vision.recordings import pedestrians

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

STATISTICS_QUERIES = 22
WALL_QUERIES = 16
FIGURE = re.compile(r'href="([^"]+)"><span class="patrol-figure-name">([^<]+)</span><b>([\d.]+|—)')
AS_OF = (date(2022, 3, 1), date(2022, 6, 30), date(2022, 12, 31))


def many(world: World) -> None:
    """Rounds of a year in every state, with looks seen in time, later, or never."""
    chance = random.Random(11)
    made = plan(world)
    cameras = [camera(world.plant, f"机位{n}") for n in range(3)] + [camera(world.other, "采石场")]
    for number in range(80):
        begin = at(date(2021, 12, 25) + timedelta(days=number * 375 // 80), 8)
        state = chance.choice(["finished", "finished", "missed", "cancelled", "planned"])
        finished = begin + timedelta(hours=chance.choice([1, 5, 30])) if state == "finished" else None
        row = Round.objects.create(
            plan=made, unit=made.unit, starts_at=begin, ends_at=begin + timedelta(hours=4), role="duty_officer",
            method="sha256-rank-1", seed="s", share=100, candidates="[]", state=state, state_since=begin,
            finished_at=finished, minutes=60 if finished else None,
            late_at=begin + timedelta(hours=4) if finished is None or finished > begin + timedelta(hours=4) else None,
        )  # fmt: skip
        for place, where in enumerate(cameras):
            result = chance.choice(["normal", "problem", "no_picture", "normal"]) if finished else ""
            Look.objects.create(
                round=row, camera=where, owner=where.owner, position=place, result=result, at=finished,
                second=chance.choice(["", "agreed", "differed"]) if result == "normal" else "",
            )  # fmt: skip


def shown(client: Client, **query: Any) -> dict[str, tuple[str, str]]:
    page = client.get(reverse("patrol:statistics"), query).content.decode()
    return {name: (unescape(url), value) for url, name, value in FIGURE.findall(page)}


def rows_at(client: Client, url: str) -> int:
    return int(client.get(url).context["sheet"].paginator.count)


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_measures_as_of_a_day_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    many(world)
    due = sight = found = 0
    for row in Look.objects.select_related("round"):
        past = row.at is not None and row.at < period.end
        inside = period.start <= row.round.starts_at < period.end
        over = row.round.ends_at < period.end or (row.round.finished_at or period.end) < period.end
        if inside and over and row.round.state != "cancelled":
            due += 1
            sight += past and row.result in ("normal", "problem")
        found += row.at is not None and period.start <= row.at < period.end and row.result == "problem"
    client = client_for("head")
    assert min(due, sight, found) > 0
    coverage = taken(client, "patrol.coverage", period)
    assert (coverage.numerator, coverage.denominator) == (sight, due)
    assert coverage.value == Decimal(100 * sight) / due
    assert taken(client, "patrol.found", period).value == found


@pytest.mark.parametrize("query", [{}, {"month": 5}, {"territory": "500120100"}, {"owner": "plant"}], ids=str)
def test_every_figure_leads_to_exactly_its_rows(world: World, client_for: ClientFor, query: dict[str, Any]) -> None:
    many(world)
    client = client_for("head")
    if "owner" in query:
        query = {"owner": world.plant.pk}
    found = shown(client, year=2022, **query)
    for name, (url, value) in found.items():
        if name in {"覆盖率", "再看一致率", "按时率", "巡检用时", "每小时发现"}:
            continue
        assert rows_at(client, url) == float(value), name
    looks = Look.objects.filter(round__starts_at__year=2022)
    assert "按时率" in found
    if not query:
        counted = Counter(looks.values_list("second", flat=True))
        share = 100 * counted["agreed"] / (counted["agreed"] + counted["differed"])
        assert float(found["再看一致率"][1]) == pytest.approx(share, abs=0.05)
        rounds = list(Round.objects.filter(starts_at__year=2022).exclude(state="cancelled"))
        in_time = sum(row.state == "finished" and row.late_at is None for row in rounds)
        assert float(found["按时率"][1]) == pytest.approx(100 * in_time / len(rounds), abs=0.05)
        hours = sum(row.minutes or 0 for row in rounds) / 60
        problems = looks.filter(result="problem").count()
        assert float(found["每小时发现"][1]) == pytest.approx(problems / hours, abs=0.05)
    page = client.get(reverse("patrol:statistics"), {"year": 2022, **query}).content.decode()
    for url, value in re.findall(r'data-title="(?:应看|看到画面|有问题|视频不可用)"><a href="([^"]+)">(\d+)<', page):
        assert rows_at(client, unescape(url)) == int(value), url


def test_a_round_counts_for_an_enterprise_by_its_share_of_the_cameras(world: World, client_for: ClientFor) -> None:
    many(world)
    client = client_for("head")
    found = shown(client, year=2022, owner=world.other.pk)
    rounds = Round.objects.filter(starts_at__year=2022)
    problems = Look.objects.filter(round__in=rounds, owner=world.other, result="problem").count()
    hours = sum(row.minutes or 0 for row in rounds) / 60 / 4  # one of four cameras
    assert float(found["巡检用时"][1]) == pytest.approx(hours, abs=0.05)
    assert float(found["每小时发现"][1]) == pytest.approx(problems / hours, abs=0.05)
    assert found["到期轮次"][1] == shown(client, year=2022)["到期轮次"][1], "each round looks at it"
    some = Round.objects.filter(pk__in=list(rounds.filter(state="finished").values_list("pk", flat=True)[:5]))
    Look.objects.filter(round__in=some, owner=world.other).delete()
    assert int(shown(client, year=2022, owner=world.other.pk)["到期轮次"][1]) == int(found["到期轮次"][1]) - 5
    elsewhere = shown(client, year=2022, owner=world.other.pk, territory=world.town_area.code)
    assert elsewhere["到期轮次"][1] == "0", "not its town"


def test_what_was_found_counts_when_its_round_is_finished(world: World, client_for: ClientFor) -> None:
    found, client = walking(world), client_for("head")
    for row in found.looks.all():
        seen(row, "problem", note="人")
    figures = shown(client, year=today().year)
    assert [figures[name][1] for name in ("发现问题", "每小时发现")] == ["0", "—"]
    assert [rows_at(client, figures[name][0]) for name in ("发现问题", "每小时发现")] == [0, 0]
    Round.objects.filter(pk=found.pk).update(started_at=now() - timedelta(hours=1))
    found.refresh_from_db()
    services.finish(found, world.who("duty"))
    figures = shown(client, year=today().year)
    assert [figures[name][1] for name in ("发现问题", "每小时发现")] == ["2", "2"]
    assert [rows_at(client, figures[name][0]) for name in ("发现问题", "每小时发现")] == [2, 2]


def test_people_are_compared_with_models(world: World, client_for: ClientFor) -> None:
    for name in ("机位1", "机位2"):
        camera(world.plant, name)
    looks = list(walking(world).looks.order_by("position"))
    assert len(looks) == 4
    for row in looks[:2]:
        suspected(row.camera)
    for row, result in zip(looks, ["problem", "normal", "problem", "normal"], strict=True):
        seen(row, result, note="人" if result == "problem" else "")
    found = shown(client_for("head"), year=today().year)
    assert [found[name][1] for name in ("人和模型都发现", "只有模型发现", "只有人发现", "都未发现")] == ["1"] * 4
    for name in ("人和模型都发现", "只有模型发现", "只有人发现", "都未发现"):
        assert rows_at(client_for("head"), found[name][0]) == 1


def test_a_stranger_has_figures_of_his_own_only(world: World, client_for: ClientFor) -> None:
    many(world)
    own = Look.objects.filter(owner=world.other, result="problem", round__starts_at__year=2022).count()
    assert shown(client_for("safety2"), year=2022)["发现问题"][1] == str(own)
    assert shown(client_for("safety_joint"), year=2022)["发现问题"][1] == "0"


def test_statistics_cost_few_queries(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    many(world)
    client = client_for("head")
    client.get(reverse("patrol:statistics"))
    with django_assert_max_num_queries(STATISTICS_QUERIES):
        client.get(reverse("patrol:statistics"), {"year": 2022})


def test_the_wall_shows_at_most_its_grid_and_only_what_one_may_see(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        camera(world.plant, f"机位{number:02}")
    camera(world.other, "采石场", presence="offline")
    client, url = client_for("duty"), reverse("patrol:wall")
    pictures = [
        len(re.findall(r"data-live=", client.get(url, {"grid": n}).content.decode())) for n in (1, 4, 9, 16, 99)
    ]
    assert pictures == [1, 4, 9, 16, 9]
    assert client.get(url, {"grid": 16, "page": 2}).content.decode().count("data-live=") == 5
    unwell = client.get(url, {"unwell": "1"}).content.decode()
    assert unwell.count("data-live=") == 1
    assert "断流" in unwell
    chosen = Camera.objects.filter(name__in=("机位03", "机位07")).values_list("pk", flat=True)
    query = "&".join(f"camera={pk}" for pk in chosen)
    assert client.get(f"{url}?{query}").content.decode().count("data-live=") == 2
    client.post(f"{url}?{query}", {"name": "两台"})
    assert f"?{query}" in unescape(client.get(url).content.decode())
    stranger = client_for("safety2").get(f"{url}?{query}").content.decode()
    assert "机位" not in stranger
    client.get(url)
    with django_assert_max_num_queries(WALL_QUERIES):
        client.get(url, {"grid": 16})


def opened(answer: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return json.loads(archive.read("annotations.json")), archive


def test_labelled_pictures_are_coco(world: World, client_for: ClientFor) -> None:
    rows = list(walking(world).looks.order_by("position"))
    services.suspect(
        rows[0].camera, "flame", region="", score=0.9, at=now(), box=(0.5, 0.5, 1, 1), picture=picture("red")
    )
    rejected = suspected(rows[1].camera)
    services.judge(rejected, world.who("duty"), "rejected", "物体误认")
    fire = services.suspect(
        rows[1].camera, "smoke", region="", score=0.9, at=now(), box=(0, 0.5, 0.25, 1), picture=picture("blue")
    )
    services.judge(fire, world.who("duty"), "confirmed", "现场确认")
    shots = [_stored("green"), _stored("white")]
    services.look(rows[0], world.who("duty"), services.Seen("problem", None, "人", Box(0.1, 0.2, 0.6, 0.7)), shots)
    answer = client_for("head").get(reverse("patrol:coco"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    document, archive = opened(answer)
    assert {one["name"] for one in document["categories"]} == {"other", "smoke"}
    assert len(document["images"]) == 2, "what is open or rejected is no label"
    assert sorted(one["bbox"] for one in document["annotations"]) == [[0, 45, 40, 45], [16, 18, 80, 45]]
    for image in document["images"]:
        with Image.open(io.BytesIO(archive.read(f"images/{image['file_name']}"))) as shot:
            assert shot.size == (image["width"], image["height"]) == (160, 90)
    ids = {image["id"] for image in document["images"]}
    assert {one["image_id"] for one in document["annotations"]} == ids
    assert client_for("duty").get(reverse("patrol:coco")).status_code == 403
    elsewhere = {"owner": world.other.pk, "year": today().year}
    assert len(opened(client_for("head").get(reverse("patrol:coco"), {"owner": world.plant.pk}))[0]["images"]) == 2
    refused = client_for("head").get(reverse("patrol:coco"), elsewhere)
    assert refused.headers["Location"] == f"{reverse('patrol:statistics')}?owner={world.other.pk}&year={today().year}"


def test_heads_leave_the_platform_hidden_unless_the_role_sees_them(
    world: World, client_for: ClientFor, tmp_path: Path
) -> None:
    import cv2

    _, frame = cv2.VideoCapture(str(pedestrians(tmp_path))).read()
    shot = cv2.imencode(".jpg", frame)[1].tobytes()
    row = services.suspect(camera(world.plant), "fallen", region="", score=0.9, at=now(), box=None, picture=shot)
    services.judge(row, world.who("duty"), "confirmed", "现场确认")
    kept = Attachment.objects.get(object_type="patrol.suspicion", object_id=row.pk)

    def exported(who: str) -> Any:
        document, archive = opened(client_for(who).get(reverse("patrol:coco")))
        raw = archive.read(f"images/{document['images'][0]['file_name']}")
        return cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR).astype(int)

    assert kept.size == len(shot)
    original = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR).astype(int)
    assert np.array_equal(exported("head"), original)
    changed = np.abs(exported("town") - original).max(axis=2) > 40
    assert 0.0005 < changed.mean() < 0.1, "some heads, and little else"


def _stored(colour: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bianwang.platform.files.storage import store

    return store(SimpleUploadedFile(f"{colour}.jpg", picture(colour), "image/jpeg"))
