"""Rows of the platform."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import (
    ADMINISTRATORS,
    BUREAU,
    BUSINESS,
    EVERYBODY,
    FINANCE,
    HEAD,
    LEADER,
    OFFICERS,
    POSTED,
    TOWNS,
    UNITS,
    listing,
    page,
    thing,
)

ACCOUNTS = (
    page("accounts:login", EVERYBODY, 302, 302, visitor=200, visitor_post=422),
    page("accounts:logout", EVERYBODY, 0, 302),
    page("accounts:password", EVERYBODY, 200, 422),
    page("accounts:me", EVERYBODY),
    listing("accounts:user_list", ADMINISTRATORS),
    page("accounts:user_new", {"system"}, 200, 422),
    page("accounts:user", ADMINISTRATORS, args={"pk": subjects.person}),
    page("accounts:grant", {"security"}, 200, 422, args={"pk": subjects.person}),
    page("accounts:certificate", {"system"}, 200, 302, args={"pk": subjects.person}),
    page("accounts:user_action", {"system"}, 0, 302, args={"pk": subjects.person, "action": "unlock"}),
    page("accounts:revoke", {"security"}, 0, 302, args={"pk": subjects.post}),
)

FILES = (
    # Whoever may view the object; everybody else learns nothing, whatever he lacks.
    thing("files:download", subjects.photo, BUSINESS, refused=404),
    thing("files:thumbnail", subjects.photo, BUSINESS, refused=404),
)

_REGISTRARS = OFFICERS | HEAD | UNITS | TOWNS
PLACES = (
    listing("places:enterprise_list", BUSINESS),
    page("places:enterprise_create", _REGISTRARS, 200, 422),
    # Leads to the import page, which asks for the permission.
    page("places:enterprise_import", EVERYBODY, 302, 302),
    thing("places:enterprise", subjects.plant, BUSINESS),
    thing("places:enterprise_edit", subjects.plant, _REGISTRARS, 200, 422),
    thing("places:workshop_create", subjects.plant, _REGISTRARS, 200, 422, name="owner_pk"),
    thing("places:workshop_edit", subjects.workshop, _REGISTRARS, 200, 422),
    thing("places:zone_create", subjects.plant, _REGISTRARS, 200, 422, name="owner_pk"),
    thing("places:zone_edit", subjects.zone, _REGISTRARS, 200, 422),
    page("places:organisation_list", BUSINESS),
    page("places:organisation_create", HEAD, 200, 422),
    # The first town's office: its own people and the bureau see it.
    page("places:organisation", BUREAU | {"town"}, args={"pk": subjects.town}, hidden=BUSINESS - BUREAU - {"town"}),
    page("places:organisation_edit", HEAD, 200, 422, args={"pk": subjects.town}),
    page("places:map", BUSINESS),
    page("places:map_data", BUSINESS),
    page("places:outline_import", OFFICERS | HEAD, 200, 422),
)

EXCHANGE = (
    page("exchange:upload", OFFICERS | HEAD, 200, 422, args={"kind": "places.enterprise"}),
    # An import belongs to who uploaded it.
    page("exchange:import", {"head"}, 200, 302, args={"pk": subjects.batch}, refused=404),
    page("exchange:template", OFFICERS | HEAD, args={"kind": "places.enterprise"}),
)

TODO = (
    listing("todo:list", EVERYBODY),
    listing("todo:done", EVERYBODY),
    page("todo:hand_over", HEAD | LEADER, 200, 422),
)

LEDGER = (
    listing("ledger:entry_list", {"audit"}),
    page("ledger:entry", {"audit"}, args={"pk": subjects.entry}),
    page("ledger:verify", {"audit"}, 200, 200),
)

CALENDAR = (
    page("calendar:year", POSTED),
    page("calendar:day", FINANCE | HEAD, 200, 422),
    page("calendar:restore", FINANCE | HEAD, 200, 422, args={"pk": subjects.changed_day}),
)

MESSAGES = (listing("messages:list", BUREAU),)

UI = (
    page("ui:home", EVERYBODY),
    page("ui:search", EVERYBODY),
    page("ui:system", {"system"}),
    page("ui:health", EVERYBODY, 503, visitor=503),  # no intake runs beside the test
    # A stream does not end: asked of a real server there.
    page("live:stream", EVERYBODY, visitor=401, tested_by="tests/platform/live/test_stream.py"),
)

ROWS = (
    *ACCOUNTS,
    *FILES,
    *PLACES,
    *EXCHANGE,
    *TODO,
    *LEDGER,
    *CALENDAR,
    *MESSAGES,
    *UI,
)
