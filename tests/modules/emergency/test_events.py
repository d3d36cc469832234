"""Events are registered, answered, corrected, merged and split; who reads of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Note
from bianwang.modules.emergency.queries.events import COUNTED
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.things import described, fire, fought
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _form(world: World, **values: Any) -> dict[str, Any]:
    return {
        "kind": "forest_fire:wasteland",
        "source": "phone",
        "territory": world.town_area.pk,
        "place": "后山坡",
        "happened_at": "2026-08-23T04:10",
        "received_at": "2026-08-23T05:00",
        **values,
    }


def test_an_event_is_registered_with_number_name_and_clocks(world: World, client_for: ClientFor) -> None:
    duty, url = client_for("duty"), reverse("emergency:register")
    assert duty.post(url, _form(world, territory="")).status_code == 422
    assert duty.post(url, _form(world)).status_code == 302
    assert duty.post(url, _form(world)).status_code == 302
    first, second = Event.objects.order_by("pk")
    assert (first.number, second.number) == ("璧突〔2026〕1", "璧突〔2026〕2")
    assert first.name == "青杠街道“8·23”荒坡山火"
    assert first.owner_id == world.town.pk
    assert first.phone_due - first.received_at == timedelta(minutes=30)
    assert first.written_due - first.received_at == timedelta(hours=1)
    assert Entry.objects.filter(verb="emergency.register", object_id=first.pk).count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"received_at": now() + timedelta(days=1)}, "received_at"),
        ({"happened_at": now() + timedelta(days=1)}, "happened_at"),
        ({"kind": "forest_fire", "subtype": ""}, "kind"),
        ({"kind": "hail", "subtype": "forest"}, "kind"),
        ({"latitude": None}, "latitude"),
        ({"source": "alarm"}, "alarm"),
    ],
)
def test_a_wrong_event_names_its_field(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        fire(world, **values)
    assert field in error.value.message_dict
    assert not Event.objects.exists()


def test_a_town_registers_and_reads_at_home_only(world: World, client_for: ClientFor) -> None:
    with pytest.raises(PermissionDenied):
        services.register(world.who("finance"), described(world))
    with pytest.raises(ValidationError):
        services.register(world.who("town2"), described(world))
    event = services.register(world.who("town"), described(world))
    assert client_for("town").get(event.get_absolute_url()).status_code == 200
    assert client_for("town2").get(event.get_absolute_url()).status_code == 404
    assert event.name not in client_for("town2").get(reverse("emergency:list")).content.decode()


def test_two_who_correct_at_once_see_both_texts(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    values = {name: value for name, value in described(world).items() if name != "received_at"}
    services.correct(event, world.who("duty"), {**values, "place": "北坡二社"}, 1, "核实地点")
    with pytest.raises(ValidationError, match=r"北坡二社.*北坡三社"):
        services.correct(event, world.who("head"), {**values, "place": "北坡三社"}, 1, "核实地点")
    event.refresh_from_db()
    assert (event.place, event.version) == ("北坡二社", 2)


def test_the_response_is_started_changed_and_ended_with_reasons(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), client_for("duty")
    step = reverse("emergency:detail_step", args=[event.pk, "respond"])
    assert duty.post(step, {"level": "4", "reason": ""}).status_code == 422
    assert duty.post(step, {"level": "4", "reason": "火势蔓延"}).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.level) == ("responding", 4)
    with pytest.raises(Refused):
        services.set_level(event, world.who("duty"), "level", 4, "不变")
    services.set_level(event, world.who("leader"), "level", 2, "威胁居民点")
    workflow.advance(event, "end", world.who("duty"), reason="明火扑灭")
    assert event.state == "watching"


def test_a_merged_event_counts_once_and_can_be_split(world: World) -> None:
    main, other, duty = fought(world), fire(world, name="北坡火情"), world.who("duty")
    services.merge(other, duty, main, "同一起火")
    assert Event.objects.filter(COUNTED).count() == 1
    with pytest.raises(Refused):
        services.merge(main, duty, main, "自己")
    with pytest.raises(Refused, match="拆分"):
        services.merge(main, duty, fire(world), "有并入的不能再并")
    services.split(other, duty, "另一处起火")
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("received", None)


def test_an_exercise_is_never_merged_with_an_event_in_earnest(world: World) -> None:
    with pytest.raises(Refused, match="演练"):
        services.merge(fire(world, is_exercise=True), world.who("duty"), fire(world), "同一起火")


def test_notes_are_added_by_a_town_and_grouped_by_shift(world: World, client_for: ClientFor) -> None:
    event = fire(world, received_at=now() - timedelta(days=2), happened_at=now() - timedelta(days=2, minutes=5))
    town, url = client_for("town"), reverse("emergency:note_new", args=[event.pk])
    assert town.post(url, {"kind": "situation", "text": ""}).status_code == 422
    assert town.post(url, {"kind": "situation", "text": "火线向东"}).status_code == 302
    first = Note.objects.get()
    assert town.post(url, {"kind": "situation", "text": "火线向西", "corrects": first.pk}).status_code == 302
    services.add_note(world.who("duty"), event, "handover", "交班", happened_at=now() - timedelta(days=1))
    page = client_for("finance").get(reverse("emergency:record", args=[event.pk])).content.decode()
    assert "已有更正" in page
    assert "已交接" in page
    assert page.count("班</h2>") == 2
    only = client_for("finance").get(reverse("emergency:record", args=[event.pk]), {"kind": "handover"})
    assert "火线向东" not in only.content.decode()
    assert client_for("town2").get(url).status_code == 404
    with pytest.raises(ValidationError):
        services.add_note(world.who("duty"), event, "other", "将来", happened_at=now() + timedelta(hours=1))
