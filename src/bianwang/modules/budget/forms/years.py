"""A year, its replies, its lines and printed totals."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.budget import pack, services
from bianwang.modules.budget.forms.fields import choose, day, offices, rows_of, units, yuan
from bianwang.modules.budget.models import BudgetYear, Source, Statement
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition


class YearForm(forms.Form):
    """A unit's year."""

    owner = choose("单位", empty=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, initial=lambda: today().year)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "owner", units())


class ApproveForm(PlainStepForm):
    """The reply to the budget."""

    approved_on = day("预算批准日期", required=False, help_text="区人民代表大会批准本级预算的日期，知道的填写")
    replied_on = day("预算批复日期", help_text="财政部门批复本单位预算的日期；二十日内公开，从这一天起算")
    document = forms.CharField(label="批复文号", max_length=60)

    def perform(self, obj: BudgetYear, user: User, step: Transition) -> None:
        services.approve(obj, user, self.values())


class CloseForm(PlainStepForm):
    """The reply to the final account."""

    final_approved_on = day("决算批准日期", required=False, help_text="区人大常委会批准本级决算的日期，知道的填写")
    final_replied_on = day("决算批复日期", help_text="财政部门批复本单位决算的日期；二十日内公开，从这一天起算")
    final_document = forms.CharField(label="批复文号", max_length=60)

    def perform(self, obj: BudgetYear, user: User, step: Transition) -> None:
        services.close(obj, user, self.values())


class LineForm(forms.Form):
    """A line."""

    subject = forms.ChoiceField(label="科目")
    opening = yuan("年初预算数", min_value=0, initial=0)
    carried_in = yuan("上年结转", min_value=0, initial=0)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subject"]
        field.choices = [("", "请选择"), *((row.code, f"{row.code} {row.name}") for row in pack.subjects(year))]


class AdjustForm(forms.Form):
    """What is moved."""

    project = choose("项目", required=False, empty="不对应项目，只调整科目")
    day = day("调整日期", initial=today)
    amount = yuan("调整金额", help_text="调增填正数，调减填负数")
    reason = forms.CharField(label="调整原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(label="文号", max_length=60, help_text="财政部门同意调整的文件")

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "project", projects)


class ReasonForm(forms.Form):
    """Why so little was spent."""

    low_reason = forms.CharField(label="执行偏低原因", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


def _share(label: str, default: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label}计划进度（%）", min_value=0, max_value=100, decimal_places=2, initial=default
    )


class ProjectForm(forms.Form):
    """A project of a line."""

    code = forms.CharField(label="项目代码", max_length=40, help_text="财政项目库代码；跨年度的同一项目用同一代码")
    name = forms.CharField(label="项目", max_length=100)
    source = forms.ChoiceField(label="资金来源", choices=Source.choices)
    opening = yuan("年初预算数", min_value=0, initial=0)
    office = choose("责任科室")
    share_q1 = _share("一季度末", 25)
    share_q2 = _share("二季度末", 50)
    share_q3 = _share("三季度末", 75)
    may_transfer = forms.BooleanField(
        label="可以转移支付到受益对象", required=False, help_text="救助资金、奖补资金等直接发给群众或企业的勾选"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "office", offices())


class StatementForm(forms.Form):
    """A printed total."""

    kind = forms.ChoiceField(label="合计", choices=Statement.Kind.choices)
    printed = forms.CharField(label="印出的数", max_length=20, help_text="照文件上的样子填，小数位数不要增减")
    unit = forms.ChoiceField(label="单位", choices=Statement.Unit.choices, initial=Statement.Unit.WAN)
    paper = forms.CharField(label="出处", max_length=100, help_text="文件名称，如：2026年部门决算公开表")
    explanation = forms.CharField(
        label="差异说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="与各科目之和一致的不填；不一致又必须以文件为准的，写明原因",
    )
