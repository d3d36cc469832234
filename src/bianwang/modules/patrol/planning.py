"""Pages of plans, rounds and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse, reverse_lazy

from bianwang.modules.patrol import forms, pictures, queries, services
from bianwang.modules.patrol.models import Look, Plan, Round
from bianwang.modules.patrol.workflow import ROUND
from bianwang.modules.sensing.models import Camera
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.period import Period
from bianwang.platform.ui.cells import Cell, Column, due_column, fact, state_column
from bianwang.platform.ui.filters import AsOf, Choice, DateRange, Flag, FlagOn, InTerritory, Owner, Search
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import Button, ListPage, list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb

_PLANS: Sequence[Crumb] = (("巡检计划", reverse_lazy("patrol:plan_list")),)
_ROUNDS: Sequence[Crumb] = (("巡检轮次", reverse_lazy("patrol:round_list")),)
_COLOURS = {"normal": "green", "problem": "red", "no_picture": "orange", "": "secondary"}
_SECONDS = {"wanted": "orange", "agreed": "green", "differed": "red", "": "secondary"}


def _begin(round_: Round, user: User, reason: str) -> None:
    services.start(round_, user)


def _end(round_: Round, user: User, reason: str) -> None:
    services.finish(round_, user)


def _again(row: Look) -> str:
    """Nothing for what was not drawn to be looked at again: most records."""
    return row.get_second_display() if row.second else ""


class PlanList(ListPage):
    """Standing orders."""

    model = Plan
    permission = "patrol.plan"
    title = "巡检计划"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("unit", "承办单位", "unit.name", sort="unit__pinyin"),
        Column("rhythm", "频次"),
        Column("share", "抽查比例", kind="number", unit="%", sort="share"),
        Column("role", "承办角色", sort="role"),
        Column("valid_from", "起始日期", kind="date", sort="valid_from"),
        Column("valid_to", "截止日期", kind="date"),
        Column("is_active", "启用", kind="flag", sort="is_active"),
    )
    filters = (
        Search(title="计划或单位", fields=("name", "unit__name", "unit__initials")),
        Choice("is_active", "启用", choices=(("True", "启用"), ("False", "停用"))),
    )
    related = ("unit",)
    sort = "name"
    empty = "还没有巡检计划。点“编制计划”，选摄像机、频次和承办人，平台每天自动生成巡检轮次。"
    buttons = (Button("编制计划", "patrol:plan_new", "patrol.plan"),)


class PlanEdit(FormPage):
    """Enter or change a plan."""

    permission = "patrol.plan"
    form_class = forms.PlanForm
    crumbs = _PLANS

    def get_title(self) -> str:
        return f"修改计划：{self.object}" if self.object else "编制巡检计划"

    def get_object(self) -> Any:
        pk = self.kwargs.get("pk")
        return access.get(self.user, Plan, pk, self.permission, related=("unit__organisation",)) if pk else None

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "plan": self.object}

    def initial(self) -> dict[str, Any]:
        if self.object is None:
            return {}
        plain = ("name", "town", "share", "every", "windows", "role", "valid_from", "valid_to")
        many = {name: list(getattr(self.object, name).all()) for name in services.MANY}
        return {name: getattr(self.object, name) for name in plain} | many | {"weekdays": list(self.object.weekdays)}

    def save(self, form: Any) -> Plan:
        return services.save_plan(self.user, self.object or Plan(), form.cleaned_data)

    def done(self, result: Plan) -> str:
        return f"已保存“{result}”，现有 {queries.cameras_of(result).count()} 台摄像机在内，轮次由平台按时生成。"


class PlanSwitch(FormPage):
    """Stop a plan, or let it go on."""

    permission = "patrol.plan"
    form_class = forms.ReasonForm
    crumbs = _PLANS
    submit = "确定"

    def get_title(self) -> str:
        return f"{'停用' if self.object.is_active else '启用'}：{self.object}"

    def get_object(self) -> Any:
        return access.get(self.user, Plan, self.kwargs["pk"], self.permission)

    def save(self, form: Any) -> Plan:
        services.switch_plan(self.object, self.user, not self.object.is_active, form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Plan) -> str:
        return f"“{result}”已{'启用' if result.is_active else '停用，不再生成新的轮次'}。"


class PlanPage(ObjectPage):
    """One plan with its cameras and its last rounds."""

    model = Plan
    permission = "patrol.plan"
    select: ClassVar[Sequence[str]] = ("unit", "town", "made_by")
    crumbs = _PLANS

    def facts(self) -> Sequence[Facts]:
        plan = self.object
        rows = [
            fact("承办单位", plan.unit),
            fact("范围", _reach(plan)),
            fact("抽查比例", f"{plan.share}%"),
            fact("频次", plan.rhythm),
            fact("承办角色", plan.get_role_display()),
            fact("指定人员", "、".join(str(one) for one in plan.people.all()) or "该角色人员均可"),
            fact("起止日期", f"{plan.valid_from} 至 {plan.valid_to or '长期'}"),
            fact("启用", plan.is_active, "flag"),
            fact("编制人", plan.made_by),
        ]
        return [Facts("计划", rows)]

    def related(self) -> Sequence[Related]:
        cameras = queries.cameras_of(self.object).select_related("owner", "zone")
        rounds = access.visible(self.user, Round).filter(plan=self.object).select_related("plan", "walked_by")[:10]
        return [
            Related("最近的轮次", _ROUND_COLUMNS, rounds, more=list_url("patrol:round_list", plan=self.object.pk)),
            Related(f"摄像机（{len(cameras)} 台）", _CAMERA_COLUMNS, cameras, empty="所选范围内没有启用的摄像机。"),
        ]

    def actions(self) -> Sequence[Action]:
        plan = self.object
        word, icon = ("停用", "player-pause") if plan.is_active else ("启用", "player-play")
        return [
            Action("修改", reverse("patrol:plan_edit", args=[plan.pk]), "edit"),
            Action(word, reverse("patrol:plan_switch", args=[plan.pk]), icon),
        ]


class RoundList(ListPage):
    """Rounds, the newest first."""

    model = Round
    permission = "patrol.view"
    title = "巡检轮次"
    columns = (
        Column("plan", "巡检计划", "plan.name", kind="link", sort="plan__name"),
        Column("unit", "承办单位", "unit.name", sort="unit__pinyin"),
        state_column(),
        Column("starts_at", "时段开始", kind="datetime", sort="starts_at"),
        due_column(),
        Column("planned", "应看", kind="number"),
        Column("seen", "已看", kind="number"),
        Column("problems", "有问题", kind="number"),
        Column("late_at", "逾时", lambda row: "逾时" if row.late_at else "", kind="badge", colour=lambda row: "red"),
        Column("walked_by", "巡检人", "walked_by.name"),
        Column("minutes", "用时（分钟）", kind="number", sort="minutes", total="minutes", unit="分钟", default=False),
        Column("finished_at", "完成时间", kind="datetime", sort="finished_at", default=False),
    )
    filters = (
        Choice("state", "状态", choices=tuple(ROUND.choices())),
        DateRange("starts", "时段日期", field="starts_at"),
        Flag("late", "逾时", where=Q(late_at__isnull=False)),
        Flag("due", "已到期", where=lambda user: queries.rounds_due(now())),
        Flag("in_time", "按时完成", where=queries.IN_TIME),
        Flag("mine", "由我巡检", where=lambda user: Q(walked_by=user) | Q(assignee=user)),
        InTerritory(field="looks__owner"),
        Owner("owner", "看过其摄像机的企业", "looks__owner"),
        Owner("unit", "承办单位"),
        Owner("plan", "巡检计划", model=Plan),
    )
    related = ("plan", "unit", "walked_by")
    sort = "-starts_at"
    empty = "还没有巡检轮次。编制巡检计划后，平台每天自动生成。"
    buttons = (Button("巡检计划", "patrol:plan_list", "patrol.plan", "calendar"),)

    def equip(self, rows: Sequence[Any]) -> None:
        counted = queries.counts([row.pk for row in rows])
        for row in rows:
            row.planned, row.seen, row.problems = counted.get(row.pk, (0, 0, 0))


class RoundPage(ObjectPage):
    """One round with its cameras, and how they were drawn."""

    model = Round
    permission = "patrol.view"
    select: ClassVar[Sequence[str]] = ("plan", "unit", "walked_by", "assignee")
    crumbs = _ROUNDS
    step_services: ClassVar[Mapping[str, Any]] = {
        "start": _begin,
        "finish": _end,
        "cancel": services.cancel,
    }

    def facts(self) -> Sequence[Facts]:
        return [Facts("轮次", _of_round(self.object)), Facts("抽取", _of_draw(self.object))]

    def related(self) -> Sequence[Related]:
        rows = queries.looks(self.user).filter(round=self.object).select_related("camera", "owner")
        return [Related("摄像机", _LOOK_COLUMNS, rows.order_by("position"))]

    def actions(self) -> Sequence[Action]:
        if self.object.state in {"planned", "walking"} and access.can(self.user, "patrol.walk"):
            return [Action("去巡检", reverse("patrol:walk", args=[self.object.pk]), "eye-check")]
        return ()


class LookList(ListPage):
    """What was seen, the newest first."""

    model = Look
    permission = "patrol.view"
    title = "巡检记录"
    columns = (
        Column("camera", "摄像机", "camera.name", kind="link", sort="camera__name"),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        Column("result", "结果", kind="badge", sort="result", colour=lambda row: _COLOURS[row.result]),
        Column("problem", "问题", lambda row: "：".join(filter(None, [row.item_text, row.note]))),
        Column("at", "查看时间", kind="datetime", sort="at"),
        Column("by", "巡检人", "by.name"),
        Column("second", "再看", _again, kind="badge", sort="second", colour=lambda row: _SECONDS[row.second]),
        Column(
            "suggested",
            "同时段视频分析",
            lambda row: row.suggested.get_kind_display() if row.suggested else "",
            default=False,
        ),
        Column("plan", "巡检计划", "round.plan.name", default=False),
        Column("second_by", "再看人", "second_by.name", default=False),
        Column("second_note", "再看意见", default=False),
    )
    filters = (
        Search(
            title="摄像机、单位或问题", fields=("camera__name", "owner__name", "owner__initials", "note", "item_text")
        ),
        Choice("result", "结果", choices=tuple(row for row in Look.Result.choices if row[0])),
        Choice("second", "再看", choices=tuple(row for row in Look.Second.choices if row[0])),
        InTerritory(),
        DateRange("at", "查看日期"),
        DateRange("starts", "轮次日期", field="round__starts_at"),
        AsOf(),
        FlagOn("seen", "看到画面", where=queries.SEEN, on=lambda day: queries.seen_by(Period(day, day).end)),
        FlagOn(
            "due",
            "轮次已到期",
            where=lambda user: queries.looks_due(now()),
            on=lambda day: queries.looks_due(Period(day, day).end),
        ),
        Flag("timed", "轮次已完成", where=queries.TIMED),
        Flag("both", "人和模型都发现", where=queries.BOTH),
        Flag("people", "只有人发现", where=queries.ONLY_PEOPLE),
        Flag("model", "只有模型发现", where=queries.ONLY_MODEL),
        Flag("neither", "都未发现", where=queries.NEITHER),
        Owner(),
        Owner("camera", "摄像机", model=Camera),
        Owner("round", "巡检轮次", model=Round),
    )
    related = ("camera", "owner", "by", "suggested", "round__plan", "second_by")
    sort = "-at"
    empty = "还没有巡检记录。在“巡检轮次”中开始巡检后，看过的摄像机会出现在这里。"

    def rows(self) -> QuerySet[Any]:
        return queries.looks(self.user)


class LookPage(ObjectPage):
    """One record: the pictures with the mark, and what became of it."""

    model = Look
    permission = "patrol.view"
    select: ClassVar[Sequence[str]] = (
        "round__plan", "camera__zone", "owner", "by", "second_by", "suggested__camera", "review__camera",
    )  # fmt: skip
    crumbs: ClassVar[Sequence[Crumb]] = (("巡检记录", reverse_lazy("patrol:look_list")),)
    template = "patrol/look.html"

    def _object(self, pk: int) -> Any:
        found = super()._object(pk)
        if not queries.looks(self.user).filter(pk=pk).exists():
            raise Http404("这台摄像机还没有巡检记录。")
        return found

    def facts(self) -> Sequence[Facts]:
        return [Facts("记录", _of_look(self.object, self.user))]

    def extra(self) -> dict[str, Any]:
        row = self.object
        problem = row.result == Look.Result.PROBLEM
        return {
            "look": row,
            "pictures": pictures.shown(self.user, row),
            "problem": problem,
            "goes_on": row.round.state == "walking" and access.can(self.user, "patrol.walk"),
            "may_review": problem and row.review_id is None and access.can(self.user, "patrol.walk"),
            "may_second": row.second == Look.Second.WANTED
            and row.by_id != self.user.pk
            and access.can(self.user, "patrol.second"),
        }


_ROUND_COLUMNS = (
    Column("round", "轮次", lambda row: str(row), kind="link"),
    state_column(),
    Column("ends_at", "应完成时间", kind="datetime"),
    Column("walked_by", "巡检人", "walked_by.name"),
)
_CAMERA_COLUMNS = (
    Column("name", "摄像机", kind="link"),
    Column("owner", "所属单位", "owner.name"),
    Column("zone", "区域", "zone.name"),
    Column("presence", "状态"),
)
_LOOK_COLUMNS = (
    Column("camera", "摄像机", "camera.name", kind="link", link=lambda row: row.get_absolute_url()),
    Column("owner", "责任单位", "owner.name"),
    Column("result", "结果", kind="badge", colour=lambda row: _COLOURS[row.result]),
    Column("note", "问题", lambda row: "：".join(filter(None, [row.item_text, row.note]))),
    Column("at", "查看时间", kind="datetime"),
)


def _reach(plan: Plan) -> str:
    named = [f"{plan.town}全部"] if plan.town else []
    return "、".join([*named, *(str(row) for row in plan.enterprises.all()), *(str(row) for row in plan.zones.all())])


def _of_round(row: Round) -> list[Cell]:
    return [
        fact("承办单位", row.unit),
        fact("承办", row.assignee or row.get_role_display()),
        fact("时段开始", row.starts_at, "datetime"),
        fact("应完成时间", row.ends_at, "datetime"),
        fact("巡检人", row.walked_by),
        fact("实际开始", row.started_at, "datetime"),
        fact("实际完成", row.finished_at, "datetime"),
        fact("用时", row.minutes, "number", unit="分钟"),
        fact("逾时", "是" if row.late_at else "否"),
    ]


def _of_draw(row: Round) -> list[Cell]:
    return [
        fact("抽查比例", f"{row.share}%"),
        fact("抽取种子", row.seed),
        fact("抽取方法", row.method),
        fact("按种子复算", "一致" if queries.repeats(row) else "不一致"),
    ]


def _of_look(row: Look, user: Any) -> list[Cell]:
    sees = access.can(user, "sensing.view")
    zone = row.camera.zone
    return [
        fact("责任单位", row.owner),
        fact("摄像机", row.camera, href=row.camera.get_absolute_url() if sees else ""),
        fact("区域", zone.name if zone else ""),
        fact("结果", row.get_result_display(), "badge", colour=_COLOURS[row.result]),
        fact("检查项", row.item_text),
        fact("问题描述", row.note),
        fact("查看时间", row.at, "datetime"),
        fact("巡检人", row.by),
        fact("巡检计划", row.round.plan),
        fact("同时段视频分析", row.suggested, href=row.suggested.get_absolute_url() if row.suggested else ""),
        fact("提请复核", row.review, href=row.review.get_absolute_url() if row.review else ""),
        fact("再看", _again(row), "badge", colour=_SECONDS[row.second]),
        fact("再看意见", row.second_note),
        fact("再看人", row.second_by),
    ]
