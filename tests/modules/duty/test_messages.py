"""Group messages: everybody gets one row and one text, receipts count once, and the call tree goes on by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.duty import receipts, services
from bianwang.modules.duty.models import Contact, ContactNumber, GroupMessage, PhoneCall, Recipient
from bianwang.modules.duty.receipt_links import link, read, token
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.messages import services as outbox
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.recipients import opened
from bianwang.platform.todo import queries as todo
from bianwang.platform.todo.models import Todo
from bianwang.platform.ui.search import search
from bianwang.platform.workflow.errors import Refused
from tests.modules.duty.things import contact, draft, grouped, messaged, told
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def after(message: GroupMessage, seconds: int) -> Any:
    """The clock so long after the message's time limit."""
    return time_machine.travel(message.sent_at + timedelta(minutes=message.minutes, seconds=seconds), tick=False)


def climb(message: GroupMessage, seconds: int = 1) -> None:
    """The loop's job after the limit."""
    with after(message, seconds):
        services.climb_tree()


def form(world: World, **values: Any) -> dict[str, Any]:
    """What the page sends."""
    return {"key": "f1", "urgency": "flash", "title": "集合", "text": "请集合", "groups": [grouped(world).pk], **values}


def test_everybody_is_told_once_by_text_and_with_an_account_by_todo(world: World) -> None:
    town, village = contact(world, "赵镇街", user=world.who("town")), contact(world, "孙干部", numbers=["023-41420000"])
    message = messaged(world, town, village, town)
    assert sorted(message.recipients.values_list("name", flat=True)) == ["孙干部", "赵镇街"]
    assert told(message, "赵镇街").standing == ("待发送", "secondary")
    assert told(message, "孙干部").standing == ("无手机号", "orange")
    text = Message.objects.get()
    assert opened(text) == "13800001111"
    assert "紧急集合：请到指挥中心" in text.text
    assert "10分钟" in text.text
    assert todo.counts(world.who("town")).open == 1
    outbox.deliver()
    assert told(message, "赵镇街").standing == ("已发送", "blue")
    Message.objects.update(state=Message.State.FAILED)
    assert told(message, "赵镇街").standing == ("发送失败", "red")
    assert "13800001111" not in "".join(Entry.objects.values_list("changes", flat=True))


