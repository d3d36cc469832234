"""Forms of swaps, hand-overs, the log and spot checks."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.duty import services
from bianwang.modules.duty.forms import area
from bianwang.modules.duty.models import DutyPost, Person, Seat
from bianwang.modules.duty.pack import kind_choices
from bianwang.modules.duty.units import units
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition


class SwapForm(forms.Form):
    """Whom one asks to take a turn, and which turn one takes in return."""

    taker: Any = forms.ModelChoiceField(label="请谁替班", queryset=Person.objects.none(), empty_label="请选择")
    back: Any = forms.ModelChoiceField(
        label="换回他的哪一班",
        queryset=Seat.objects.none(),
        required=False,
        empty_label="不换回",
        help_text="只列同单位今后已发布的班；选的须是替班人的班",
    )
    reason = area("事由", 300)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = seat.shift.post.owner_id
        people = Person.objects.filter(owner=owner, is_active=True, user__isnull=False).exclude(pk=seat.person_id)
        later = Seat.objects.filter(
            shift__post__owner=owner, shift__roster__state="published", shift__starts_at__gt=now()
        ).exclude(person=seat.person_id)
        self.fields["taker"].queryset = people  # type: ignore[attr-defined]
        self.fields["back"].queryset = later.select_related(  # type: ignore[attr-defined]
            "person", "shift__post__owner", "shift__roster"
        ).order_by("shift__starts_at")[:200]


class HandOverForm(PlainStepForm):
    """What happened in the shift, and what goes on."""

    summary = area("本班情况", 3000, rows=6)
    matters = area("新增待续事项", 3000, required=False, rows=4, help_text="一行一件；以前没办结的会自动移交，不用再写")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        texts = [line.strip() for line in self.cleaned_data["matters"].splitlines() if line.strip()]
        services.hand_over(obj, user, self.cleaned_data["summary"], texts)


class OutcomeForm(forms.Form):
    """What became of a matter."""

    outcome = area("办理结果", 300)


class PostedForm(forms.Form):
    """Whatever is noted at a post."""

    post: Any = forms.ModelChoiceField(label="岗位", queryset=DutyPost.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, user: User, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["post"]
            return
        rows = access.visible(user, DutyPost, "duty.keep").filter(is_active=True).select_related("owner")
        self.fields["post"].queryset = rows  # type: ignore[attr-defined]
        own = rows.filter(owner__in=access.scope_of(user, "duty.keep").parties).first()
        self.fields["post"].initial = own.pk if own else None


class MatterForm(PostedForm):
    """Something that goes on."""

    text = area("待续事项", 300)


class LogForm(PostedForm):
    """A line of the log."""

    kind = forms.ChoiceField(label="类别", choices=lambda: kind_choices(today()))
    happened_at = forms.DateTimeField(label="发生时间", widget=MomentInput(), initial=now)
    text = area("内容", 1000, rows=4)


class CheckForm(forms.Form):
    """Whom to check: chosen, or drawn by chance."""

    units: Any = forms.ModelMultipleChoiceField(
        label="查哪些单位",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    count = forms.IntegerField(
        label="或随机抽取几个单位", min_value=1, max_value=200, required=False, help_text="从登记了值班岗位的单位中抽"
    )
    note = forms.CharField(label="要求", max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeping = DutyPost.objects.filter(is_active=True).order_by().values("owner")
        rows = units(user, "duty.check").filter(pk__in=keeping)
        self.fields["units"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("units")) == bool(data.get("count")) and not self.errors:
            raise forms.ValidationError("请勾选要查的单位，或填随机抽取的个数，两者选一。")
        return data
