"""Pages of recorders of GB/T 28181: which there are, how to configure them, what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views import View

from bianwang.modules.sensing import forms, services, signalling
from bianwang.modules.sensing.models import Camera, Recorder, Refusal
from bianwang.modules.sensing.pages import edit_actions, use
from bianwang.modules.sensing.signalling import SignallingError
from bianwang.modules.sensing.views import CAMERA_COLOURS, RegisterPage
from bianwang.platform import access
from bianwang.platform.config import config
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.filters import Choice, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related

COLOURS = {"online": "green", "offline": "orange", "never": "grey"}


@dataclass(frozen=True)
class Setting:
    """One line of a recorder's own set-up page; `command` is what is copied."""

    title: str
    command: str


class RecorderList(ListPage):
    """Recorders and how they are."""

    model = Recorder
    permission = "sensing.view"
    title = "国标录像机"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("code", "国标编码", sort="code"),
        Column("owner", "所属单位", "owner.name", sort="owner__pinyin"),
        Column("presence", "状态", "presence", kind="badge", sort="presence", colour=lambda row: COLOURS[row.presence]),
        Column("channels", "通道", "channels", kind="number"),
        Column("last_seen_at", "最近心跳", kind="datetime", sort="last_seen_at"),
        Column("address", "来源地址", default=False),
        Column("edition", "标准版本", default=False),
        Column("is_enabled", "启用", kind="flag", sort="is_enabled", default=False),
    )
    filters = (
        Search(fields=("name", "code", "owner__name", "owner__pinyin", "owner__initials")),
        Choice("presence", "状态"),
        InTerritory(),
        Owner(),
        Choice("is_enabled", "启用", choices=(("True", "在用"), ("False", "已停用"))),
    )
    related = ("owner",)
    sort = "owner__pinyin"
    empty = "还没有国标录像机。点“登记国标录像机”，再按录像机页上的说明设置录像机，它的通道会自动登记为摄像机。"
    buttons = (Button("登记国标录像机", "sensing:recorder_new", "sensing.edit"),)

    def rows(self) -> QuerySet[Any]:
        counted: QuerySet[Any] = super().rows().annotate(channels=Count("cameras"))
        return counted


class RecorderForm(RegisterPage):
    """Register or change a recorder, with the password that it registers with."""

    model = Recorder
    form_class = forms.RecorderForm
    crumbs = (("国标录像机", reverse_lazy("sensing:recorder_list")),)

    @transaction.atomic
    def save(self, form: Any) -> Any:
        row = super().save(form)
        if form.cleaned_data["password"]:
            services.set_recorder_password(row, form.cleaned_data["password"])
        return row

    def done(self, result: Any) -> str:
        return super().done(result) if self.object else f"已登记“{result}”，请按本页的说明设置录像机。"


class RecorderPage(ObjectPage):
    """A recorder: how it is, how to configure it, its channels, what was refused of it."""

    model = Recorder
    permission = "sensing.view"
    template = "sensing/recorder.html"
    select = ("owner",)
    crumbs = (("国标录像机", reverse_lazy("sensing:recorder_list")),)

    def facts(self) -> Sequence[Facts]:
        row = self.object
        state = [
            fact("状态", row.get_presence_display(), "badge", colour=COLOURS[row.presence]),
            fact("状态时间", row.presence_at),
            fact("最近心跳", row.last_seen_at),
            fact("来源地址", row.address),
        ]
        basic = [
            fact("所属单位", row.owner.name, href=party_url(row.owner)),
            fact("国标编码", row.code),
            fact("标准版本", row.get_edition_display()),
            fact("注册密码", "已设定" if row.secret else "未设定"),
            use(row),
        ]
        return [Facts("运行状态", state), Facts("基本情况", basic)]

    def actions(self) -> Sequence[Action]:
        return edit_actions(self, "recorder")

    def related(self) -> Sequence[Related]:
        cameras = access.visible(self.user, Camera).filter(recorder=self.object).select_related("owner")
        columns = (
            Column("name", "名称", kind="link"),
            Column("gb_code", "国标编码"),
            Column("presence", "状态", kind="badge", colour=lambda row: CAMERA_COLOURS[row.presence]),
            Column("presence_detail", "说明"),
        )
        refused = (
            Column("day", "日期", kind="date"),
            Column("example", "最近一次的说明"),
            Column("count", "次数", kind="number"),
            Column("last_at", "最近一次", kind="datetime"),
        )
        # What it sent under its own code: whoever sees the recorder sees why it was refused.
        refusals = Refusal.objects.filter(key=self.object.code)[:20]
        return [
            Related("通道", columns, cameras, empty="还没有通道，录像机注册后会自动报来。"),
            Related("拒收的信令", refused, refusals, empty="没有拒收记录。"),
        ]

    def extra(self) -> dict[str, Any]:
        may_edit = access.visible(self.user, Recorder, "sensing.edit").filter(pk=self.object.pk).exists()
        return {"settings": _settings(self.object, self.request), "may_edit": may_edit}


class RecorderCatalog(View):
    """Ask a recorder for its channels."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        recorder = access.get(request.user, Recorder, pk, "sensing.edit")
        try:
            messages.success(request, f"已刷新“{recorder.name}”的通道目录：{signalling.refresh_catalog(recorder)}")
        except SignallingError as error:
            messages.error(request, str(error))
        return redirect(reverse("sensing:recorder", args=[recorder.pk]))


def _settings(recorder: Recorder, request: HttpRequest) -> list[Setting]:
    """What to type into the recorder; nothing while the port is closed."""
    options, identity = config(), signalling.identity()
    if not options.gb28181_port:
        return []
    host = options.gb28181_address or request.get_host().rpartition(":")[0] or request.get_host()
    return [
        Setting("SIP 服务器编码", identity.code),
        Setting("SIP 服务器域", identity.realm),
        Setting("SIP 服务器地址", host),
        Setting("SIP 服务器端口", str(options.gb28181_port)),
        Setting("SIP 用户名（设备编码）、认证用户名", recorder.code),
        Setting("注册有效期（秒）", "3600"),
        Setting("心跳周期（秒）", "60"),
    ]
