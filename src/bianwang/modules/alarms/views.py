"""Pages of the alarms: the wall and its pieces, the alarm itself, false-alarm rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme

from bianwang.modules.alarms import queries, services, wall
from bianwang.modules.alarms.curve import curve
from bianwang.modules.alarms.lists import duration_words, state_words
from bianwang.modules.alarms.models import Alarm, Severity
from bianwang.modules.alarms.services.handling import may_dismiss
from bianwang.modules.rules.wording import version_sentence
from bianwang.modules.sensing.queries import presence_counts
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.objects import Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.templatetags.bian import moment
from bianwang.platform.ui.timeline import timeline
from bianwang.platform.workflow.errors import Refused

REASONS = {
    Alarm.Verdict.GENUINE: ("现场确认", "视频确认", "电话核实属实"),
    Alarm.Verdict.FALSE: ("检修或标定作业", "探头故障", "环境干扰", "信号配置有误"),
    Alarm.Verdict.UNCLEAR: ("现场无人", "画面看不清", "企业未应答"),
}
"""Offered with one click; another reason can be typed."""


class Wall(Page):
    """The big screen."""

    title = "告警墙"
    permission = "alarms.view"
    template = "alarms/wall.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        district = Territory.objects.filter(kind=Territory.Kind.DISTRICT).first()
        return self.render(places=wall.places(request.user), district=district, **_state(request))


class WallState(Page):
    """What changes on the wall: counters, rows, and the alarmed dots."""

    permission = "alarms.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "alarms/_wall_state.html", _state(request))


class WallAlarm(Page):
    """The right-hand side of the wall: one alarm."""

    permission = "alarms.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        alarm = access.get(request.user, Alarm, pk, "alarms.view", related=AlarmPage.select)
        context = {"alarm": alarm, "events": timeline(alarm)[:8], **_handling(alarm, request.user)}
        return render(request, "alarms/_wall_alarm.html", context)


class Curve(Page):
    """The readings around an alarm as JSON."""

    permission = "alarms.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return JsonResponse(curve(access.get(request.user, Alarm, pk, "alarms.view", related=("signal",))))


class AlarmPage(ObjectPage):
    """One alarm with its curve, its rule and what people did."""

    model = Alarm
    permission = "alarms.view"
    select: ClassVar[Sequence[str]] = (
        "owner__enterprise",
        "signal__zone",
        "signal__device",
        "rule_version__rule",
        "binding",
        "root",
        "acknowledged_by",
        "verified_by",
    )
    crumbs = (("告警", reverse_lazy("alarms:list")),)
    template = "alarms/alarm.html"

    def facts(self) -> list[Facts]:
        return [Facts("基本情况", _basics(self.object)), Facts("规则与依据", _rule(self.object, self.user))]

    def related(self) -> list[Related]:
        alarm = self.object
        columns = (
            Column("started", "开始时间", "started_at", kind="datetime"),
            Column("title", "告警内容", kind="link"),
            Column("state", "状态", state_words),
            Column("verdict", "核实"),
        )
        rows = access.visible(self.request.user, Alarm)
        members = rows.filter(root=alarm.root_id or alarm.pk).exclude(pk=alarm.pk)[:20]
        before = rows.filter(binding=alarm.binding_id, started_ms__lt=alarm.started_ms)[:10]
        found = [Related("同一规则的前几次告警", columns, before, empty="此前没有发生过。")]
        if members:
            more = f"{reverse('alarms:list')}?group={alarm.root_id or alarm.pk}"
            found.insert(0, Related("同源合并", columns, members, more=more))
        return found

    def extra(self) -> dict[str, Any]:
        return {"alarm": self.object, **_handling(self.object, self.request.user)}


class Act(Page):
    """Acknowledge, verify or comment, from the wall (htmx) or from the alarm's page."""

    http_method_names = ("post",)
    permission = "alarms.view"

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        alarm = access.get(request.user, Alarm, pk, "alarms.view")
        try:
            words = _act(alarm, request, act)
        except Refused as refusal:
            if request.htmx:  # type: ignore[attr-defined]
                raise
            messages.error(request, str(refusal))
        else:
            if request.htmx:  # type: ignore[attr-defined]
                response = render(request, "alarms/_said.html", {"words": words})
                response["HX-Trigger"] = "alarms-changed"
                return response
            messages.success(request, words)
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()})
        return redirect(target if safe else alarm.get_absolute_url())


