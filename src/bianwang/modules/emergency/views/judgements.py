"""Pages of a judgement of a fire: asking for it, its fronts by the hour, what it compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.forms.judgements import JudgementForm
from bianwang.modules.emergency.models import Arrival, Judgement
from bianwang.modules.emergency.models.judgement import NOTICE
from bianwang.modules.emergency.queries import situation
from bianwang.modules.emergency.showing import judgements as showing
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.forms import refusals_in_form
from bianwang.platform.ui.objects import Facts, Related
from bianwang.platform.ui.pages import Crumb, Page


class JudgementNew(EventForm):
    """Ask for a judgement."""

    title = "火势研判"
    permission = "emergency.judge"
    form_class = JudgementForm
    submit = "开始推演"
    intro = f"{NOTICE}。两个公式同时推演，一般十几秒完成；输入、结果和计算版本都留存，不能改，有变化再推演一次。"

    def initial(self) -> dict[str, Any]:
        event = self.object
        wind, _ = situation.breeze(self.user, event)
        found: dict[str, Any] = {"starts_at": now()}
        if event.longitude is not None:
            found["points"] = f"{event.longitude:.6f}，{event.latitude:.6f}"
        if wind is not None and wind.blows_from is not None:
            found["winds"] = f"{wind.speed:g} {winds.word(wind.blows_from)}"
        named = {"temperature": wind.temperature, "humidity": wind.humidity} if wind is not None else {}
        return {**found, **{name: value for name, value in named.items() if value is not None}}

    def form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object}

    def save(self, form: Any) -> Judgement:
        with refusals_in_form():
            return services.judge_fire(self.user, self.object, form.values())

    def done(self, result: Judgement) -> str:
        return "已开始推演，本页会自动显示结果。"


class JudgementPage(Page):
    """One judgement; an hour is chosen by `?hour=`."""

    permission = "emergency.view"
    template = "emergency/judgement.html"
    crumbs: Sequence[Crumb] = (("火势研判", reverse_lazy("emergency:judgements")),)  # type: ignore[misc]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        related = ("event", "asked_by", "fuel_ground", "elevation")
        row = access.get(self.user, Judgement, pk, self.permission, related=related)
        context: dict[str, Any] = {
            "title": f"火势研判（第 {row.number} 次）",
            "crumbs": [*EVENTS, (str(row.event), row.event.get_absolute_url()), *self.crumbs],
            "judgement": row,
            "event": row.event,
            "notice": NOTICE,
            "facts": [Facts("输入", showing.inputs(row)), Facts("留存", showing.kept(row))],
            "may_judge": row.event.is_open and access.can(self.user, "emergency.judge"),
        }
        if row.state == Judgement.State.DONE:
            context |= self._fronts(request, row)
        partial = request.htmx and request.htmx.target in {"fronts", "progress"}  # type: ignore[attr-defined]
        name = {"fronts": "emergency/_fronts.html", "progress": "emergency/_progress.html"}
        return self.render(name[request.htmx.target] if partial else "", **context)  # type: ignore[attr-defined]

    def _fronts(self, request: HttpRequest, row: Judgement) -> dict[str, Any]:
        asked = request.GET.get("hour", "")
        hour = min(max(int(asked[:3]), 1), row.hours) if asked.isdecimal() else row.hours
        arrivals = access.visible(self.user, Arrival, self.permission).filter(judgement=row)
        everybody = list(arrivals.select_related("party"))
        fires = showing.fires(row)
        order = Related(
            f"转移先后（最早可能到达在前，共 {len(everybody)} 处）",
            showing.ARRIVALS,
            [showing.Line(number, row, each) for number, each in enumerate(everybody[: showing.SHOWN], 1)],
            showing.arrivals_url(row),
            empty="推演的时长内火线不会到达任何已登记的居民点和企业；没有登记的请先在“居民点”中补上。",
        )
        return {
            "hour": hour,
            "hours": range(1, row.hours + 1),
            "moment": row.moment(hour * 60),
            "maps": showing.maps(row, fires, hour, everybody),
            "table": showing.table(row, fires, everybody),
            "edges": [fire.name for fire in fires if fire.edge],
            "order": order,
        }
