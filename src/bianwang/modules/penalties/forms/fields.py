"""Fields and small forms that several steps share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.penalties import weighing
from bianwang.modules.penalties.discretion import KINDS
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm


def area(label: str, *, most: int = 1000, rows: int = 3, required: bool = True, help_text: str = "") -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, today unless said otherwise."""
    return forms.DateField(label=label, widget=DateInput(), required=required, initial=today, help_text=help_text)


def money(label: str, *, required: bool = True, help_text: str = "") -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=12, decimal_places=2, required=required, help_text=help_text
    )


def certified() -> Any:
    """People who may handle a case."""
    return User.objects.admitted().exclude(certificate="").order_by("pinyin", "pk")


def choices(form: forms.Form, name: str, queryset: Any) -> None:
    """Give a field its choices."""
    field: Any = form.fields[name]
    field.queryset = queryset


def newest(rows: Any, most: int = 200) -> Any:
    """The first rows of an ordered query, as one that a field may filter."""
    return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:most]))


def lines(text: str, what: str) -> list[tuple[str, str]]:
    """Pairs, one a line, split at the first colon or blank. Raises ValidationError naming the line."""
    found = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        first, _, rest = line.strip().replace("：", " ").replace(":", " ").partition(" ")
        if not rest.strip():
            raise ValidationError(f"第 {number} 行“{line.strip()[:20]}”不完整，每行写{what}。")
        found.append((first, rest.strip()))
    return found


class PenaltyFields(PlainStepForm):
    """Which law, which penalties, how much: the lighter law is chosen already."""

    law = forms.ChoiceField(label="适用规定（从旧兼从轻）", widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="处罚种类", choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple, required=False,
        help_text="不予处罚的都不选",
    )  # fmt: skip
    fine = money("罚款（元）", help_text="没有罚款的填 0")

    def prepare(self, obj: Any, user: User) -> None:
        law: Any = self.fields["law"]
        found = weighing.options(obj, today())
        law.choices = [(row.code, label(row)) for row in found]
        self.initial.setdefault("law", next(row.code for row in found if row.is_applicable))


def label(row: weighing.Option) -> str:
    """A law with its band, and whether it is the one to apply."""
    band = row.proposal.name
    if row.proposal.high:
        band += f" {row.amounts} 元"
    if row.kinds_words:
        band += f"，{row.kinds_words}"
    return f"{row.title}（{band}）{'【应适用】' if row.is_applicable else '【较重】'}"