class FalseRates(Page):
    """How often each rule was wrong."""

    title = "规则误报率"
    permission = "alarms.rates"
    template = "alarms/false_rates.html"
    crumbs = (("告警", reverse_lazy("alarms:list")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        days = min(max(_number(request.GET.get("days", ""), 90), 1), 366)
        since = now().astimezone(SHANGHAI) - timedelta(days=days)
        return self.render(rates=queries.false_rates(days), days=days, since=since, choices=(7, 30, 90, 365))


def _act(alarm: Alarm, request: HttpRequest, act: str) -> str:
    user: Any = request.user
    posted = request.POST
    if act == "acknowledge":
        done = services.acknowledge(alarm, user)
        return f"已确认“{alarm.title}”" + (f"及同源 {done - 1} 条" if done > 1 else "") + "。"
    if act == "comment":
        services.comment(alarm, user, posted.get("text", ""))
        return f"已记下对“{alarm.title}”的情况说明。"
    verdict = posted.get("verdict", "")
    if act != "verify" or verdict not in Alarm.Verdict.values:
        raise Refused("请选择核实结论：属实、误报或无法判断。")
    reason = posted.get("other", "").strip() or posted.get("reason", "")
    done = services.verify(alarm, user, verdict, reason, with_group=posted.get("group") == "1")
    return f"已核实“{alarm.title}”为{alarm.get_verdict_display()}" + (f"，同源共 {done} 条" if done > 1 else "") + "。"


def _state(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    presence = presence_counts(user)
    return {
        "counters": wall.counters(user),
        "rows": wall.rows(user),
        "alarmed": wall.alarmed_places(user),
        "today": now().astimezone(SHANGHAI),
        "online": presence.get("online", 0),
        "devices": sum(presence.values()),
        "reasons": {verdict.value: REASONS[verdict] for verdict in (Alarm.Verdict.GENUINE, Alarm.Verdict.FALSE)},
        **_rights(user),
    }


def _rights(user: Any) -> dict[str, bool]:
    return {name: access.can(user, f"alarms.{name}") for name in ("acknowledge", "verify", "comment")}


def _handling(alarm: Alarm, user: Any) -> dict[str, Any]:
    version = alarm.rule_version
    enterprise = access.visible(user, Enterprise).filter(pk=alarm.owner_id).first()
    rights = _rights(user)
    settled = alarm.verdict in {Alarm.Verdict.GENUINE, Alarm.Verdict.FALSE}
    return {
        "peak": Severity(alarm.peak),
        "severity": Severity(alarm.severity),
        "state": state_words(alarm),
        "duration": duration_words(alarm),
        "evidence": alarm.facts,
        "sentence": version_sentence(version),
        "enterprise": enterprise,
        "reasons": {verdict.value: (verdict.label, words) for verdict, words in REASONS.items()},
        "may_dismiss": may_dismiss(alarm, user),
        **rights,
        "acknowledge": rights["acknowledge"] and alarm.acknowledged_at is None,
        "verify": rights["verify"] and (not settled or access.can(user, "alarms.correct")),
    }


def _basics(alarm: Alarm) -> list[Any]:
    zone = alarm.signal.zone
    peak, severity = Severity(alarm.peak), Severity(alarm.severity)
    return [
        fact("责任单位", alarm.owner.name),
        fact("位置", zone.name if zone else None),
        fact("信号", f"{alarm.signal.title}" + (f"（{alarm.signal.device}）" if alarm.signal.device else "")),
        fact("当前等级", severity.label, "badge", colour=severity.code),
        fact("最高等级", peak.label, "badge", colour=peak.code),
        fact("状态", state_words(alarm)),
        fact("开始时间", alarm.started_at, "datetime"),
        fact("结束时间", alarm.ended_at, "datetime"),
        fact("历时", duration_words(alarm)),
        fact("第几次（一日内）", alarm.repeat, "number"),
        fact("通知到", alarm.get_level_display()),
        fact("确认", f"{alarm.acknowledged_by or ''} {_moment(alarm.acknowledged_at)}".strip()),
        fact("核实", f"{alarm.get_verdict_display() or ''} {alarm.verdict_reason}".strip()),
        fact("核实人", f"{alarm.verified_by or ''} {_moment(alarm.verified_at)}".strip()),
        fact("补判", alarm.is_late, "flag"),
    ]


def _rule(alarm: Alarm, user: User) -> list[Any]:
    version, evidence = alarm.rule_version, alarm.facts
    value = evidence.get("value")
    found = [
        fact("规则", str(version)),
        fact("内容", version_sentence(version)),
        fact("依据", f"{version.source}{version.article}"),
        fact("核实情况", version.certainty),
        fact("触发时数值", value, "number", unit=evidence.get("unit", "")),
        fact("限值", evidence.get("limit"), "number", unit=evidence.get("unit", "")),
        fact("超出", evidence.get("margin"), "number", unit=evidence.get("unit", "")),
    ]
    if access.can(user, "rules.view"):
        found.append(fact("各信号曲线与判定", "打开", href=_plot_url(alarm)))
    return found


def _plot_url(alarm: Alarm) -> str:
    """The version's page with all signals of the alarm's binding, from ten minutes before to five after."""
    begin, end = alarm.started_ms - 600_000, (alarm.ended_ms or alarm.started_ms) + 300_000
    return f"{alarm.rule_version.get_absolute_url()}?binding={alarm.binding_id}&from={begin}&to={end}#plot"


def _moment(value: Any) -> str:
    return moment(value)


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default
