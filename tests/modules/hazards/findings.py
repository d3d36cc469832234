"""What the tests of hazards start from: limits, a criterion, certified officers, photos."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.hazards.services import grade, register
from bianwang.platform.clock import now
from tests.people import World


def prepare(world: World) -> None:
    """One criterion, and two officers with certificates."""
    criterion()
    for key in ("enforcement", "enforcement2"):
        officer = world.who(key)
        officer.certificate = f"渝B{officer.pk:07}"
        officer.save()


def criterion() -> Criterion:
    """A reason for a hazard to be major."""
    made, _ = Criterion.objects.get_or_create(
        code="T-1",
        valid_from=date(2023, 5, 15),
        defaults={"name": "未审批进入有限空间", "sector": "工贸", "source": "判定标准", "article": "第十三条"},
    )
    return made


@lru_cache(maxsize=4)
def _jpeg(colour: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (64, 48), colour).save(target, "JPEG")
    return target.getvalue()


def photo(colour: str = "gray") -> SimpleUploadedFile:
    """A small JPEG."""
    return SimpleUploadedFile("现场.jpg", _jpeg(colour), "image/jpeg")


def in_days(days: int) -> datetime:
    """A moment so many days ahead."""
    return now() + timedelta(days=days)


def major(**other: Any) -> dict[str, Any]:
    """What grading a major hazard needs."""
    return {
        "grade": "major",
        "criterion": criterion(),
        "responsible": "陈安",
        "measures": "停产治理",
        "funds": "1000.00",
        "rectify_by": in_days(60),
        "plan": "现场处置方案",
        **other,
    }


def found(world: World, who: str = "town", source: str = "town", **values: Any) -> Hazard:
    """A registered finding at the plant."""
    given = {"source": source, "title": "消防通道堆放杂物", "category": "2", **values}
    return register(world.who(who), world.plant, given, [photo()])


def ordered(world: World, who: str = "town", source: str = "town", **values: Any) -> Hazard:
    """A finding that was graded and must be rectified."""
    hazard = found(world, who, source)
    grade(hazard, world.who(who), {"grade": "general", "rectify_by": in_days(10), **values})
    return hazard
