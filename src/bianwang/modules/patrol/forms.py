"""Forms of plans and of what is seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from bianwang.modules.patrol import pack, pictures, schedule
from bianwang.modules.patrol.models import Look, Plan
from bianwang.modules.patrol.models.plans import ROLES
from bianwang.modules.patrol.services import Seen
from bianwang.modules.patrol.shapes import Box
from bianwang.platform import access, roles
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Enterprise, Organisation, Territory, Zone
from bianwang.platform.ui.forms import DateInput

_Level = Organisation.Level
_DAYS = [(str(number), f"周{word}") for number, word in enumerate("一二三四五六日", 1)]
MARK = ("x1", "y1", "x2", "y2")


class PlanForm(forms.Form):
    """Which cameras, how often, by whom."""

    name = forms.CharField(label="名称", max_length=60)
    unit = forms.ModelChoiceField(label="承办单位", queryset=Organisation.objects.none(), empty_label=None)
    town = forms.ModelChoiceField(
        label="整个镇街或园区", queryset=Territory.objects.none(), required=False, empty_label="不按镇街"
    )
    enterprises = forms.ModelMultipleChoiceField(
        label="企业", queryset=Enterprise.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    zones = forms.ModelMultipleChoiceField(
        label="区域", queryset=Zone.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="镇街、企业、区域可同时选；以后新登记的摄像机自动列入",
    )  # fmt: skip
    share = forms.IntegerField(
        label="抽查比例（%）", min_value=1, max_value=100, initial=100, help_text="每轮随机抽取，种子留存，可复算"
    )
    every = forms.ChoiceField(label="频次", choices=Plan.Every.choices, initial="day")
    weekdays = forms.MultipleChoiceField(
        label="星期（每日计划）", choices=_DAYS, initial=list("1234567"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    windows = forms.CharField(
        label="时段（每日计划）", max_length=160, initial="08:00-12:00\n14:00-18:00",
        widget=forms.Textarea(attrs={"rows": 3}), help_text="一行一个，每个时段巡检一轮；可跨零点，如 22:00-06:00",
    )  # fmt: skip
    role = forms.ChoiceField(label="承办角色", choices=ROLES)
    people = forms.ModelMultipleChoiceField(
        label="指定人员（轮流）", queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不指定时，该角色的人员都可承办",
    )  # fmt: skip
    valid_from = forms.DateField(label="起始日期", widget=DateInput(), initial=today)
    valid_to = forms.DateField(label="截止日期", widget=DateInput(), required=False)

    def __init__(self, *args: Any, user: User, plan: Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan is not None:
            del self.fields["unit"]
        choices: dict[str, QuerySet[Any]] = {
            "unit": units(user),
            "town": _towns(user),
            "enterprises": access.visible(user, Enterprise, "patrol.plan").filter(is_active=True).order_by("pinyin"),
            "zones": access.visible(user, Zone, "patrol.plan").filter(cameras__isnull=False).distinct(),
            "people": walkers(user),
        }
        for name, rows in choices.items():
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_windows(self) -> str:
        """One way to write them."""
        try:
            return "\n".join(str(window) for window in schedule.parse(self.cleaned_data["windows"]))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_weekdays(self) -> str:
        """As the plan keeps them."""
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("valid_from"), found.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "截止日期不能早于起始日期。")
        if found.get("every") == Plan.Every.DAY and not found.get("weekdays"):
            self.add_error("weekdays", "每日计划至少选一天。")
        strangers = [row.name for row in found.get("people", ()) if found.get("role") not in access.role_codes(row)]
        if strangers:
            self.add_error("people", f"{'、'.join(strangers)}不是{roles.NAMES[found['role']]}，请重新选择。")
        return found


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class LookForm(forms.Form):
    """What was seen at a camera."""

    result = forms.ChoiceField(label="结果", choices=[row for row in Look.Result.choices if row[0]])
    item = forms.ChoiceField(label="检查项", required=False)
    note = forms.CharField(label="问题描述", max_length=300, required=False)
    x1 = forms.FloatField(label="左", required=False, min_value=0, max_value=100)
    y1 = forms.FloatField(label="上", required=False, min_value=0, max_value=100)
    x2 = forms.FloatField(label="右", required=False, min_value=0, max_value=100)
    y2 = forms.FloatField(label="下", required=False, min_value=0, max_value=100)
    pictures = PhotosField(label="画面", required=False, most=pictures.MOST)

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = (look.at or now()).astimezone(SHANGHAI).date()
        zone = look.camera.zone
        self.items = {row.code: row for row in pack.items(zone.kind if zone else "", day)}
        self.fields["item"].choices = [("", "其他")] + [  # type: ignore[attr-defined]
            (code, row.text) for code, row in self.items.items()
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        corners = [found.get(name) for name in MARK]
        found["mark"] = None
        if any(value is not None for value in corners):
            try:
                found["mark"] = Box(*((value if value is not None else -1) / 100 for value in corners))
            except ValueError:
                self.add_error(None, "标记的四个数须在 0 至 100 之间，左小于右、上小于下；不标记请全部清空。")
        return found

    def seen(self) -> Seen:
        """As the service takes it."""
        found = self.cleaned_data
        return Seen(found["result"], self.items.get(found["item"]), found["note"], found["mark"])


class SecondForm(forms.Form):
    """What somebody else finds."""

    agrees = forms.TypedChoiceField(
        label="结论", choices=(("1", "确实正常"), ("0", "有问题，原记录漏看")), coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label="意见", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


def units(user: User) -> QuerySet[Organisation]:
    """Units for which the user plans patrols: for the bureau's people all, for others their own."""
    levels = (_Level.BUREAU, _Level.TOWN, _Level.DEPARTMENT, _Level.COMMITTEE)
    rows = access.visible(user, Organisation, "patrol.plan").filter(is_active=True, level__in=levels)
    scope = access.scope_of(user, "patrol.plan")
    return (rows if scope.whole else rows.filter(pk__in=scope.parties)).order_by("pk")


def walkers(user: User) -> QuerySet[User]:
    """People who go on patrol, in the user's scope."""
    giving = [role for role, _ in ROLES]
    posts = access.scope_of(user, "patrol.plan").parties_query()
    return User.objects.admitted().filter(posts__role__in=giving, posts__party__in=posts).distinct().order_by("pinyin")


def _towns(user: User) -> QuerySet[Territory]:
    scope = access.scope_of(user, "patrol.plan")
    rows = Territory.objects.filter(kind__in=(Territory.Kind.TOWN, Territory.Kind.ZONE))
    return rows if scope.whole else rows.filter(pk__in=scope.territories)
