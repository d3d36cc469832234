"""Forms of warnings, passing on, and gauges."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.sensing.models import Signal
from bianwang.modules.weather import pack, services
from bianwang.modules.weather.audience import upper_units
from bianwang.modules.weather.models import Gauge, WeatherWarning
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import StepForm
from bianwang.platform.workflow.table import Transition


class CapForm(forms.Form):
    """A CAP file."""

    file = forms.FileField(label="CAP 文件", help_text="气象台发来的 CAP 1.2 XML 文件")


class TypeForm(forms.Form):
    """A warning as it was read out or printed."""

    message = forms.ChoiceField(label="类型", choices=WeatherWarning.Kind.choices)
    refers = forms.ModelChoiceField(
        label="针对的预警", queryset=WeatherWarning.objects.none(), required=False, help_text="更新和解除必选"
    )
    issuer = forms.ChoiceField(label="发布单位", choices=pack.issuer_choices)
    identifier = forms.CharField(
        label="发布编号", max_length=160, required=False, help_text="气象台给的编号，没有可不填"
    )
    kind = forms.ChoiceField(label="种类", choices=pack.kind_choices)
    level = forms.TypedChoiceField(label="级别", choices=pack.level_choices, coerce=int)
    headline = forms.CharField(label="标题", max_length=200)
    text = forms.CharField(
        label="内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), help_text="照原文录入"
    )
    area = forms.CharField(label="区域", max_length=500)
    issued_at = forms.DateTimeField(label="发布时间", widget=MomentInput())
    valid_until = forms.DateTimeField(label="有效至", widget=MomentInput(), help_text="解除时填解除的时间")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, WeatherWarning, "weather.enter")
        self.fields["refers"].queryset = rows.exclude(message=WeatherWarning.Kind.CANCEL)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns of the warning."""
        return {name: value for name, value in self.cleaned_data.items() if name != "refers"}


class PassOnForm(forms.Form):
    """To whom a warning goes."""

    units = forms.ModelMultipleChoiceField(
        label="镇街、管委会、部门", queryset=upper_units(), widget=forms.CheckboxSelectMultiple, required=False
    )
    villages = forms.BooleanField(label="同时转发到所选镇街的村社", required=False)
    enterprises = forms.BooleanField(
        label="同时转发到所选镇街、管委会的企业", required=False, help_text="按以下条件挑选在用企业，都不选就是全部"
    )
    sectors = forms.MultipleChoiceField(
        label="行业", choices=Enterprise.Sector.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    risks = forms.MultipleChoiceField(
        label="风险等级", choices=Enterprise.Risk.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class CalledForm(StepForm):
    """Who was called and what he said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "叫应情况"
        self.fields["reason"].help_text = "接听人、时间和答复，如“8:05 张主任接听，已通知各组”"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.register_call(obj, user, self.cleaned_data["reason"])


class GaugeForm(forms.Form):
    """A rain gauge."""

    signal = forms.ModelChoiceField(
        label="雨量信号",
        queryset=Signal.objects.none(),
        help_text="监测量为“雨量”、单位为 mm 的信号；没有时先到“设备”登记",
    )
    name = forms.CharField(label="名称", max_length=60)
    way = forms.ChoiceField(
        label="计量方式",
        choices=Gauge.Way.choices,
        help_text="SL 651 的 26（降水量累计值）选累计雨量，F4（每 5 分钟）选时段雨量",
    )
    step_minutes = forms.IntegerField(label="每个读数的时长（分钟）", min_value=1, max_value=60, initial=5)
    report_minutes = forms.IntegerField(
        label="报送周期（分钟）",
        min_value=1,
        max_value=1440,
        initial=60,
        help_text="多久报一次；周期内还没报的不算缺测",
    )
    longitude = forms.FloatField(label="经度", min_value=73, max_value=136, required=False)
    latitude = forms.FloatField(label="纬度", min_value=3, max_value=54, required=False)
    is_enabled = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, Signal, "weather.gauge").filter(quantity="rainfall", is_enabled=True)
        self.fields["signal"].queryset = rows  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns of the gauge."""
        return {name: value for name, value in self.cleaned_data.items() if name != "signal"}
