"""Superior money, payments, publications, staff."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.budget.forms.fields import choose, day, rows_of, units, yuan
from bianwang.modules.budget.models import Establishment, Payment, Publication
from bianwang.modules.budget.models.lines import SUPERIOR
from bianwang.modules.budget.services.staff import People
from bianwang.platform.clock import today

_SUPERIOR = [(row.value, row.label) for row in SUPERIOR]
_NUMBERS = (("posts", "编制"), ("staff", "实有"), ("retired", "退休"))


class ReceiptForm(forms.Form):
    """Money that was passed down."""

    source = forms.ChoiceField(label="来源", choices=_SUPERIOR)
    document = forms.CharField(label="文号", max_length=60)
    purpose = forms.CharField(label="用途", max_length=100, help_text="如：中央自然灾害救灾资金（冬春救助）")
    amount = yuan("金额", min_value=0)
    received_on = day("收到日期", initial=today, help_text="指标文件收到或资金到账日期，从这一天计算滞留天数")
    project = choose("落实到项目", required=False, empty="还没有落实")

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "project", projects)


class AssignForm(forms.Form):
    """What received money is for."""

    project = choose("落实到项目")

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "project", projects)


class PaymentForm(forms.Form):
    """Money that left."""

    project = choose("项目", required=False, empty="不对应项目（人员和日常公用）")
    day = day("支付日期", initial=today)
    voucher = forms.CharField(label="凭证号", max_length=40, help_text="一张凭证有几笔的，在号后加“-1”“-2”")
    payee = forms.CharField(label="收款人", max_length=100, help_text="批量发到户的写概括名称，不写个人账号")
    amount = yuan("金额", help_text="退回的填负数，并写明原因")
    kind = forms.ChoiceField(label="支付方式", choices=Payment.Kind.choices)
    reason = forms.CharField(label="摘要", max_length=300, required=False)

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "project", projects)


class PublicationForm(forms.Form):
    """What is due, by hand."""

    owner = choose("单位", empty=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, initial=lambda: today().year)
    kind = forms.ChoiceField(label="公开内容", choices=Publication.Kind.choices)
    clock = forms.ChoiceField(
        label="起算",
        choices=((Publication.Clock.REPLY, "批复（部门预决算）"), (Publication.Clock.APPROVAL, "批准（政府预决算）")),
    )
    started_on = day("批准或批复日期", help_text="二十日内公开，当日不计入；最后一日是休假日的顺延到下一个工作日")
    document = forms.CharField(label="文号", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "owner", units())


class PublishForm(forms.Form):
    """Where and when it was published."""

    published_on = day("公开日期", initial=today)
    place = forms.CharField(label="公开网址或载体", max_length=300, help_text="网页地址，或公告栏、报纸的名称和版面")


class StaffForm(forms.Form):
    """Every kind of a unit as of a day."""

    owner = choose("单位", empty=None)
    as_of = day("截至日期", initial=today)
    document = forms.CharField(label="依据", max_length=100, required=False, help_text="编制批复或年报的名称")
    note = forms.CharField(label="超编说明", max_length=300, required=False, help_text="实有人数多于编制的必须填写")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "owner", units())
        for kind, words in Establishment.Kind.choices:
            for name, title in _NUMBERS:
                self.fields[f"{kind}_{name}"] = forms.IntegerField(
                    label=f"{words}{title}", min_value=0, max_value=100_000, initial=0
                )

    @property
    def common(self) -> list[forms.BoundField]:
        """What is said once."""
        return [self[name] for name in ("owner", "as_of", "document", "note")]

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The numbers of each kind with their words."""
        return [
            (words, [(title, self[f"{kind}_{name}"]) for name, title in _NUMBERS])
            for kind, words in Establishment.Kind.choices
        ]

    def people(self) -> dict[str, People]:
        """What was entered, by kind."""
        data = self.cleaned_data
        return {
            kind: People(*(data[f"{kind}_{name}"] for name in People._fields)) for kind in Establishment.Kind.values
        }
