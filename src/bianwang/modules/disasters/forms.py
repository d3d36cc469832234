"""Forms of a disaster: registering it and putting it right."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.disasters.pack import kind_choices
from bianwang.modules.disasters.services.register import COLUMNS
from bianwang.modules.disasters.units import places, towns
from bianwang.modules.emergency.models import Event
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation, Territory
from bianwang.platform.registry import registry
from bianwang.platform.ui.forms import MomentInput


class DescribedForm(forms.Form):
    """What a disaster is; the same fields when it is registered and when that is put right."""

    kind = forms.ChoiceField(label="灾害种类")
    territory = forms.ModelChoiceField(label="发生地", queryset=Territory.objects.none(), empty_label="请选择")
    began_at = forms.DateTimeField(label="发生时间", widget=MomentInput())
    ended_at = forms.DateTimeField(label="结束时间", widget=MomentInput(), required=False, help_text="还没有结束的留空")
    description = forms.CharField(
        label="灾害过程", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    event = forms.ModelChoiceField(
        label="对应的突发事件", queryset=Event.objects.none(), required=False, empty_label="没有"
    )
    has_response = forms.BooleanField(label="已启动救灾应急响应", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if "emergency" in registry():
            fields["event"].queryset = access.visible(user, Event, "emergency.view").order_by("-pk")
        else:
            del fields["event"]
        fields["kind"].choices = [("", "请选择"), *kind_choices()]
        fields["territory"].queryset = places()

    def values(self) -> dict[str, Any]:
        """Columns of the disaster."""
        return {name: self.cleaned_data[name] for name in COLUMNS if name in self.fields}


class RegisterForm(DescribedForm):
    """A disaster that has become known."""

    name = forms.CharField(label="灾害名称", max_length=120, required=False, help_text="空则按地点、日期、种类拟定")
    known_at = forms.DateTimeField(
        label="区局得知时间", widget=MomentInput(), required=False, help_text="空表示现在，初报时限从此起算"
    )
    towns = forms.ModelMultipleChoiceField(
        label="受灾镇街", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    is_exercise = forms.BooleanField(label="这是演练", required=False, help_text="演练不计入任何统计")
    field_order = (
        "kind", "territory", "began_at", "known_at", "ended_at", "name", "description", "event", "towns",
        "has_response", "is_exercise",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["towns"]
        field.queryset = towns()

    def values(self) -> dict[str, Any]:
        """Columns of the disaster."""
        found = {**super().values(), "is_exercise": self.cleaned_data["is_exercise"]}
        known_at = self.cleaned_data["known_at"]
        return {**found, "known_at": known_at} if known_at else found


class CorrectForm(DescribedForm):
    """Putting right what was entered."""

    name = forms.CharField(label="灾害名称", max_length=120)
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = (
        "name",
        "kind",
        "territory",
        "began_at",
        "ended_at",
        "description",
        "event",
        "has_response",
        "reason",
    )


class ReasonForm(forms.Form):
    """Only why."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
