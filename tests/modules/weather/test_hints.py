"""Gauges and internal hints, out of a real store: opened once, raised, closed, and never closed by silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.weather import queries, services
from bianwang.modules.weather.models import Gauge, Hint
from bianwang.platform.clock import now, to_ms
from bianwang.platform.workflow.errors import Refused
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.telemetry_server import serving
from tests.modules.weather import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
STEP = 5 * 60_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def fall(
    store: TelemetryStore, gauge: Gauge, mm: float, hours: int, *, back: int = 0, until: int | None = None
) -> None:
    """Readings of every step of the last `hours`, `mm` each, that end `back` steps ago."""
    end = (until or to_ms(now())) - back * STEP
    times = [end - number * STEP for number in range(hours * 12)]
    store.insert(Columns.of([gauge.signal_id] * len(times), times, [mm] * len(times)))


def levels(gauge: Gauge) -> dict[int, str]:
    return dict(Hint.objects.filter(gauge=gauge).values_list("level", "state"))


def test_hints_open_once_rise_and_close_but_not_by_silence(store: TelemetryStore, world: World) -> None:
    gauge = things.gauge(world)
    end = to_ms(now())
    # 50.4 mm in 12 hours: blue is reached, the shorter windows are not.
    fall(store, gauge, 0.35, 12, until=end)
    for _ in range(2):
        services.watch_rain()
    assert levels(gauge) == {4: "open"}
    hint = Hint.objects.get(gauge=gauge)
    assert (hint.hours, str(hint.amount)) == (12, "50.40")
    services.note(hint, world.who("duty"))
    wet = things.gauge(world, world.town)
    fall(store, wet, 3.0, 3)
    services.watch_rain()
    assert levels(wet) == {1: "open", 2: "open", 3: "open", 4: "open"}
    assert queries.count_hints(world.who("duty")) == 5
    assert [queries.count_hints(world.who(who)) for who in ("safety", "safety2")] == [1, 0]
    # Silence opens nothing and closes nothing, and eleven dry hours of twelve are not enough to know that it is over.
    dry = things.gauge(world, world.town2)
    Hint.objects.filter(pk=things.hint(world).pk).update(gauge=dry)
    services.watch_rain()
    assert levels(dry) == {4: "open"}
    fall(store, dry, 0.0, 11)
    services.watch_rain()
    assert levels(dry) == {4: "open"}
    fall(store, dry, 0.0, 1, back=11 * 12)
    services.watch_rain()
    assert levels(dry) == {4: "closed"}


def test_without_the_store_nothing_changes_and_the_page_says_so(world: World, client_for: ClientFor) -> None:
    hint = things.hint(world)
    services.watch_rain()
    assert levels(hint.gauge) == {4: "open"}
    for url in (reverse("weather:gauges"), hint.gauge.get_absolute_url()):
        assert "现在读不到雨量" in client_for("duty").get(url).content.decode()


def test_the_pages_show_sums_say_what_is_missing_and_are_no_warning(
    store: TelemetryStore, world: World, client_for: ClientFor
) -> None:
    gauge, dead = things.gauge(world), things.gauge(world, world.town, name="静默站")
    fall(store, gauge, 0.5, 1)
    duty = client_for("duty")
    page = duty.get(reverse("weather:gauges")).content.decode()
    assert "6.0" in page
    assert "≥6.0（缺 120 分钟）" in page
    assert "缺测" in page
    one = duty.get(gauge.get_absolute_url()).content.decode()
    assert "≥6.0（缺 660 分钟）" in one
    for text in (page, one, duty.get(things.hint(world).get_absolute_url()).content.decode()):
        assert "内部提示，不是预警" in text
    assert "一天内没有" in duty.get(dead.get_absolute_url()).content.decode()


def test_more_gauges_cost_no_more_queries(world: World, client_for: ClientFor) -> None:
    duty = client_for("duty")
    counts = []
    for name in ("甲站", "乙站", "丙站"):
        things.gauge(world, world.town, name=name)
        with CaptureQueriesContext(connection) as captured:
            duty.get(reverse("weather:gauges"))
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_a_gauge_stands_over_a_signal_of_rain_and_only_once(world: World) -> None:
    gauge = things.gauge(world)
    columns = {name: getattr(gauge, name) for name in ("name", "way", "step_minutes", "report_minutes")}
    columns |= {"longitude": 106.2, "latitude": 29.6, "is_enabled": True}
    with pytest.raises(ValidationError, match="已登记"):
        services.register_gauge(world.who("duty"), gauge.signal, columns)
    with pytest.raises(ValidationError, match="mm"):
        services.register_gauge(world.who("duty"), things.signal(world, quantity="level", unit="m"), columns)
    changed = services.register_gauge(world.who("duty"), gauge.signal, {**columns, "name": "新名"}, gauge)
    assert changed.pk == gauge.pk
    assert [near.gauge.name for near in queries.gauges_near(106.2, 29.65)] == ["新名"]
    assert 5.5 < queries.gauges_near(106.2, 29.65)[0].km < 5.6
    assert queries.gauges_near(106.2, 29.75) == []


def test_a_hint_is_ended_by_hand_with_a_reason(world: World) -> None:
    hint = things.hint(world, now() - timedelta(hours=2))
    with pytest.raises(Refused, match="理由"):
        services.dismiss(hint, world.who("duty"), "")
    services.dismiss(hint, world.who("duty"), "雨量计堵塞")
    assert Hint.objects.get(pk=hint.pk).closed_at
