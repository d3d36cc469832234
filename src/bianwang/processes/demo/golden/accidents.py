"""The accidents of the year and of the one before, each from the first telephone call to the closed file; the GDP."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident
from bianwang.modules.accidents.pack import pack
from bianwang.modules.accidents.workflow import FOUR
from bianwang.platform.places.models import Enterprise
from bianwang.processes.demo.golden.data import Accident as Told
from bianwang.processes.demo.golden.year import Golden, moment, scene

_TEAM = (
    {"role": "leader", "name": "虚构组长", "unit": "区应急管理局"},
    {"role": "member", "name": "虚构组员", "unit": "区公安局"},
)
_STEP = 113
"""Accidents fall on enterprises far apart in the register."""


def load(golden: Golden) -> None:
    """Enter them in the order in which they happened."""
    enterprises = list(Enterprise.objects.filter(is_direct=False).order_by("pk"))
    for number, told in enumerate(golden.data.accidents):
        _closed(golden, _entered(golden, told, enterprises[number * _STEP % len(enterprises)], number))
    head, gdp = golden.cast.user("kezhang"), golden.data.gdp
    for year, value in gdp.values.items():
        with scene(head, moment(date(year + 1, 1, 28))):
            services.save_gdp(head, {"year": year, "value": value, "basis": gdp.basis, "source": gdp.source})


def _entered(golden: Golden, told: Told, owner: Enterprise, number: int) -> Accident:
    duty, at = golden.cast.user("zhiban"), moment(told.day, 8 + number % 9, 20)
    with scene(duty, at + timedelta(minutes=35)):
        values = {
            "occurred_at": at,
            "received_at": at + timedelta(minutes=35),
            "source": Accident.Source.ENTERPRISE,
            "kind": told.kind,
            "deaths": told.deaths,
            "loss": Decimal(100 + 15 * (number % 6)),
            "description": "虚构：作业现场防护不到位。",
            "is_demo": True,
        }
        accident = services.register(duty, owner, values)
        for person in range(told.deaths):
            services.add_casualty(accident, duty, {"name": f"虚构{person + 1}", "outcome": "dead", "post": "作业人员"})
    for row in accident.reports.filter(sender=pack().bureau, at__isnull=True):
        sent = accident.received_at + timedelta(minutes=50)
        with scene(duty, sent):
            services.send(accident, duty, at=sent, text="事故基本情况、救援情况和已采取的措施。", owed=row)
    return accident


def _closed(golden: Golden, accident: Accident) -> None:
    """Investigated, approved, everybody has answered."""
    officer, leader = golden.cast.user("zhifa"), golden.cast.user("juzhang")
    day = accident.day
    with scene(officer, moment(day + timedelta(days=2), 10)):
        services.investigate(accident, officer, _TEAM)
    paper = SimpleUploadedFile("事故调查报告.txt", "虚构的事故调查报告。".encode(), "text/plain")
    with scene(officer, moment(day + timedelta(days=40), 16)):
        causes = {"direct_cause": "虚构：防护缺失。", "indirect_cause": "虚构：现场管理不到位。"}
        services.submit(accident, officer, causes, [paper])
    with scene(leader, moment(day + timedelta(days=50), 17)):
        number = f"虚构批复〔{day.year}〕{accident.number.rsplit('〕', 1)[1]}号"
        services.approve(accident, leader, approval=number, authority="区人民政府", on=day + timedelta(days=50))
    with scene(officer, moment(day + timedelta(days=80), 11)):
        values = {"who": accident.owner.name, "what": "依法给予行政处罚。", "due_on": day + timedelta(days=90)}
        row = services.sanction(accident, officer, values)
        services.settle(accident, officer, row, done_on=day + timedelta(days=80), result="处罚已执行完毕。")
        for item in FOUR:
            services.check(accident, officer, item, "见卷宗。")
    with scene(leader, moment(day + timedelta(days=82), 15)):
        services.close(accident, leader)
