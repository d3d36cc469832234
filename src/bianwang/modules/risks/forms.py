"""Forms of risks."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.risks.models import RiskPoint, Source
from bianwang.modules.risks.pack import duties, pack
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Zone
from bianwang.platform.ui.forms import DateInput


class _Owned(forms.Form):
    """What belongs to an enterprise in the user's reach; the owner is chosen only for a new one."""

    owner = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择")
    zone = forms.ModelChoiceField(
        label="区域", queryset=Zone.objects.none(), required=False, empty_label="不选", help_text="企业登记的重点区域"
    )

    def __init__(self, *args: Any, user: User, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        zones = access.visible(user, Zone, "risks.edit").select_related("owner")
        if known is not None:
            del fields["owner"]
            fields["zone"].queryset = zones.filter(owner=known.owner_id)
            return
        owners = access.visible(user, Enterprise, "risks.edit").filter(is_active=True).order_by("pinyin")
        fields["owner"].queryset = owners
        fields["zone"].queryset = zones
        fields["zone"].label_from_instance = lambda row: f"{row.name}（{row.owner.name}）"
        if owners.count() == 1:
            self.initial.setdefault("owner", owners.get())


class PointForm(_Owned):
    """A risk point. The factors offer the values of both methods; the service checks those of the chosen one."""

    name = forms.CharField(label="风险点", max_length=80)
    hazard = forms.CharField(label="主要危险因素", max_length=300)
    accidents = forms.CharField(label="可能导致的事故", max_length=120, help_text="如火灾、中毒和窒息")
    method = forms.ChoiceField(label="评价方法", choices=RiskPoint.Method.choices)
    likelihood = forms.DecimalField(label="可能性 L", max_digits=5, decimal_places=2)
    exposure = forms.DecimalField(label="暴露频次 E（LEC）", max_digits=5, decimal_places=2, required=False)
    consequence = forms.DecimalField(label="后果 C（LEC）或严重性 S（LS）", max_digits=5, decimal_places=2)
    controls = forms.CharField(
        label="管控措施", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="工程技术、管理、培训教育、个体防护，一条一行",
    )  # fmt: skip
    emergency = forms.CharField(
        label="应急处置", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    keeper = forms.CharField(label="责任人", max_length=30)
    phone = forms.CharField(label="责任人电话", max_length=20, required=False)
    assessed_on = forms.DateField(label="评价日期", widget=DateInput())
    field_order = ("owner", "name", "zone", "hazard", "accidents")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("assessed_on", today())
        for name in ("likelihood", "exposure", "consequence"):
            self.fields[name].help_text = "；".join(
                f"{row.code.upper()} 取 {row.words(name)}" for row in pack().methods if name in row.factors
            )


class SourceForm(_Owned):
    """A unit to be examined by GB 18218."""

    name = forms.CharField(
        label="单元名称", max_length=80, help_text="生产单元以切断阀为界，储罐区以防火堤、仓库以独立库房为界"
    )
    unit = forms.ChoiceField(label="单元类型", choices=Source.Unit.choices)
    people = forms.IntegerField(
        label="500 m 内常住人口", min_value=0, max_value=10_000_000, help_text="厂区边界外 500 m 范围内"
    )
    items = forms.CharField(
        label="危险化学品",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一种一行：品名，设计最大量（吨），如“甲醇，30”；不在品名表里的写“品名，危险性类别，吨数”，如“某某醇，W5.3，100”",
    )
    filing_number = forms.CharField(label="备案编号", max_length=60, required=False)
    filed_on = forms.DateField(label="备案日期", widget=DateInput(), required=False)
    evaluated_on = forms.DateField(label="安全评估日期", widget=DateInput(), required=False)
    field_order = ("owner", "name", "unit", "zone", "people", "items")


class KeeperForm(forms.Form):
    """Who answers at one level."""

    level = forms.ChoiceField(label="层级")
    name = forms.CharField(label="姓名", max_length=30)
    post = forms.CharField(label="职务", max_length=30, required=False)
    phone = forms.CharField(label="电话", max_length=20)
    since = forms.DateField(label="任职起", widget=DateInput(), help_text="原责任人到这一天为止")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [(row.code, row.name) for row in duties(today())]
        self.initial.setdefault("since", today())


class RecordForm(forms.Form):
    """What a keeper did."""

    keeper = forms.ModelChoiceField(label="责任人", queryset=Source.objects.none(), empty_label="请选择")
    done_on = forms.DateField(label="履职日期", widget=DateInput())
    content = forms.CharField(label="履职内容", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeper: Any = self.fields["keeper"]
        keeper.queryset = source.keepers.filter(until__isnull=True)
        self.initial.setdefault("done_on", today())
