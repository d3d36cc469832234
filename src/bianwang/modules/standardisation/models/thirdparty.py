"""Service agencies and experts: contract, service, findings, payment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.standardisation.pack import line_name
from bianwang.modules.standardisation.thirdparty_workflow import VISIT
from bianwang.platform.workflow.models import WorkflowMixin


class Agency(models.Model):
    """A technical service agency that the bureau buys services from."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="委托单位")
    name = models.CharField("名称", max_length=100, unique=True)
    qualification = models.CharField("资质证书编号", max_length=60)
    qualified_until = models.DateField("资质有效期至")
    scope = models.CharField("业务范围", max_length=200, blank=True)
    contact = models.CharField("联系人", max_length=30, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "技术服务机构"
        db_table = "standardisation_agency"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The agency's page."""
        return reverse("standardisation:agency", args=[self.pk])


class Expert(models.Model):
    """Somebody who goes along: of an agency, or on his own."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="委托单位")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="experts", verbose_name="所属机构"
    )
    name = models.CharField("姓名", max_length=30)
    field = models.CharField("专业", max_length=60)
    certificate = models.CharField("资格证书编号", max_length=60, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "专家"
        db_table = "standardisation_expert"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.field}）"

    def get_absolute_url(self) -> str:
        """The expert's page."""
        return reverse("standardisation:expert", args=[self.pk])


class Contract(models.Model):
    """What was agreed with an agency. Payments are for accepted visits and stay below the ceiling."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="委托单位")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contracts", verbose_name="服务机构")
    number = models.CharField("合同编号", max_length=60, unique=True)
    title = models.CharField("合同名称", max_length=100)
    scope = models.CharField("服务内容", max_length=500)
    amount = models.DecimalField("合同金额（元）", max_digits=12, decimal_places=2)
    ceiling = models.DecimalField("付款上限（元）", max_digits=12, decimal_places=2)
    price = models.DecimalField("每家次费用（元）", max_digits=10, decimal_places=2)
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    budget_line = models.CharField("预算项目", max_length=30)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "服务合同"
        db_table = "standardisation_contract"
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ceiling__lte=models.F("amount"), last_day__gte=models.F("first_day")),
                name="standard_contract_sane",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The contract's page."""
        return reverse("standardisation:contract", args=[self.pk])

    @property
    def budget_line_name(self) -> str:
        """The budget line in words."""
        return line_name(self.budget_line)


class AgencyPayment(models.Model):
    """Money paid for visits that were accepted: their fees add up to its amount."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="payments", verbose_name="服务合同")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    voucher = models.CharField("付款凭证号", max_length=60)
    paid_on = models.DateField("付款日期")
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="付款人")

    access_path = "contract__owner"

    class Meta:
        verbose_name = "服务付款"
        db_table = "standardisation_payment"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.contract.number} 付款 {self.amount} 元"

    def get_absolute_url(self) -> str:
        """The payment's page."""
        return reverse("standardisation:payment", args=[self.pk])


class ServiceVisit(WorkflowMixin):
    """One day of experts of an agency at an enterprise."""

    workflow = VISIT

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="visits", verbose_name="服务合同")
    enterprise = models.ForeignKey(
        "places.Enterprise", models.PROTECT, related_name="service_visits", verbose_name="企业"
    )
    day = models.DateField("服务日期", db_index=True)
    experts = models.ManyToManyField(
        Expert, related_name="visits", verbose_name="专家", db_table="standardisation_visit_expert"
    )
    summary = models.TextField("服务情况", blank=True)
    fee = models.DecimalField("费用（元）", max_digits=10, decimal_places=2)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    payment = models.ForeignKey(
        AgencyPayment, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="付款"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "contract__owner"

    class Meta:
        verbose_name = "专家服务"
        db_table = "standardisation_visit"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "enterprise", "day"],
                condition=~models.Q(state="rejected"),
                name="standard_visit_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise.name} {self.day} 专家服务"

    def get_absolute_url(self) -> str:
        """The visit's page."""
        return reverse("standardisation:visit", args=[self.pk])


class ServiceFinding(models.Model):
    """What the experts found; it becomes one hazard of the register."""

    visit = models.ForeignKey(ServiceVisit, models.PROTECT, related_name="findings", verbose_name="专家服务")
    title = models.CharField("问题", max_length=120)
    category = models.CharField("类别", max_length=1, choices=Hazard.Category.choices)
    description = models.TextField("详细描述", blank=True)
    place = models.CharField("具体位置", max_length=100, blank=True)
    hazard = models.OneToOneField(
        Hazard, models.PROTECT, null=True, blank=True, related_name="service_finding", verbose_name="隐患"
    )

    access_path = "visit__contract__owner"

    class Meta:
        verbose_name = "服务发现问题"
        db_table = "standardisation_finding"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
