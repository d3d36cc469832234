"""The file of `bian calc fire-spread`: its form, and the answer as plain data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from bianwang.spread.conditions import Conditions, Doubt, Ignition, Model, Weather
from bianwang.spread.errors import SpreadError
from bianwang.spread.exposure import exposure
from bianwang.spread.fire import Front, Spread, spread
from bianwang.spread.grid import Grid
from bianwang.spread.origin import Origin
from bianwang.spread.rasters import read
from bianwang.spread.rothermel import Moisture, Rothermel
from bianwang.spread.wang import Wang

NOTICE = "辅助研判，不作为指挥依据"


class Start(msgspec.Struct, forbid_unknown_fields=True):
    at: tuple[float, float]
    minute: float = 0.0


class Named(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    at: tuple[float, float]
    x: float = 0.0
    y: float = 0.0


class Case(msgspec.Struct, forbid_unknown_fields=True):
    """``at`` and ``places``: longitude and latitude where ``origin`` is given, else metres east and north."""

    cell_m: float
    rows: int
    columns: int
    weather: list[Weather]
    ignitions: list[Start]
    model: Literal["wang-four", "wang-three", "rothermel"] = "wang-four"
    fuel: int | None = None
    fuel_asc: str | None = None
    elevation_asc: str | None = None
    origin: Origin | None = None
    places: list[Named] = []
    doubt: Doubt = Doubt()
    moisture: Moisture = Moisture()


def answer(file: Path, text: bytes) -> dict[str, Any]:
    """Compute a file; paths in it are relative to it. Raises SpreadError with one sentence."""
    try:
        case = msgspec.json.decode(text, type=Case)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, SpreadError):
            raise SpreadError(f"文件“{file}”{_where(str(error))}{error.__cause__}") from None
        raise SpreadError(f"文件“{file}”{_wrong(str(error))}，写法见 bian calc fire-spread --help。") from None
    except msgspec.DecodeError:
        raise SpreadError(f"文件“{file}”不是 JSON，请改正。") from None
    result = spread(_conditions(case, file.parent))
    for place in case.places:
        place.x, place.y = _metres(case.origin, place.at)
    hours = result.hours()
    return {
        "notice": NOTICE,
        "reaches_edge": result.reaches_edge(),
        "hours": [
            {
                "hour": hour.hour,
                "likely": _front(hour.likely, case.origin),
                "latest": _front(hour.latest, case.origin),
                "earliest": _front(hour.earliest, case.origin),
            }
            for hour in hours
        ],
        "places": _places(result, case.places),
    }


def _conditions(case: Case, folder: Path) -> Conditions:
    if (case.fuel is None) == (case.fuel_asc is None):
        raise SpreadError("fuel（一个代码）和 fuel_asc（栅格文件）须写一个，且只写一个。")
    grid = Grid.flat(case.cell_m, _count(case.rows, "rows"), _count(case.columns, "columns"), case.fuel or 0)
    layers = [_layer(folder, name, grid, case.origin) for name in (case.fuel_asc, case.elevation_asc)]
    fuel = grid.fuel if layers[0] is None else layers[0]
    ground = Grid(grid.cell, fuel, layers[1], grid.west, grid.south)
    starts = tuple(Ignition(*_metres(case.origin, start.at), start.minute) for start in case.ignitions)
    return Conditions(ground, tuple(case.weather), starts, _model(case), case.doubt)


def _model(case: Case) -> Model:
    return Rothermel(case.moisture) if case.model == "rothermel" else Wang(case.model.removeprefix("wang-"))


def _count(value: int, name: str) -> int:
    if not 0 < value <= 10_000:
        raise SpreadError(f"{name} 为 {value}，应在 1～10000。")
    return value


def _layer(folder: Path, name: str | None, grid: Grid, origin: Origin | None) -> Any:
    if name is None:
        return None
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SpreadError(f"栅格文件“{name}”打不开，请检查路径、权限和编码（UTF-8）。") from None
    return read(text, name).onto(grid, origin)


def _metres(origin: Origin | None, at: tuple[float, float]) -> tuple[float, float]:
    x, y = origin.local(*at) if origin else at
    return float(x), float(y)


def _front(front: Front, origin: Origin | None) -> dict[str, Any]:
    rings = [origin.ring(ring) if origin else np.round(ring, 1).tolist() for ring in front.rings]
    return {"hectares": round(front.hectares, 2), "perimeter_m": round(front.perimeter), "rings": rings}


def _places(result: Spread, places: list[Named]) -> list[dict[str, Any]]:
    """In the order of evacuation; minutes, null where the fire does not come within the hours computed."""
    return [
        {
            "name": each.place.name,
            **{
                name: round(minute, 1) if np.isfinite(minute) else None
                for name, minute in (("earliest", each.earliest), ("likely", each.likely), ("latest", each.latest))
            },
        }
        for each in exposure(result, places)
    ]


def _where(message: str) -> str:
    """The place that msgspec names at the end of its message."""
    where = re.search(r"`\$\.?([^`]*)`$", message)
    return f"的 {where[1]} " if where and where[1] else ""


def _wrong(message: str) -> str:
    """msgspec's words in Chinese: what is wrong and where."""
    if missing := re.search(r"missing required field `(\w+)`", message):
        return f"{_where(message)}缺少 {missing[1]}"
    if unknown := re.search(r"unknown field `(\w+)`", message):
        return f"{_where(message)}有不认识的 {unknown[1]}"
    return f"{_where(message)}写得不对"
