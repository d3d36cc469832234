"""Pages of the hazards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.hazards import board, forms, queries, services
from bianwang.modules.hazards.models import Extension, Hazard, Order, Recheck
from bianwang.modules.patrol import queries as sights
from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import ListPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page

_HAZARDS = (("隐患", reverse_lazy("hazards:list")),)


class Register(FormPage):
    """Enter a finding."""

    title = "登记隐患"
    permission = "hazards.register"
    form_class = forms.RegisterForm
    submit = "登记"
    crumbs = _HAZARDS

    def get_object(self) -> Any:
        pk = self.request.GET.get("owner", "")
        return access.get(self.request.user, Enterprise, int(pk), self.permission) if pk.isdecimal() else None

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "fixed": self.object}

    def save(self, form: Any) -> Hazard:
        owner, user = form.cleaned_data["owner"], cast(User, self.request.user)
        with refusals_in_form():
            return services.register(user, owner, form.values(), form.cleaned_data["photos"])

    def done(self, result: Hazard) -> str:
        return f"已登记隐患 {result.number}，现为“{result.state_row.name}”。"


class FromAlarm(Register):
    """Make a hazard of a genuine alarm."""

    title = "告警转隐患"
    form_class = forms.FromAlarmForm

    def get_object(self) -> Any:
        related = ("owner", "signal__zone", "rule_version__rule")
        return access.get(self.request.user, Alarm, self.kwargs["pk"], self.permission, related=related)

    def form_kwargs(self) -> dict[str, Any]:
        mine = access.visible(self.request.user, Enterprise)
        return {"user": self.request.user, "fixed": mine.filter(pk=self.object.owner_id).first()}

    def initial(self) -> dict[str, Any]:
        alarm: Alarm = self.object
        zone = alarm.signal.zone
        family = {"act": "1", "state": "2", "sequence": "4"}
        return {
            "title": alarm.title[:120],
            "place": zone.name if zone else "",
            "category": family.get(alarm.rule_version.rule.family, "2"),
            "description": f"{alarm.owner} 告警“{alarm.title}”核实属实：{alarm.verdict_reason}。",
            "clause": f"{alarm.rule_version.source}{alarm.rule_version.article}"[:200],
            "found_at": alarm.started_at,
        }

    def save(self, form: Any) -> Hazard:
        user = cast(User, self.request.user)
        with refusals_in_form():
            return services.from_alarm(user, self.object, form.values(), form.cleaned_data["photos"])


class FromSight(Register):
    """Make a hazard of what a patrol found, or of a confirmed suspicion."""

    title = "登记为隐患"
    form_class = forms.FromAlarmForm
    model: type[Look | Suspicion] = Look

    def get_object(self) -> Any:
        related = ("owner", "camera__zone")
        return access.get(self.request.user, self.model, self.kwargs["pk"], self.permission, related=related)

    def form_kwargs(self) -> dict[str, Any]:
        mine = access.visible(self.request.user, Enterprise)
        return {"user": self.request.user, "fixed": mine.filter(pk=self.object.owner_id).first()}

    def initial(self) -> dict[str, Any]:
        return sights.as_finding(self.object)

    def save(self, form: Any) -> Hazard:
        user = cast(User, self.request.user)
        with refusals_in_form():
            return services.from_sight(user, self.object, form.values(), form.cleaned_data["photos"])


class HazardPage(ObjectPage):
    """One hazard with its steps."""

    model = Hazard
    permission = "hazards.view"
    select: ClassVar[Sequence[str]] = (
        "owner", "reporting_unit", "zone", "criterion", "found_by", "alarm", "rectified_by", "closed_by", "repeat_of",
        "look__camera", "suspicion__camera",
    )  # fmt: skip
    crumbs = _HAZARDS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "grade": forms.GradeForm,
        "submit": forms.RectifyForm,
        "self_close": forms.RectifyForm,
        "pass": forms.PassForm,
        "fail": forms.FailForm,
        "apply": forms.ApplyForm,
        "decide": forms.DecideForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "revoke": services.revoke,
        "list": services.list_major,
        "close": services.close,
    }

    def facts(self) -> Sequence[Facts]:
        hazard = self.object
        groups = [Facts("基本情况", _basics(hazard)), Facts("整改要求", _demands(hazard))]
        if hazard.result or hazard.failures:
            groups.append(Facts("整改情况", _results(hazard)))
        return groups

    def related(self) -> Sequence[Related]:
        hazard, user = self.object, self.request.user
        found = []
        for title, rows, columns in (
            ("责令整改", access.visible(user, Order).select_related("officer"), _ORDER),
            ("复查", access.visible(user, Recheck).select_related("by", "second"), _RECHECK),
            ("延期申请", access.visible(user, Extension).select_related("applied_by", "decided_by"), _EXTENSION),
        ):
            mine = list(rows.filter(hazard=hazard))
            if mine:
                found.append(Related(title, columns, mine))
        if hazard.alarm:
            found.append(Related("来源告警", _ALARM, [hazard.alarm]))
        if seen := hazard.look or hazard.suspicion:
            found.append(Related("来源画面", _SIGHT, [seen]))
        if hazard.repeat_of:
            found.append(Related("十二个月内的同类隐患", _EARLIER, [hazard.repeat_of]))
        return found

    def actions(self) -> Sequence[Action]:
        if access.can(self.request.user, "hazards.register"):
            return [Action("再登记一项", f"{reverse('hazards:register')}?owner={self.object.owner_id}", "plus")]
        return ()


class Statistics(Page):
    """Figures of a period; each leads to its rows."""

    title = "隐患统计"
    permission = "hazards.view"
    template = "hazards/statistics.html"
    crumbs = _HAZARDS

    def get(self, request: HttpRequest) -> HttpResponse:
        present = today()
        first = _day(request.GET.get("from", "")) or date(present.year, 1, 1)
        last = _day(request.GET.get("to", "")) or present
        if last < first:
            first, last = last, first
        direct = request.GET.get("direct") == "1"
        found = queries.statistics(request.user, first, last, direct_only=direct)
        return self.render(first=first, last=last, direct=direct, found=found, today=present)


class Board(Page):
    """看管一张表: what is sensed against what is managed."""

    title = "看管一张表"
    permission = "hazards.board"
    template = "hazards/board.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = board.standings(request.user)
        counts = board.quadrant_counts(rows)
        quadrants = [
            {"code": code, "name": name, "count": counts[code], "worst": board.worst(rows, code)}
            for code, name in board.QUADRANTS.items()
        ]
        trend = [
            {"day": row.day.isoformat()[:7], **{code: getattr(row, code) for code in board.QUADRANTS}}
            for row in board.trend()
        ]
        return self.render(
            quadrants=quadrants,
            total=len(rows),
            stages=board.stages(request.user),
            trend={"names": board.QUADRANTS, "rows": trend},
            sensed_from=queries.percent("hazards.board_sensed"),
            managed_from=queries.percent("hazards.board_managed"),
        )


class BoardRows(ListPage):
    """The enterprises of a quadrant."""

    model = Enterprise
    permission = "hazards.board"
    title = "看管明细"
    crumbs = (("看管一张表", reverse_lazy("hazards:board")),)
    sort = "pinyin"
    empty = "这一类没有企业。"
    related = ()

    def rows(self) -> QuerySet[Any]:
        wanted = self.request.GET.get("quadrant", "")
        self._found = {
            row.enterprise: row
            for row in board.standings(self.request.user)
            if wanted not in board.QUADRANTS or row.quadrant == wanted
        }
        return access.visible(self.request.user, Enterprise).filter(pk__in=self._found)

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Columns over the computed standings."""

        def found(row: Any) -> board.Standing:
            return self._found[row.pk]

        return (
            Column("name", "企业", kind="link", sort="pinyin", link=lambda row: _hazards_of(row.pk)),
            Column("quadrant", "类别", lambda row: board.QUADRANTS[found(row).quadrant]),
            Column("points", "点位", lambda row: found(row).points, kind="number"),
            Column("seen", "在线且受判", lambda row: found(row).seen, kind="number"),
            Column("sensed", "感知率", lambda row: _share(found(row).sensed), kind="number", unit="%"),
            Column("due", "应整改", lambda row: found(row).due, kind="number"),
            Column("in_time", "按期整改", lambda row: found(row).in_time, kind="number"),
            Column("managed", "按期整改率", lambda row: _share(found(row).managed), kind="number", unit="%"),
            Column("overdue", "超期未整改", lambda row: found(row).overdue, kind="number"),
            Column("waiting", "未办结告警", lambda row: found(row).waiting, kind="number"),
        )


