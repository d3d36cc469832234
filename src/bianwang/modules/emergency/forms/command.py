"""Forms of headquarters and of evacuation."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency.evacuating import STATES
from bianwang.modules.emergency.forms.places import PlaceField, ShelterInput
from bianwang.modules.emergency.models import Batch, Event, Member
from bianwang.modules.emergency.queries.shelters import suggestions
from bianwang.modules.emergency.units import homes
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.forms import DateInput, MomentInput

_CHOOSE = ("", "请选择")


def _home(**more: Any) -> PlaceField:
    hint = "选了的，这个村社的人员可以参加点名"
    return PlaceField(
        label="所在村社", queryset=homes(), required=False, **{"empty_label": "未写明", "help_text": hint, **more}
    )


def _shelter(**more: Any) -> forms.CharField:
    return forms.CharField(label="安置点", max_length=100, widget=ShelterInput(), **more)


def _offer(field: Any, event: Event) -> None:
    field.widget.offered = suggestions(event)


def _phone() -> forms.RegexField:
    """A telephone, or nothing."""
    wrong = {"invalid": "电话只能是数字、空格和短横，至少 5 位。"}
    return forms.RegexField(r"^[\d+\- ]{5,20}$", label="电话", max_length=20, required=False, error_messages=wrong)


class MemberForm(forms.Form):
    """A seat of a headquarters."""

    role = forms.ChoiceField(label="职责", choices=[_CHOOSE, *Member.Role.choices])
    unit = forms.CharField(label="单位", max_length=60)
    user = forms.ModelChoiceField(
        label="平台账号",
        queryset=User.objects.none(),
        required=False,
        empty_label="没有",
        help_text="选了账号的，姓名和电话空着就用账号的",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False, help_text="成员单位和办公室可只写单位")
    title = forms.CharField(label="职务", max_length=40, required=False)
    phone = _phone()
    valid_from = forms.DateField(label="起", widget=DateInput())
    valid_to = forms.DateField(
        label="止", widget=DateInput(), required=False, help_text="最后一天；离任的填写后转入历任，另登记继任者"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = User.objects.admitted()


class MemberChangeForm(MemberForm):
    """Putting a seat right, or ending it."""

    reason = forms.CharField(label="理由", max_length=200)


class BatchForm(forms.Form):
    """An order to leave."""

    reason = forms.CharField(label="转移原因", max_length=200, help_text="如火线距居民点 800 米，两小时内可能到达")
    place_from = forms.CharField(label="从何处", max_length=100, help_text="如石河村三社、四社")
    home = _home()
    place_to = _shelter(help_text="避难场所从提示中选，与其页面相连；别处直接写")
    ordered_at = forms.DateTimeField(label="下达时间", widget=MomentInput(), required=False, help_text="空表示现在")

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["place_to"], event)

    def values(self) -> dict[str, Any]:
        """Columns of the batch."""
        return {name: value for name, value in self.cleaned_data.items() if name != "ordered_at" or value}


class PersonForm(forms.Form):
    """Somebody of a list."""

    batch = forms.ModelChoiceField(label="批次", queryset=Batch.objects.none(), empty_label=None)
    household = forms.CharField(label="村（社区）、组和户", max_length=60, help_text="如石河村三社 王某户")
    name = forms.CharField(label="姓名", max_length=30)
    phone = _phone()
    help = forms.CharField(label="需要照顾", max_length=100, required=False, help_text="如卧床、轮椅、孕妇；没有的空着")
    place_from = forms.CharField(label="从何处", max_length=100, required=False, help_text="空表示同本批")
    home = _home(empty_label="同本批")
    shelter = _shelter(required=False, help_text="空表示同本批；避难场所从提示中选，投亲靠友的写投靠何处")

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["batch"]
        field.queryset = Batch.objects.filter(event=event).order_by("-number")
        _offer(self.fields["shelter"], event)

    def values(self) -> dict[str, Any]:
        """Columns of the person."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"batch", "reason"}}


class PersonChangeForm(PersonForm):
    """Putting a person's row right."""

    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        del self.fields["batch"]
        home: Any = self.fields["home"]
        home.empty_label = "未写明"


class PersonStateForm(forms.Form):
    """Where a person is now."""

    state = forms.ChoiceField(label="状态", choices=[(code, word) for code, (word, _) in STATES.items()])
    shelter = forms.CharField(label="安置点", max_length=100, required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)
