"""The demo: what its plants do is judged by the formulas of the district, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import compile_table
from bianwang.modules.rules import queries
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.models import Binding
from bianwang.modules.sensing.models import Device
from bianwang.modules.sensing.services import register
from bianwang.platform.config import config
from bianwang.platform.places.models import Zone
from bianwang.processes.demo.district import add_signals, read_pack
from bianwang.processes.demo.rules import bind_places
from bianwang.processes.simulator.feed import Incident
from bianwang.processes.simulator.plants import PLANTS
from tests.people import World

pytestmark = pytest.mark.django_db
NOON = 1_760_500_800_000


def readings(row: dict[str, Any], incident: Incident, until: float) -> Iterator[tuple[float, dict[str, float]]]:
    """(second, value of every signal) of a plant of the demo."""
    plant = PLANTS[row["plant"]](row["seed"])
    while plant.seconds < until:
        if plant.seconds == incident.start_s:
            plant.begin(incident.name, incident.seconds)
        yield plant.seconds, plant.step(row["period"])


def test_entering_the_pit_unventilated_untested_and_without_permit_is_seen(world: World) -> None:
    pack = read_pack(config().district)
    row = next(row for row in pack["devices"] if row["plant"] == "confined_space")
    incident = Incident(*row["incidents"][0])
    pit = Zone.objects.create(owner=world.plant, name=row["zone"], kind="confined_space")
    device = Device(owner=world.plant, zone=pit, key=row["key"], name=row["name"], period_s=10)
    register(device)
    signals = {signal.name: signal.pk for signal in add_signals(device, pack["plants"][row["plant"]]["signals"])}
    bind_places([world.plant])

    evaluator = Evaluator(compile_table(queries.active_instances()), NOON)
    until = incident.start_s + incident.seconds - 10
    columns = [
        (signals[name], NOON + round(second * 1000), value)
        for second, values in readings(row, incident, until)
        for name, value in values.items()
    ]
    which, times, values = zip(*columns, strict=True)
    changes = evaluator.push(which, times, values, [0] * len(columns))
    changes = changes.followed_by(evaluator.advance(NOON + round(until * 1000)))
    templates = dict(Binding.objects.values_list("pk", "version__template"))
    began = {
        templates[int(key) // LEVELS]: (int(time) - NOON) / 1000 - incident.start_s
        for key, time, kind in zip(changes.key, changes.time, changes.kind, strict=True)
        if kind == ChangeKind.BEGAN
    }
    assert began["t02-entry-without-test"] == 0
    assert began["t04-entry-without-permit"] == 10
    assert began["confined-ventilation-stopped"] == 30
    assert began["t05-guard-absent"] == 60
    assert min(began.values()) == 0, "nothing before it"
