"""Rows of the permits module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import BUSINESS, ELSEWHERE, SAFETY, listing, page, thing

ROWS = (
    listing("permits:list", BUSINESS),
    page("permits:board", BUSINESS),
    page("permits:new", SAFETY),
    page("permits:register", SAFETY, 200, 422, args={"kind": "hot_work"}),
    thing("permits:change", subjects.permit, SAFETY, 200, 422),
    thing("permits:print", subjects.permit, BUSINESS),
    thing("permits:detail", subjects.permit, BUSINESS),
    # Whoever may only look is told that this step is not his to take.
    thing(
        "permits:detail_step",
        subjects.permit,
        BUSINESS,
        200,
        422,
        args={"step": "analyse"},
        other=dict.fromkeys(BUSINESS - SAFETY - ELSEWHERE, 409),
    ),
)
