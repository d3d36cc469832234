"""An event is opened from where it was told of, with what is known there filled in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bianwang.modules.emergency.models import Event
from tests.people import ClientFor, World
from tests.permissions import duty as duty_subjects, subjects, weather as weather_subjects
from tests.permissions.row import Made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_an_alarm_opens_the_form_of_an_event(world: World, client_for: ClientFor) -> None:
    alarm = subjects.alarm(world)
    link = f"{reverse('emergency:register')}?alarm={alarm}"
    pages = {who: client_for(who).get(reverse("alarms:detail", args=[alarm])) for who in ("duty", "safety")}
    assert link in pages["duty"].content.decode()
    assert link not in pages["safety"].content.decode()

    first = client_for("duty").get(link).context["form"].initial
    assert (first["alarm"], first["source"]) == (alarm, "alarm")
    assert first["territory"] == world.town_area
    assert first["place"].startswith(world.plant.name)


@pytest.mark.parametrize("asked", ["999999", "x", ""])
def test_an_alarm_that_is_not_there_fills_nothing_in(world: World, client_for: ClientFor, asked: str) -> None:
    answer = client_for("duty").get(f"{reverse('emergency:register')}?alarm={asked}")
    assert answer.status_code == 200
    assert not answer.context["form"].initial


def test_an_alarm_of_another_town_fills_nothing_in(world: World, client_for: ClientFor) -> None:
    alarm = subjects.alarm(world)
    answer = client_for("town2").get(f"{reverse('emergency:register')}?alarm={alarm}")
    assert not answer.context["form"].initial


@pytest.mark.parametrize(
    ("name", "made", "page"),
    [("warning", weather_subjects.warning, "weather:detail"), ("duty_entry", duty_subjects.entry, "duty:entry")],
)
def test_a_warning_and_a_line_of_the_duty_log_open_the_form_of_an_event(
    world: World, client_for: ClientFor, name: str, made: Made, page: str
) -> None:
    key, duty = made(world), client_for("duty")
    link = f"{reverse('emergency:register')}?{name}={key}"
    assert link in duty.get(reverse(page, args=[key])).content.decode()
    first = duty.get(link).context["form"].initial
    assert first[name] == key
    form = {
        "kind": "flood",
        "source": first["source"],
        "territory": world.town_area.pk,
        "place": "河边",
        "happened_at": "2026-08-23T04:10",
        "received_at": "2026-08-23T05:00",
        name: key,
    }
    assert duty.post(reverse("emergency:register"), {**form, name: "999999"}).status_code == 302
    assert getattr(Event.objects.get(), name) is None
    assert duty.post(reverse("emergency:register"), form).status_code == 302
    event = Event.objects.order_by("-pk")[0]
    origin = getattr(event, name)
    assert origin.pk == key
    assert origin.get_absolute_url() in duty.get(event.get_absolute_url()).content.decode()
