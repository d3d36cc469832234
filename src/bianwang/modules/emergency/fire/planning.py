"""A judgement as the plan that the process computes: rasters are brought onto its grid."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np

from bianwang.modules.emergency.fire.plan import Layer, Plan, Ring
from bianwang.modules.emergency.models import Ground, Judgement
from bianwang.modules.emergency.pack.fuels import fuels
from bianwang.platform.clock import SHANGHAI
from bianwang.spread.conditions import Weather
from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import Grid
from bianwang.spread.origin import Origin
from bianwang.spread.rasters import Raster

COVERED = 0.95
"""Of the grid that a raster has to cover: where nothing is known nothing burns, which would look like safety."""


class Inputs(msgspec.Struct, frozen=True):
    """The JSON of `Judgement.inputs`."""

    weather: list[Weather]
    points: Ring
    perimeter: list[Ring]
    moisture: float


def inputs_of(judgement: Judgement) -> Inputs:
    """What was typed in or uploaded."""
    return msgspec.json.decode(judgement.inputs, type=Inputs)


def plan_of(judgement: Judgement, places: Ring) -> Plan:
    """The plan. Raises SpreadError for a raster that does not lie there."""
    given = inputs_of(judgement)
    return Plan(
        judgement.longitude,
        judgement.latitude,
        float(judgement.cell),
        judgement.side,
        given.weather,
        given.points,
        given.perimeter,
        fuels(_day(judgement)),
        judgement.fuel,
        _layer(judgement, judgement.fuel_ground),
        _layer(judgement, judgement.elevation),
        given.moisture,
        places,
    )


def _day(judgement: Judgement) -> date:
    return judgement.asked_at.astimezone(SHANGHAI).date()


def _layer(judgement: Judgement, ground: Ground | None) -> Layer | None:
    if ground is None:
        return None
    grid = Grid.flat(float(judgement.cell), judgement.side, judgement.side, 0)
    values = raster_of(ground).onto(grid, Origin(judgement.longitude, judgement.latitude))
    known = float(np.isfinite(values).mean())
    if known < COVERED:
        raise SpreadError(f"栅格“{ground}”只覆盖推演范围的 {known:.0%}，请换一张栅格、缩小范围，或不用栅格。")
    return Layer.of(values)


def raster_of(ground: Ground) -> Raster:
    """The raster as it was read."""
    values = Layer(bytes(ground.values)).values(ground.rows, ground.columns)
    return Raster(values, ground.west, ground.south, ground.cell)
