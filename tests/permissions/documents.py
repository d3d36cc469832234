"""Rows of the documents module."""

from __future__ import annotations

from tests.modules.documents import papers
from tests.people import World
from tests.permissions.row import BUREAU, HEAD, OFFICERS, Row, listing, page

_DRAFTERS = OFFICERS | HEAD


def _dossier(world: World) -> int:
    return papers.dossier(world).pk


def _draft(world: World) -> int:
    return papers.drawn(world, papers.dossier(world), "record").pk


def _issued(world: World) -> int:
    return papers.issued(world, papers.dossier(world), "record").pk


def _template(world: World) -> int:
    return papers.template(world).pk


_DOSSIER, _DRAFT, _ISSUED = {"pk": _dossier}, {"pk": _draft}, {"pk": _issued}
# A dossier lies with the bureau that acts; whom it is about never sees it.
ROWS: tuple[Row, ...] = (
    listing("documents:list", BUREAU),
    listing("documents:dossiers", BUREAU),
    page("documents:open", _DRAFTERS, 200, 422),
    page("documents:dossier", BUREAU, args=_DOSSIER),
    page("documents:papers", _DRAFTERS, 200, 422, args=_DOSSIER),
    page("documents:case_file", BUREAU, args=_DOSSIER),
    page("documents:draw_up", _DRAFTERS, 200, 302, args={**_DOSSIER, "kind": "notice"}),
    page("documents:detail", BUREAU, args=_ISSUED),
    page(
        "documents:detail_step",
        BUREAU,
        200,
        422,
        args={**_ISSUED, "step": "sign"},
        other=dict.fromkeys(BUREAU - _DRAFTERS, 409),
    ),
    page("documents:pdf", BUREAU, args=_DRAFT),
    page("documents:word", BUREAU, args=_DRAFT),
    page("documents:templates", HEAD),
    listing("documents:versions", HEAD),
    page("documents:template", HEAD, 200, 422, args={"kind": "record"}),
    page("documents:template_word", HEAD, args={"kind": "record"}),
    page("documents:restore", HEAD, 0, 302, args={"pk": _template}),
)
