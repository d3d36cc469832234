"""Every measure of every module: it answers an empty instance, and a leader of the bureau may open its rows."""

from __future__ import annotations

import pytest

from bianwang.platform.measures import measures, take
from tests.measured import YEAR, taken
from tests.people import ClientFor, World

NEEDED = {"outreach.channel": {"code": "news"}}
"""Arguments of those that mean nothing without one."""


@pytest.mark.parametrize("code", sorted(measures()))
def test_an_empty_instance_is_counted(world: World, limits: None, client_for: ClientFor, code: str) -> None:
    found = taken(client_for("leader"), code, YEAR, **NEEDED.get(code, {}))
    assert not found.value
    # Nothing is counted as nothing; what cannot be counted says in a sentence what has to be done.
    assert (found.value is None) == bool(found.missing)
    assert not found.missing or found.missing.endswith("。")


@pytest.mark.parametrize("code", sorted(measures()))
def test_a_measure_is_described(code: str) -> None:
    measure = measures()[code]
    assert all((measure.name, measure.unit, measure.source))
    assert measure.query.split(".")[-2] == "measures"


def test_a_measure_that_is_not_there_is_missing(db: None) -> None:
    assert take("hazards.nothing", YEAR).missing
