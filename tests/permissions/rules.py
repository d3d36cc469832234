"""Rows of the rules module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import DUTY, HEAD, OFFICERS, listing, page, thing
from tests.permissions.sensing import SENSORS

_RULE_EDITORS = DUTY | OFFICERS | HEAD
ROWS = (
    listing("rules:rule_list", SENSORS),
    thing("rules:rule", subjects.rule, SENSORS),
    thing("rules:revise", subjects.rule, _RULE_EDITORS, 200, 422),
    thing("rules:version", subjects.version, SENSORS),
    thing("rules:activate", subjects.version, HEAD, 200, 422),
    thing("rules:retire", subjects.version, HEAD, 200, 422),
    thing("rules:back_test", subjects.version, SENSORS, 200, 422),
    # No intake runs beside the tests, which the page says.
    thing("rules:plot", subjects.binding, SENSORS, 503),
    thing("rules:unbind", subjects.binding, _RULE_EDITORS, 200, 422),
    page("rules:template_list", _RULE_EDITORS),
    page("rules:new", _RULE_EDITORS, 200, 422, args={"template": "combustible-gas"}),
)
