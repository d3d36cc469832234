"""The audit administrator's pages."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.urls import reverse

from bianwang.platform.ledger import chain
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(world):
    with acting(world.who("head"), "10.0.0.7"), transaction.atomic():
        return record(
            "places.change", world.plant, owner=world.plant, changes={"risk": ("blue", "red")}, reason="年度复评"
        )


def test_the_list_is_filtered_by_person_verb_and_day(client_for, entry):
    client, url = client_for("audit"), reverse("ledger:entry_list")

    def shown(**params):
        return "年度复评" in client.get(url, params).content.decode()

    assert shown()
    assert shown(q="张科长", verb="places.change", at_from="2020-01-01")
    assert not shown(q="王值班")
    assert not shown(verb="places.create")
    assert not shown(at_to="2020-01-01")
    assert shown(**{"from": "10.0.0.7"})


def test_the_filtered_list_can_be_exported(client_for, entry):
    answer = client_for("audit").get(reverse("ledger:entry_list"), {"export": "xlsx"})

    assert answer.status_code == 200
    assert "spreadsheet" in answer["Content-Type"]


def test_an_entry_shows_before_and_after_in_words(client_for, entry):
    page = client_for("audit").get(reverse("ledger:entry", args=[entry.pk])).content.decode()

    assert "蓝（低风险）" in page
    assert "红（重大风险）" in page
    assert "张科长" in page


def test_the_check_names_the_broken_row(client_for, entry):
    client, url = client_for("audit"), reverse("ledger:verify")
    chain.seal()
    assert "封存链没有断开" in client.post(url).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET reason = 'x' WHERE id = %s", [entry.pk])

    page = client.post(url).content.decode()
    assert "第 1 号记录" in page
    assert "记录已被改动" in page
    assert Entry.objects.filter(pk=entry.pk).exists()
