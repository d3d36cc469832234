"""Forms of an event: registering it, putting it right, its steps, and notes on it."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.duty.models import LogEntry
from bianwang.modules.emergency import origins, services
from bianwang.modules.emergency.models import Event, Note
from bianwang.modules.emergency.pack.events import kind_choices
from bianwang.modules.emergency.services.events import COLUMNS
from bianwang.modules.emergency.units import places
from bianwang.modules.weather.models import WeatherWarning
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import StepForm
from bianwang.platform.workflow.table import Transition

_CHOOSE = ("", "请选择")


def area(label: str, limit: int, *, required: bool = True, rows: int = 3, help_text: str = "") -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class DescribedForm(forms.Form):
    """What an event is; the same fields when it is registered and when that is put right."""

    kind = forms.ChoiceField(label="类别")
    source = forms.ChoiceField(label="信息来源", choices=[_CHOOSE, *Event.Source.choices])
    informant = forms.CharField(label="报告人和联系方式", max_length=100, required=False)
    territory = forms.ModelChoiceField(label="发生地", queryset=Territory.objects.none(), empty_label="请选择")
    place = forms.CharField(label="具体地点", max_length=200)
    longitude = forms.FloatField(label="经度", required=False, min_value=73, max_value=136)
    latitude = forms.FloatField(label="纬度", required=False, min_value=3, max_value=54)
    happened_at = forms.DateTimeField(label="发生时间", widget=MomentInput())
    description = area("基本情况", 3000, required=False, help_text="性质、影响、趋势和已采取的措施")
    is_outside = forms.BooleanField(label="起于区外", required=False)
    mother = forms.ModelChoiceField(
        label="母事件", queryset=Event.objects.none(), required=False, empty_label="没有", help_text="起于区外的才填"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        fields["kind"].choices = [_CHOOSE, *kind_choices()]
        fields["territory"].queryset = places()
        fields["mother"].queryset = access.visible(user, Event, "emergency.view").filter(mother=None)

    def values(self) -> dict[str, Any]:
        """Columns of the event."""
        kind, _, subtype = self.cleaned_data["kind"].partition(":")
        return {**{name: self.cleaned_data.get(name) for name in COLUMNS}, "kind": kind, "subtype": subtype}


class RegisterForm(DescribedForm):
    """An event that has been told of."""

    name = forms.CharField(
        label="事件名称", max_length=120, required=False, help_text="如 8·23 森林火灾；空则按地点、日期、类别拟定"
    )
    received_at = forms.DateTimeField(
        label="接报时间", widget=MomentInput(), required=False, help_text="空表示现在，报告时限从此起算"
    )
    alarm = forms.IntegerField(label="告警编号", required=False, help_text="来源是监测告警的填写")
    warning = forms.IntegerField(required=False, widget=forms.HiddenInput())
    duty_entry = forms.IntegerField(required=False, widget=forms.HiddenInput())
    is_exercise = forms.BooleanField(label="这是演练", required=False, help_text="演练不计入任何统计")
    field_order = (
        "kind", "source", "informant", "alarm", "territory", "place", "longitude", "latitude", "happened_at",
        "received_at", "name", "description", "is_outside", "mother", "is_exercise",
    )  # fmt: skip

    def clean_alarm(self) -> Alarm | None:
        """The alarm itself."""
        number = self.cleaned_data["alarm"]
        if number is None:
            return None
        found = access.visible(self.user, Alarm, "alarms.view").filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的告警，请核对后重填。")
        return found

    def clean_warning(self) -> WeatherWarning | None:
        """The weather warning itself."""
        return origins.seen(self.user, WeatherWarning, "weather.overview", str(self.cleaned_data["warning"]))

    def clean_duty_entry(self) -> LogEntry | None:
        """The line of the duty log itself."""
        return origins.seen(self.user, LogEntry, "duty.view", str(self.cleaned_data["duty_entry"]))

    def values(self) -> dict[str, Any]:
        """Columns of the event."""
        found = {**super().values(), **{name: self.cleaned_data[name] for name in ("alarm", "warning", "duty_entry")}}
        found["is_exercise"] = self.cleaned_data["is_exercise"]
        received_at = self.cleaned_data["received_at"]
        return {**found, "received_at": received_at} if received_at else found


class CorrectForm(DescribedForm):
    """Putting right what was entered."""

    name = forms.CharField(label="事件名称", max_length=120)
    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = area("理由", 500)
    field_order = (
        "name", "kind", "source", "informant", "territory", "place", "longitude", "latitude", "happened_at",
        "description", "is_outside", "mother", "reason", "version",
    )  # fmt: skip


class LevelForm(StepForm):
    """Which level, and why."""

    level = forms.TypedChoiceField(
        label="响应级别", coerce=int, choices=[_CHOOSE, *[row for row in Event.Level.choices if row[0]]]
    )
    field_order = ("level", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.set_level(obj, user, step.code, self.cleaned_data["level"], self.cleaned_data["reason"])


class MergeForm(StepForm):
    """Into which event."""

    main = forms.ModelChoiceField(label="主事件", queryset=Event.objects.none(), empty_label="请选择")
    field_order = ("main", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        field: Any = self.fields["main"]
        rows = access.visible(user, Event, "emergency.register").filter(is_exercise=obj.is_exercise)
        field.queryset = rows.exclude(pk=obj.pk).exclude(state__in=("closed", "merged", "revoked"))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.merge(obj, user, self.cleaned_data["main"], self.cleaned_data["reason"])


class NoteForm(forms.Form):
    """An entry of the record; short, because it is filled in on a phone."""

    kind = forms.ChoiceField(label="类别", choices=Note.Kind.choices)
    text = area("内容", 3000, rows=4)
    happened_at = forms.DateTimeField(
        label="发生时间", widget=MomentInput(), required=False, help_text="空表示现在；事后补记的填当时的时间"
    )
    place = forms.CharField(label="地点", max_length=100, required=False)
    photos = PhotosField(label="现场照片", required=False)
    corrects = forms.ModelChoiceField(queryset=Note.objects.none(), required=False, widget=forms.HiddenInput())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["corrects"]
        field.queryset = Note.objects.filter(event=event)
