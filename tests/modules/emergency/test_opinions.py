"""Talk about an event is noted, judged and answered; grave events set clocks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Opinion
from bianwang.modules.emergency.pack import opinions as opinion_pack
from bianwang.modules.emergency.publicity import running
from bianwang.platform.clock import now
from bianwang.platform.config import ConfigError
from tests.modules.emergency.things import fire, said
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _grave(world: World, area: int) -> Event:
    told = now() - timedelta(hours=6)
    event = fire(world, received_at=told, happened_at=told)
    zero = {"deaths": 0, "injuries": 0, "slight": 0, "evacuated": 0, "loss": Decimal(0)}
    values = {**zero, "as_of": now(), "area": Decimal(area), "source": "现场核查"}
    services.enter_loss(world.who("duty"), event, values)
    return event


def test_talk_is_noted_judged_and_answered_over_the_page(world: World, client_for: ClientFor) -> None:
    event, town = fire(world), client_for("town")
    url = reverse("emergency:opinion_new", args=[event.pk])
    told = {"platform": "video", "summary": "网传烧到民房", "heat": "high", "trend": "rising", "truth": "unclear"}
    assert town.post(url, {**told, "platform": "nowhere"}).status_code == 422
    assert town.post(url, {**told, "url": "javascript:alert(1)"}).status_code == 422
    assert town.post(url, {**told, "url": "https://example.com/v/1"}).status_code == 302
    opinion = Opinion.objects.get()
    assert opinion.due_at is None
    edit = reverse("emergency:opinion_edit", args=[opinion.pk])
    assert town.post(edit, {**told, "truth": "false", "version": 1}).status_code == 302
    step = f"{opinion.get_absolute_url()}step/answer/"
    assert town.post(step, {"form": "reply", "answer": ""}).status_code == 422
    assert town.post(step, {"form": "reply", "answer": "已发布现场视频"}).status_code == 302
    late = client_for("duty").post(step, {"form": "reply", "answer": "已请融媒体中心辟谣", "csrfmiddlewaretoken": "x"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "已请融媒体中心辟谣</textarea>" in page, "who comes second keeps his words"
    assert f'href="{opinion.get_absolute_url()}">查看最新情况' in page
    opinion.refresh_from_db()
    assert opinion.answer == "已发布现场视频"
    assert (opinion.truth, opinion.state, opinion.form_name) == ("false", "answered", "跟帖或单独答复")
    listed = client_for("finance").get(reverse("emergency:opinions"), {"truth": "false"})
    assert listed.context["sheet"].paginator.count == 1
    assert client_for("town2").get(opinion.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("area", "clocks"), [(99, 0), (100, 2)])
def test_clocks_run_for_grave_events_only(world: World, client_for: ClientFor, area: int, clocks: int) -> None:
    event = _grave(world, area)
    assert len(running(event)) == clocks
    page = client_for("duty").get(event.get_absolute_url()).content.decode()
    assert ("国办发〔2016〕61号" in page) is bool(clocks)


def test_a_clock_is_met_by_the_first_answer_of_its_form(world: World) -> None:
    event, duty = _grave(world, 100), world.who("duty")
    opinion = said(world, event, seen_at=event.received_at)
    statement, conference = running(event)
    assert statement.due_at == event.received_at + timedelta(hours=5)
    assert conference.due_at == event.received_at + timedelta(hours=24)
    assert opinion.due_at == statement.due_at
    assert (statement.standing[1], opinion.standing[0]) == ("red", "逾期未回应")
    services.answer_opinion(opinion, duty, "statement", "发布通报", statement.due_at)
    assert "按时" in running(event)[0].standing[0]
    assert running(event)[1].met_at is None
    assert said(world, event).due_at == conference.due_at


@pytest.mark.parametrize("moment", [timedelta(minutes=-10), timedelta(minutes=10)])
def test_an_answer_follows_the_talk_and_is_not_to_come(world: World, moment: timedelta) -> None:
    opinion = said(world, fire(world))
    with pytest.raises(ValidationError, match="回应时间"):
        services.answer_opinion(opinion, world.who("duty"), "reply", "答复", now() + moment)


@pytest.mark.parametrize("wrong", [{"form": "nothing"}, {"hours": 0}, {"grades": []}])
def test_a_pack_that_makes_no_sense_is_refused_with_its_name(wrong: dict[str, object]) -> None:
    clock = {"form": "a", "hours": 5, "grades": ["重大"], "source": "x", "article": "", "certainty": "待核实"}
    raw = {
        "platforms": [{"code": "a", "name": "甲"}],
        "forms": [{"code": "a", "name": "甲"}],
        "clocks": [{**clock, "valid_from": "2020-01-01", **wrong}],
    }
    with pytest.raises(ConfigError, match=r"opinion\.yaml"):
        opinion_pack.read(raw)
