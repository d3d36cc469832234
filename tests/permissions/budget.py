"""Rows of the budget module: the bureau reads, finance writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import Model

from bianwang.platform.clock import today
from tests.modules.budget import cases
from tests.people import World
from tests.permissions.row import BUREAU, FINANCE, Row, listing, page


def _key(make: Callable[[World], Model]) -> Mapping[str, Callable[[World], int]]:
    return {"pk": lambda world: make(world).pk}


_YEAR, _DRAFT = _key(cases.approved), _key(cases.drafted)
_LINE = _key(lambda world: cases.safety(cases.approved(world)))
_PROJECT = _key(lambda world: cases.superior(world, cases.approved(world)))
_PAYMENT = _key(lambda world: cases.paid(world, cases.safety(cases.approved(world)), "10"))
_RECEIPT = _key(lambda world: cases.received(world, cases.approved(world)))
_PAPER = _key(lambda world: cases.due(world, today()))

ROWS: tuple[Row, ...] = (
    *(listing(f"budget:{name}", BUREAU) for name in ("list", "lines", "projects", "adjustments", "payments")),
    *(listing(f"budget:{name}", BUREAU) for name in ("receipts", "publications", "staff")),
    *(page(f"budget:{name}", FINANCE, 200, 422) for name in ("year_new", "publication_new", "staff_new")),
    *(page(f"budget:{name}", BUREAU) for name in ("alerts", "funds")),
    *(page(f"budget:{name}_import", FINANCE, 302, 302) for name in ("line", "project", "payment")),
    page("budget:year", BUREAU, args=_YEAR),
    page(
        "budget:year_step",
        BUREAU,
        200,
        422,
        args={**_DRAFT, "step": "approve"},
        other=dict.fromkeys(BUREAU - FINANCE, 409),
    ),
    *(page(f"budget:{name}", FINANCE, 200, 422, args=_YEAR) for name in ("line_new", "receive", "statement")),
    page("budget:line", BUREAU, args=_LINE),
    *(page(f"budget:{name}", FINANCE, 200, 422, args=_LINE) for name in ("line_edit", "adjust", "line_reason")),
    *(page(f"budget:{name}", FINANCE, 200, 422, args=_LINE) for name in ("pay", "project_new")),
    page("budget:project", BUREAU, args=_PROJECT),
    *(page(f"budget:{name}", FINANCE, 200, 422, args=_PROJECT) for name in ("project_edit", "project_reason")),
    page("budget:payment", BUREAU, args=_PAYMENT),
    page("budget:receipt", BUREAU, args=_RECEIPT),
    page("budget:assign", FINANCE, 200, 422, args=_RECEIPT),
    page("budget:publication", BUREAU, args=_PAPER),
    page("budget:publish", FINANCE, 200, 422, args=_PAPER),
)
