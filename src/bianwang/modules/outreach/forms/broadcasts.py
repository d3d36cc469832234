"""Forms of broadcasts and receipts."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.outreach.services import broadcasts as services
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition


class BroadcastForm(forms.Form):
    """A draft."""

    title = forms.CharField(label="标题", max_length=60)
    text = forms.CharField(label="广播内容", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    play_at = forms.DateTimeField(label="播出时间", widget=MomentInput())
    times = forms.IntegerField(label="播出遍数", min_value=1, max_value=20, initial=3)
    towns = forms.ModelMultipleChoiceField(
        label="播出镇街", queryset=Territory.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns: Any = self.fields["towns"]
        towns.queryset = Territory.objects.filter(kind=Territory.Kind.TOWN).order_by("code")


class PlayedForm(PlainStepForm):
    """When it was played."""

    played_at = forms.DateTimeField(label="实际播出时间", widget=MomentInput())
    speakers = forms.IntegerField(label="播出喇叭数", min_value=0, max_value=100_000, required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.receipt_played(obj, user, self.cleaned_data["played_at"], self.cleaned_data["speakers"])
