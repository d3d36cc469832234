"""Trying a version on the past: the back-test as a fragment of the version's page, and the data of its plot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from bianwang.modules.rules import plot, trying
from bianwang.modules.rules.comparing import Compared
from bianwang.modules.rules.episodes import Episodes
from bianwang.modules.rules.models import Binding, RuleVersion, Severity
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.platform import access
from bianwang.platform.clock import from_ms, now_ms, to_ms
from bianwang.platform.ui.forms import MomentInput, add_errors
from bianwang.platform.ui.pages import Page

DAYS = (1, 7, 30)
_DAY_MS = 86_400_000
_EPISODES_SHOWN = 50
_OWNERS_SHOWN = 20
_AROUND_MS = 600_000


class PeriodForm(forms.Form):
    """A period of the past: a number of days up to now, or from one moment to another."""

    start = forms.DateTimeField(label="开始", widget=MomentInput(attrs={"class": "form-control"}), required=False)
    end = forms.DateTimeField(label="结束", widget=MomentInput(attrs={"class": "form-control"}), required=False)

    @classmethod
    def empty(cls) -> PeriodForm:
        """The last week, to be changed."""
        end = now_ms()
        return cls(initial={"start": from_ms(end - 7 * _DAY_MS), "end": from_ms(end)})

    def clean(self) -> dict[str, Any]:
        """`period` in ms."""
        found = super().clean() or {}
        days = self.data.get("days", "")
        if days in map(str, DAYS):
            end = now_ms()
            return {"period": (end - int(days) * _DAY_MS, end)}
        if self.errors:
            return found
        if not (found.get("start") and found.get("end")):
            raise ValidationError("请填写开始和结束时间，或点最近几天。")
        return found | {"period": (to_ms(found["start"]), to_ms(found["end"]))}


class BackTestPage(Page):
    """The newest back-test of a version: asked for by POST, looked at until it is done by GET."""

    permission = "rules.view"
    template = "rules/_back_test.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = access.get(self.user, RuleVersion, pk, self.permission, related=("rule",))
        return self._show(version)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = access.get(self.user, RuleVersion, pk, self.permission, related=("rule",))
        form = PeriodForm(request.POST)
        if form.is_valid():
            try:
                trying.start(self.user, version, *form.cleaned_data["period"])
            except ValidationError as error:
                add_errors(form, error)
        if form.errors:
            trouble = "；".join(str(text).rstrip("。") for texts in form.errors.values() for text in texts)
            return self.render(trouble=trouble, version=version, status=422)
        return self._show(version)

    def _show(self, version: RuleVersion) -> HttpResponse:
        trial = trying.latest(self.user, version)
        result = Result.of(self, version, trial) if trial and trial.found else None
        return self.render(trial=trial, version=version, result=result)


@dataclass(frozen=True)
class Bar:
    """One day's alarms as drawn: heights of 100."""

    x: int
    day: date
    here: int
    live: int
    here_height: float
    live_height: float


@dataclass(frozen=True)
class Line:
    """One episode as a row."""

    begin: datetime
    lasted: str
    severity: str
    colour: str
    binding: Binding
    word: str
    evidence: str


@dataclass(frozen=True)
class Result:
    """What a back-test found, as the page shows it."""

    start: datetime
    end: datetime
    compared: Compared
    live: RuleVersion | None
    average: float
    bars: list[Bar]
    owners: list[tuple[str, int, int]]
    more_owners: int
    lines: list[Line]

    @classmethod
    def of(cls, page: Page, version: RuleVersion, trial: trying.Trial) -> Result:
        """From a trial that is done."""
        found = trial.found
        assert found is not None  # noqa: S101 - the caller asked
        days = trial.days
        owners = _owners(page, trial)
        return cls(
            start=from_ms(trial.about.start_ms),
            end=from_ms(trial.about.end_ms),
            compared=found,
            live=trial.live,
            average=len(found.here) * _DAY_MS / (trial.about.end_ms - trial.about.start_ms),
            bars=_bars(days),
            owners=owners[:_OWNERS_SHOWN],
            more_owners=max(0, len(owners) - _OWNERS_SHOWN),
            lines=_lines(page, version, trial.live, found),
        )

    @property
    def most(self) -> int:
        """On the worst day, by either version."""
        return max(max(bar.here, bar.live) for bar in self.bars)

    @property
    def width(self) -> int:
        """Of the drawing of all days."""
        return 20 * len(self.bars)


