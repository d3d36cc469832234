"""The golden year: the records of 2022 that the bureau's report of that year is about, at full scale.

`districts/<district>/golden_<year>.yaml` says which figures are the report's and which are invented; one file here
writes each subject through the services of its module, at the moments at which things happened (`clock.at`), and in
pieces where a year has hundreds of thousands of rows. The same data give the same rows.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from bianwang.modules.enforcement.models import Visit
from bianwang.platform import packs
from bianwang.processes.demo.cast import Cast
from bianwang.processes.demo.golden.data import Year
from bianwang.processes.demo.golden.year import Golden

SUBJECTS = (
    "enterprises",
    "inspections",
    "accidents",
    "standardisation",
    "emergency",
    "relief",
    "outreach",
    "calls",
    "budget",
    "indicators",
    "reports",
)
"""In the order of loading: later ones speak of earlier ones' rows."""


def path_of(year: int) -> Path:
    """Where the district's pack has the data of a year, if it has."""
    return packs.path(f"golden_{year}.yaml")


def read(year: int) -> Year:
    """The data of a year. Raises ConfigError."""
    return packs.load(path_of(year).name, Year, strict=False)


def load(cast: Cast, year: int, scale: float = 1.0) -> None:
    """Load a year into an instance that has the people and enterprises of the demo.

    `scale` below 1 makes fewer visits and hazards, for tests. Raises ClickException where a load was broken off.
    """
    if Visit.objects.exists():
        raise click.ClickException(f"{year}年的数据上次没有载入完，请删除数据文件夹后重新载入。")
    golden = Golden(cast, read(year), scale)
    for subject in SUBJECTS:
        import_module(f"{__name__}.{subject}").load(golden)
