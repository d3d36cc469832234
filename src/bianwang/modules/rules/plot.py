"""A stored period of one binding as a picture: curves of its signals, their limits, and the verdict under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bianwang.engine.table import Instance
from bianwang.modules.rules.binding import bound, instances, text_of
from bianwang.modules.rules.hours import rest_days
from bianwang.modules.rules.limits import limits
from bianwang.modules.rules.models import Binding, Severity
from bianwang.modules.rules.past import Plan
from bianwang.modules.rules.tracing import Span, trace
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.queries import series
from bianwang.modules.sensing.telemetry import TelemetryError, client
from bianwang.platform.accounts.models import User
from bianwang.platform.config import config

LONGEST_MS: Final = 92 * 86_400_000
_MOST_JUDGED: Final = 3_000_000
"""Readings that are judged while somebody waits: a few seconds."""
_MOST_SPANS: Final = 1_500


def picture(user: User, binding: Binding, start_ms: int, end_ms: int) -> dict[str, Any]:
    """What `rules/plot.js` draws of a binding over [start_ms, end_ms).

    {start, end, note, signals: [{title, unit, decimals, points: [[ms, value, lowest, highest]], limits: [{value,
    severity}]}], verdicts: [{severity, name, spans: [[from, to, truth]]}]}; truth 0 false, 1 unknown, 2 true.
    `note` says in Chinese why there are no verdicts. Raises TelemetryError.
    """
    levels = list(binding.version.levels.all())
    found = instances(bound(binding), text_of(binding.version, levels))
    severities = [level.severity for level in levels]
    note, verdicts = "", []
    try:
        verdicts = _verdicts(found, severities, start_ms, end_ms)
    except TelemetryError as error:
        note = f"判定没有画出：{str(error).rstrip('。')}。"
    return {
        "start": start_ms,
        "end": end_ms,
        "note": note,
        "signals": [
            {
                "title": signal.title,
                "unit": signal.unit,
                "decimals": signal.decimals,
                "points": series(user, signal, start_ms, end_ms),
                "limits": _lines(found, severities, signal.pk),
            }
            for signal in signals_of(binding)
        ],
        "verdicts": verdicts,
    }


def signals_of(binding: Binding) -> list[Signal]:
    """The signals that a binding judges, each once."""
    if binding.place_id is None:
        return [binding.signal]
    return list({role.signal_id: role.signal for role in binding.roles.all()}.values())


def _verdicts(
    instances: Sequence[Instance], severities: Sequence[str], start_ms: int, end_ms: int
) -> list[dict[str, Any]]:
    plan = Plan.of(str(config().telemetry_socket()), (start_ms, end_ms), instances, rest_days(start_ms, end_ms))
    if client().count(plan.signals, start_ms - plan.lead_ms, end_ms) > _MOST_JUDGED:
        raise TelemetryError("这段时间的读数太多，请缩短时间")
    spans = trace(plan)
    return [
        {
            "severity": severity,
            "name": Severity(severity).label,
            "spans": [[span.begin, span.end, span.truth] for span in drawn(spans[instance.key], start_ms, end_ms)],
        }
        for instance, severity in zip(instances, severities, strict=True)
    ]


def _lines(instances: Sequence[Instance], severities: Sequence[str], signal: int) -> list[dict[str, Any]]:
    """Limits of the signal's readings themselves; those of a change or a mean have no place on the curve."""
    return [
        {"value": limit.value, "severity": severity}
        for instance, severity in zip(instances, severities, strict=True)
        for limit in limits(instance)
        if instance.signals[limit.signal] == signal and not limit.prefix
    ]


def drawn(spans: Sequence[Span], start_ms: int, end_ms: int) -> list[Span]:
    """The spans, or, where there are more than a screen has columns, what is true in each column at any time."""
    if len(spans) <= _MOST_SPANS:
        return list(spans)
    width = (end_ms - start_ms) / _MOST_SPANS
    truths = [0] * _MOST_SPANS
    for span in spans:
        for column in range(int((span.begin - start_ms) / width), int((span.end - 1 - start_ms) / width) + 1):
            truths[column] = max(truths[column], span.truth)
    edges = [round(start_ms + column * width) for column in range(_MOST_SPANS + 1)]
    found: list[Span] = []
    for begin, end, truth in zip(edges, edges[1:], truths, strict=False):
        if found and found[-1].truth == truth:
            found[-1] = Span(found[-1].begin, end, truth)
        else:
            found.append(Span(begin, end, truth))
    return found
