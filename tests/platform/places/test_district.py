"""Loading the district pack of Bishan."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from bianwang.platform.ledger.models import Entry
from bianwang.platform.places import district
from bianwang.platform.places.models import Organisation, Territory

PACK = Path(district.__file__).parents[2] / "districts" / "bishan"

pytestmark = pytest.mark.django_db


def count(level: str) -> int:
    return Organisation.objects.filter(level=level).count()


def test_the_pack_brings_the_whole_district() -> None:
    district.load_district(PACK)
    kinds = {kind: Territory.objects.filter(kind=kind).count() for kind in Territory.Kind.values}
    assert kinds == {"district": 1, "town": 15, "village": 194, "zone": 3}
    assert (count("office"), count("subordinate"), count("committee")) == (7, 2, 3)
    assert (count("town"), count("village")) == (15, 194)
    village = Organisation.objects.select_related("parent", "territory").get(code="500120001001")
    assert village.name == "璧城街道大旺社区居民委员会"
    assert village.parent is not None
    assert village.parent.name == "璧城街道办事处"
    assert village.territory is not None
    assert village.territory.path == "500120/500120001/500120001001/"


def test_loading_twice_changes_nothing() -> None:
    district.load_district(PACK)
    before = Entry.objects.count()
    assert district.load_district(PACK) == district.Loaded(0, 0)
    assert Entry.objects.count() == before


def test_what_the_office_added_stays_and_a_renamed_body_is_corrected() -> None:
    district.load_district(PACK)
    Organisation.objects.create(code="own", name="自设科室", level="office")
    Organisation.objects.filter(code="gaoxin").update(name="旧名")
    assert district.load_district(PACK).organisations == 1
    assert Organisation.objects.get(code="gaoxin").name == "璧山高新区管委会"
    assert Organisation.objects.filter(code="own").exists()


def test_a_missing_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="organisations"):
        district.load_district(tmp_path)
