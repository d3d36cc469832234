"""Rows of the penalties module: the bureau's people only, never the enterprise that a case is about."""

from __future__ import annotations

from tests.modules.penalties import cases
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, HEAD, LEADER, OFFICERS, Row, listing, page


def case(world: World) -> int:
    """A clue at the plant that the two officers handle."""
    return cases.entered(world).pk


def evidence(world: World) -> int:
    """A piece that was admitted."""
    return cases.proved(cases.filed(world), world).pk


def measure(world: World) -> int:
    """A seizure that waits for approval."""
    return cases.measure(world).pk


def source(world: World) -> int:
    """A camera that waits for its legal review."""
    return cases.source(world).pk


def publication(world: World) -> int:
    """A decision that the public reads."""
    return cases.published(world).pk


_CASE = {"pk": case}
_SOURCE = {"pk": source}
_MEASURE = {"pk": measure}
_PUBLICATION = {"pk": publication}
_HEADS = HEAD | LEADER
ROWS: tuple[Row, ...] = (
    listing("penalties:list", BUREAU),
    listing("penalties:payments", BUREAU),
    listing("penalties:publications", BUREAU),
    listing("penalties:sources", BUREAU),
    page("penalties:statistics", BUREAU),
    page("penalties:new", OFFICERS, 200, 422),
    page("penalties:source_new", HEAD | DUTY, 200, 422),
    page("penalties:detail", BUREAU, args=_CASE),
    # Who may not take a step sees the case, and is told that it is not his.
    page(
        "penalties:detail_step",
        BUREAU,
        200,
        422,
        args={**_CASE, "step": "refuse"},
        other=dict.fromkeys(BUREAU - _HEADS, 409),
    ),
    page("penalties:evidence", BUREAU, args={"pk": evidence}),
    page(
        "penalties:evidence_step", BUREAU, 409, 409, args={"pk": evidence, "step": "exclude"}
    ),  # admitted: nothing is left to do
    page("penalties:measure", BUREAU, args=_MEASURE),
    page(
        "penalties:measure_step",
        BUREAU,
        200,
        422,
        args={**_MEASURE, "step": "refuse"},
        other=dict.fromkeys(BUREAU - _HEADS, 409),
    ),
    page("penalties:source", BUREAU, args=_SOURCE),
    page(
        "penalties:source_step",
        BUREAU,
        200,
        422,
        args={**_SOURCE, "step": "retire"},
        other=dict.fromkeys(BUREAU - HEAD - DUTY, 409),
    ),
    page("penalties:publication", BUREAU, args=_PUBLICATION),
    page(
        "penalties:publication_step",
        BUREAU,
        200,
        422,
        args={**_PUBLICATION, "step": "unpublish"},
        other=dict.fromkeys(BUREAU - HEAD - {"finance"}, 409),
    ),
)
