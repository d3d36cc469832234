"""The district's check lists (`checklists.yaml`), and their items on a day: major-hazard lists follow the criteria."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml
from django.db.models import Q

import bianwang
from bianwang.modules.hazards.models import Criterion
from bianwang.modules.inspections.checklists import CheckList, Faulty, Item, in_force, parse
from bianwang.platform import packs
from bianwang.platform.config import ConfigError, config


@lru_cache(maxsize=1)
def pack() -> tuple[CheckList, ...]:
    """Every version of every list. Raises ConfigError that names the file and what is wrong."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "checklists.yaml"
    try:
        return parse(packs.parse(file.read_text("utf-8")))
    except (OSError, yaml.YAMLError, Faulty) as error:
        raise ConfigError(f"地区包文件 {file.name} 不可用：{error}，请改正后重新启动。") from error


def lists_on(day: date) -> list[CheckList]:
    """The lists in force on a day, those of criteria with the criteria of that day as items."""
    return filled(in_force(pack(), day), day)


def filled(lists: Iterable[CheckList], day: date) -> list[CheckList]:
    """Lists with their items of a day; those of criteria that have none then are left out."""
    found = [
        msgspec.structs.replace(row, items=criteria_items(row.criteria, day)) if row.criteria else row for row in lists
    ]
    return [row for row in found if row.items]


def chosen(versions: Iterable[str], day: date) -> list[CheckList]:
    """The named versions with their items of a day. Raises KeyError for one that is unknown or not in force."""
    known = {row.version: row for row in in_force(pack(), day)}
    return filled([known[version] for version in versions], day)


def kept(versions: Iterable[str], day: date) -> list[CheckList]:
    """The named versions as far as the pack still has them: for what was filled in long ago."""
    known = {row.version for row in in_force(pack(), day)}
    return chosen([version for version in dict.fromkeys(versions) if version in known], day)


def criteria_items(sector: str, day: date) -> tuple[Item, ...]:
    """The criteria of major hazards of a sector in force on a day, as items that describe the fault."""
    rows = Criterion.objects.filter(
        Q(sector=sector) | Q(sector__startswith=f"{sector}·"),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        valid_from__lte=day,
    )
    return tuple(
        Item(
            code=row.code,
            text=row.name,
            law=row.source,
            article=row.article,
            level="major",
            criterion=row.code,
            answer="absent",
        )
        for row in rows.order_by("pk")
    )
