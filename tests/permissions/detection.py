"""Rows of the detection module."""

from __future__ import annotations

from tests.modules.detection import things
from tests.people import World
from tests.permissions.row import BUREAU, HEAD, Row, listing, page


def model(world: World) -> int:
    """A model that was tried."""
    made = things.imported(world)
    things.tried(world, made)
    return made.pk


def trial(world: World) -> int:
    """Its trial."""
    return things.tried(world, things.imported(world)).pk


_MODEL = {"pk": model}

ROWS: tuple[Row, ...] = (
    listing("detection:list", BUREAU),
    page("detection:new", HEAD, 200, 422),
    page("detection:model", BUREAU, args=_MODEL),
    page(
        "detection:model_step",
        BUREAU,
        200,
        422,
        args={**_MODEL, "step": "switch_on"},
        other=dict.fromkeys(BUREAU - HEAD, 409),
    ),
    page("detection:trial_new", HEAD, 200, 422, args=_MODEL),
    page("detection:trial", BUREAU, args={"pk": trial}),
)
