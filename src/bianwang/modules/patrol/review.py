"""Pages of the review queue: one suspicion after another, judged by one key; the list; one suspicion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from bianwang.modules.patrol import pictures, queries, services
from bianwang.modules.patrol.models import Suspicion
from bianwang.modules.patrol.workflow import SUSPICION
from bianwang.modules.sensing.models import Camera
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, due_column, fact, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.objects import Facts, ObjectPage, StepForm
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.table import Transition
from bianwang.vision.baselines import baselines

REASONS = {
    "confirmed": ("画面确认属实", "电话核实属实", "现场确认"),
    "rejected": ("光影或反光", "物体误认", "正常作业", "人员坐卧休息"),
    "unclear": ("画面看不清", "被遮挡", "时间太短"),
}
"""Offered with one click, the first by one key; another reason can be typed."""

_QUEUE = (("疑似情形", reverse_lazy("patrol:suspicion_list")),)


class Review(Page):
    """The next suspicion with its picture, judged by one key."""

    title = "待复核"
    permission = "patrol.judge"
    template = "patrol/review.html"
    crumbs = _QUEUE

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.waiting(request.user)
        skipped = [int(pk) for pk in request.GET.getlist("skip")[:50] if pk.isdecimal()]
        found = rows.exclude(pk__in=skipped).select_related("camera__zone", "owner", "raised_by").first()
        context: dict[str, Any] = {"suspicion": found, "waiting": rows.count(), "skipped": skipped}
        if found is not None:
            words = dict(SUSPICION.choices())
            context |= {
                "pictures": pictures.shown(self.user, found),
                "reasons": {verdict: (words[verdict], given) for verdict, given in REASONS.items()},
                "measured": measured(found),
                "own": found.raised_by_id == self.user.pk,
            }
        return self.render(**context)


class Judge(Page):
    """A judgement from the queue; leads to the next suspicion."""

    http_method_names = ("post",)
    permission = "patrol.judge"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = access.get(request.user, Suspicion, pk, self.permission, related=("camera",))
        given = request.POST
        reason = given.get("other", "").strip() or given.get("reason", "")
        try:
            services.judge(row, self.user, given.get("verdict", ""), reason)
        except Conflict:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已复核“{row}”为“{row.state_row.name}”。")
        return redirect("patrol:review")


class JudgeForm(StepForm):
    """The reason of a judgement."""

    def perform(self, obj: Any, user: Any, step: Transition) -> None:
        services.judge(obj, user, step.target, self.cleaned_data["reason"])


class SuspicionPage(ObjectPage):
    """One suspicion: its picture with the place marked, and what people found."""

    model = Suspicion
    permission = "patrol.view"
    select: ClassVar[Sequence[str]] = ("owner", "camera__zone", "judged_by", "raised_by")
    crumbs = _QUEUE
    template = "patrol/suspicion.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = dict.fromkeys(services.STEPS.values(), JudgeForm)
    step_services: ClassVar[Mapping[str, Any]] = {"reopen": services.reopen}

    def facts(self) -> Sequence[Facts]:
        return [Facts("基本情况", basics(self.object, self.user))]

    def extra(self) -> dict[str, Any]:
        return {
            "measured": measured(self.object),
            "suspicion": self.object,
            "pictures": pictures.shown(self.user, self.object),
        }


def measured(row: Suspicion) -> str:
    """How far the model's suspicion can be trusted, as measured; nothing for a person's."""
    found = {str(kind): figures for kind, figures in baselines().items()}.get(row.kind)
    return str(found) if found is not None and row.is_machine else ""


def basics(row: Suspicion, user: Any) -> list[Cell]:
    """What is known of a suspicion."""
    sees = access.can(user, "sensing.view")
    zone = row.camera.zone
    return [
        fact("责任单位", row.owner),
        fact("摄像机", row.camera, href=row.camera.get_absolute_url() if sees else ""),
        fact("位置", " · ".join(filter(None, [zone.name if zone else "", row.region]))),
        fact("情形", row.get_kind_display()),
        fact("来源", row.get_origin_display()),
        fact("模型评分", row.score, "number"),
        fact("首次出现", row.first_at, "datetime"),
        fact("最近出现", row.last_at, "datetime"),
        fact("出现次数", row.times, "number"),
        fact("说明", row.note),
        fact("提请人", row.raised_by),
        fact("复核理由", row.reason),
        fact("复核人", row.judged_by),
        fact("复核时间", row.judged_at, "datetime"),
    ]


class SuspicionList(ListPage):
    """What was suspected, the newest first."""

    model = Suspicion
    permission = "patrol.view"
    title = "疑似情形"
    columns = (
        Column("kind", "情形", kind="link", sort="kind"),
        Column("camera", "摄像机", "camera.name", sort="camera__name"),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        Column("region", "监视区域", sort="region", default=False),
        state_column(),
        due_column(),
        Column("first_at", "首次出现", kind="datetime", sort="first_at"),
        Column("times", "次数", kind="number", sort="times"),
        Column("score", "模型评分", kind="number", sort="score"),
        Column("origin", "来源", sort="origin"),
        Column("reason", "复核理由"),
        Column("judged_by", "复核人", "judged_by.name", default=False),
        Column("judged_at", "复核时间", kind="datetime", sort="judged_at", default=False),
        Column("last_at", "最近出现", kind="datetime", sort="last_at", default=False),
    )
    filters = (
        Search(title="摄像机、单位或拼音首字母", fields=("camera__name", "owner__name", "owner__initials", "region")),
        Choice("state", "状态", choices=tuple(SUSPICION.choices())),
        Choice("kind", "情形"),
        Choice("origin", "来源"),
        InTerritory(),
        DateRange("first", "首次出现", field="first_at"),
        Flag("judged", "已有结论", where=queries.JUDGED),
        Owner(),
        Owner("camera", "摄像机", model=Camera),
    )
    related = ("camera", "owner", "judged_by")
    sort = "-first_at"
    empty = "没有疑似情形。视频分析拿不准的画面、巡检中提请复核的问题会出现在这里，由人逐条复核。"
    buttons = (Button("逐条复核", "patrol:review", "patrol.judge", "eye-question"),)
