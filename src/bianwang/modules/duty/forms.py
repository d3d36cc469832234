"""Forms of posts, people and rosters."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.duty.models import DutyPost, Person, Shift
from bianwang.modules.duty.pack import scheme_choices
from bianwang.modules.duty.units import units
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import DateInput


def area(label: str, limit: int, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class NothingForm(forms.Form):
    """Nothing to fill in: the button says all."""


class UnitForm(forms.Form):
    """Whatever belongs to a unit; a change keeps the unit."""

    unit: Any = forms.ModelChoiceField(label="单位", queryset=Organisation.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, user: User, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["unit"]
            return
        rows = units(user, "duty.roster")
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]
        if rows.count() == 1:
            self.fields["unit"].initial = rows.get().pk


class PostForm(UnitForm):
    """A post."""

    name = forms.CharField(label="岗位名称", max_length=40, help_text="如：总值班室、森林防火值班")
    scheme = forms.ChoiceField(label="班次方案", choices=lambda: scheme_choices(today()))
    officers = forms.IntegerField(label="每班值班人数", min_value=1, max_value=20, initial=1)
    needs_leader = forms.BooleanField(label="须有带班领导", required=False, initial=True)
    phone = forms.CharField(label="值班电话", max_length=20, required=False, help_text="值班室的座机，全区可见")
    is_active = forms.BooleanField(label="在用", required=False, initial=True)


class PersonForm(UnitForm):
    """Somebody who takes turns."""

    name = forms.CharField(label="姓名", max_length=40)
    title = forms.CharField(label="职务", max_length=40, required=False)
    phone = forms.RegexField(
        r"^[0-9+\- ]{5,20}$",
        label="手机",
        error_messages={"invalid": "电话只写数字，5至20位，如 13800000000。"},
    )
    can_lead = forms.BooleanField(label="可带班", required=False)
    account = forms.CharField(
        label="平台账号",
        max_length=40,
        required=False,
        help_text="登录用的账号；填了才能在手机上应答查岗、换班和接班",
    )
    is_active = forms.BooleanField(label="在用", required=False, initial=True)

    def clean_account(self) -> User | None:
        """The account that was named."""
        name = self.cleaned_data["account"].strip()
        found = User.objects.admitted().filter(username=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(f"没有在用的账号“{name}”，请核对，或留空。")
        return found


class RotationForm(forms.Form):
    """The order of turns, one name a line."""

    names = area(
        "轮换次序", 2000, required=False, rows=10, help_text="一行一个姓名，从上到下轮流；须是本单位已登记的值班人员"
    )

    def __init__(self, *args: Any, post: DutyPost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post

    def clean_names(self) -> list[Person]:
        """The people named, in their order."""
        known = {person.name: person for person in Person.objects.filter(owner=self.post.owner_id, is_active=True)}
        found = []
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), 1):
            if not (name := line.strip()):
                continue
            if name not in known:
                raise forms.ValidationError(f"第 {number} 行“{name}”不是本单位在用的值班人员，请先登记。")
            found.append(known[name])
        return found


class RosterForm(forms.Form):
    """A new roster."""

    post: Any = forms.ModelChoiceField(label="岗位", queryset=DutyPost.objects.none(), empty_label="请选择")
    first_day = forms.DateField(label="开始日期", widget=DateInput())
    last_day = forms.DateField(label="结束日期", widget=DateInput(), help_text="含当日；一张表最多62日")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, DutyPost, "duty.roster").filter(is_active=True)
        self.fields["post"].queryset = rows.select_related("owner")  # type: ignore[attr-defined]


class SeatsForm(forms.Form):
    """Who is on duty in one shift."""

    leader: Any = forms.ModelChoiceField(
        label="带班领导", queryset=Person.objects.none(), required=False, empty_label="未安排"
    )
    officers: Any = forms.ModelMultipleChoiceField(
        label="值班人员", queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, shift: Shift, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(owner=shift.post.owner_id, is_active=True).order_by("pinyin", "pk")
        self.fields["leader"].queryset = people.filter(can_lead=True)  # type: ignore[attr-defined]
        self.fields["officers"].queryset = people  # type: ignore[attr-defined]
