"""Entries as lines for an auditor's own systems."""

from __future__ import annotations

from datetime import datetime

import orjson
import pytest
from django.db import transaction

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger import queries
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(world):
    moment = datetime(2026, 11, 23, 10, 42, tzinfo=SHANGHAI)
    with acting(world.who("head"), "10.0.0.7"), transaction.atomic():
        record("places.create", world.plant, owner=world.plant)
        return record(
            "places.change",
            world.plant,
            owner=world.plant,
            changes={
                "risk": ("blue", "red"),
                "is_direct": (False, True),
                "address": ("", "一号路"),
                "from": (None, moment),
            },
            reason="年度复评",
        )


def test_a_line_of_json_holds_the_whole_entry(world, changed):
    line = orjson.loads(queries.as_json(Entry.objects.get(pk=changed.pk)))

    assert (line["verb"], line["actor"], line["origin"]) == ("places.change", "张科长", "10.0.0.7")
    assert line["changes"]["risk"] == ["blue", "red"]
    assert line["at"].endswith("+08:00")


def test_a_line_of_syslog_follows_rfc_5424(world, changed):
    line = queries.as_syslog(Entry.objects.get(pk=changed.pk), "bian-1").decode()

    head, _, message = line.partition("\ufeff")
    priority_version, at, host, app, process, message_id, data, end = head.split(" ")
    assert (priority_version, host, app, process, message_id, data, end) == (
        "<109>1", "bian-1", "bianwang", "-", "places.change", "-", "",
    )  # fmt: skip
    assert datetime.fromisoformat(at).tzinfo
    assert orjson.loads(message)["reason"] == "年度复评"
    assert "\n" not in line
