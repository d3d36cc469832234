"""Messages: entered once, sent once whatever dies in between, tried again, and never shown with their recipient."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.platform import crypto
from bianwang.platform.clock import now
from bianwang.platform.config import Config, ConfigError, config
from bianwang.platform.ledger.models import Entry
from bianwang.platform.messages import senders, services
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.recipients import opened
from bianwang.platform.messages.senders import FileSender, GatewaySender, Outgoing, SendError, sender
from bianwang.platform.sealing.services import columns, reseal
from tests.people import ClientFor, World

PHONE = "13912345678"
OUT = Outgoing("a:1", "sms", PHONE, "请注意防火")
LATER = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    """The file of this test alone."""
    path = config().path("outbox", "messages.jsonl")
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def keys(file: Path) -> list[str]:
    return [json.loads(line)["key"] for line in file.read_text("utf-8").splitlines()]


def entered(world: World, key: str = "a:1", **values: Any) -> Message:
    return services.send(key, "sms", PHONE, "请注意防火", owner=world.bureau, about="防火提醒", **values)


def test_a_message_is_entered_once_and_sent_once(world: World, file: Path) -> None:
    message = entered(world)
    assert entered(world).pk == message.pk
    services.deliver()
    services.deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert message.sent_at is not None
    assert keys(file) == ["a:1"]
    assert json.loads(file.read_text("utf-8")) == {
        "key": "a:1",
        "channel": "sms",
        "recipient": PHONE,
        "text": "请注意防火",
    }
    assert file.stat().st_mode & 0o077 == 0
    told = list(Entry.objects.filter(verb__startswith="messages.").order_by("pk").values_list("verb", flat=True))
    assert told == ["messages.send", "messages.sent"]
    assert PHONE not in str(list(Entry.objects.values_list("changes", "object_label")))


def test_one_that_is_due_later_waits(world: World, file: Path, time_machine: Any) -> None:
    entered(world, at=now() + timedelta(hours=1))
    services.deliver()
    assert not file.exists()
    time_machine.move_to(now() + timedelta(hours=1, seconds=1))
    services.deliver()
    assert keys(file) == ["a:1"]


def test_killed_after_writing_it_is_not_written_again(world: World, file: Path, time_machine: Any) -> None:
    message = entered(world)
    assert services._claim(message)
    FileSender(file).send(OUT, again=False, until=now() + LATER)  # and here the process dies
    services.deliver()
    assert Message.objects.get().state == "sending", "the claim of the dead holds a while"
    time_machine.move_to(now() + services.CLAIM + timedelta(seconds=1))
    services.deliver()
    assert Message.objects.get().state == "sent"
    assert keys(file) == ["a:1"]


def test_killed_while_writing_the_torn_line_is_cut_off(world: World, file: Path, time_machine: Any) -> None:
    FileSender(file).send(Outgoing("a:0", "sms", PHONE, "此前"), again=False, until=now() + LATER)
    assert services._claim(entered(world))
    with file.open("ab") as torn:
        torn.write(b'{"key":"a:1","chan')
    time_machine.move_to(now() + services.CLAIM + timedelta(seconds=1))
    services.deliver()
    assert keys(file) == ["a:0", "a:1"]


def test_a_process_that_slept_past_its_claim_writes_nothing(file: Path) -> None:
    with pytest.raises(SendError, match="等待过久"):
        FileSender(file).send(OUT, again=False, until=now() - timedelta(seconds=1))
    assert file.read_bytes() == b""


def test_only_one_of_two_processes_claims(world: World) -> None:
    entered(world)
    first, second = Message.objects.get(), Message.objects.get()
    assert services._claim(first)
    assert not services._claim(second)


def test_what_cannot_be_sent_is_tried_again_and_then_shown(
    world: World, file: Path, client_for: ClientFor, time_machine: Any
) -> None:
    file.parent.mkdir(exist_ok=True)
    file.mkdir()  # nothing can be written there
    message = entered(world)
    for _ in range(services.MOST_ATTEMPTS):
        time_machine.move_to(now() + timedelta(hours=2))
        services.deliver()
    file.rmdir()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", services.MOST_ATTEMPTS)
    assert "写不进去" in message.error
    page = client_for("duty").get(reverse("messages:list"), {"state": "failed"}).content.decode()
    assert "139****5678" in page
    assert PHONE not in page
    with pytest.raises(PermissionDenied):
        access_retry(world, "leader", message)
    client_for("duty").post(reverse("messages:list"), {"action": "retry", "row": [message.pk]})
    services.deliver()
    message.refresh_from_db()
    assert message.state == "sent"
    with pytest.raises(ValidationError, match="不用重发"):
        access_retry(world, "duty", message)


def access_retry(world: World, who: str, message: Message) -> None:
    services.retry(world.who(who), [message])


def test_the_export_masks_recipients_too(world: World, client_for: ClientFor) -> None:
    entered(world)
    answer = client_for("head").get(reverse("messages:list"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "139****5678" in cells
    assert not any(PHONE in cell for cell in cells)


def test_a_number_lies_sealed_until_it_is_needed_no_more(world: World, file: Path) -> None:
    entered(world)
    services.send_texts([services.Text("a:2", PHONE, "又一条")], owner=world.bureau)
    for row in Message.objects.values():
        assert row["recipient_mask"] == "139****5678"
        assert PHONE not in str(row)
    assert {opened(row) for row in Message.objects.all()} == {PHONE}
    services.deliver()
    assert len(keys(file)) == 2
    assert set(Message.objects.values_list("state", "sealed")) == {("sent", None)}
    with pytest.raises(SendError, match="不再保存"):
        opened(Message.objects.first())


def test_another_key_opens_what_still_waits(world: World, file: Path) -> None:
    gone = entered(world, "a:0")
    services.deliver()
    waiting = entered(world, at=now())
    before = config().path("secrets", "identity_key").read_text()
    try:
        config().add_identity_key("cd" * 32)
        crypto.forget_keys()
        assert (Message, "sealed") in set(columns())
        assert reseal(Message, "sealed") == 1
        waiting.refresh_from_db()
        gone.refresh_from_db()
        assert crypto.is_current(bytes(waiting.sealed))
        assert gone.sealed is None
        assert opened(waiting) == PHONE
    finally:
        config().path("secrets", "identity_key").write_text(before)
        crypto.forget_keys()


def test_what_cannot_be_opened_is_not_sent_and_says_why(world: World, file: Path, time_machine: Any) -> None:
    entered(world)
    services.send("a:2", "sms", "13700000000", "给别人的", owner=world.bureau)
    other = Message.objects.get(key="a:2").sealed
    Message.objects.filter(key="a:1").update(sealed=other)
    services.deliver()
    assert keys(file) == ["a:2"], "nobody gets what was meant for somebody else"
    assert "数据可能被改动过" in Message.objects.get(key="a:1").error
    Message.objects.filter(key="a:1").update(sealed=b"junk")
    time_machine.move_to(now() + timedelta(minutes=1))
    services.deliver()
    assert "BIAN_IDENTITY_KEY" in Message.objects.get(key="a:1").error


def test_one_that_was_cancelled_is_not_sent(world: World, file: Path) -> None:
    entered(world, at=now() + timedelta(hours=1))
    assert services.cancel(["a:1", "unknown"]) == 1
    assert services.cancel(["a:1"]) == 0
    assert Message.objects.get().sealed is None
    Message.objects.update(next_at=now())
    services.deliver()
    assert not file.exists()


class Gateway(BaseHTTPRequestHandler):
    """Takes what it is given, or refuses."""

    status = 200
    seen: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        self.seen.append((self.headers["Idempotency-Key"], self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def test_a_gateway_is_told_the_key() -> None:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        gateway = GatewaySender(f"http://127.0.0.1:{server.server_port}/send")
        gateway.send(OUT, again=False, until=now() + LATER)
        assert [(key, json.loads(body)["text"]) for key, body in Gateway.seen] == [("a:1", "请注意防火")]
        Gateway.status = 503
        with pytest.raises(SendError, match="503"):
            gateway.send(OUT, again=True, until=now() + LATER)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(SendError, match="连不上"):
        gateway.send(OUT, again=True, until=now() + LATER)


@pytest.mark.parametrize(("named", "kind"), [("file", FileSender), ("https://gateway.local/sms", GatewaySender)])
def test_the_sender_is_named_by_the_configuration(named: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "config", lambda: Config(home=config().home, sender=named))
    assert isinstance(sender(), kind)


@pytest.mark.parametrize("named", ["", "ftp://x", "http://", "sms"])
def test_an_unknown_sender_is_one_sentence(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "config", lambda: Config(home=config().home, sender=named))
    with pytest.raises(ConfigError, match="BIAN_SENDER"):
        sender()
