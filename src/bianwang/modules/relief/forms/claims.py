"""What is asked of a household, and what each step of a claim asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.relief import persons
from bianwang.modules.relief.amounts import COUNTED
from bianwang.modules.relief.models import Claim, Programme
from bianwang.modules.relief.queries.claims import villages
from bianwang.modules.relief.services import appeals, claims, meetings
from bianwang.modules.relief.services.claims import Household
from bianwang.platform import personal
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


def area(label: str, limit: int, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


def secret(label: str, limit: int, **more: Any) -> forms.CharField:
    """A number that the browser must not remember."""
    return forms.CharField(label=label, max_length=limit, widget=forms.TextInput(attrs={"autocomplete": "off"}), **more)


def ask_what_counts(form: forms.Form, programme: Programme) -> None:
    """Rooms or days are asked for where the policy counts them, and then they must be told."""
    for per, name in COUNTED.items():
        if programme.policy.per == per:
            form.fields[name].required = True
        else:
            del form.fields[name]


class HouseholdForm(forms.Form):
    """A household, as the village or the household itself fills it in."""

    owner: Any = forms.ModelChoiceField(label="所在村（社）", queryset=None, empty_label="请选择")
    head = forms.CharField(label="户主姓名", max_length=40)
    id_number = secret("户主身份证号码", 20)
    phone = secret("手机号码", 20)
    account = secret("收款账号（一卡通或银行卡）", 40, help_text="户主本人的账户")
    members = area(
        "其他家庭成员", 2000, required=False, help_text="每行一人：姓名 身份证号码，中间空一格；只有户主一人的不填"
    )
    rooms = forms.IntegerField(
        label="受损房屋（间）", min_value=0, max_value=50, required=False, help_text="房屋类救助填写；厨房、棚圈不计"
    )
    days = forms.IntegerField(
        label="救助天数", min_value=0, max_value=366, required=False, help_text="应急生活、过渡期救助填写"
    )
    situation = area("受灾和困难情况", 500)

    def __init__(self, *args: Any, user: User | None = None, of: Programme | None = None, **kwargs: Any) -> None:
        """`of`: the programme, where it is known; the form then asks only for what it counts."""
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = villages(user)
        if of:
            ask_what_counts(self, of)

    def clean_id_number(self) -> str:
        """Checked to the last digit."""
        return self._read("id_number", personal.id_number)

    def clean_phone(self) -> str:
        """Digits only."""
        return self._read("phone", personal.mobile)

    def clean_account(self) -> str:
        """Digits only."""
        return self._read("account", personal.account)

    def clean_members(self) -> list[persons.Person]:
        """The others of the household."""
        try:
            return persons.members(self.cleaned_data["members"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def household(self) -> Household:
        """What services take."""
        data = self.cleaned_data
        head = persons.Person(data["head"].strip(), data["id_number"])
        return Household(
            (head, *data["members"]),
            data["phone"],
            data["account"],
            data["situation"],
            data.get("rooms") or 0,
            data.get("days") or 0,
        )

    def _read(self, name: str, reader: Callable[[str], str]) -> str:
        try:
            return reader(self.cleaned_data[name])
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ClaimForm(HouseholdForm):
    """The same with the programme, for village staff."""

    programme: Any = forms.ModelChoiceField(label="救助项目", queryset=None, empty_label="请选择")
    field_order = ("programme", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Any = self.fields["programme"]
        programme.queryset = Programme.objects.filter(is_open=True)


class CodeForm(forms.Form):
    """The code that came to the telephone."""

    code = forms.CharField(
        label="确认码",
        min_length=6,
        max_length=6,
        help_text="短信里的六位数字",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AmendForm(StepForm):
    """Rooms or days as the town found them."""

    rooms = forms.IntegerField(label="受损房屋（间）", min_value=0, max_value=50)
    days = forms.IntegerField(label="救助天数", min_value=0, max_value=366)
    field_order = ("rooms", "days", "reason")

    def prepare(self, obj: Claim, user: User) -> None:
        ask_what_counts(self, obj.programme)
        self.initial.update(rooms=obj.rooms, days=obj.days)

    def perform(self, obj: Claim, user: User, step: Transition) -> None:
        claims.amend(obj, user, self.cleaned_data, self.cleaned_data["reason"])


class AccountForm(StepForm):
    """Another account."""

    account = secret("新的收款账号", 40)
    field_order = ("account", "reason")

    def clean_account(self) -> str:
        """Digits only."""
        try:
            return personal.account(self.cleaned_data["account"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def perform(self, obj: Claim, user: User, step: Transition) -> None:
        claims.change_account(obj, user, self.cleaned_data["account"], self.cleaned_data["reason"])


class AppealForm(PlainStepForm):
    """Why the household does not agree."""

    ground = area("申诉理由", 500)

    def perform(self, obj: Claim, user: User, step: Transition) -> None:
        appeals.file(obj, user, self.cleaned_data["ground"])


class ObjectionForm(forms.Form):
    """What somebody said against a household."""

    text = area("异议内容", 500, help_text="不写反映人姓名")


class SettleForm(forms.Form):
    """What came of it."""

    is_right = forms.ChoiceField(
        label="结论",
        choices=(("0", "异议不成立，继续办理"), ("1", "异议成立，不予救助")),
        widget=forms.RadioSelect,
    )
    finding = area("调查和处理结果", 500)

    def settle(self, claim: Claim, user: User) -> None:
        """Do it."""
        data = self.cleaned_data
        meetings.settle_objections(claim, user, data["finding"], is_right=data["is_right"] == "1")


class ReadForm(forms.Form):
    """Why the numbers are needed."""

    reason = area("查看理由", 200, rows=2)
