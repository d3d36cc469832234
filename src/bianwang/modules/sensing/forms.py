"""Forms of devices, cameras and signals."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.models import Camera, Device, Signal
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party, Zone


class RegisterForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers only what lies in the user's scope; what is fixed after registration is not asked again."""

    fixed: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed:
                del self.fields[name]
        self._narrow("owner", access.visible(user, Party, "sensing.edit").filter(is_active=True))
        self._narrow("device", access.visible(user, Device, "sensing.edit").filter(is_enabled=True))
        self._narrow("gateway", access.visible(user, Device).filter(is_gateway=True))
        zones = access.visible(user, Zone).select_related("owner")
        if self.instance.owner_id:
            zones = zones.filter(owner=self.instance.owner_id)
        self._narrow("zone", zones)
        if "zone" in self.fields and not self.instance.owner_id:
            self.fields["zone"].label_from_instance = lambda zone: f"{zone.owner} · {zone.name}"  # type: ignore[attr-defined]

    def _narrow(self, name: str, rows: Any) -> None:
        if name in self.fields:
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks the whole object; the form only fills it in."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class DeviceForm(RegisterForm):
    """A device."""

    fixed = ("owner", "key")

    class Meta:
        model = Device
        fields = (
            "owner", "key", "name", "zone", "protocol", "period_s", "is_gateway", "gateway", "lateness_ms",
            "source_address", "settings",
        )  # fmt: skip
        help_texts = {
            "key": "设备在平台上的身份，用作 MQTT 客户端标识，登记后不能修改，如 pump-01",
            "period_s": "设备承诺多久上报一次；超过周期 60 秒仍无数据即为“沉默”。0 表示不承诺",
            "lateness_ms": "按时间顺序上报的设备填 0；会补传的设备填最多迟到多少毫秒",
            "source_address": "HJ 212、GB/T 26875.3 报文不带身份，须填设备的 IP 地址",
            "settings": f"仅 HJ 212、GB/T 26875.3、Modbus 需要，例如 Modbus：{settings.EXAMPLES['modbus']}",
            "gateway": "经网关上报的下挂设备须选择网关",
        }
        widgets = {"settings": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}


class CameraForm(RegisterForm):
    """A camera."""

    fixed = ("owner",)

    class Meta:
        model = Camera
        fields = ("owner", "name", "zone", "gb_code", "stream")
        help_texts = {"gb_code": "20 位国标编码（GB/T 28181），没有可不填", "stream": "RTSP 等取流地址，没有可不填"}


class SignalForm(RegisterForm):
    """A signal of a device."""

    fixed = ("device",)

    class Meta:
        model = Signal
        fields = (
            "device", "name", "title", "quantity", "unit", "zone", "scale", "offset", "low", "high", "decimals",
        )  # fmt: skip
        help_texts = {
            "name": "设备报文里的名称，如 flow",
            "unit": "如 MPa、℃、%LEL、mg/m³；开关量不填",
            "scale": "读数 = 原始值 × 系数 + 偏移",
            "zone": "与设备不在同一区域时填写",
            "low": "量程用于曲线显示和按量程设限的规则",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "device" in self.fields:
            self.fields["device"].required = True


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class UsernameForm(forms.Form):
    """A user name for devices that cannot send a token."""

    username = forms.CharField(label="账号", max_length=64)
