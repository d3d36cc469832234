"""Limits of law and policy are data with dates, loaded from the district pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import bianwang.districts
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused, UnknownLimit
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import load_limits

BISHAN = Path(bianwang.districts.__file__).parent / "bishan" / "limits.yaml"

pytestmark = pytest.mark.django_db


def test_the_bishan_pack_loads_once_and_then_changes_nothing():
    first = load_limits(BISHAN)
    rows = Entry.objects.filter(verb="workflow.limit").count()

    assert first == Limit.objects.count() == rows > 10
    assert load_limits(BISHAN) == 0
    assert Entry.objects.filter(verb="workflow.limit").count() == rows


def test_every_limit_of_the_pack_names_its_source_and_how_sure_it_is():
    load_limits(BISHAN)

    assert not Limit.objects.filter(source="").exists()
    assert not Limit.objects.filter(certainty="").exists()


def test_a_limit_is_the_one_valid_on_the_date():
    load_limits(BISHAN)

    assert "第15号" in limit("hazards.recheck", on=date(2022, 6, 1)).source
    assert "第15号" in limit("hazards.recheck", on=date(2026, 1, 31)).source
    assert "第18号" in limit("hazards.recheck", on=date(2026, 2, 1)).source
    assert limit("alarms.ack_town").value == 15
    with pytest.raises(UnknownLimit):
        limit("hazards.recheck", on=date(1999, 1, 1))


def test_a_changed_value_is_taken_over_with_its_ledger_row(tmp_path):
    file = tmp_path / "limits.yaml"
    row = "- {{code: a.b, name: 试, value: {}, unit: days, source: 测试, valid_from: 2020-01-01}}\n"
    file.write_text(row.format(10), "utf-8")
    load_limits(file)
    file.write_text(row.format(12), "utf-8")

    assert load_limits(file) == 1
    assert limit("a.b").value == 12
    assert Entry.objects.filter(verb="workflow.limit").count() == 2


@pytest.mark.parametrize(
    "row",
    [
        "{code: a.b, name: 试, value: 多, unit: days, source: 测试, valid_from: 2020-01-01}",
        "{code: a.b, name: 试, value: 1, unit: fortnights, source: 测试, valid_from: 2020-01-01}",
        "{code: a.b, name: 试, value: 1, unit: days, valid_from: 2020-01-01}",
        "{code: a.b, nome: 试}",
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_loaded(tmp_path, row):
    file = tmp_path / "limits.yaml"
    good = "- {code: a.a, name: 好, value: 1, unit: days, source: 测试, valid_from: 2020-01-01}\n"
    file.write_text(good + f"- {row}\n", "utf-8")

    with pytest.raises(Refused, match=r"limits\.yaml 第 2 条时限“a\.b”有误"):
        load_limits(file)
    assert not Limit.objects.exists()
