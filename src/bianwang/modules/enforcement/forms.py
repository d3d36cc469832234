"""Forms of plans, draws, campaigns and visits."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Q

from bianwang.modules.enforcement import queries, units
from bianwang.modules.enforcement.models import Plan, PlanItem, Visit
from bianwang.modules.enforcement.people import parse_people
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Organisation
from bianwang.platform.ui.forms import DateInput


def _area(label: str, limit: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class DaysForm(forms.Form):
    """The inputs of a plan's working days, and its officers."""

    statutory_days = forms.IntegerField(label="国家法定工作日", min_value=1, max_value=366)
    people = forms.IntegerField(label="执法人员数", min_value=1, max_value=10_000)
    other_days = forms.IntegerField(label="其他执法工作日", min_value=0, max_value=1_000_000)
    other_note = _area(
        "其他执法工作日说明", 500, help_text="综合监管、行政许可、事故调查、举报核实、联合执法、宣传教育等各多少日"
    )
    non_days = forms.IntegerField(label="非执法工作日", min_value=0, max_value=1_000_000)
    non_note = _area("非执法工作日说明", 500, help_text="值班、学习会议、指导下级、党群活动、病事假、年休假等各多少日")
    officers = forms.ModelMultipleChoiceField(
        label="参加计划的执法人员",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只列出登记有执法证号的人员；双随机从中抽取",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = units.certified()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns of the plan."""
        return {name: value for name, value in self.cleaned_data.items() if name != "officers"}


class PlanForm(DaysForm):
    """A new plan."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    field_order = ("year",)


class AmendForm(forms.Form):
    """Why there is to be another version."""

    reason = _area("调整理由", 500, required=True)


class DiscardForm(forms.Form):
    """Why a draft is given up."""

    reason = _area("废弃理由", 300, required=True)


class ApproveForm(forms.Form):
    """Nothing to fill in: what is wrong is shown instead."""


class ItemForm(forms.Form):
    """When and how often."""

    month = forms.TypedChoiceField(
        label="月份", choices=[(number, f"{number}月") for number in range(1, 13)], coerce=int
    )
    times = forms.IntegerField(label="全年次数", min_value=1, max_value=60, initial=1)
    days = forms.IntegerField(
        label="每次工作日", min_value=1, max_value=100, initial=2, help_text="人数 × 天数，两人一天为 2"
    )


class AddForm(ItemForm):
    """Named enterprises."""

    kind = forms.ChoiceField(label="类别", choices=PlanItem.Kind.choices, initial=PlanItem.Kind.KEY)
    enterprises = forms.ModelMultipleChoiceField(
        label="企业", queryset=Enterprise.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, Enterprise, "enforcement.plan").filter(is_active=True)
        absent = rows.exclude(pk__in=plan.items.values("enterprise"))
        self.fields["enterprises"].queryset = absent.order_by("-is_direct", "pinyin")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns of the items."""
        return {name: self.cleaned_data[name] for name in ("kind", "month", "times", "days")}


class ChangeItemForm(ItemForm):
    """When and how often, or not at all."""

    remove = forms.BooleanField(label="移出计划", required=False)
    reason = _area("移出理由", 300, help_text="已批准或抽中的企业移出时必填，随新版本保存")


class DrawForm(ItemForm):
    """How many are drawn, from where, and with which seed."""

    pool = forms.ChoiceField(
        label="抽取范围",
        choices=(("direct", "直管企业"), ("all", "全部企业")),
        help_text="已在计划中和再查就超频次的除外",
    )
    total = forms.IntegerField(label="抽取企业数", required=False, min_value=1, help_text="不分层时填；分层时空着")
    red = forms.IntegerField(label="红色风险抽取数", required=False, min_value=0)
    orange = forms.IntegerField(label="橙色风险抽取数", required=False, min_value=0)
    yellow = forms.IntegerField(label="黄色风险抽取数", required=False, min_value=0)
    blue = forms.IntegerField(label="蓝色风险抽取数", required=False, min_value=0)
    seed = forms.CharField(
        label="种子",
        max_length=100,
        required=False,
        help_text="可填现场摇号或当天公开的开奖号码；空着由系统随机生成",
    )

    def clean(self) -> dict[str, Any]:
        """A total, or numbers by colour."""
        data = super().clean() or {}
        colours = {code: data.get(code) or 0 for code in Enterprise.Risk.values}
        total = data.get("total")
        if total and any(colours.values()):
            raise forms.ValidationError("总数和分层数只能填一种。")
        if not total and not any(colours.values()):
            raise forms.ValidationError("请填写抽取企业数，或按风险等级填写。")
        data["quotas"] = {"": total} if total else colours
        data["seed"] = (data.get("seed") or "").strip() or secrets.token_hex(16)
        return data


class RecusalForm(forms.Form):
    """Who keeps away from which enterprise, and why."""

    officer = forms.ModelChoiceField(label="执法人员", queryset=User.objects.none(), empty_label="请选择人员")
    enterprise = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    reason = _area("回避理由", 300, required=True, help_text="如近亲属在该企业任职、与企业有其他利害关系")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["officer"].queryset = units.certified()
        rows = access.visible(user, Enterprise, "enforcement.plan").filter(is_active=True)
        fields["enterprise"].queryset = rows.order_by("pinyin")


class WithdrawForm(forms.Form):
    """Why the conflict is over."""

    reason = _area("撤回理由", 300, required=True)


class CampaignForm(forms.Form):
    """A campaign."""

    name = forms.CharField(label="名称", max_length=60)
    first_day = forms.DateField(label="开始日期", widget=DateInput())
    last_day = forms.DateField(label="结束日期", widget=DateInput())
    note = _area("说明", 500)


class ReasonForm(forms.Form):
    """Why a visit is voided."""

    reason = _area("作废理由", 300, required=True)


class ExceedForm(forms.Form):
    """Why a visit beyond the ceiling was necessary."""

    note = _area("审批意见", 300, required=True, help_text="写明超过频次上限仍须检查的原因")


class VisitForm(forms.Form):
    """A visit, as a person on site enters it on a phone."""

    unit = forms.ModelChoiceField(label="报送单位", queryset=Organisation.objects.none(), empty_label=None)
    enterprise = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    date = forms.DateField(label="检查日期", widget=DateInput())
    kind = forms.ChoiceField(label="类别", choices=Visit.Kind.choices)
    state = forms.ChoiceField(
        label="状态", choices=[choice for choice in Visit.State.choices if choice[0] != "void"], initial="done"
    )
    is_statutory = forms.BooleanField(label="执法检查（须两名以上持证人员）", required=False)
    officers = forms.ModelMultipleChoiceField(
        label="执法人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    people = forms.CharField(
        label="检查人员",
        max_length=500,
        required=False,
        help_text="没有列出的人员写“姓名 执法证号”，用分号隔开；没有执法证的只写姓名",
    )
    campaign = forms.ModelChoiceField(
        label="专项行动", queryset=queries.campaigns().none(), required=False, empty_label="不属于专项行动"
    )
    result = _area("检查情况", 500)
    documents_complete = forms.BooleanField(label="文书齐全", required=False)
    is_filed = forms.BooleanField(label="已立案", required=False)
    recheck_by = forms.DateField(label="应复查日期", widget=DateInput(), required=False)
    recheck_of = forms.ModelChoiceField(
        label="复查哪次检查", queryset=Visit.objects.none(), required=False, empty_label="不是复查"
    )

    def __init__(self, *args: Any, user: User, visit: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if visit is None:
            fields["unit"].queryset = units.units(user, "enforcement.report")
            fields["enterprise"].queryset = (
                access.visible(user, Enterprise, "enforcement.report").filter(is_active=True).order_by("pinyin")
            )
            fields["unit"].initial = units.unit_of(user)
        else:
            del fields["unit"], fields["enterprise"]
        is_bureau = access.scope_of(user, "enforcement.report").whole
        if is_bureau:
            fields["officers"].queryset = units.certified()
        else:
            del fields["officers"]
            fields["kind"].initial = Visit.Kind.PATROL
            fields["people"].help_text = "写“姓名 执法证号”，用分号隔开；没有执法证的只写姓名"
        fields["campaign"].queryset = queries.campaigns()
        fields["date"].initial = today()
        fields["recheck_of"].queryset = _rechecked(user, visit)

    def clean_people(self) -> list[tuple[str, str]]:
        """Names and certificates."""
        try:
            return parse_people(self.cleaned_data["people"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def everybody(self) -> list[tuple[str, str]]:
        """The ticked officers and the written people."""
        ticked = [(row.name, row.certificate) for row in self.cleaned_data.get("officers", ())]
        return [*ticked, *(row for row in self.cleaned_data["people"] if row not in ticked)]

    def values(self) -> dict[str, Any]:
        """Columns of the visit."""
        apart = {"unit", "enterprise", "officers", "people"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


def _rechecked(user: User, visit: Visit | None) -> Any:
    """Visits that still want a recheck, the newest first, and the one that this visit is the recheck of."""
    rows = access.visible(user, Visit, "enforcement.report").filter(state=Visit.State.DONE)
    if visit is not None:
        rows = rows.filter(enterprise=visit.enterprise_id, unit=visit.unit_id).exclude(pk=visit.pk)
    mine = visit.recheck_of_id if visit else None
    wanting = Q(recheck_by__isnull=False, rechecked_on__isnull=True)
    return rows.filter(wanting | Q(pk=mine)).select_related("enterprise").order_by("-date")
