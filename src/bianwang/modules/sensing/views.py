"""Lists and forms of devices, cameras and signals."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import RedirectView

from bianwang.modules.sensing import finding, forms, queries, services
from bianwang.modules.sensing.models import Camera, CameraSearch, Device, Signal
from bianwang.platform import access
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, InTerritory, Owner, Search
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import BatchAction, Button, ListPage

PRESENCE_COLOURS = {"online": "green", "offline": "grey", "silent": "orange", "clock_fault": "yellow", "never": "grey"}
CAMERA_COLOURS = {
    "online": "green",
    "offline": "grey",
    "frozen": "orange",
    "black": "orange",
    "blurred": "yellow",
    "moved": "yellow",
    "idle": "grey",
    "never": "grey",
}
_PARTY = ("owner__name", "owner__pinyin", "owner__initials")
_IN_USE = (("True", "在用"), ("False", "已停用"))


def presence_column(accessor: str = "presence") -> Column:
    """The coloured word of a device's presence."""
    return Column(
        "presence", "状态", accessor, kind="badge", sort="presence", colour=lambda row: PRESENCE_COLOURS[row.presence]
    )


def _switch_off(user: Any, rows: list[Any]) -> str:
    for row in rows:
        services.switch(row, False, "批量停用")
    return f"已停用 {len(rows)} 项。"


class DeviceList(ListPage):
    """Devices and how they are."""

    model = Device
    permission = "sensing.view"
    title = "设备"
    template = "sensing/device_list.html"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("key", "设备标识", sort="key"),
        Column("owner", "所属单位", "owner.name", sort="owner__pinyin"),
        Column("zone", "区域", "zone.name"),
        Column("protocol", "协议", sort="protocol"),
        presence_column(),
        Column("last_seen_at", "最近上报", kind="datetime", sort="last_seen_at"),
        Column("presence_detail", "说明", default=False),
        Column("period_s", "上报周期", kind="number", unit="秒", sort="period_s", default=False),
        Column("is_enabled", "启用", kind="flag", sort="is_enabled", default=False),
    )
    filters = (
        Search(fields=("name", "key", *_PARTY)),
        Choice("presence", "状态"),
        Choice("protocol", "协议"),
        InTerritory(),
        Owner(),
        Choice("is_enabled", "启用", choices=_IN_USE),
    )
    related = ("owner", "zone")
    sort = "owner__pinyin"
    empty = "还没有设备。点“登记设备”逐台登记，或点“导入”用 Excel 批量登记。"
    buttons = (
        Button("登记设备", "sensing:device_new", "sensing.edit"),
        Button("导入", "sensing:device_import", "sensing.import", "file-import"),
    )
    actions = (BatchAction("disable", "停用", "sensing.edit", _switch_off),)

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        counts = queries.presence_counts(self.user)
        health = [(label, counts.get(code, 0), PRESENCE_COLOURS[code], code) for code, label in Device.Presence.choices]
        return super().render(template, status, health=health, **context)


class SignalList(ListPage):
    """Signals."""

    model = Signal
    permission = "sensing.view"
    title = "信号"
    columns = (
        Column("title", "名称", kind="link", sort="title"),
        Column("name", "信号标识", sort="name"),
        Column("quantity", "监测量", sort="quantity"),
        Column("unit", "单位", sort="unit"),
        Column("device", "设备", "device.name", sort="device__name"),
        Column("owner", "所属单位", "owner.name", sort="owner__pinyin"),
        Column("low", "量程下限", kind="number", default=False),
        Column("high", "量程上限", kind="number", default=False),
        Column("is_enabled", "启用", kind="flag", sort="is_enabled", default=False),
    )
    filters = (
        Search(fields=("title", "name", "device__key", *_PARTY)),
        Choice("quantity", "监测量"),
        InTerritory(),
        Owner(),
        Choice("is_enabled", "启用", choices=_IN_USE),
    )
    related = ("owner", "device")
    sort = "owner__pinyin"
    empty = "还没有信号。先登记设备，再在设备页上“登记信号”，或用 Excel 批量导入。"
    buttons = (
        Button("登记信号", "sensing:signal_new", "sensing.edit"),
        Button("导入", "sensing:signal_import", "sensing.import", "file-import"),
    )


class CameraList(ListPage):
    """Cameras."""

    model = Camera
    permission = "sensing.view"
    title = "摄像机"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("owner", "所属单位", "owner.name", sort="owner__pinyin"),
        Column("zone", "区域", "zone.name"),
        Column("presence", "状态", kind="badge", sort="presence", colour=lambda row: CAMERA_COLOURS[row.presence]),
        Column("presence_detail", "说明"),
        Column("last_picture_at", "最近画面", kind="datetime", sort="last_picture_at"),
        Column("is_analysed", "视频分析", kind="flag", sort="is_analysed"),
        Column("gb_code", "国标编码", sort="gb_code", default=False),
        Column("is_enabled", "启用", kind="flag", sort="is_enabled", default=False),
    )
    filters = (
        Search(fields=("name", "gb_code", *_PARTY)),
        Choice("presence", "状态"),
        Choice("is_analysed", "视频分析", choices=(("True", "开启"), ("False", "未开启"))),
        InTerritory(),
        Owner(),
        Choice("is_enabled", "启用", choices=_IN_USE),
    )
    related = ("owner", "zone")
    sort = "owner__pinyin"
    empty = "还没有摄像机。点“查找摄像机”找同网段的，点“登记摄像机”逐台登记，或点“导入”用 Excel 批量登记。"
    buttons = (
        Button("登记摄像机", "sensing:camera_new", "sensing.edit"),
        Button("查找摄像机", "sensing:search_new", "sensing.edit", "search"),
        Button("导入", "sensing:camera_import", "sensing.import", "file-import"),
    )


