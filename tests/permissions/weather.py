"""Rows of the weather module."""

from __future__ import annotations

from tests.modules.weather import things
from tests.people import World
from tests.permissions.row import BUREAU, BUSINESS, DUTY, ELSEWHERE, HEAD, SAFETY, Row, listing, page, thing

_OFFICE = DUTY | HEAD


def warning(world: World) -> int:
    """A warning in force."""
    return things.typed(world).pk


def receipt(world: World) -> int:
    """The plant's receipt of an orange warning, delivered."""
    return things.receipt(world, world.plant).pk


def gauge(world: World) -> int:
    """The plant's gauge."""
    return things.gauge(world).pk


def hint(world: World) -> int:
    """A hint of the plant's gauge that goes on."""
    return things.hint(world).pk


_WARNING = {"pk": warning}

ROWS: tuple[Row, ...] = (
    listing("weather:list", BUREAU),
    page("weather:cap", _OFFICE, 200, 422),
    page("weather:new", _OFFICE, 200, 422),
    page("weather:detail", BUREAU, args=_WARNING),
    page("weather:pass_on", _OFFICE, 200, 422, args=_WARNING),
    listing("weather:receipts", BUSINESS),
    thing("weather:receipt", receipt, BUSINESS),
    # Only the plant itself says that it has read; others look on.
    thing(
        "weather:receipt_step",
        receipt,
        BUSINESS,
        200,
        302,
        args={"step": "see"},
        other=dict.fromkeys(BUSINESS - SAFETY - ELSEWHERE, 409),
    ),
    page("weather:rates", BUSINESS),
    listing("weather:gauges", BUSINESS),
    page("weather:gauge_new", _OFFICE, 200, 422),
    thing("weather:gauge_change", gauge, _OFFICE, 200, 422),
    thing("weather:gauge", gauge, BUSINESS),
    listing("weather:hints", BUSINESS),
    thing("weather:hint", hint, BUSINESS),
    thing(
        "weather:hint_step",
        hint,
        BUSINESS,
        200,
        302,
        args={"step": "note"},
        other=dict.fromkeys(BUSINESS - _OFFICE - ELSEWHERE, 409),
    ),
)
