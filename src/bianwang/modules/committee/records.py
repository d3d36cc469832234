"""What is counted for each record of a scheme: so many of so many, unit by unit, and the list with exactly those rows.

Only whole days count: a period ends with a day that is over, so that nothing can still be done in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.committee import queries, watching
from bianwang.modules.committee.models import Assignment, Call, Receipt, Supervision, ZeroReport
from bianwang.modules.committee.scoring import Tally
from bianwang.modules.committee.workflow import COUNTED
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.queries import IN_TIME, came_due, found_between
from bianwang.platform import access
from bianwang.platform.period import Period
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.ui.lists import list_url

Units = Sequence[Organisation]
Counted = Mapping[int, Tally]


@dataclass(frozen=True)
class Record:
    """How one thing is counted, and where its rows are: a list, its date filter, what narrows it to the whole, and
    what more narrows it to those that are as they should be."""

    name: str
    count: Callable[[Any, Units, Period], Counted]
    page: str
    dates: str
    whole: Mapping[str, str]
    good: Mapping[str, str]

    def urls(self, unit: Organisation | None, period: Period) -> tuple[str, str]:
        """The lists of the good rows and of all, of one unit or of everybody."""
        query = {**period.query(self.dates), **self.whole}
        if unit is not None and self.page == "hazards:list":
            query["territory"] = unit.territory.code if unit.territory else ""
        elif unit is not None:
            query["unit"] = str(unit.pk)
        return list_url(self.page, **{**query, **self.good}), list_url(self.page, **query)


def _by_unit(rows: QuerySet[Any], good: Q, unit: str = "unit") -> Counted:
    found = rows.order_by().values_list(unit).annotate(good=Count("pk", filter=good), whole=Count("pk"))
    return {pk: Tally(part, whole) for pk, part, whole in found}


def _tasks(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, Assignment, "committee.units")
    return _by_unit(rows.filter(period.moments("deadline"), state__in=COUNTED), queries.in_time())


def _supervisions(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, Supervision, "committee.units")
    return _by_unit(rows.filter(period.moments("deadline"), state__in=COUNTED), queries.in_time())


def _receipts(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, Receipt, "committee.view").filter(period.moments("notice__answer_by"))
    return _by_unit(rows, watching.answered_in_time())


def _calls(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, Call, "committee.units").filter(period.moments("check_in__called_at"))
    return _by_unit(rows.exclude(result=""), Q(result=Call.Result.ONLINE))


def _zero(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, ZeroReport, "committee.units").filter(period.days("day"))
    return _by_unit(rows, watching.reported_in_time())


def _visits(user: Any, units: Units, period: Period) -> Counted:
    rows = access.visible(user, Visit, "enforcement.view").filter(period.days("date"))
    done = Q(state=Visit.State.DONE)
    return _by_unit(rows.exclude(state=Visit.State.VOID), done)


def _hazards(user: Any, units: Units, period: Period) -> Counted:
    """Hazards of the parties in a unit's territory, in two queries; territories overlap, and a party counts once."""
    every = found_between(access.visible(user, Hazard, "hazards.view"), period.first, period.last).filter(came_due())
    by_owner = _by_unit(every, IN_TIME, "owner")
    places = Party.territories.through._default_manager.values_list("party", "territory__path")
    where = [(party, path) for party, path in places if party in by_owner]
    found = {}
    for unit in units:
        if unit.territory is not None:
            inside = {party for party, path in where if path.startswith(unit.territory.path)}
            mine = [by_owner[party] for party in inside]
            found[unit.pk] = Tally(sum(tally.good for tally in mine), sum(tally.whole for tally in mine))
    return found


_IN_TIME = {"in_time": "1"}
_COUNTED = {"counted": "1"}
RECORDS: Mapping[str, Record] = {
    "tasks": Record("任务按期办结", _tasks, "committee:list", "deadline", _COUNTED, _IN_TIME),
    "receipts": Record("风险提示按期落实", _receipts, "committee:receipts", "answer_by", {}, _IN_TIME),
    "calls": Record("视频调度按时在线", _calls, "committee:calls", "called", _COUNTED, {"result": "online"}),
    "zero": Record("零报告按时报送", _zero, "committee:zero_reports", "day", {}, _IN_TIME),
    "supervisions": Record("督办按期报结", _supervisions, "committee:supervisions", "deadline", _COUNTED, _IN_TIME),
    "visits": Record("检查按计划完成", _visits, "enforcement:list", "date", {"valid": "1"}, {"state": "done"}),
    "hazards": Record("隐患按期整改", _hazards, "hazards:list", "found", {"due": "1", "counted": "1"}, _IN_TIME),
}
OWN = ("tasks", "receipts", "calls", "zero", "supervisions")
"""Records of the committee itself; the others have statistics of their own."""
