"""Rows of the alarms module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import BUREAU, BUSINESS, FINANCE, listing, page, thing

ROWS = (
    listing("alarms:list", BUSINESS),
    page("alarms:wall", BUSINESS),
    page("alarms:wall_state", BUSINESS),
    page("alarms:false_rates", BUREAU),
    thing("alarms:wall_alarm", subjects.alarm, BUSINESS),
    thing("alarms:curve", subjects.alarm, BUSINESS),
    thing("alarms:act", subjects.alarm, BUSINESS - FINANCE, 0, 302, args={"act": "acknowledge"}),
    thing("alarms:detail", subjects.alarm, BUSINESS),
)
