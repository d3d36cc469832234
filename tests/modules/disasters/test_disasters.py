"""Disasters enter the books, are put right and withdrawn; who reads of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.disasters import services
from bianwang.modules.disasters.models import Disaster
from bianwang.modules.disasters.services.register import COLUMNS
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.disasters.things import described, flood
from tests.modules.emergency.things import fire
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _form(world: World, **values: Any) -> dict[str, Any]:
    return {
        "kind": "flood",
        "territory": world.town_area.pk,
        "began_at": "2026-06-23T04:10",
        "known_at": "2026-06-23T05:00",
        "towns": [world.town.pk],
        **values,
    }


def test_a_disaster_is_registered_with_its_number_and_name(world: World, client_for: ClientFor) -> None:
    duty, url = client_for("duty"), reverse("disasters:register")
    assert duty.post(url, _form(world, towns=[])).status_code == 422
    assert duty.post(url, _form(world)).status_code == 302
    assert duty.post(url, _form(world)).status_code == 302
    first, second = Disaster.objects.order_by("pk")
    assert (first.number, second.number) == ("璧灾〔2026〕1", "璧灾〔2026〕2")
    assert first.name == "青杠街道“6·23”洪涝灾害"
    assert Entry.objects.filter(verb="disasters.register", object_id=first.pk).count() == 1


def test_it_is_read_by_the_bureau_its_towns_and_their_villages(world: World, client_for: ClientFor) -> None:
    disaster = flood(world)
    for who in ("duty", "finance", "town", "village"):
        assert disaster.name in client_for(who).get(reverse("disasters:list")).content.decode()
        assert client_for(who).get(disaster.get_absolute_url()).status_code == 200
    assert disaster.name not in client_for("town2").get(reverse("disasters:list")).content.decode()
    assert client_for("town2").get(disaster.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"began_at": now() + timedelta(days=1)}, "began_at"),
        ({"known_at": now() - timedelta(days=9)}, "known_at"),
        ({"ended_at": now() - timedelta(days=9)}, "ended_at"),
        ({"ended_at": now() + timedelta(days=9)}, "ended_at"),
        ({"kind": "volcano"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        flood(world, **values)
    assert set(refused.value.message_dict) == {field}
    assert not Disaster.objects.exists()


def test_only_the_bureau_registers_and_only_towns_report(world: World) -> None:
    with pytest.raises(PermissionDenied):
        services.register(world.who("town"), described(world), [world.town])
    with pytest.raises(ValidationError, match="受灾镇街"):
        services.register(world.who("duty"), described(world), [world.village])


def test_it_is_put_right_with_a_reason_until_it_is_withdrawn(world: World, client_for: ClientFor) -> None:
    disaster, duty = flood(world), client_for("duty")
    url = reverse("disasters:correct", args=[disaster.pk])
    form = {**_form(world), "name": "青杠内涝", "kind": "waterlogging", "reason": "核实为内涝"}
    assert duty.post(url, {**form, "reason": ""}).status_code == 422
    assert duty.post(url, form).status_code == 302
    disaster.refresh_from_db()
    assert (disaster.name, disaster.kind_name) == ("青杠内涝", "内涝")
    entry = Entry.objects.get(verb="disasters.correct")
    assert entry.reason == "核实为内涝"
    same = {name: getattr(disaster, name) for name in COLUMNS}
    with pytest.raises(ValidationError, match="没有改动"):
        services.correct(disaster, world.who("duty"), same, "再次")
    assert duty.post(reverse("disasters:revoke", args=[disaster.pk]), {"reason": "误登记"}).status_code == 302
    disaster.refresh_from_db()
    assert disaster.phase == Disaster.Phase.REVOKED
    with pytest.raises(Refused, match="已撤销"):
        services.revoke(disaster, world.who("duty"), "再次")
    assert list(duty.get(reverse("disasters:list"), {"counted": "1"}).context["sheet"].object_list) == []


def test_it_names_the_emergency_that_was_fought(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), client_for("duty")
    form = _form(world, began_at="2026-01-23T04:10", kind="forest_fire", event=event.pk)
    assert duty.post(reverse("disasters:register"), form).status_code == 302
    url, link = Disaster.objects.get().get_absolute_url(), f'href="{event.get_absolute_url()}"'
    assert link in duty.get(url).content.decode()
    page = client_for("village").get(url).content.decode()
    assert event.name in page
    assert link not in page


def test_the_list_asks_few_questions(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    client = client_for("head")
    for _ in range(12):
        flood(world)
    with django_assert_max_num_queries(20):
        assert client.get(reverse("disasters:list")).status_code == 200
