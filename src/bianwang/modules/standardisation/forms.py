"""Forms of ratings, grades and subsidies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from bianwang.modules.standardisation import pack, services
from bianwang.modules.standardisation.models import Score, SelfRating
from bianwang.modules.standardisation.models.grades import LEVELS
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


def _enterprises(user: User, permission: str) -> Any:
    return access.visible(user, Enterprise, permission).filter(is_active=True).order_by("pinyin")


class OpenForm(forms.Form):
    """Whose self-rating, of which year."""

    owner = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label=None)
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = _enterprises(user, "standardisation.rate")
        year = today().year
        fields["year"].choices = [(number, f"{number}年") for number in (year, year - 1)]


class ScoresForm(forms.Form):
    """Deductions of every element: `absent_<element>`, `deducted_<element>`, `reason_<element>`."""

    note = forms.CharField(
        label="自评说明", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="自评组织、时间和主要问题",
    )  # fmt: skip

    def __init__(self, *args: Any, rating: SelfRating, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scores = list(rating.scores.select_related("rating"))
        self.initial.setdefault("note", rating.note)
        for row in self.scores:
            for name, label in (("absent", "空项分"), ("deducted", "扣分")):
                self.fields[f"{name}_{row.element}"] = forms.DecimalField(
                    label=f"{row.element_name}{label}", min_value=0, max_digits=6, decimal_places=1,
                    initial=getattr(row, name),
                )  # fmt: skip
            self.fields[f"reason_{row.element}"] = forms.CharField(
                label=f"{row.element_name}原因", max_length=500, required=False, initial=row.reason
            )

    def rows(self) -> Iterator[tuple[Score, list[forms.BoundField]]]:
        """Every element with its three fields, for the page."""
        for row in self.scores:
            yield row, [self[f"{name}_{row.element}"] for name in ("absent", "deducted", "reason")]

    def values(self) -> dict[str, dict[str, Any]]:
        """As the service takes them."""
        names = ("absent", "deducted", "reason")
        return {
            row.element: {name: self.cleaned_data[f"{name}_{row.element}"] for name in names} for row in self.scores
        }


class ApplyForm(forms.Form):
    """For which grade."""

    level = forms.ChoiceField(label="申请等级", choices=LEVELS, initial="3")


class ConfirmForm(forms.Form):
    """Nothing to fill in."""


class RegisterForm(forms.Form):
    """A certificate that exists."""

    owner = forms.ModelChoiceField(label="企业", queryset=Enterprise.objects.none(), empty_label="请选择")
    level = forms.ChoiceField(label="等级", choices=LEVELS, initial="3")
    certificate = forms.CharField(label="证书编号", max_length=60)
    graded_on = forms.DateField(label="定级日期", widget=DateInput())
    valid_until = forms.DateField(label="有效期至", widget=DateInput(), required=False, help_text="空着按规定年数推算")
    authority = forms.CharField(label="定级部门", max_length=60, required=False, help_text="空着按等级推定")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = _enterprises(user, "standardisation.import")

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "owner"}


class ArrangeForm(PlainStepForm):
    """Who goes and looks."""

    reviewers = forms.CharField(label="评审组", max_length=200, help_text="评审单位或专家姓名，用顿号分开")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.arrange(obj, user, self.cleaned_data["reviewers"])


class ReviewForm(PlainStepForm):
    """What the review found."""

    review_on = forms.DateField(label="评审日期", widget=DateInput())
    review_score = forms.DecimalField(label="评审得分", min_value=0, max_value=100, max_digits=5, decimal_places=2)
    review_opinion = forms.CharField(label="评审结论", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self, obj: Any, user: User) -> None:
        rule = pack.level(obj.level, today())
        self.fields["review_score"].help_text = f"百分制，{rule.name}不低于 {rule.line} 分；不足的请选“不予定级”"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.review(obj, user, day=data["review_on"], score=data["review_score"], opinion=data["review_opinion"])


class ConcludeForm(PlainStepForm):
    """The certificate."""

    certificate = forms.CharField(label="证书编号", max_length=60, help_text="自今天起生效，有效期按规定年数计算")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.conclude(obj, user, self.cleaned_data["certificate"])


class RevokeForm(StepForm):
    """On which ground."""

    ground = forms.ChoiceField(label="撤销情形")
    field_order = ("ground", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        ground: Any = self.fields["ground"]
        ground.choices = [("", "请选择"), *((row.code, row.name) for row in pack.grounds(today()))]

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.revoke(obj, user, self.cleaned_data["ground"], self.cleaned_data["reason"])


class PayForm(PlainStepForm):
    """Paid."""

    voucher = forms.CharField(label="付款凭证号", max_length=60)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.pay_subsidy(obj, user, self.cleaned_data["voucher"])
