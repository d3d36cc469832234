"""Rows of the sensing module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import BUSINESS, DUTY, EVERYBODY, FINANCE, HEAD, OFFICERS, SAFETY, listing, page, thing

SENSORS = BUSINESS - FINANCE
_SENSING_EDITORS = DUTY | OFFICERS | HEAD | SAFETY
ROWS = (
    listing("sensing:device_list", SENSORS),
    page("sensing:device_new", _SENSING_EDITORS, 200, 422),
    page("sensing:device_import", EVERYBODY, 302, 302),
    thing("sensing:device", subjects.device, SENSORS),
    thing("sensing:device_edit", subjects.device, _SENSING_EDITORS, 200, 422),
    thing("sensing:device_switch", subjects.device, _SENSING_EDITORS, 200, 422),
    thing("sensing:device_token", subjects.device, DUTY | OFFICERS | HEAD, 0, 200),
    thing("sensing:device_password", subjects.device, DUTY | OFFICERS | HEAD, 200, 422),
    listing("sensing:signal_list", SENSORS),
    page("sensing:signal_new", _SENSING_EDITORS, 200, 422),
    page("sensing:signal_import", EVERYBODY, 302, 302),
    thing("sensing:signal", subjects.signal, SENSORS),
    thing("sensing:signal_edit", subjects.signal, _SENSING_EDITORS, 200, 422),
    thing("sensing:signal_switch", subjects.signal, _SENSING_EDITORS, 200, 422),
    # No intake runs beside the tests, which the page says.
    thing("sensing:signal_series", subjects.signal, SENSORS, 503),
    listing("sensing:recorder_list", SENSORS),
    page("sensing:recorder_new", _SENSING_EDITORS, 200, 422),
    thing("sensing:recorder", subjects.recorder, SENSORS),
    thing("sensing:recorder_edit", subjects.recorder, _SENSING_EDITORS, 200, 422),
    thing("sensing:recorder_switch", subjects.recorder, _SENSING_EDITORS, 200, 422),
    # Back to the page, which says that the port is closed.
    thing("sensing:recorder_catalog", subjects.recorder, _SENSING_EDITORS, 0, 302),
    listing("sensing:camera_list", SENSORS),
    page("sensing:camera_new", _SENSING_EDITORS, 200, 422),
    page("sensing:search_new", _SENSING_EDITORS, 200, 302),
    thing("sensing:search", subjects.camera_search, _SENSING_EDITORS),
    page("sensing:camera_import", EVERYBODY, 302, 302),
    thing("sensing:camera", subjects.camera, SENSORS),
    thing("sensing:camera_edit", subjects.camera, _SENSING_EDITORS, 200, 422),
    thing("sensing:camera_switch", subjects.camera, _SENSING_EDITORS, 200, 422),
    # No camera process runs beside the tests: there is no picture.
    thing("sensing:camera_picture", subjects.camera, SENSORS, 204),
    thing("sensing:camera_view", subjects.camera, _SENSING_EDITORS, 200, 302),
    thing("sensing:camera_zones", subjects.camera, SENSORS),
    thing("sensing:region_new", subjects.camera, _SENSING_EDITORS, 200, 422),
    thing("sensing:region_edit", subjects.region, _SENSING_EDITORS, 200, 422, name="region"),
    thing("sensing:region_remove", subjects.region, _SENSING_EDITORS, 200, 302, name="region"),
)