def _bars(days: list[tuple[date, int, int]]) -> list[Bar]:
    most = max([1, *(max(here, live) for _, here, live in days)])
    return [
        Bar(20 * number, day, here, live, 100 * here / most, 100 * live / most)
        for number, (day, here, live) in enumerate(days)
    ]


def _owners(page: Page, trial: trying.Trial) -> list[tuple[str, int, int]]:
    """Alarms of each enterprise by either version, the most first."""
    here, live = trial.per_binding
    counts: dict[str, list[int]] = {}
    for row in _bindings(page, here.keys() | live.keys()).values():
        found = counts.setdefault(row.owner.name, [0, 0])
        found[0] += here[row.pk]
        found[1] += live[row.pk]
    rows = [(name, ours, theirs) for name, (ours, theirs) in counts.items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def _lines(page: Page, version: RuleVersion, live: RuleVersion | None, found: Compared) -> list[Line]:
    """The newest episodes, those that only one version has before the others."""
    rows = [
        (bool(known and live), -begin, position, version, found.here, _word(live, known, "新增"))
        for position, (known, begin) in enumerate(zip(found.here_in_live, found.here.begin.tolist(), strict=True))
    ]
    if live is not None:
        rows += [
            (False, -begin, position, live, found.live, "不再报警")
            for position, (known, begin) in enumerate(zip(found.live_in_here, found.live.begin.tolist(), strict=True))
            if not known
        ]
    rows = sorted(rows, key=lambda row: row[:2])[:_EPISODES_SHOWN]
    bindings = _bindings(page, {int(episodes.binding[position]) for _, _, position, _, episodes, _ in rows})
    severities = {judged: [level.severity for level in judged.levels.all()] for judged in (version, live) if judged}
    lines = []
    for _, _, position, judged, episodes, word in rows:
        binding = bindings.get(int(episodes.binding[position]))
        if binding is not None:
            severity = Severity(severities[judged][int(episodes.level[position])])
            lines.append(_line(binding, judged, episodes, position, severity, word))
    return lines


def _word(live: RuleVersion | None, known: bool, new: str) -> str:
    return "" if live is None else "两版都有" if known else new


def _line(
    binding: Binding, judged: RuleVersion, episodes: Episodes, position: int, severity: Severity, word: str
) -> Line:
    begin, end = int(episodes.begin[position]), int(episodes.end[position])
    until = end if end >= 0 else begin
    evidence = f"?binding={binding.pk}&from={begin - _AROUND_MS}&to={until + _AROUND_MS}#plot"
    return Line(
        begin=from_ms(begin),
        lasted=_lasted(begin, end),
        severity=severity.label,
        colour=severity.value,
        binding=binding,
        word=word,
        evidence=judged.get_absolute_url() + evidence,
    )


def _lasted(begin: int, end: int) -> str:
    if end <= begin:
        return "瞬间" if end == begin else "未结束"
    seconds = (end - begin) / 1000
    for size, name in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} 秒"


def _bindings(page: Page, wanted: Collection[int]) -> dict[int, Binding]:
    rows = access.visible(page.user, Binding).filter(pk__in=wanted).select_related("owner", "place", "signal")
    return {row.pk: row for row in rows}


class PlotData(Page):
    """The picture of one binding over `?from=&to=` (ms) as JSON; see `plot.picture`. {error} where there is none."""

    permission = "rules.view"

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        row = access.get(self.user, Binding, pk, self.permission, related=("version", "place", "signal__device"))
        start, end = _period(request)
        try:
            return JsonResponse(plot.picture(self.user, row, start, end))
        except TelemetryError as error:
            return JsonResponse({"error": str(error)}, status=503)


def _period(request: HttpRequest) -> tuple[int, int]:
    try:
        end = int(request.GET.get("to", now_ms()))
        start = int(request.GET.get("from", end - _DAY_MS))
    except ValueError as error:
        raise Http404("曲线的时间范围看不懂。") from error
    if not 0 <= start < end <= 2**53 or end - start > plot.LONGEST_MS:
        raise Http404("曲线的时间范围须在 92 天以内，且开始早于结束。")
    return start, end
