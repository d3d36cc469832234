"""Workbooks for other systems: their columns, our values, and never who reported."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from bianwang.modules.outreach.exports import DATASETS, layouts, read
from bianwang.platform.config import ConfigError
from bianwang.platform.ledger.models import Entry
from tests.modules.enforcement.things import visited
from tests.modules.outreach.calls import PERSON, dispatched, entered
from tests.modules.outreach.publicity import today
from tests.modules.penalties.cases import filed
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SECRETS = (PERSON.name, PERSON.phone, PERSON.id_number, PERSON.account)


def fetch(client: Any, code: str, **days: Any) -> Any:
    return client.get(
        reverse("outreach:export", args=[code]), {"first": today() - timedelta(days=9), "last": today(), **days}
    )


def cells(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_calls_in_the_targets_columns_without_any_identity(world: World, client_for: ClientFor) -> None:
    call = dispatched(world, PERSON)
    entered(world, is_exercise=True)
    entered(world, received_at=call.received_at - timedelta(days=30))
    answer = fetch(client_for("duty"), "hotline")
    heads, *rows = cells(answer.content)
    assert heads == [column.title for column in layouts()["hotline"].columns]
    assert [row[0] for row in rows] == [call.number]
    assert rows[0][heads.index("承办单位")] == world.town.name
    whole = "".join(
        zipfile.ZipFile(BytesIO(answer.content)).read(name).decode("utf-8", "replace")
        for name in zipfile.ZipFile(BytesIO(answer.content)).namelist()
    )
    assert not any(secret in whole for secret in SECRETS)
    assert Entry.objects.filter(verb="exchange.export").latest("pk").actor == world.who("duty")


def test_visits_with_officers_and_empty_columns_for_the_staff(world: World, client_for: ClientFor) -> None:
    visit = visited(world)
    heads, *rows = cells(fetch(client_for("head"), "enforcement", first=visit.date, last=visit.date).content)
    assert len(rows) == 1
    row = dict(zip(heads, rows[0], strict=True))
    assert row["被检查单位"] == world.plant.name
    assert row["统一社会信用代码"] == world.plant.credit_code
    assert not row["现场检查记录文号"]


def test_cases_without_the_name_of_a_person(world: World, client_for: ClientFor) -> None:
    case = filed(world, respondent_kind="person", respondent="丁某某")
    heads, *rows = cells(fetch(client_for("head"), "cases", first=case.filed_on, last=case.filed_on).content)
    row = dict(zip(heads, rows[0], strict=True))
    assert (row["案件编号"], row["涉案单位"]) == (case.number, world.plant.name)
    assert row["统一社会信用代码"] == world.plant.credit_code
    assert "李执法" in row["执法人员及证号"]
    assert "丁某某" not in str(row)
    assert len(cells(fetch(client_for("head"), "cases", last=case.filed_on - timedelta(days=1)).content)) == 1


@pytest.mark.parametrize("days", [{"first": ""}, {"last": "x"}, {"last": "2020-01-01"}])
def test_wrong_days_are_said(world: World, client_for: ClientFor, days: dict[str, str]) -> None:
    answer = fetch(client_for("duty"), "hotline", **days)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_layout_is_404(world: World, client_for: ClientFor) -> None:
    assert fetch(client_for("duty"), "unknown").status_code == 404


def test_no_value_can_name_who_reported() -> None:
    for name in ("identity", "name", "phone", "sealed", "registered_by"):
        assert name not in DATASETS["calls"]
    good = "- {code: x, name: 甲, dataset: calls, source: 乙, certainty: 丙, valid_from: 2022-01-01, "
    good += "columns: [{title: 丁, value: %s}]}"
    assert read(good % "number")
    with pytest.raises(ConfigError, match="不能取“identity”"):
        read(good % "identity")
    with pytest.raises(ConfigError, match="dataset"):
        read((good % "number").replace("calls", "identities"))
    with pytest.raises(ConfigError, match="有误"):
        read("- 1")
