"""A judgement of a fire is asked for, computed by the loop and kept with all that it follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import orjson
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang import __version__
from bianwang.modules.emergency.fire import exposed
from bianwang.modules.emergency.fire.plan import Answer, Fire, Ring
from bianwang.modules.emergency.fire.planning import plan_of
from bianwang.modules.emergency.fire.process import run
from bianwang.modules.emergency.models import Arrival, Event, Judgement
from bianwang.modules.emergency.pack.events import kind_of
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.crypto import sm3
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.errors import Refused
from bianwang.spread.conditions import Weather
from bianwang.spread.errors import SpreadError
from bianwang.spread.origin import Origin

LONGEST, MOST_CELLS = 24, 1_000_000
"""Hours, and cells of a grid: what two processors compute while somebody waits."""
TRIES = 2
_PLACES_AT_ONCE = 500


@transaction.atomic
def judge_fire(user: User, event: Event, values: Mapping[str, Any], *, is_demo: bool = False) -> Judgement:
    """Ask for a judgement; the loop computes it.

    `values`: starts_at, hours, cell, side, weather (`Weather` an hour), points and perimeter (longitude, latitude),
    moisture, fuel or fuel_ground, elevation. Raises PermissionDenied, Http404, ValidationError, Refused.
    """
    access.check(user, Event, event.pk, "emergency.judge")
    row = Event.objects.select_for_update().get(pk=event.pk)
    _check_event(row)
    given = dict(values)
    weather: list[Weather] = given.pop("weather")
    points, perimeter = list(given.pop("points")), list(given.pop("perimeter"))
    inputs = msgspec.json.encode(
        {"weather": weather, "points": points, "perimeter": perimeter, "moisture": given.pop("moisture")}
    )
    longitude, latitude = _middle([*points, *(place for ring in perimeter for place in ring)])
    if Judgement.objects.filter(event=row, state__in=(Judgement.State.WAITING, Judgement.State.RUNNING)).exists():
        raise Refused("这个事件还有一次研判没有算完，请等它完成后再推演。")
    last = Judgement.objects.filter(event=row).aggregate(last=Max("number"))["last"] or 0
    judgement = Judgement(
        event=row,
        number=last + 1,
        longitude=longitude,
        latitude=latitude,
        inputs=inputs.decode(),
        inputs_digest=sm3(inputs).hex(),
        asked_by=user,
        asked_at=now(),
        is_demo=is_demo,
        **given,
    )
    _check(judgement, weather, points, perimeter)
    judgement.clean_fields()
    judgement.save(force_insert=True)
    changes = {"hours": (None, judgement.hours), "inputs": (None, judgement.inputs_digest)}
    record("emergency.judge", judgement, owner=row.owner_id, changes=changes)
    return judgement


def compute_waiting() -> None:
    """Compute what was asked for first; the loop calls this. What a dead process left behind is begun again once."""
    for left in Judgement.objects.filter(state=Judgement.State.RUNNING).order_by("pk"):
        if left.tries >= TRIES:
            _finish(left, Answer(refused="推演两次中断，请减小范围或加大格网边长后再试。"), [])
        else:
            Judgement.objects.filter(pk=left.pk).update(state=Judgement.State.WAITING)
    waiting = Judgement.objects.filter(state=Judgement.State.WAITING).order_by("asked_at", "pk").first()
    if waiting is not None:
        _compute(waiting)


def _compute(judgement: Judgement) -> None:
    """Compute one judgement in a process of its own and keep what comes out."""
    rows = Judgement.objects.filter(pk=judgement.pk)
    rows.update(state=Judgement.State.RUNNING, progress=0, tries=judgement.tries + 1)
    places = exposed.around(judgement)

    def told(done: int) -> None:
        rows.update(progress=done)

    try:
        plan = plan_of(judgement, [(place.longitude, place.latitude) for place in places])
        answer = run(plan, told)
    except SpreadError as error:
        answer = Answer(refused=str(error))
    _finish(judgement, answer, places)


@transaction.atomic
def _finish(judgement: Judgement, answer: Answer, places: Sequence[Arrival]) -> None:
    """Keep the answer once."""
    row = Judgement.objects.select_for_update().select_related("event").get(pk=judgement.pk)
    if row.is_over:
        return
    row.finished_at = now()
    if answer.refused:
        row.state, row.failure = Judgement.State.FAILED, answer.refused[:300]
        row.save(update_fields=["state", "failure", "finished_at"])
        record("emergency.judge_fail", row, owner=row.event.owner_id, reason=row.failure)
        return
    reached = _reached(answer.fires, places)
    result = orjson.dumps([{"law": fire.law, "edge": fire.edge, "hours": _plain(fire)} for fire in answer.fires])
    row.state, row.progress = Judgement.State.DONE, len(answer.fires)
    row.result, row.result_digest = result.decode(), sm3(result).hex()
    row.versions = f"必安网 {__version__}，{answer.versions}"[:120]
    row.save(update_fields=["state", "progress", "result", "result_digest", "versions", "finished_at"])
    Arrival.objects.bulk_create(reached, batch_size=_PLACES_AT_ONCE)
    changes = {"result": (None, row.result_digest), "arrivals": (None, len(reached))}
    record("emergency.judged", row, owner=row.event.owner_id, changes=changes)


def _plain(fire: Fire) -> list[Any]:
    return [msgspec.to_builtins(hour) for hour in fire.hours]


def _reached(fires: Sequence[Fire], places: Sequence[Arrival]) -> list[Arrival]:
    """The places that either law's fire may reach, with their minutes."""
    found = []
    for number, place in enumerate(places):
        for fire in fires:
            for name, minute in zip(("early", "likely", "late"), fire.arrivals[number], strict=True):
                setattr(place, f"{fire.law}_{name}", minute)
        first = [minute for minute in (place.wang_early, place.rothermel_early) if minute is not None]
        if first:
            place.first = min(first)
            found.append(place)
    return found


def _check_event(event: Event) -> None:
    kind = kind_of(event.kind)
    if kind is None or kind.grading != "forest_fire":
        raise Refused("只有森林火灾和荒坡山火能做火势研判，请先核对事件类别。")
    if not event.is_open:
        raise Refused(f"“{event}”{event.state_row.name}，不能再做研判。")


def _check(judgement: Judgement, weather: Sequence[Weather], points: Ring, perimeter: Sequence[Ring]) -> None:
    errors: dict[str, str] = {}
    if not 1 <= judgement.hours <= LONGEST or len(weather) != judgement.hours:
        errors["hours"] = f"时长应为 1 至 {LONGEST} 小时，并每小时有一组风。"
    if judgement.side**2 > MOST_CELLS:
        errors["side"] = f"格网有 {judgement.side**2:,} 格，最多 {MOST_CELLS:,} 格，请缩小范围或加大格网边长。"
    if bool(judgement.fuel) == bool(judgement.fuel_ground_id):
        errors["fuel"] = "请选一种可燃物，或选一张可燃物栅格，二者只选一个。"
    half = judgement.cell * judgement.side / 2
    origin = Origin(judgement.longitude, judgement.latitude)
    for longitude, latitude in [*points, *(place for ring in perimeter for place in ring)]:
        x, y = (float(part) for part in origin.local(longitude, latitude))
        if max(abs(x), abs(y)) > half * 0.8:
            errors["side"] = "起火点或火场边界太靠近推演范围的边缘，请加大范围。"
    if errors:
        raise ValidationError(errors)


def _middle(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of what burns."""
    if not places:
        raise ValidationError({"points": "请填起火点，或上传火场边界。"})
    longitudes, latitudes = zip(*places, strict=True)
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
