"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import DateInput

_UNITS = (Organisation.Level.BUREAU, Organisation.Level.SUBORDINATE)


def yuan(label: str, **more: Any) -> forms.DecimalField:
    """Money in 元, to the cent."""
    return forms.DecimalField(label=f"{label}（元）", max_digits=14, decimal_places=2, **more)


def day(label: str, **more: Any) -> forms.DateField:
    """A day from the browser's picker."""
    return forms.DateField(label=label, widget=DateInput(), **more)


def choose(label: str, **more: Any) -> Any:
    """One of the rows that `rows_of` gives the field later."""
    return forms.ModelChoiceField(label=label, queryset=None, empty_label=more.pop("empty", "请选择"), **more)


def rows_of(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """What a `choose` field offers."""
    field: Any = form.fields[name]
    field.queryset = rows


def units() -> QuerySet[Organisation]:
    """The bureau and its subordinate units, which have budgets and staff."""
    return Organisation.objects.filter(level__in=_UNITS, is_active=True).order_by("level", "code")


def offices() -> QuerySet[Organisation]:
    """Who can answer for a project: the bureau, its offices and units."""
    return Organisation.objects.filter(level__in=(*_UNITS, Organisation.Level.OFFICE), is_active=True).order_by("code")