class WallCounters(Page):
    """Two figures that the alarm wall asks for."""

    permission = "hazards.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = {"major": queries.major_open_count(request.user), "overdue": queries.overdue_count(request.user)}
        return render(request, "hazards/_wall_counters.html", counts)


def import_page(request: HttpRequest) -> HttpResponse:
    """The upload page of the outside units' list."""
    return redirect("exchange:upload", "hazards.hazard")


_ALARM = (Column("title", "告警", kind="link"), Column("started", "开始时间", "started_at", kind="datetime"))
_SIGHT = (Column("camera", "摄像机", "camera.name", kind="link"), Column("seen", "所见", lambda row: str(row)))
_EARLIER = (
    Column("number", "编号", kind="link"),
    Column("title", "隐患"),
    Column("found_at", "发现时间", kind="datetime"),
)
_ORDER = (
    Column("demand", "整改要求"),
    Column("rectify_by", "整改期限", kind="datetime"),
    Column("officer", "执法人员", "officer.name"),
    Column("certificate", "执法证号"),
    Column("issued_at", "责令时间", kind="datetime"),
)
_RECHECK = (
    Column("passed", "结论", lambda row: "合格" if row.passed else "不合格"),
    Column("opinion", "复查意见"),
    Column("by", "复查人", "by.name"),
    Column("second", "第二复查人", "second.name"),
    Column("at", "复查时间", kind="datetime"),
)
_EXTENSION = (
    Column("wanted", "申请延至", kind="datetime"),
    Column("reason", "延期理由"),
    Column("applied_by", "申请人", "applied_by.name"),
    Column("approved", "审批", lambda row: {None: "待审批", True: "同意", False: "不同意"}[row.approved]),
    Column("decided_by", "审批人", "decided_by.name"),
)


