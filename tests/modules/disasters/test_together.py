"""Two who act at once: real threads with a connection each, on whichever database the suite runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from bianwang.modules.disasters import services
from bianwang.modules.disasters.models import Disaster, Figure, Report, Sheet, Total
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Refused
from tests.modules.disasters.things import figures, filled, flood, latest, sheet_of
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("limits")]


def _at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives; all begin together, every one on a connection of its own."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def test_of_two_officers_who_file_the_same_report_one_does(world: World, client_for: ClientFor) -> None:
    disaster = flood(world, world.town, world.town2)
    filled(world, disaster, affected=120)
    filled(world, disaster, "town2", affected=30)
    report = latest(disaster)
    officers = {key: client_for(key) for key in ("duty", "head")}

    def filing(key: str) -> Callable[[], Any]:
        form = {"narrative": f"{key} 写的综述", "note": "已核实"}
        return lambda: officers[key].post(f"{report.get_absolute_url()}step/file/", form)

    answers = dict(zip(officers, _at_once(*map(filing, officers)), strict=True))

    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    first, second = sorted(answers, key=lambda key: answers[key].status_code)
    report.refresh_from_db()
    assert (report.state, report.filed_by) == ("filed", world.who(first))
    assert report.narrative == f"{first} 写的综述"
    # Who came second reads why, and the words that were not kept.
    page = answers[second].content.decode()
    assert re.search("已上报|已有人|别人", page)
    assert f"{second} 写的综述" in page
    # Everything that follows from a filed report is there once.
    assert Entry.objects.filter(verb="disasters.report_file", object_id=report.pk).count() == 1
    assert Entry.objects.filter(verb="disasters.sheet_sum").count() == 2
    assert Total.objects.get(report=report, code="affected").value == 150
    following = disaster.reports.get(number=2)
    assert (following.kind, following.state) == ("following", "collecting")
    assert following.sheets.count() == 2
    assert disaster.reports.count() == 2
    assert list(disaster.reports.filter(is_current=True)) == [report]
    assert not Todo.objects.filter(done_at__isnull=True, object_type="disasters.report", object_id=report.pk).exists()


def test_a_town_that_corrects_its_figures_while_the_bureau_files_is_in_the_sum_or_too_late(world: World) -> None:
    disaster = flood(world)
    filled(world, disaster, affected=100)
    sheet, report = sheet_of(disaster, world.town), latest(disaster)

    def change() -> str:
        try:
            services.fill(sheet, world.who("town"), figures(affected=140), step="change", note="又有一组受灾")
        except Refused:
            return "too late"
        return "changed"

    told, _ = _at_once(change, lambda: services.file_report(report, world.who("duty"), "进水。", note="已核实"))
    summed = Total.objects.get(report=report, code="affected").value
    assert summed == Figure.objects.get(sheet=sheet, code="affected").value == (140 if told == "changed" else 100)
    assert Sheet.objects.get(pk=sheet.pk).state == "summed"


def test_two_disasters_registered_at_once_have_two_numbers(world: World) -> None:
    _at_once(lambda: flood(world), lambda: flood(world))
    numbers = sorted(Disaster.objects.values_list("number", flat=True))
    assert [number[-1] for number in numbers] == ["1", "2"]
    assert Report.objects.aggregate(total=Sum("number"))["total"] == 2
