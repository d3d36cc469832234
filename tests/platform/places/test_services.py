"""Registering parties and places; the ledger keeps what changed, personal fields only as digests."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bianwang.platform.ledger.models import Entry
from bianwang.platform.places import services
from bianwang.platform.places.credit_code import ALPHABET, check_character, validate_credit_code
from bianwang.platform.places.models import Enterprise, Workshop, Zone
from bianwang.platform.ui.timeline import changes
from tests.people import World

FIRST17 = "91500120MA5U00007"


def values(world: World, **changed: object) -> dict[str, object]:
    return {
        "name": "新厂",
        "credit_code": FIRST17 + check_character(FIRST17),
        "sector": "industry",
        "territories": [world.village_area],
        "contact": "冯安全",
        "contact_phone": "13811112222",
        **changed,
    }


def test_who_lies_in_a_village_lies_in_its_town(world: World) -> None:
    made = services.create_enterprise(values(world))
    assert set(made.territories.all()) == {world.village_area, world.town_area}


def test_personal_fields_leave_only_a_digest(world: World) -> None:
    made = services.create_enterprise(values(world))
    entry = Entry.objects.get(verb="places.create", object_id=made.pk)
    assert "13811112222" not in entry.changes
    assert "冯安全" not in entry.changes
    assert entry.owner_id == made.pk
    assert {change.after for change in changes(entry) if change.name == "联系电话"} == {"（已隐去）"}


def test_a_change_records_only_what_differs(world: World) -> None:
    made = services.create_enterprise(values(world))
    services.change_enterprise(made, {"name": "新厂", "risk": "red", "territories": [world.zone_area]})
    entry = Entry.objects.get(verb="places.change")
    assert {change.name for change in changes(entry)} == {"风险等级", "所在区域"}
    count = Entry.objects.count()
    services.change_enterprise(made, {"risk": "red"})
    assert Entry.objects.count() == count


def test_nothing_is_written_when_a_value_is_wrong(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        services.create_enterprise(values(world, credit_code="91500120MA5U000000", sector="没有"))
    assert set(caught.value.error_dict) == {"credit_code", "sector"}
    assert not Enterprise.objects.filter(name="新厂").exists()


def test_a_zone_cannot_lie_in_anothers_workshop(world: World) -> None:
    theirs = services.save_workshop(Workshop(), {"owner": world.other, "name": "一号车间"})
    with pytest.raises(ValidationError, match="不属于“青杠机械厂”"):
        services.save_zone(Zone(owner=world.plant), {"name": "池", "workshop": theirs})


def test_a_body_cannot_be_its_own_superior(world: World) -> None:
    with pytest.raises(ValidationError, match="上级单位不能是本单位"):
        services.change_organisation(world.bureau, {"parent": world.duty_office})


def test_the_check_character_notices_every_single_wrong_character() -> None:
    code = FIRST17 + check_character(FIRST17)
    validate_credit_code(code)
    for position in range(18):
        for other in set(ALPHABET) - {code[position]}:
            with pytest.raises(ValidationError):
                validate_credit_code(code[:position] + other + code[position + 1 :])


def test_the_example_of_the_standard_is_valid() -> None:
    # GB 32100-2015, annex A.
    validate_credit_code("91350100M000100Y43")
