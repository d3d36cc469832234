"""The golden year in a test's database, with one visit and hazard in fifty."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import bianwang
from bianwang.platform.config import config
from bianwang.processes.commands.init import prepare_pack
from bianwang.processes.demo import district, golden

YEAR, SCALE = 2022, 0.02


def load() -> None:
    """Load it into a migrated database that is empty; its people are of the demo and act nowhere else."""
    config().path("demo", "devices.json").unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config(), "mode", "demo")
        prepare_pack(Path(bianwang.__file__).parent / "districts" / config().district)
        district.load(config(), partial(golden.load, year=YEAR, scale=SCALE))
