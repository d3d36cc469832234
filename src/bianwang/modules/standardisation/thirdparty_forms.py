"""Forms of agencies, experts, contracts, visits and payments."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Agency, Contract, Expert, ServiceVisit
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import DateInput

_PERMISSION = "standardisation.third_party"


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    """An agency."""

    class Meta:
        model = Agency
        fields = ("name", "qualification", "qualified_until", "scope", "contact", "contact_phone", "is_active")
        widgets = {"qualified_until": DateInput()}


class ExpertForm(forms.ModelForm):  # type: ignore[type-arg]
    """An expert."""

    class Meta:
        model = Expert
        fields = ("name", "field", "agency", "certificate", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.queryset, agency.empty_label = Agency.objects.filter(is_active=True), "独立专家"


class ContractForm(forms.Form):
    """A contract, as it was signed."""

    number = forms.CharField(label="合同编号", max_length=60)
    title = forms.CharField(label="合同名称", max_length=100)
    agency = forms.ModelChoiceField(label="服务机构", queryset=Agency.objects.none(), empty_label="请选择")
    budget_line = forms.ChoiceField(label="预算项目")
    amount = forms.DecimalField(label="合同金额（元）", min_value=0, max_digits=12, decimal_places=2)
    ceiling = forms.DecimalField(
        label="付款上限（元）", min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text="空着等于合同金额；留有质保金等的填扣除后的金额",
    )  # fmt: skip
    price = forms.DecimalField(label="每家次费用（元）", min_value=0, max_digits=10, decimal_places=2)
    first_day = forms.DateField(label="开始日期", widget=DateInput())
    last_day = forms.DateField(label="结束日期", widget=DateInput())
    scope = forms.CharField(label="服务内容", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["agency"].queryset = access.visible(user, Agency, _PERMISSION).filter(is_active=True)
        fields["budget_line"].choices = pack.line_choices()


class VisitForm(forms.Form):
    """A day of service."""

    enterprise = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择")
    day = forms.DateField(label="服务日期", widget=DateInput())
    fee = forms.DecimalField(
        label="费用（元）", min_value=0, max_digits=10, decimal_places=2, required=False,
        help_text="空着按合同每家次费用",
    )  # fmt: skip
    experts = forms.ModelMultipleChoiceField(
        label="专家", queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    summary = forms.CharField(
        label="服务情况", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reports = FilesField(label="服务报告", required=False)

    def __init__(self, *args: Any, user: User, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        enterprises = access.visible(user, Enterprise, "standardisation.serve").filter(is_active=True)
        fields["enterprise"].queryset = enterprises.order_by("pinyin")
        experts = access.visible(user, Expert, _PERMISSION).filter(is_active=True).select_related("agency")
        fields["experts"].queryset = experts.filter(agency=contract.agency_id) | experts.filter(agency__isnull=True)
        fields["experts"].help_text = f"每次服务至少 {pack.agency_rule(today()).experts} 名"


class FindingForm(forms.Form):
    """What the experts found."""

    title = forms.CharField(label="问题", max_length=120)
    category = forms.ChoiceField(label="类别", choices=Hazard.Category.choices)
    place = forms.CharField(label="具体位置", max_length=100, required=False)
    description = forms.CharField(
        label="详细描述", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class _Chosen(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Visits with their fees."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.day} {obj.enterprise.name} {obj.fee:.2f} 元"


class PaymentForm(forms.Form):
    """Which visits, and the voucher."""

    visits = _Chosen(
        label="已验收、未付款的服务", queryset=ServiceVisit.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="付款金额等于所选服务的费用之和",
    )  # fmt: skip
    voucher = forms.CharField(label="付款凭证号", max_length=60)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visits: Any = self.fields["visits"]
        visits.queryset = contract.visits.filter(state="accepted").select_related("enterprise").order_by("day", "pk")
        if not visits.queryset.exists():
            visits.help_text = "没有已验收、未付款的服务，请先由科室负责人在专家服务页面验收"
