"""What is said and done between filing and decision: reviews, pleas, hearing, discussion, standing clocks, transfer."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bianwang.modules.penalties.models.case import Case


class LegalReview(models.Model):
    """法制审核, by somebody who does not handle the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reviews", verbose_name="案件")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人")
    at = models.DateTimeField("审核时间")
    passed = models.BooleanField("通过")
    opinion = models.CharField("审核意见", max_length=1000)

    access_path = "case__unit"

    class Meta:
        verbose_name = "法制审核"
        db_table = "penalties_review"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{'通过' if self.passed else '退回'}：{self.opinion}"


class Plea(models.Model):
    """陈述申辩, and what the authority answers; it must never make the penalty harder."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "采纳"
        PARTLY = "partly", "部分采纳"
        REJECTED = "rejected", "不采纳"

    case = models.ForeignKey(Case, models.CASCADE, related_name="pleas", verbose_name="案件")
    day = models.DateField("提出日期")
    content = models.TextField("陈述申辩内容", max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    verdict = models.CharField("复核意见", max_length=10, choices=Verdict.choices, blank=True)
    answer = models.CharField("复核理由", max_length=1000, blank=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "陈述申辩"
        db_table = "penalties_plea"
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return self.content[:40]


class Hearing(models.Model):
    """听证: asked for, announced in time, held by somebody who has not investigated."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="hearing", verbose_name="案件")
    asked_on = models.DateField("要求听证日期")
    notified_on = models.DateField("听证通知日期", null=True)
    held_on = models.DateField("听证日期", null=True)
    place = models.CharField("地点", max_length=120, blank=True)
    presider = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="听证主持人"
    )
    record = models.TextField("听证意见", max_length=4000, blank=True)
    finished_at = models.DateTimeField("听证结束登记时间", null=True)
    is_withdrawn = models.BooleanField("当事人撤回听证", default=False)

    access_path = "case__unit"

    class Meta:
        verbose_name = "听证"
        db_table = "penalties_hearing"

    def __str__(self) -> str:
        return f"{self.case.number} 听证"


class Discussion(models.Model):
    """集体讨论 of the authority's leaders."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="discussions", verbose_name="案件")
    held_on = models.DateField("讨论日期")
    result = models.CharField("讨论结论", max_length=1000)
    agreed = models.BooleanField("同意处罚意见")
    fine = models.DecimalField("议定罚款（元）", max_digits=12, decimal_places=2)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")

    access_path = "case__unit"

    class Meta:
        verbose_name = "集体讨论"
        db_table = "penalties_discussion"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.held_on} {'同意' if self.agreed else '不同意'}"


class Opinion(models.Model):
    """What one member said."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="opinions", verbose_name="集体讨论")
    name = models.CharField("参加人", max_length=40)
    text = models.CharField("意见", max_length=500)

    access_path = "discussion__case__unit"

    class Meta:
        verbose_name = "讨论意见"
        db_table = "penalties_opinion"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name}：{self.text}"


class Suspension(models.Model):
    """Days that some limits do not count; which ones, says the district pack."""

    class Kind(models.TextChoices):
        HEARING = "hearing", "听证"
        APPRAISAL = "appraisal", "检测、鉴定"
        ANNOUNCEMENT = "announcement", "公告"
        REVIEW = "review", "行政复议"
        LAWSUIT = "lawsuit", "行政诉讼"

    case = models.ForeignKey(Case, models.CASCADE, related_name="suspensions", verbose_name="案件")
    kind = models.CharField("事项", max_length=12, choices=Kind.choices)
    first = models.DateField("开始日期")
    last = models.DateField("结束日期", null=True, blank=True)
    """None: still standing."""

    access_path = "case__unit"

    class Meta:
        verbose_name = "停算期间"
        db_table = "penalties_suspension"
        ordering = ["first", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} 至 {self.last or '今'}"


class Transfer(models.Model):
    """移送 to the courts' side or another authority, with its receipt."""

    class To(models.TextChoices):
        JUDICIAL = "judicial", "司法机关"
        AUTHORITY = "authority", "其他行政机关"

    case = models.OneToOneField(Case, models.CASCADE, related_name="transfer", verbose_name="案件")
    to_kind = models.CharField("移送类别", max_length=10, choices=To.choices)
    to = models.CharField("接收机关", max_length=80)
    sent_on = models.DateField("移送日期")
    receipt_on = models.DateField("回执日期", null=True)
    receipt = models.CharField("回执文号或受理结果", max_length=120, blank=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "案件移送"
        db_table = "penalties_transfer"

    def __str__(self) -> str:
        return f"移送{self.to}"
