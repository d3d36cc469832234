"""Forms of the steps from filing to closure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.penalties import papers, services
from bianwang.modules.penalties.accounts import account
from bianwang.modules.penalties.discretion import kinds_of
from bianwang.modules.penalties.forms.fields import PenaltyFields, area, choices, day_field, lines, money
from bianwang.modules.penalties.models import Payment, Plea
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


class FileForm(StepForm):
    """The day of filing."""

    day = day_field("立案日期", help_text="办案期限从此起算")
    field_order = ("day", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.file(obj, user, self.cleaned_data["reason"], self.cleaned_data["day"])


class FinishForm(PenaltyFields):
    """What shall be imposed."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.finish(obj, user, **{name: self.cleaned_data[name] for name in ("law", "kinds", "fine")})


class OpinionForm(PlainStepForm):
    """What the legal review says."""

    opinion = area("审核意见", help_text="主体、程序、事实、证据、依据、裁量、文书是否合法适当")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.review(obj, user, self.cleaned_data["opinion"], again=step.code == "recheck")


class DayForm(PlainStepForm):
    """A step whose day is all there is to say."""

    day = day_field("日期")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        steps = {"hear": services.hear, "urge": services.urge}
        steps[step.code](obj, user, self.cleaned_data["day"])


class PleadForm(PlainStepForm):
    """What the other side says."""

    day = day_field("提出日期")
    content = area("陈述申辩内容", most=2000, rows=5)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.plead(obj, user, self.cleaned_data["content"], self.cleaned_data["day"])


class AnswerForm(PlainStepForm):
    """What is made of it."""

    plea = forms.ModelChoiceField(label="陈述申辩", queryset=Plea.objects.none(), empty_label=None)
    verdict = forms.ChoiceField(label="复核意见", choices=Plea.Verdict.choices, widget=forms.RadioSelect)
    answer = area("复核理由")

    def prepare(self, obj: Any, user: User) -> None:
        choices(self, "plea", obj.pleas.filter(verdict=""))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.answer(obj, user, data["plea"], data["verdict"], data["answer"])


class NotifyForm(PlainStepForm):
    """When and where the hearing will be."""

    notified_on = day_field("听证通知日期", help_text="通知书送达当事人之日")
    held_on = forms.DateField(label="听证日期", widget=DateInput(), help_text="须在通知七日后")
    place = forms.CharField(label="地点", max_length=120)
    presider = forms.ModelChoiceField(
        label="听证主持人", queryset=User.objects.none(), empty_label="请选择", help_text="不能是本案调查人员"
    )

    def prepare(self, obj: Any, user: User) -> None:
        people = User.objects.admitted().filter(posts__role__in=("department_head", "enforcement_officer"))
        choices(self, "presider", people.exclude(pk__in=obj.officers.values("user")).distinct().order_by("pinyin"))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        names = ("notified_on", "held_on", "place", "presider")
        services.notify(obj, user, **{name: self.cleaned_data[name] for name in names})


class RecordForm(PlainStepForm):
    """What the hearing came to."""

    record = area("听证意见", most=4000, rows=6)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.hold(obj, user, self.cleaned_data["record"])


class DiscussForm(PlainStepForm):
    """The leaders' discussion."""

    held_on = day_field("讨论日期")
    opinions = area("参加人和意见", most=4000, rows=5, help_text="每人一行：姓名，空一格或用冒号，再写意见；至少三人")
    result = area("讨论结论")
    agreed = forms.BooleanField(label="同意处罚意见", required=False)
    fine = money("议定罚款（元）", help_text="决定的罚款不得高于它")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.setdefault("fine", obj.proposed_fine)

    def clean_opinions(self) -> list[tuple[str, str]]:
        """Names and opinions."""
        return lines(self.cleaned_data["opinions"], "“姓名：意见”")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        names = ("held_on", "opinions", "result", "agreed", "fine")
        services.discuss(obj, user, **{name: self.cleaned_data[name] for name in names})


