"""Evidence of devices: the four gates of 行政处罚法 art. 41, each both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bianwang.modules.penalties import services
from bianwang.modules.penalties.models import Evidence
from bianwang.platform.clock import now, today
from bianwang.platform.workflow.errors import Refused
from tests.modules.alarms.plant import bound, raised
from tests.modules.penalties import cases
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

ALL = ("legal", "technical", "publish")


def recorded(**values: Any) -> dict[str, Any]:
    given = {
        "title": "打磨车间录像", "kind": "recording", "origin": "device", "proves": "除尘停用", "taken_at": now(),
        "source": None, "alarm": None, "digest": "",
    }  # fmt: skip
    return {**given, **values}


def test_a_device_that_is_not_through_its_reviews_gives_no_evidence(world: World) -> None:
    case = cases.filed(world)
    for steps, words in (
        ((), "没有通过法制和技术审核"),
        (("legal",), "没有通过法制和技术审核"),
        (("legal", "technical"), "没有向社会公布"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.add_evidence(case, world.who("enforcement"), recorded(source=cases.source(world, *steps)))
    assert not Evidence.objects.exists()


def test_none_without_a_device_before_its_publication_or_after_its_end(world: World) -> None:
    case, officer = cases.filed(world), world.who("enforcement")
    source = cases.source(world, *ALL)
    with pytest.raises(ValidationError, match="请选择已经审核并公布"):
        services.add_evidence(case, officer, recorded())
    with pytest.raises(ValidationError, match="没有向社会公布"):
        services.add_evidence(case, officer, recorded(source=source, taken_at=now() - timedelta(days=1)))
    early = cases.source(world, *ALL, day=today() - timedelta(days=2))
    services.add_evidence(case, officer, recorded(source=early, taken_at=now() - timedelta(days=1)))
    type(early).objects.filter(pk=early.pk).update(retired_on=today() - timedelta(days=1))
    early.refresh_from_db()
    with pytest.raises(ValidationError, match="已经停用"):
        services.add_evidence(case, officer, recorded(source=early))


def test_a_person_examines_it_and_the_other_side_sees_it(world: World) -> None:
    case, officer = cases.filed(world), world.who("enforcement")
    alarm = raised(bound(world.plant))
    row = services.add_evidence(case, officer, recorded(source=cases.source(world, *ALL), alarm=alarm))
    with pytest.raises(Refused):
        services.admit(row, officer)
    with pytest.raises(PermissionDenied):
        services.examine(row, world.who("head"))
    services.examine(row, officer)
    with pytest.raises(Refused, match="须向当事人出示"):
        services.admit(row, officer)
    with pytest.raises(ValidationError, match="有何意见"):
        services.show(row, officer, " ")
    services.show(row, officer, "向冯安全出示，无异议")
    services.admit(row, officer)
    row.refresh_from_db()
    assert (row.state, row.examined_by, row.shown_by, row.alarm) == ("admitted", officer, officer, alarm)
    assert row.source
    assert [row.source.legal_by, row.source.technical_by] == [world.who("enforcement"), world.who("duty")]


def test_two_reviews_by_two_people(world: World) -> None:
    source = cases.source(world)
    services.legal_source(source, world.who("head"))
    with pytest.raises(Refused, match="由他人审核"):
        services.technical_source(source, world.who("head"))
    services.technical_source(source, world.who("duty"))


def test_what_belongs_to_somebody_else_proves_nothing_here(world: World) -> None:
    case, officer = cases.filed(world), world.who("enforcement")
    source = cases.source(world, *ALL)
    with pytest.raises(ValidationError, match="不是涉案单位"):
        services.add_evidence(case, officer, recorded(source=source, alarm=raised(bound(world.other, code="other"))))
    type(source).objects.filter(pk=source.pk).update(owner=world.other)
    source.refresh_from_db()
    with pytest.raises(ValidationError, match="不在涉案单位"):
        services.add_evidence(case, officer, recorded(source=source))


def test_a_recorder_is_linked_by_the_hash_of_its_file(world: World) -> None:
    case, officer = cases.filed(world), world.who("enforcement")
    with pytest.raises(ValidationError, match="SM3"):
        services.add_evidence(case, officer, recorded(origin="recorder"))
    row = services.add_evidence(case, officer, recorded(origin="recorder", digest="ab" * 32))
    services.examine(row, officer)
    services.admit(row, officer)
    with pytest.raises(ValidationError, match="请改选来源"):
        services.add_evidence(case, officer, recorded(origin="officer", source=cases.source(world, *ALL)))
