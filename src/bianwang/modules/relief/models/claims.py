"""What households ask for, who they are, and what may be read by few."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.relief.amounts import Measure
from bianwang.modules.relief.models.meetings import Meeting
from bianwang.modules.relief.models.programmes import Programme
from bianwang.modules.relief.workflow import APPEAL, CLAIM, TIMED
from bianwang.platform.clock import now
from bianwang.platform.sealing.fields import SealedField
from bianwang.platform.workflow.models import WorkflowMixin


class Claim(WorkflowMixin):
    """One household under one programme, from 户报 to 确认."""

    class Source(models.TextChoices):
        VILLAGE = "village", "村社代报"
        SELF = "self", "本户自报"

    workflow = CLAIM

    number = models.CharField("编号", max_length=40, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="claims", verbose_name="救助项目")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="村社")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    head = models.CharField("户主", max_length=40)
    id_mask = models.CharField("身份证号码", max_length=20)
    phone_mask = models.CharField("联系电话", max_length=20, blank=True)
    account_mask = models.CharField("收款账号", max_length=20, blank=True)
    """What is shown; the whole numbers lie sealed in `Secret`."""
    persons = models.PositiveSmallIntegerField("人口")
    rooms = models.PositiveSmallIntegerField("房屋间数", default=0)
    days = models.PositiveSmallIntegerField("救助天数", default=0)
    situation = models.CharField("受灾和困难情况", max_length=500)
    amount = models.DecimalField("救助金额（元）", max_digits=10, decimal_places=2)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="评议会"
    )
    votes = models.PositiveSmallIntegerField("同意票", null=True, blank=True)
    reported_at = models.DateTimeField("户报时间", db_index=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    decided_on = models.DateField("区局审定日期", null=True, blank=True, db_index=True)
    pay_by = models.DateField("拨付期限", null=True, blank=True, db_index=True)
    """Counted from the decision."""
    funded_pay_by = models.DateField("资金到位后拨付期限", null=True, blank=True)
    """Counted from the decision or the money's arrival, whichever was later; empty until there is money."""
    paid_on = models.DateField("拨付日期", null=True, blank=True, db_index=True)
    bounced = models.CharField("银行退回原因", max_length=200, blank=True)
    """Not paid again until the account was put right."""
    escalation = models.PositiveSmallIntegerField("逾期上报级别", default=0)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "救助申请"
        db_table = "relief_claim"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "state"], name="relief_claim_owner"),
            models.Index(fields=["programme", "state"], name="relief_claim_programme"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:detail", args=[self.pk])

    @property
    def measure(self) -> Measure:
        """What the amount is counted from."""
        return Measure(self.persons, self.rooms, self.days)

    @property
    def is_late(self) -> bool:
        """Whether whoever has to act is late."""
        return self.state in TIMED and self.due_at is not None and self.due_at < now()


class Person(models.Model):
    """Somebody of a household: the digest finds him again, the number itself lies sealed."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="people", verbose_name="申请")
    name = models.CharField("姓名", max_length=40)
    id_mask = models.CharField("身份证号码", max_length=20)
    digest = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the identity number."""
    once = models.CharField(max_length=64, null=True, blank=True, unique=True)
    """Keyed digest of number, disaster or year, and loss; empty when the claim no longer stands."""
    is_head = models.BooleanField("户主", default=False)

    access_path = "claim__owner"

    class Meta:
        verbose_name = "家庭成员"
        db_table = "relief_person"
        ordering = ["-is_head", "pk"]

    def __str__(self) -> str:
        return f"{self.claim.number} {self.pk}"


class Secret(models.Model):
    """Numbers of a household as one sealed text, opened by `services.secrets` alone."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="secret", verbose_name="申请")
    sealed = SealedField("密文")
    sealed_at = models.DateTimeField("登记时间")

    access_path = "claim__owner"

    class Meta:
        verbose_name = "身份和账号信息"
        db_table = "relief_secret"

    def __str__(self) -> str:
        return f"{self.claim.number} 身份和账号信息"


class Intake(models.Model):
    """What a household sent by its phone and has not confirmed yet; sealed, and forgotten after a day."""

    token = models.CharField(max_length=40, unique=True)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    phone_digest = models.CharField(max_length=64, db_index=True)
    code_digest = models.CharField(max_length=64)
    sealed = SealedField()
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "待确认的自报"
        db_table = "relief_intake"

    def __str__(self) -> str:
        return f"自报 {self.pk}"


class Appeal(WorkflowMixin):
    """A household does not accept what was found."""

    workflow = APPEAL

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals", verbose_name="申请")
    number = models.CharField("编号", max_length=40, unique=True)
    ground = models.CharField("申诉理由", max_length=500)
    filed_at = models.DateTimeField("申诉时间")
    finding = models.CharField("处理意见", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )

    access_path = "claim__owner"

    class Meta:
        verbose_name = "救助申诉"
        db_table = "relief_appeal"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=models.Q(state="filed"), name="relief_one_appeal")
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:appeal", args=[self.pk])