class DecideForm(PenaltyFields):
    """The decision; what was announced stands in the fields already."""

    confiscated = money("没收违法所得（元）", required=False, help_text="没有的不填")
    day = day_field("决定日期")
    choice_reason = area("适用规定和裁量的理由")

    def prepare(self, obj: Any, user: User) -> None:
        super().prepare(obj, user)
        self.initial.setdefault("kinds", sorted(kinds_of(obj.proposed_kinds)))
        self.initial.setdefault("fine", obj.proposed_fine)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.decide(
            obj,
            user,
            law=data["law"],
            kinds=data["kinds"],
            fine=data["fine"],
            confiscated=data["confiscated"] or Decimal(0),
            day=data["day"],
            reason=data["choice_reason"],
        )


class SummaryForm(PenaltyFields):
    """A penalty on the spot."""

    choice_reason = area("适用规定和裁量的理由")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.summary(
            obj, user, law=data["law"], kinds=data["kinds"], fine=data["fine"], reason=data["choice_reason"]
        )


class PayForm(StepForm):
    """Money that came in."""

    kind = forms.ChoiceField(label="款项", choices=Payment.Kind.choices)
    way = forms.ChoiceField(label="方式", choices=Payment.Way.choices)
    amount = money("金额（元）")
    day = day_field("缴款日期")
    receipt = forms.CharField(label="票据号", max_length=60)
    field_order = ("kind", "way", "amount", "day", "receipt", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        found = account(obj, today())
        owed = (
            f"今日应缴：罚款 {found.fine_due:,} 元，加处罚款 {found.late_due:,} 元，没收 {found.confiscated_due:,} 元"
        )
        self.fields["amount"].help_text = owed
        self.initial.setdefault("amount", found.fine_due or found.confiscated_due or found.late_due)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        names = ("kind", "way", "amount", "day", "receipt", "reason")
        services.pay(obj, user, **{name: self.cleaned_data[name] for name in names})


class BankForm(PlainStepForm):
    """Money collected on the spot on its way."""

    payment = forms.ModelChoiceField(label="当场收缴款", queryset=Payment.objects.none(), empty_label=None)
    handed_in_on = day_field("交至机关日期")
    banked_on = forms.DateField(label="缴付银行日期", widget=DateInput(), required=False, help_text="还没有缴付的不填")

    def prepare(self, obj: Any, user: User) -> None:
        choices(self, "payment", obj.payments.filter(way=Payment.Way.SPOT, banked_on__isnull=True))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.bank(obj, user, *(self.cleaned_data[name] for name in ("payment", "handed_in_on", "banked_on")))


class InstalForm(StepForm):
    """Later, or in parts."""

    parts = area("各期", help_text="每期一行：日期 金额，如 2026-12-31 20000；只有一行就是延期")
    field_order = ("parts", "reason")

    def clean_parts(self) -> list[tuple[date, Decimal]]:
        """Days and amounts."""
        found = []
        for day, amount in lines(self.cleaned_data["parts"], "“日期 金额”"):
            try:
                found.append((date.fromisoformat(day), Decimal(amount.replace(",", "").removesuffix("元"))))
            except (ValueError, InvalidOperation) as error:
                raise ValidationError(f"“{day} {amount}”不是“日期 金额”，如 2026-12-31 20000。") from error
        return found

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.instal(obj, user, self.cleaned_data["parts"], self.cleaned_data["reason"])


class PublishForm(PlainStepForm):
    """What the public reads."""

    document = forms.CharField(label="处罚决定书文号", max_length=60)
    facts = area("公示的违法事实", help_text="不写个人姓名、电话、身份证号；个人当事人自动隐去名字")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.setdefault("document", papers.number_of_decision(obj))
        self.initial.setdefault("facts", obj.conduct_name)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.publish(obj, user, document=self.cleaned_data["document"], facts=self.cleaned_data["facts"])
