"""The golden year in a test's database, with one visit and hazard in fifty."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps

import bianwang
from bianwang.platform.config import config
from bianwang.processes.commands.init import prepare_pack
from bianwang.processes.demo import district, golden

YEAR, SCALE = 2022, 0.02
APPS = (
    "enforcement",
    "hazards",
    "accidents",
    "standardisation",
    "emergency",
    "disasters",
    "relief",
    "outreach",
    "budget",
    "indicators",
)
CHANCE = {"token", "sealed", "digest", "once", "key", "sha256"}
"""Columns that hold something unguessable or sealed, different each time."""


def prepare() -> None:
    """Load the district's laws, places and units into a migrated database that is empty."""
    prepare_pack(Path(bianwang.__file__).parent / "districts" / config().district)


def load() -> None:
    """Load the year into a prepared database; its people are of the demo and act nowhere else."""
    config().path("demo", "devices.json").unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config(), "mode", "demo")
        district.load(config(), partial(golden.load, year=YEAR, scale=SCALE))


def digests() -> dict[str, str]:
    """Of the rows of every model, without what is random. Only where numbers begin anew after a rollback (SQLite)."""
    found = {}
    for model in (model for code in APPS for model in apps.get_app_config(code).get_models()):
        columns = [field.attname for field in model._meta.concrete_fields if field.name not in CHANCE]
        digest = hashlib.sha256()
        for row in model._default_manager.order_by("pk").values_list(*columns):
            digest.update(repr(row).encode())
        found[model._meta.label] = digest.hexdigest()
    return found
