"""An event is opened from where it was told of, with what is known there filled in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.people import ClientFor, World
from tests.permissions import subjects

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