def test_a_second_click_sends_nothing(world: World, client_for: ClientFor) -> None:
    contact(world, "赵镇街")
    client = client_for("duty")
    sent = [client.post(reverse("duty:message_new"), form(world)) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert GroupMessage.objects.count() == Recipient.objects.count() == Message.objects.count() == 1
    assert Entry.objects.filter(verb="duty.message").count() == 1


def test_what_cannot_be_sent_is_refused_and_leaves_nothing(world: World, client_for: ClientFor) -> None:
    person, other = contact(world, "赵镇街"), contact(world, "钱镇街", world.town2)
    for who, error in (("enforcement", PermissionDenied), ("town2", ValidationError)):
        with pytest.raises(error):
            services.send_message(world.who(who), draft(), [person])
    services.change_contact(other, world.who("duty"), {"is_active": False}, ["13800001111"], [])
    with pytest.raises(ValidationError, match="停用"):
        services.send_message(world.who("duty"), draft(), [other])
    with pytest.raises(ValidationError, match="从“/”开始"):
        messaged(world, person, source="https://elsewhere.example/")
    with pytest.raises(ValidationError, match="最多发给 2000 人"):
        services.send_message(world.who("duty"), draft(), [Contact(pk=number) for number in range(1, 2002)])
    with pytest.raises(ValidationError, match="至少一人"):
        services.send_message(world.who("duty"), draft(), [])
    answer = client_for("duty").post(reverse("duty:message_new"), form(world, groups=[], text=""))
    assert answer.status_code == 422
    assert not GroupMessage.objects.exists()
    assert not Message.objects.exists()


def test_a_receipt_counts_once_and_only_for_whom_was_asked(world: World, client_for: ClientFor) -> None:
    message = messaged(world)
    row = told(message, "赵镇街")
    with pytest.raises(PermissionDenied, match="本人回执"):
        services.receive(row, world.who("duty"))
    page = client_for("town").get(row.get_absolute_url()).content.decode()
    assert reverse("duty:receive", args=[row.pk]) in page
    assert reverse("duty:note_receipt", args=[row.pk]) not in page
    url = reverse("duty:receive", args=[row.pk])
    assert client_for("town").post(url, {"reply": "八点到"}).status_code == 302
    assert client_for("town").post(url, {"reply": "又"}).status_code == 422
    row = told(message, "赵镇街")
    assert (row.reply, row.way, row.standing) == ("八点到", "page", ("已答复", "green"))
    assert todo.counts(world.who("town")).open == 0
    found = receipts.progress([message])[message.pk]
    assert (found.asked, found.covered, found.silent, found.late, found.percent) == (1, 1, 0, 0, 100)


def test_a_link_without_log_in_is_good_once(world: World, settings: Any) -> None:
    message = messaged(world, contact(world, "甲"), contact(world, "乙"))
    url, visitor = reverse("duty:receipt", args=[token(message.pk, 1)]), Client()
    page = visitor.get(url).content.decode()
    assert "请到指挥中心" in page
    name = message.recipients.get(number=1).name
    assert name not in page
    assert "1380000" not in page
    assert message.recipients.filter(received_at__isnull=False).count() == 0, "opening it is no receipt"
    assert "已收到您的回执" in visitor.post(url, {"reply": "好"}).content.decode()
    assert visitor.post(url).status_code == 409
    assert visitor.get(url).status_code == 200
    assert message.recipients.get(number=1).way == "link"
    forged = reverse("duty:receipt", args=[token(message.pk, 1).replace(f"{message.pk}-1", f"{message.pk}-2")])
    assert visitor.post(forged).status_code == 404
    late = reverse("duty:receipt", args=[token(message.pk, 2)])
    with time_machine.travel(now() + timedelta(hours=72, seconds=1), tick=False):
        assert visitor.get(late).status_code == 404
    services.close_message(message, world.who("duty"))
    assert visitor.post(late).status_code == 410
    assert message.recipients.filter(received_at__isnull=False).count() == 1
    assert 429 in {visitor.post(late).status_code for _ in range(31)}


def test_the_text_carries_a_link_only_where_phones_can_open_it(world: World, monkeypatch: Any) -> None:
    from bianwang.modules.duty import receipt_links

    assert link(1, 2) == ""
    public = receipt_links.config().model_copy(update={"public_url": "https://bian.example.cn/"})
    monkeypatch.setattr(receipt_links, "config", lambda: public)
    message = messaged(world)
    address = Message.objects.get().text.rpartition("：")[2]
    assert address.startswith("https://bian.example.cn/duty/r/")
    assert read(address.rstrip("/").rpartition("/")[2]) == (message.pk, 1)
    assert read("1-1:abc") is None
    assert read("junk") is None


def test_the_silent_are_followed_down_the_tree_and_then_called(world: World, client_for: ClientFor) -> None:
    third = contact(world, "丙", numbers=["13800000003"])
    second = contact(world, "乙", substitute=third, numbers=["13800000002"])
    first = contact(world, "甲", substitute=second, user=world.who("town"), numbers=["13800000001"])
    message = messaged(world, first)
    with after(message, 0):
        services.climb_tree()
    assert message.recipients.count() == 1, "up to the very moment is in time"
    climb(message)
    climb(message)
    assert list(message.recipients.values_list("name", flat=True)) == ["甲", "乙"]
    assert told(message, "乙").root == told(message, "甲")
    assert opened(told(message, "乙").sms) == "13800000002"
    climb(message, 2 * 600)
    climb(message, 4 * 600)
    assert list(message.recipients.values_list("name", flat=True)) == ["甲", "乙", "丙"]
    called = Todo.objects.get(title__startswith="无人回执")
    assert called.permission == "duty.message"
    with after(message, 4 * 600):
        assert receipts.late_count(world.who("duty")) == 1
        ordered = receipts.ranked(Recipient.objects.filter(message=message)).order_by("rank", "number")
        assert [row.rank for row in ordered] == [0, 0, 0]
        assert told(message, "丙").standing == ("逾时未收", "red")
    url = reverse("duty:note_receipt", args=[told(message, "丙").pk])
    assert client_for("duty").post(url, {"reply": "8:05 丙接听，已出发"}).status_code == 302
    noted = PhoneCall.objects.get()
    assert (noted.direction, noted.who, noted.source) == ("out", "丙", message.get_absolute_url())
    found = receipts.progress([message])[message.pk]
    assert (found.asked, found.covered) == (1, 1), "one branch of the tree counts once"
    assert told(message, "甲").standing == ("替补已收", "green")
    assert not Todo.objects.filter(title__startswith="无人回执", done_at__isnull=True).exists()
    services.receive(told(message, "甲"), world.who("town"))
    assert told(message, "甲").covered_at is not None


def test_the_tree_skips_who_has_it_or_is_out_of_use_and_stops_when_done(world: World) -> None:
    away = contact(world, "丙", is_active=False)
    second = contact(world, "乙", substitute=away)
    first = contact(world, "甲", substitute=second)
    both = messaged(world, first, second)
    climb(both)
    assert both.recipients.count() == 2
    assert Todo.objects.filter(title__startswith="无人回执").count() == 2
    alone = messaged(world, first, key="k2")
    services.receive_by_link(told(alone, "甲"))
    closed = messaged(world, first, key="k3")
    services.close_message(closed, world.who("duty"))
    climb(closed)
    assert (alone.recipients.count(), closed.recipients.count()) == (1, 1)
    with pytest.raises(Refused, match="已经结束"):
        services.close_message(closed, world.who("duty"))
    with pytest.raises(Refused, match="结束收集"):
        services.receive_by_link(told(closed, "甲"))


def test_five_hundred_people_cost_as_many_queries_as_five(world: World) -> None:
    def people(count: int) -> list[Contact]:
        rows = [Contact(owner=world.town, name=f"人{count}-{at}", position=1) for at in range(count)]
        for row in rows:
            row.fill_pinyin()
        Contact.objects.bulk_create(rows)
        numbers = [ContactNumber(contact=row, position=1, number="13800001111") for row in rows]
        ContactNumber.objects.bulk_create(numbers)
        return rows

    asked = []
    for count in (5, 500):
        chosen = people(count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            messaged(world, *chosen, key=f"many{count}")
        asked.append(len(queries))
    assert Message.objects.count() == Recipient.objects.count() == 505
    # Inserts go in pieces; SQLite takes some sixty rows in one.
    assert asked[1] <= asked[0] + 30


def test_pages_ask_the_same_however_many_rows(world: World, client_for: ClientFor) -> None:
    duty, counts = client_for("duty"), []
    for size in (1, 6):
        message = messaged(world, *(contact(world, f"人{size}{at}") for at in range(size)), key=f"n{size}")
        duty.get(message.get_absolute_url())
        found = []
        for url in (
            message.get_absolute_url(),
            reverse("duty:recipients"),
            reverse("duty:contacts"),
            reverse("duty:messages"),
            reverse("duty:groups"),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert duty.get(url).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_contacts_keep_numbers_groups_and_a_tree_that_ends(world: World, client_for: ClientFor) -> None:
    duty = client_for("duty")
    first = contact(world, "甲", numbers=["023-41420000", "13800001111"])
    assert first.mobile == "13800001111"
    url = reverse("duty:contact_change", args=[first.pk])
    data = {"name": "甲", "title": "主任", "numbers": "13900002222\n023-1234567", "position": "2", "is_active": "on"}
    assert duty.post(url, {**data, "groups": [grouped(world).pk]}).status_code == 302
    assert list(first.numbers.values_list("number", flat=True)) == ["13900002222", "023-1234567"]
    for wrong, words in (
        ({"numbers": "电话"}, "不是电话"),
        ({"substitute": "查无"}, "没有在用的联系人"),
        ({"substitute": "甲"}, "不能成环"),
        ({"account": "duty"}, "不是"),
        ({"account": "nobody-at-all"}, "没有在用的账号"),
    ):
        answer = duty.post(url, {**data, **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    first.refresh_from_db()
    assert first.title == "主任"
    new = {**data, "name": "乙", "unit": world.town.name, "substitute": "甲"}
    assert duty.post(reverse("duty:contact_new"), new).status_code == 302
    assert duty.post(reverse("duty:contact_new"), {**new, "unit": "查无此单位"}).status_code == 422
    assert Contact.objects.get(name="乙").substitute == first


def test_who_may_not_see_phones_gets_them_masked(world: World, client_for: ClientFor) -> None:
    row = contact(world, "赵镇街", numbers=["13812345678"])
    message = messaged(world, row)
    services.note_call(world.who("duty"), "in", "村民", "13812345678", now(), "来电")
    pages = [row.get_absolute_url(), told(message, "赵镇街").get_absolute_url(), reverse("duty:contacts")]
    for url in pages:
        assert "13812345678" in client_for("duty").get(url).content.decode()
        assert "13812345678" not in client_for("enforcement").get(url).content.decode()
    for url in (reverse("duty:recipients"), reverse("duty:calls")):
        assert "13812345678" not in client_for("duty").get(url).content.decode()
    hits = dict(search(world.who("duty"), "赵镇"))["值班值守"]
    assert hits[0].url == row.get_absolute_url()
    assert "1381" not in hits[0].detail
    assert "值班值守" not in dict(search(world.who("safety"), "赵镇"))


def test_calls_are_noted_and_never_in_the_future(world: World, client_for: ClientFor) -> None:
    data = {"direction": "in", "who": "大路街道", "happened_at": "2026-01-01T08:00", "text": "积水"}
    town = client_for("town")
    assert town.post(reverse("duty:call_new"), {**data, "source": "/duty/matters/"}).status_code == 302
    assert PhoneCall.objects.get().owner_id == world.town.pk
    for wrong in ({"happened_at": "2099-01-01T08:00"}, {"number": "不是"}, {"source": "//evil.example/"}):
        assert town.post(reverse("duty:call_new"), {**data, **wrong}).status_code == 422
    assert PhoneCall.objects.count() == 1
    assert client_for("town2").get(PhoneCall.objects.get().get_absolute_url()).status_code == 404
    assert client_for("duty").get(reverse("duty:calls") + "?export=xlsx").status_code == 200
