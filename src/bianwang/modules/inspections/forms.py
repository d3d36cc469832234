"""The form in which the office arranges an inspection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.people import parse_people
from bianwang.modules.enforcement.units import certified
from bianwang.modules.inspections import pack, queries
from bianwang.modules.inspections.content import Content, Officer
from bianwang.modules.inspections.models import Inspection
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Zone
from bianwang.platform.ui.forms import DateInput


class ArrangeForm(forms.Form):
    """Who inspects whom, when, and with which lists."""

    unit = forms.ChoiceField(label="检查单位")
    enterprise = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    day = forms.DateField(label="检查日期", widget=DateInput())
    kind = forms.ChoiceField(label="类别", choices=Inspection.Kind.choices)
    reason = forms.ChoiceField(
        label="检查事由", choices=[("", "请选择"), *Inspection.Reason.choices], required=False, help_text="执法检查必填"
    )
    visit = forms.ModelChoiceField(
        label="计划的检查", queryset=Visit.objects.none(), required=False, empty_label="不在计划内",
        help_text="办结后把这次计划检查记为已完成",
    )  # fmt: skip
    officers = forms.ModelMultipleChoiceField(
        label="执法人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False,
        help_text="执法检查至少两名，执法证在检查当日有效",
    )  # fmt: skip
    people = forms.CharField(label="其他人员", max_length=200, required=False, help_text="只写姓名，用分号隔开")
    lists = forms.MultipleChoiceField(
        label="检查表", widget=forms.CheckboxSelectMultiple, required=False, help_text="空着按企业的行业和区域自动选用"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        units = queries.own_units(user)
        fields["unit"].choices = [(unit.pk, unit.name) for unit in units]
        fields["enterprise"].queryset = _enterprises(user)
        fields["visit"].queryset = _planned(user, [unit.pk for unit in units])
        fields["officers"].queryset = certified()
        fields["lists"].choices = [(row.version, row.name) for row in pack.lists_on(today())]
        fields["day"].initial = today()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day, lists = data.get("day"), data.get("lists")
        if day and not lists and data.get("enterprise"):
            data["lists"] = _suggested(data["enterprise"], day)
        try:
            data["others"] = [name for name, _ in parse_people(data.get("people", ""))]
        except ValueError as error:
            self.add_error("people", str(error))
        return data

    def content(self) -> Content:
        """The document that the phone goes on with."""
        data = self.cleaned_data
        officers = [Officer(row.name, row.certificate) for row in data["officers"]]
        officers += [Officer(name) for name in data["others"]]
        return Content(
            enterprise=data["enterprise"].pk,
            unit=int(data["unit"]),
            kind=data["kind"],
            day=data["day"],
            lists=tuple(data["lists"]),
            reason=data["reason"] if data["kind"] == Inspection.Kind.STATUTORY else "",
            visit=data["visit"].pk if data["visit"] else None,
            officers=tuple(officers or [Officer(self.user.name)]),
        )


class OrderForm(forms.Form):
    """What is ordered: the faults as found, until when, and what more is demanded."""

    problems = forms.CharField(
        label="存在的问题", max_length=5000, widget=forms.Textarea(attrs={"rows": 8}), help_text="一行一项"
    )
    rectify_by = forms.DateField(label="整改期限", widget=DateInput())
    demand = forms.CharField(
        label="整改要求", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def _enterprises(user: User) -> QuerySet[Enterprise]:
    return access.visible(user, Enterprise, queries.PERMISSION).filter(is_active=True).order_by("pinyin")


def _planned(user: User, units: list[int]) -> QuerySet[Visit]:
    rows = access.visible(user, Visit, queries.PERMISSION).filter(state=Visit.State.PLANNED, unit__in=units)
    return rows.filter(inspection__isnull=True).select_related("enterprise").order_by("date")


def _suggested(enterprise: Enterprise, day: Any) -> list[str]:
    """Versions of the lists for the enterprise's sector, and of those that its zones suggest."""
    zones = set(Zone.objects.filter(owner=enterprise).values_list("kind", flat=True))
    rows = [row for row in pack.lists_on(day) if row.fits(enterprise.sector)]
    return [row.version for row in rows if not row.optional or zones & set(row.zones)]