class RegisterPage(FormPage):
    """Create or edit a row: the same form, the same service."""

    permission = "sensing.edit"
    model: type[Any]

    def get_object(self) -> Any:
        pk = self.kwargs.get("pk")
        return access.get(self.user, self.model, pk, self.permission, related=("owner",)) if pk else None

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "instance": self.object or self.model(**self.given())}

    def given(self) -> dict[str, Any]:
        """What the link to the form says already."""
        return {}

    def get_title(self) -> str:
        name = self.model._meta.verbose_name
        return f"修改“{self.object}”" if self.object else f"登记{name}"

    def save(self, form: Any) -> Any:
        if self.object:
            services.change(form.instance)
        else:
            services.register(form.instance)
        return form.instance

    def done(self, result: Any) -> str:
        return f"已保存“{result}”。" if self.object else f"已登记“{result}”。"


class DeviceForm(RegisterPage):
    """Register or change a device."""

    model = Device
    form_class = forms.DeviceForm
    crumbs = (("设备", reverse_lazy("sensing:device_list")),)

    def done(self, result: Any) -> str:
        return super().done(result) if self.object else f"已登记“{result}”，请在本页签发令牌并登记信号。"


_TO_COMPLETE = (
    "名称和地址已按查找结果填好。请选所属单位，在取流地址里补上用户名、密码和码流路径（见摄像机说明书），"
    "如 rtsp://用户:密码@192.168.1.64:554/stream2。"
)


class CameraForm(RegisterPage):
    """Register or change a camera."""

    model = Camera
    form_class = forms.CameraForm
    crumbs = (("摄像机", reverse_lazy("sensing:camera_list")),)

    def given(self) -> dict[str, Any]:
        """What a search found of the device in the link."""
        search, device = self.request.GET.get("search", ""), self.request.GET.get("device", "")
        if not (search.isdecimal() and device.isdecimal()):
            return {}
        rows = finding.read(access.get(self.user, CameraSearch, int(search), self.permission))
        found = rows[int(device) : int(device) + 1]
        return {"name": found[0].title, "stream": found[0].stream} if found else {}

    @property
    def intro(self) -> str:  # type: ignore[override]
        """What the device did not tell."""
        return _TO_COMPLETE if not self.object and self.given() else ""

    def done(self, result: Any) -> str:
        return super().done(result) if self.object else f"已登记“{result}”，画面接通后请在本页绘制监视区域。"


class SignalForm(RegisterPage):
    """Register or change a signal; its owner is that of the device."""

    model = Signal
    form_class = forms.SignalForm
    crumbs = (("信号", reverse_lazy("sensing:signal_list")),)

    def given(self) -> dict[str, Any]:
        wanted = self.request.GET.get("device", "")
        device = access.visible(self.user, Device).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        return {"device": device, "owner": device.owner} if device else {}

    def save(self, form: Any) -> Any:
        if form.instance.device is not None:
            form.instance.owner = form.instance.device.owner
        return super().save(form)


class Switch(FormPage):
    """Take a row out of use, or back into use, with a reason."""

    permission = "sensing.edit"
    model: type[Any] = Device
    form_class = forms.ReasonForm

    def get_object(self) -> Any:
        return access.get(self.user, self.model, self.kwargs["pk"], self.permission)

    def get_title(self) -> str:
        return f"{'停用' if self.object.is_enabled else '启用'}“{self.object}”"

    def back(self) -> str:
        return str(self.object.get_absolute_url())

    @property
    def intro(self) -> str:  # type: ignore[override]
        """What will happen."""
        if self.object.is_enabled:
            return "停用后平台拒收它的数据，已有数据、告警和隐患都保留，随时可以重新启用。"
        return "启用后平台重新接收它的数据，并按现行规则判定。"

    def save(self, form: Any) -> Any:
        services.switch(self.object, not self.object.is_enabled, form.cleaned_data["reason"])
        return self.object

    def done(self, result: Any) -> str:
        return f"已{'启用' if result.is_enabled else '停用'}“{result}”。"


def import_link(kind: str) -> Any:
    """A view that leads to the import of a sheet, so that a list's button can name it."""
    return RedirectView.as_view(url=reverse_lazy("exchange:upload", args=[f"sensing.{kind}"]))
