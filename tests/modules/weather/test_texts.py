"""A warning goes out as a group message too, and a receipt of the text is the unit's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bianwang.modules.duty import services as duty
from bianwang.modules.duty.models import GroupMessage, Recipient
from bianwang.modules.weather import services
from bianwang.modules.weather.models import Receipt
from bianwang.platform.clock import now
from bianwang.platform.ledger.chain import seal
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.subscriptions import deliver
from bianwang.platform.messages import services as outbox
from bianwang.platform.messages.models import Message
from bianwang.platform.places.models import Party
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Refused
from tests.modules.duty.things import contact, published
from tests.modules.weather import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def passed(world: World, *units: Party, **more: object) -> dict[int, Receipt]:
    """A warning passed on, its texts sent, and what the loop then does."""
    warning = things.typed(world, **more)
    services.pass_on(world.who("duty"), warning, units, "测试")
    outbox.deliver()
    services.deliver_pending()
    return {row.unit_id: row for row in warning.receipts.select_related("warning", "unit", "recipient__message")}


def follow() -> None:
    """What the loop does with entries of the ledger."""
    seal()
    deliver()


def test_a_receipt_of_the_text_is_the_answer_and_stops_nothing_twice(world: World) -> None:
    contact(world, "村支书", world.village)
    rows = passed(world, world.village, world.rescue_centre)
    row, silent = rows[world.village.pk], rows[world.rescue_centre.pk]
    assert row.recipient.name == "村支书"
    assert (row.state, silent.state) == ("sent", "phone"), "nobody can be reached there: a call is wanted at once"
    text = Message.objects.get().text
    assert "暴雨橙色预警" in text
    assert "30分钟" in text
    assert row.recipient.message.source == row.warning.get_absolute_url()
    duty.receive_by_link(row.recipient, "已通知各组")
    for _ in range(2):
        follow()
    row = Receipt.objects.get(pk=row.pk)
    assert (row.state, row.way, row.note) == ("answered", "text", "村支书：已通知各组")
    assert row.answered_at == Recipient.objects.get().received_at


def test_red_wants_a_call_and_a_link_only_says_read(world: World) -> None:
    contact(world, "村支书", world.village)
    row = passed(world, world.village, level=1)[world.village.pk]
    duty.receive_by_link(row.recipient)
    follow()
    row = Receipt.objects.select_related("warning", "unit", "recipient__message").get(pk=row.pk)
    assert row.state == "seen"
    services.register_call(row, world.who("duty"), "村支书接听")
    assert Receipt.objects.get(pk=row.pk).way == "phone"


def test_who_is_silent_is_followed_by_the_substitute_until_the_warning_is_answered_or_over(world: World) -> None:
    second = contact(world, "村主任", world.village)
    contact(world, "村支书", world.village, substitute=second)
    row = passed(world, world.village)[world.village.pk]
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        duty.climb_tree()
    with time_machine.travel(now() + timedelta(minutes=62), tick=False):
        duty.climb_tree()
        assert not Todo.objects.filter(title__startswith="无人回执").exists(), "the warning asks for the call itself"
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        duty.climb_tree()
        noted = Recipient.objects.select_related("message__owner").latest("pk")
        duty.note_receipt(noted, world.who("duty"), "村主任接听")
        follow()
    row = Receipt.objects.get(pk=row.pk)
    assert (row.state, row.way) == ("answered", "phone")
    other = passed(world, world.village)[world.village.pk]
    things.typed(world, other.warning, message="cancel")
    assert not GroupMessage.objects.filter(source=other.warning.get_absolute_url(), closed_at__isnull=True).exists()
    count = Recipient.objects.count()
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        duty.climb_tree()
    assert Recipient.objects.count() == count


def test_a_warning_that_runs_out_ends_its_call_tree(world: World) -> None:
    second = contact(world, "村主任", world.village, position=2)
    contact(world, "村支书", world.village, substitute=second)
    with time_machine.travel(now(), tick=False) as clock:
        for until, asked in ((timedelta(minutes=30, seconds=2), 2), (timedelta(minutes=30, seconds=1), 1)):
            row = passed(world, world.village, valid_until=now() + until)[world.village.pk]
            clock.shift(timedelta(minutes=30, seconds=1))
            duty.climb_tree()
            duty.climb_tree()
            assert row.recipient.message.recipients.count() == asked, until
        message = GroupMessage.objects.latest("pk")
        assert message.closed_at == row.warning.valid_until
        told = Entry.objects.get(verb="duty.message_close", object_id=message.pk)
        assert (told.reason, told.actor) == ("事项有效期已过", None)
        with pytest.raises(Refused, match="结束收集"):
            duty.receive_by_link(row.recipient)


def test_an_answer_on_the_platform_is_a_receipt_too(world: World) -> None:
    published(world, unit=world.town, days=3)
    row = passed(world, world.town)[world.town.pk]
    assert row.recipient.name == "王值班", "whoever is on duty by the roster"
    services.answer(row, world.who("town"), "已部署")
    told = Recipient.objects.get()
    assert (told.way, told.reply) == ("page", "已部署")
    follow()
    assert Receipt.objects.get(pk=row.pk).way == "button"


def test_the_years_rate_by_level_and_unit_leads_to_its_rows(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        rows = things.receipts(world, world.plant, world.joint, world.town)
        services.answer(rows[world.plant.pk], world.who("safety"))
        red = things.receipt(world, world.plant, level=1)
        clock.shift(timedelta(minutes=31))
        services.register_call(red, world.who("duty"), "晚接")
        client = client_for("head")
        page = client.get(reverse("weather:rates"))
        levels = {line.name: (line.part, line.whole) for line in page.context["levels"]}
        assert levels == {"合计": (1, 4), "红色": (0, 1), "橙色": (1, 3)}
        units = {line.name: line for line in page.context["sheet"]}
        assert (units[world.plant.name].part, units[world.plant.name].whole) == (1, 2)
        assert [line.percent for line in page.context["sheet"]] == [0.0, 0.0, 50.0]
        for line in (*page.context["levels"], *page.context["sheet"]):
            for url, number in ((line.part_url, line.part), (line.whole_url, line.whole)):
                assert client.get(url).context["sheet"].paginator.count == number, url
        assert client.get(reverse("weather:rates") + "?year=1999").status_code == 200
        assert len(client_for("safety").get(reverse("weather:rates")).context["sheet"]) == 1
