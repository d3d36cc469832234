"""Calls to 12350, rewards, and, apart from both and encrypted, who reported."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.outreach.pack import GRADES, band_name
from bianwang.modules.outreach.workflow import CALL, PENDING, REWARD
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.sealing.fields import SealedField
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "outreach_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Call(WorkflowMixin):
    """One call, letter or visit. It lies with whoever handles it (`handler`), never with the unit complained of."""

    class Channel(models.TextChoices):
        PHONE = "phone", "电话"
        WECHAT = "wechat", "微信"
        LETTER = "letter", "来信"
        VISIT = "visit", "来访"
        TRANSFER = "transfer", "转办"

    class Category(models.TextChoices):
        REPORT = "report", "举报"
        CONSULT = "consult", "咨询"
        COMPLAINT = "complaint", "投诉"
        INVALID = "invalid", "无效"
        OTHER = "other", "其他"

    class Outcome(models.TextChoices):
        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        FALSE = "false", "不属实"

    workflow = CALL

    number = models.CharField("编号", max_length=40, unique=True)
    received_at = models.DateTimeField("受理时间", db_index=True)
    channel = models.CharField("受理渠道", max_length=10, choices=Channel.choices)
    category = models.CharField("类别", max_length=10, choices=Category.choices)
    summary = models.TextField("反映内容")
    town = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="属地"
    )
    place = models.CharField("具体地点", max_length=100, blank=True)
    unit = models.ForeignKey(
        "places.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被举报单位"
    )
    handler = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承办单位")
    verify_by = models.DateTimeField("核查时限", null=True)
    extended = models.BooleanField("已延长核查", default=False)
    outcome = models.CharField("核查结论", max_length=10, choices=Outcome.choices, blank=True)
    result = models.TextField("核查情况", blank=True)
    is_filed = models.BooleanField("已立案", default=False)
    case_number = models.CharField("立案文号", max_length=60, blank=True)
    reply = models.TextField("答复内容", blank=True)
    replied_at = models.DateTimeField("答复时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name="最先的举报"
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    is_exercise = models.BooleanField("演练", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "handler"

    class Meta:
        verbose_name = "来电来件"
        db_table = "outreach_call"
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["handler", "state"], name="outreach_call_handler")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_filed=False) | models.Q(category="report"), name="outreach_filed_report"
            )
        ]

    def __str__(self) -> str:
        return f"{'【演练】' if self.is_exercise else ''}{self.number} {self.get_category_display()}"

    def get_absolute_url(self) -> str:
        """The call's page."""
        return reverse("outreach:detail", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """Who has to act: what is no report is answered by whoever registers."""
        return "outreach.register" if state.code == "accepted" and not self.is_report else state.todo

    @property
    def is_report(self) -> bool:
        """Whether it is to be verified."""
        return self.category == self.Category.REPORT

    @property
    def is_true(self) -> bool:
        """Whether it was found true, at least in part."""
        return self.outcome in {self.Outcome.TRUE, self.Outcome.PARTLY}

    @property
    def texts(self) -> tuple[str, ...]:
        """What others read of it: nobody may be named there."""
        return (self.summary, self.place, self.result, self.reply)

    @property
    def is_late(self) -> bool:
        """Whether its time limit has run out."""
        return self.state in PENDING and self.due_at is not None and self.due_at < now()

    @property
    def day(self) -> date:
        """The day on which it came in, in Shanghai: the rules of that day apply."""
        return self.received_at.astimezone(SHANGHAI).date()


class Identity(models.Model):
    """Who reported: name, telephone, identity number and account as one sealed text, opened by `services` alone."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="identity", verbose_name="举报")
    sealed = SealedField("密文")
    sealed_at = models.DateTimeField("登记时间")

    access_path = "call__handler"

    class Meta:
        verbose_name = "举报人信息"
        db_table = "outreach_identity"

    def __str__(self) -> str:
        return f"{self.call.number} 举报人信息"


class Reward(WorkflowMixin):
    """The one reward of a report."""

    workflow = REWARD

    call = models.ForeignKey(Call, models.PROTECT, related_name="rewards", verbose_name="举报")
    band = models.CharField("奖励类别", max_length=20)
    """A code of `outreach.yaml`."""
    fine = models.DecimalField("行政处罚金额（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    grade = models.CharField("事故等级", max_length=1, choices=GRADES, blank=True)
    people = models.PositiveSmallIntegerField("瞒报谎报人数", default=0)
    joint = models.PositiveSmallIntegerField("联名举报人数", default=1)
    amount = models.DecimalField("奖励金额（元）", max_digits=10, decimal_places=2)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    applied_at = models.DateTimeField("申请时间", db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发放人"
    )
    paid_at = models.DateTimeField("发放时间", null=True)
    receipt = models.CharField("领取凭证号", max_length=60, blank=True)

    access_path = "call__handler"

    class Meta:
        verbose_name = "举报奖励"
        db_table = "outreach_reward"
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=~models.Q(state="refused"), name="outreach_one_reward")
        ]

    def __str__(self) -> str:
        return f"{self.call.number} 举报奖励{self.amount}元"

    def get_absolute_url(self) -> str:
        """The reward's page."""
        return reverse("outreach:reward", args=[self.pk])

    @property
    def band_name(self) -> str:
        """The kind in words."""
        return band_name(self.band)
