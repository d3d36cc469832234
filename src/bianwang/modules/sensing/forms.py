"""Forms of devices, cameras and signals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.sensing import settings, shapes
from bianwang.modules.sensing.models import Camera, Device, Recorder, Region, Signal
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party, Zone
from bianwang.vision.baselines import baselines


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
        owner = getattr(self.instance, "owner_id", None)
        if owner:
            zones = zones.filter(owner=owner)
        self._narrow("zone", zones)
        if "zone" in self.fields and not owner:
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


class RecorderForm(RegisterForm):
    """A recorder; the password is asked for once, and again only to change it."""

    fixed = ("owner",)
    password = forms.CharField(
        label="注册密码",
        max_length=32,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8 至 32 位英文字母、数字或符号，与录像机上填的一致；平台加密保存",
    )

    class Meta:
        model = Recorder
        fields = ("owner", "name", "code", "edition")
        help_texts = {
            "code": "录像机自己的 20 位国标编码，如 50012000001180000001",
            "edition": "录像机说明书写明 2022 版的选 2022，其余选 2016",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.secret:
            self.fields["password"].required = False
            self.fields["password"].help_text = "不改密码就不填"


_OWN_MODEL = "要先在“检测模型”中启用本单位的模型"


class CameraForm(RegisterForm):
    """A camera."""

    fixed = ("owner",)
    suspects = forms.MultipleChoiceField(
        label="疑似情形",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="找到的只进“待复核”，由人判断，不直接告警。括号里是实测的准确程度",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["suspects"] = self.instance.suspects.split(",")
        measured = {str(kind): each for kind, each in baselines().items()}
        self.fields["suspects"].choices = [  # type: ignore[attr-defined]
            (kind.value, f"{kind.label}（{measured.get(kind.value, _OWN_MODEL)}）") for kind in Camera.Suspect
        ]

    def clean_suspects(self) -> str:
        """As the row keeps them."""
        return ",".join(self.cleaned_data["suspects"])

    class Meta:
        model = Camera
        fields = ("owner", "name", "zone", "stream", "substream", "is_analysed", "sample_fps", "gb_code", "suspects")
        help_texts = {
            "stream": "RTSP 地址，如 rtsp://用户:密码@192.168.1.64:554/stream1；没有可不填",
            "substream": "分辨率较低的一路；填了就用它看画面和分析，省网络和算力",
            "is_analysed": "开启后按绘制的监视区域识别人员",
            "sample_fps": "每秒看几帧，一般为 2",
            "gb_code": "20 位国标编码（GB/T 28181），没有可不填",
        }


class RegionForm(RegisterForm):
    """A region in the picture of a camera; corners are typed or drawn, a point a line."""

    points = forms.CharField(
        label="坐标",
        help_text="每行一个点：横, 纵，左上角为 0, 0，右下角为 1, 1；区域至少 3 个点，界线 2 个点",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "data-points": ""}),
    )

    class Meta:
        model = Region
        fields = ("name", "kind", "use", "zone", "points")
        help_texts = {
            "kind": "区域数人数，界线数越线人次；从起点看向终点，由左向右为“进入”",
            "use": "按哪一种人数交给规则判定；界线不用选",
            "zone": "其信号供哪个区域的规则使用，不填为摄像机所在区域",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._narrow("zone", self.fields["zone"].queryset.filter(owner=self.instance.camera.owner_id))  # type: ignore[attr-defined]
        self.initial["points"] = shapes.as_lines(self.instance.points)

    def clean_points(self) -> str:
        """As the service takes them."""
        try:
            return shapes.from_lines(self.cleaned_data["points"])
        except ValueError as error:
            raise ValidationError(str(error)) from error


class NothingForm(forms.Form):
    """A step that asks for nothing."""


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
