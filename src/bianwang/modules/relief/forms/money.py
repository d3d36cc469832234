"""Programmes, funds, batches, donations and supplies."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.disasters.queries import COUNTED
from bianwang.modules.disasters.units import towns
from bianwang.modules.relief.models import Donation, Fund, Issue, Programme, Stock, Store
from bianwang.modules.relief.pack import kind_choices, supply_choices
from bianwang.modules.relief.services import supplies
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import StepForm
from bianwang.platform.workflow.table import Transition


def _money(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0, **more)


def _choose(label: str, **more: Any) -> Any:
    return forms.ModelChoiceField(label=label, queryset=None, empty_label=more.pop("empty", "请选择"), **more)


def _choices(form: forms.Form, name: str, rows: Any) -> None:
    field: Any = form.fields[name]
    field.queryset = rows


class ProgrammeForm(forms.Form):
    """Help of a kind for a disaster or a year."""

    kind = forms.ChoiceField(label="救助种类", choices=kind_choices)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    disaster = _choose("灾害", required=False, empty="按年度救助，不对应单次灾害")
    policy_date = forms.DateField(
        label="政策日期", widget=DateInput(), help_text="按这一天有效的标准计算，一般为灾害发生日或方案印发日"
    )
    name = forms.CharField(label="项目名称", max_length=100, required=False, help_text="不填则按灾害和种类命名")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "disaster", access.visible(user, Disaster, "disasters.view").filter(COUNTED))


class FundForm(forms.Form):
    """A pot of money."""

    name = forms.CharField(label="资金名称", max_length=100)
    source = forms.ChoiceField(label="来源", choices=Fund.Source.choices)
    document = forms.CharField(label="文号", max_length=100, required=False)


class ReceiptForm(forms.Form):
    """Money that came."""

    day = forms.DateField(label="到账日期", widget=DateInput(), initial=today)
    amount = _money("金额（元）")
    note = forms.CharField(label="说明", max_length=200, required=False)


class AllotForm(forms.Form):
    """Money set apart."""

    programme = _choose("救助项目")
    day = forms.DateField(label="分配日期", widget=DateInput(), initial=today)
    amount = _money("金额（元）")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "programme", Programme.objects.all())


class BatchForm(forms.Form):
    """Everything of a programme that waits, from one fund."""

    programme = _choose("救助项目")
    fund = _choose("资金")
    request = forms.CharField(max_length=40, widget=forms.HiddenInput(), initial=lambda: secrets.token_urlsafe(24))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "programme", Programme.objects.all())
        _choices(self, "fund", access.visible(user, Fund, "relief.pay"))


class DonationForm(forms.Form):
    """What somebody gave."""

    kind = forms.ChoiceField(label="类别", choices=Donation.Kind.choices)
    donor = forms.CharField(label="捐赠人", max_length=100)
    is_anonymous = forms.BooleanField(label="捐赠人要求公示时匿名", required=False)
    received_on = forms.DateField(label="接收日期", widget=DateInput(), initial=today)
    receipt = forms.CharField(label="捐赠票据号", max_length=60)
    amount = _money("金额或物资折价（元）")
    fund = _choose("存入资金", required=False, empty="捐物，不存入资金")
    goods = forms.CharField(label="物资", max_length=100, required=False, help_text="捐物填写：名称、数量和单位")
    wish = forms.CharField(label="捐赠意愿", max_length=200, required=False, help_text="指定用途的写明")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, Fund, "relief.donate").filter(source=Fund.Source.DONATION)
        _choices(self, "fund", rows)

    def clean_receipt(self) -> str:
        """Each receipt once."""
        number: str = self.cleaned_data["receipt"].strip()
        if Donation.objects.filter(receipt=number).exists():
            raise forms.ValidationError(f"票据号“{number}”已登记过，请核对。")
        return number


class StoreForm(forms.Form):
    """A store."""

    name = forms.CharField(label="仓库名称", max_length=60)
    address = forms.CharField(label="地址", max_length=120, required=False)
    keeper = forms.CharField(label="保管人", max_length=40, required=False)

    def clean_name(self) -> str:
        """Each name once."""
        name: str = self.cleaned_data["name"].strip()
        if Store.objects.filter(name=name).exists():
            raise forms.ValidationError(f"已有仓库“{name}”。")
        return name


class TakeInForm(forms.Form):
    """Goods that come in."""

    store = _choose("仓库")
    name = forms.CharField(label="物资名称", max_length=60)
    category = forms.ChoiceField(label="类别", choices=supply_choices)
    unit = forms.CharField(label="单位", max_length=10, help_text="如：顶、床、箱")
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    origin = forms.CharField(label="来源", max_length=100, help_text="如：市级调拨、采购、捐赠")
    donation = _choose("对应的捐赠", required=False, empty="不是捐赠")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "store", access.visible(user, Store, "relief.supply"))
        rows = access.visible(user, Donation, "relief.supply")
        _choices(self, "donation", rows.filter(kind=Donation.Kind.GOODS))


class IssueForm(forms.Form):
    """Goods for a town."""

    stock = _choose("仓库和物资")
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    receiver = _choose("接收镇街")
    disaster = _choose("灾害", required=False, empty="不对应单次灾害")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stock = access.visible(user, Stock, "relief.supply").filter(quantity__gt=0)
        _choices(self, "stock", stock.select_related("store", "item"))
        _choices(self, "receiver", towns())
        _choices(self, "disaster", access.visible(user, Disaster, "disasters.view").filter(COUNTED))


class ReceiveForm(StepForm):
    """What the town got."""

    received = forms.IntegerField(label="实收数量", min_value=0)
    field_order = ("received", "reason")

    def prepare(self, obj: Issue, user: User) -> None:
        self.initial.update(received=obj.quantity)

    def perform(self, obj: Issue, user: User, step: Transition) -> None:
        supplies.confirm_receipt(obj, user, self.cleaned_data["received"], self.cleaned_data["reason"])
