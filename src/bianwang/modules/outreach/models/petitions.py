"""Letters and visits (信访), and, apart and encrypted, who wrote or came."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.outreach.pack import name_of
from bianwang.modules.outreach.workflow.petitions import PETITION
from bianwang.platform.sealing.fields import SealedField
from bianwang.platform.workflow.models import WorkflowMixin


class PetitionSeries(models.Model):
    """Gap-free numbering of petitions, like that of calls."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "outreach_petition_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Petition(WorkflowMixin):
    """One letter or visit. It lies with whoever handles it (`handler`)."""

    class Form(models.TextChoices):
        LETTER = "letter", "来信"
        VISIT = "visit", "来访"
        ONLINE = "online", "网上"
        PHONE = "phone", "来电"
        PASSED = "passed", "上级转送"

    workflow = PETITION

    number = models.CharField("编号", max_length=40, unique=True)
    received_at = models.DateTimeField("收到时间", db_index=True)
    form = models.CharField("形式", max_length=8, choices=Form.choices)
    category = models.CharField("类别", max_length=20)
    """A code of `outreach.yaml`."""
    people = models.PositiveIntegerField("人数", default=1, validators=[MinValueValidator(1)])
    summary = models.TextField("信访事项", max_length=2000)
    town = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="属地"
    )
    handler = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承办单位")
    call = models.ForeignKey(
        "outreach.Call", models.PROTECT, null=True, blank=True, related_name="petitions", verbose_name="相关来电来件"
    )
    hazard = models.ForeignKey(
        "hazards.Hazard", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="相关隐患"
    )
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    answer_by = models.DateTimeField("办理时限", null=True, blank=True)
    extended = models.BooleanField("已延长办理", default=False)
    opinion = models.TextField("处理意见", blank=True)
    answered_at = models.DateTimeField("书面答复时间", null=True, blank=True)
    review_opinion = models.TextField("复查意见", blank=True)
    recheck_opinion = models.TextField("复核意见", blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "handler"

    class Meta:
        verbose_name = "信访"
        db_table = "outreach_petition"
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.category_name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:petition", args=[self.pk])

    @property
    def category_name(self) -> str:
        """The category in words."""
        return name_of("petition_categories", self.category)

    @property
    def texts(self) -> tuple[str, ...]:
        """What others read of it: nobody may be named there."""
        return (self.summary, self.opinion, self.review_opinion, self.recheck_opinion)


class Petitioner(models.Model):
    """Who wrote or came, sealed like whoever reports to 12350."""

    petition = models.OneToOneField(Petition, models.PROTECT, related_name="identity", verbose_name="信访")
    sealed = SealedField("密文")
    sealed_at = models.DateTimeField("登记时间")

    access_path = "petition__handler"

    class Meta:
        verbose_name = "信访人信息"
        db_table = "outreach_petitioner"

    def __str__(self) -> str:
        return f"{self.petition.number} 信访人信息"
