"""Who gets what at every URL: the one table. Whoever adds a URL adds its row here.

A row names the people (keys of `tests.people.PEOPLE`) who are let in (`ok`) and what they get: `get=200` or
`get=302` for reading, `post=302` (done, redirected) or `post=422` (let in, but the empty form is incomplete) for
writing. A method that a row does not name must not exist there (405). `hidden` are people who hold the
permission, but not in that place: 404. Everybody else is refused with 403, and a visitor is sent to the log-in.

`args` names the thing in the URL: a function of `subjects` below, which makes it for `world.plant`; or plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests import permission_subjects as subjects
from tests.people import PEOPLE, World

Made = Callable[[World], Any]

EVERYBODY = frozenset(person[0] for person in PEOPLE) - {"disabled"}
"""Everybody who can log in, also the one without a post."""
ADMINISTRATORS = frozenset({"system", "security", "audit"})
POSTED = EVERYBODY - {"nobody"}
BUSINESS = POSTED - ADMINISTRATORS
OFFICERS = frozenset({"enforcement", "enforcement2"})
HEAD, DUTY, LEADER, FINANCE = ({key} for key in ("head", "duty", "leader", "finance"))
BUREAU = OFFICERS | HEAD | DUTY | LEADER | FINANCE
UNITS = frozenset({"department", "committee"})
TOWNS = frozenset({"town", "town2"})
SAFETY = frozenset({"safety", "safety_mate", "safety_joint", "safety2"})

ELSEWHERE = frozenset({"committee", "town2", "safety_joint", "safety2"})
"""Business people in whose scope `world.plant` does not lie."""


@dataclass(frozen=True)
class Row:
    """One URL. See the module's docstring."""

    url: str
    ok: frozenset[str]
    get: int = 0
    post: int = 0
    hidden: frozenset[str] = frozenset()
    args: Mapping[str, Made | str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    visitor: int = 302
    visitor_post: int = 302
    """What somebody gets who is not logged in."""
    refused: int = 403
    other: Mapping[str, int] = field(default_factory=dict)
    """People who get something else than the rest."""
    tested_by: str = ""
    """A file that asks this URL of everybody where a test client cannot."""

    def __str__(self) -> str:
        return self.url


def page(url: str, ok: frozenset[str] | set[str], get: int = 200, post: int = 0, **more: Any) -> Row:
    """A page that belongs to no party: a list, a form for something new."""
    return Row(url, frozenset(ok), get, post, **more)


def thing(
    url: str, made: Made, ok: frozenset[str] | set[str], get: int = 200, post: int = 0, name: str = "pk", **more: Any
) -> Row:
    """A page of something of `world.plant`: who holds the permission elsewhere learns nothing of it."""
    args = {name: made, **more.pop("args", {})}
    holders = frozenset(ok)
    return Row(url, holders - ELSEWHERE, get, post, holders & ELSEWHERE, args, **more)


def listing(url: str, ok: frozenset[str] | set[str], **more: Any) -> Row:
    """A `ListPage`: it also takes batch actions and saved filters, and goes back to itself."""
    return page(url, ok, 200, 302, **more)


ACCOUNTS = (
    page("accounts:login", EVERYBODY, 302, 302, visitor=200, visitor_post=422),
    page("accounts:logout", EVERYBODY, 0, 302),
    page("accounts:password", EVERYBODY, 200, 422),
    page("accounts:me", EVERYBODY),
    listing("accounts:user_list", ADMINISTRATORS),
    page("accounts:user_new", {"system"}, 200, 422),
    page("accounts:user", ADMINISTRATORS, args={"pk": subjects.person}),
    page("accounts:grant", {"security"}, 200, 422, args={"pk": subjects.person}),
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

UI = (
    page("ui:home", EVERYBODY),
    page("ui:search", EVERYBODY),
    page("ui:system", {"system"}),
    page("ui:health", EVERYBODY, 503, visitor=503),  # no intake runs beside the test
    # A stream does not end: asked of a real server there.
    page("live:stream", EVERYBODY, visitor=401, tested_by="tests/platform/live/test_stream.py"),
)

_SENSING = BUSINESS - FINANCE
_SENSING_EDITORS = DUTY | OFFICERS | HEAD | SAFETY
SENSING = (
    listing("sensing:device_list", _SENSING),
    page("sensing:device_new", _SENSING_EDITORS, 200, 422),
    page("sensing:device_import", EVERYBODY, 302, 302),
    thing("sensing:device", subjects.device, _SENSING),
    thing("sensing:device_edit", subjects.device, _SENSING_EDITORS, 200, 422),
    thing("sensing:device_switch", subjects.device, _SENSING_EDITORS, 200, 422),
    thing("sensing:device_token", subjects.device, DUTY | OFFICERS | HEAD, 0, 200),
    thing("sensing:device_password", subjects.device, DUTY | OFFICERS | HEAD, 200, 422),
    listing("sensing:signal_list", _SENSING),
    page("sensing:signal_new", _SENSING_EDITORS, 200, 422),
    page("sensing:signal_import", EVERYBODY, 302, 302),
    thing("sensing:signal", subjects.signal, _SENSING),
    thing("sensing:signal_edit", subjects.signal, _SENSING_EDITORS, 200, 422),
    thing("sensing:signal_switch", subjects.signal, _SENSING_EDITORS, 200, 422),
    # No intake runs beside the tests, which the page says.
    thing("sensing:signal_series", subjects.signal, _SENSING, 503),
    listing("sensing:camera_list", _SENSING),
    page("sensing:camera_new", _SENSING_EDITORS, 200, 422),
    page("sensing:camera_import", EVERYBODY, 302, 302),
    thing("sensing:camera", subjects.camera, _SENSING),
    thing("sensing:camera_edit", subjects.camera, _SENSING_EDITORS, 200, 422),
    thing("sensing:camera_switch", subjects.camera, _SENSING_EDITORS, 200, 422),
)

PERMITS = (
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

_RULE_EDITORS = DUTY | OFFICERS | HEAD
RULES = (
    listing("rules:rule_list", _SENSING),
    thing("rules:rule", subjects.rule, _SENSING),
    thing("rules:revise", subjects.rule, _RULE_EDITORS, 200, 422),
    thing("rules:version", subjects.version, _SENSING),
    thing("rules:activate", subjects.version, HEAD, 200, 422),
    thing("rules:retire", subjects.version, HEAD, 200, 422),
    thing("rules:back_test", subjects.version, _SENSING, 200, 422),
    # No intake runs beside the tests, which the page says.
    thing("rules:plot", subjects.binding, _SENSING, 503),
    thing("rules:unbind", subjects.binding, _RULE_EDITORS, 200, 422),
    page("rules:template_list", _RULE_EDITORS),
    page("rules:new", _RULE_EDITORS, 200, 422, args={"template": "combustible-gas"}),
)

ALARMS = (
    listing("alarms:list", BUSINESS),
    page("alarms:wall", BUSINESS),
    page("alarms:wall_state", BUSINESS),
    page("alarms:false_rates", BUREAU),
    thing("alarms:wall_alarm", subjects.alarm, BUSINESS),
    thing("alarms:curve", subjects.alarm, BUSINESS),
    thing("alarms:act", subjects.alarm, BUSINESS - FINANCE, 0, 302, args={"act": "acknowledge"}),
    thing("alarms:detail", subjects.alarm, BUSINESS),
)

_HAZARD_UNITS = OFFICERS | HEAD | TOWNS | UNITS
_REPORTERS = _HAZARD_UNITS | DUTY | {"village"} | SAFETY
HAZARDS = (
    listing("hazards:list", BUSINESS),
    page("hazards:register", _REPORTERS, 200, 422),
    thing("hazards:from_alarm", subjects.alarm, _REPORTERS, 200, 422),
    page("hazards:import", EVERYBODY, 302, 302),
    listing("hazards:criteria", BUSINESS),
    page("hazards:statistics", BUSINESS),
    page("hazards:board", BUREAU | TOWNS | UNITS),
    listing("hazards:board_rows", BUREAU | TOWNS | UNITS),
    page("hazards:wall_counters", BUSINESS),
    thing("hazards:detail", subjects.hazard, BUSINESS),
    # Whoever may only look is told that this step is not his to take.
    thing(
        "hazards:detail_step",
        subjects.hazard,
        BUSINESS,
        200,
        422,
        args={"step": "grade"},
        other=dict.fromkeys(BUSINESS - _HAZARD_UNITS - ELSEWHERE, 409),
    ),
)

_ACCIDENT_STAFF = DUTY | OFFICERS | HEAD
_ACCIDENT_FIGURES = BUREAU | TOWNS | UNITS
ACCIDENTS = (
    listing("accidents:list", BUSINESS),
    page("accidents:register", _ACCIDENT_STAFF, 200, 422),
    listing("accidents:casualties", BUSINESS),
    page("accidents:statistics", _ACCIDENT_FIGURES),
    listing("accidents:gdp", _ACCIDENT_FIGURES),
    page("accidents:gdp_edit", FINANCE | HEAD, 200, 422),
    thing("accidents:detail", subjects.accident, BUSINESS),
    # Whoever may only look is told that this step is not his to take.
    thing(
        "accidents:detail_step",
        subjects.accident,
        BUSINESS,
        200,
        422,
        args={"step": "correct"},
        other=dict.fromkeys(BUSINESS - _ACCIDENT_STAFF - ELSEWHERE, 409),
    ),
)

_HOTLINE = BUREAU | TOWNS
_HOTLINE_STAFF = DUTY | OFFICERS | HEAD
_CALL = {"pk": subjects.call}
_REWARD = {"pk": subjects.reward}
OUTREACH = (
    listing("outreach:list", _HOTLINE),
    page("outreach:register", _HOTLINE_STAFF, 200, 422),
    page("outreach:statistics", BUREAU),
    listing("outreach:rewards", BUREAU),
    # A call lies with the town that handles it; the unit complained of never sees it.
    page("outreach:detail", _HOTLINE - {"town2"}, hidden=frozenset({"town2"}), args=_CALL),
    page(
        "outreach:detail_step",
        _HOTLINE - {"town2"},
        200,
        422,
        hidden=frozenset({"town2"}),
        args={**_CALL, "step": "verify"},
        other=dict.fromkeys(DUTY | LEADER | FINANCE, 409),
    ),
    page("outreach:identity", HEAD | FINANCE, 200, 422, args=_CALL),
    page("outreach:reward", BUREAU, args=_REWARD),
    # The first officer applied, so somebody else decides.
    page(
        "outreach:reward_step",
        BUREAU,
        200,
        422,
        args={**_REWARD, "step": "refuse"},
        other=dict.fromkeys(BUREAU - HEAD - LEADER, 409),
    ),
)

_PLANNERS = OFFICERS | HEAD
_VISITORS = BUREAU | TOWNS | UNITS
_NOT_THE_TOWN = _VISITORS - BUREAU - {"town"}
"""Visits belong to the unit that made them: the first town."""
_VISIT_REPORTERS = _PLANNERS | TOWNS | UNITS
_PLAN = {"pk": subjects.plan}
ENFORCEMENT = (
    listing("enforcement:list", _VISITORS),
    page("enforcement:visit_new", _VISIT_REPORTERS, 200, 422),
    page("enforcement:import", EVERYBODY, 302, 302),
    page("enforcement:visit", _VISITORS - _NOT_THE_TOWN, hidden=_NOT_THE_TOWN, args={"pk": subjects.visit}),
    page(
        "enforcement:visit_change",
        _VISIT_REPORTERS - _NOT_THE_TOWN,
        200,
        422,
        hidden=_NOT_THE_TOWN,
        args={"pk": subjects.visit},
    ),
    page(
        "enforcement:visit_void",
        _VISIT_REPORTERS - _NOT_THE_TOWN,
        200,
        422,
        hidden=_NOT_THE_TOWN,
        args={"pk": subjects.visit},
    ),
    page("enforcement:visit_exceed", HEAD | LEADER, 200, 422, args={"pk": subjects.over_visit}),
    listing("enforcement:plans", BUREAU),
    page("enforcement:plan_new", _PLANNERS, 200, 422),
    listing("enforcement:items", BUREAU),
    page("enforcement:item", _PLANNERS, 200, 422, args={"pk": subjects.plan_item}),
    page("enforcement:plan", BUREAU, args=_PLAN),
    page("enforcement:plan_change", _PLANNERS, 200, 422, args=_PLAN),
    page("enforcement:plan_add", _PLANNERS, 200, 422, args=_PLAN),
    page("enforcement:plan_draw", _PLANNERS, 200, 422, args=_PLAN),
    # The draft has one officer only, so the approval is refused with what it lacks.
    page("enforcement:plan_approve", HEAD | LEADER, 200, 422, args=_PLAN),
    page("enforcement:plan_amend", _PLANNERS, 200, 422, args={"pk": subjects.approved_plan}),
    page("enforcement:draw", BUREAU, 200, 200, args={"pk": subjects.inspection_draw}),
    listing("enforcement:campaigns", _VISITORS),
    page("enforcement:campaign_new", _PLANNERS, 200, 422),
    page("enforcement:campaign", _VISITORS, args={"pk": subjects.campaign}),
    page("enforcement:campaign_change", _PLANNERS, 200, 422, args={"pk": subjects.campaign}),
    listing("enforcement:coverage", BUREAU),
    page("enforcement:statistics", _VISITORS),
)

_AUDITORS = BUREAU - LEADER
_AUDIT = {"pk": subjects.audit}
AUDITS = (
    # Reports belong to units of the bureau, all of which its staff see.
    listing("audits:list", BUREAU),
    page("audits:new", _AUDITORS, 200, 422),
    page("audits:detail", BUREAU, args=_AUDIT),
    page("audits:version", BUREAU, args={**_AUDIT, "number": "1"}),
    page("audits:revise", _AUDITORS, 200, 422, args=_AUDIT),
    page("audits:rename", _AUDITORS, 200, 422, args=_AUDIT),
    page("audits:decide", _AUDITORS, 0, 422, args=_AUDIT),
    page("audits:withdraw", _AUDITORS, 0, 302, args=_AUDIT),
    page("audits:word", BUREAU, args=_AUDIT),
    page("audits:findings", BUREAU, args=_AUDIT),
)

TABLE: tuple[Row, ...] = (
    *ACCOUNTS,
    *FILES,
    *PLACES,
    *EXCHANGE,
    *TODO,
    *LEDGER,
    *CALENDAR,
    *UI,
    *SENSING,
    *PERMITS,
    *RULES,
    *ALARMS,
    *HAZARDS,
    *ENFORCEMENT,
    *ACCIDENTS,
    *OUTREACH,
    *AUDITS,
)