def _basics(hazard: Hazard) -> list[Cell]:
    return [
        fact("责任单位", hazard.owner.name),
        fact("级别", hazard.get_grade_display(), "badge", colour="red" if hazard.is_major else "secondary"),
        fact("判定依据", hazard.criterion),
        fact("类别", f"{hazard.get_category_display()}（GB/T 13861-2022）"),
        fact("来源", hazard.get_source_display()),
        fact("闭环方式", hazard.get_track_display()),
        fact("报送单位", hazard.reporting_unit),
        fact("报送单位编号", hazard.external_number),
        fact("区局直管企业", hazard.is_direct, "flag"),
        fact("位置", " ".join(filter(None, [hazard.zone.name if hazard.zone else "", hazard.place]))),
        fact("发现时间", hazard.found_at, "datetime"),
        fact("登记人", hazard.found_by),
        fact("违反条款", hazard.clause),
        fact("详细描述", hazard.description),
    ]


def _demands(hazard: Hazard) -> list[Cell]:
    return [
        fact("整改期限", hazard.rectify_by, "datetime"),
        fact("整改责任人", hazard.responsible),
        fact("整改措施", hazard.measures),
        fact("整改资金", hazard.funds, "money", unit="元"),
        fact("应急预案", hazard.plan),
        fact("临时防范措施", hazard.temporary),
        fact("整改要求", hazard.suggestion),
        fact("延期次数", hazard.extensions, "number"),
        fact("挂牌督办时间", hazard.listed_at, "datetime"),
        fact("超期认定时间", hazard.overdue_at, "datetime"),
    ]


def _results(hazard: Hazard) -> list[Cell]:
    return [
        fact("整改结果", hazard.result),
        fact("整改提交人", hazard.rectified_by),
        fact("整改完成时间", hazard.rectified_at, "datetime"),
        fact("复查不合格次数", hazard.failures, "number"),
        fact("销号人", hazard.closed_by),
        fact("销号时间", hazard.closed_at, "datetime"),
    ]


def _hazards_of(owner: int) -> str:
    since = (now() - timedelta(days=365)).astimezone(SHANGHAI).date()
    return f"{reverse('hazards:list')}?owner={owner}&found_from={since}&counted=1"


def _share(value: float) -> float:
    return round(100 * value, 1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
