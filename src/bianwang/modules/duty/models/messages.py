"""Group messages (群发): one text to many people, and who has said that it arrived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty import pack
from bianwang.modules.duty.models.contacts import Contact
from bianwang.platform.clock import now

_USER = settings.AUTH_USER_MODEL


class GroupMessage(models.Model):
    """One text as it was sent. It is never changed; collecting receipts is ended by hand."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="发送单位")
    key = models.CharField("防重编号", max_length=60, unique=True)
    """Of the form that was sent: the same form a second time is the same message."""
    title = models.CharField("标题", max_length=60)
    text = models.CharField("内容", max_length=500)
    urgency = models.CharField("紧急程度", max_length=20)
    """A code of `duty.yaml`."""
    minutes = models.PositiveSmallIntegerField("回执时限（分钟）")
    """The limit in force when it was sent."""
    source = models.CharField("关联事项", max_length=200, blank=True)
    """Address within the platform of what it is about."""
    asks_calls = models.BooleanField("无替补时转电话", default=True)
    """Off where the matter itself asks for a call to whoever is silent."""
    ends_at = models.DateTimeField("事项有效至", null=True)
    """When the matter is over by itself, and collecting receipts with it."""
    sent_at = models.DateTimeField("发送时间", db_index=True)
    sent_by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="发送人")
    closed_at = models.DateTimeField("结束收集时间", null=True, db_index=True)
    closed_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "群发消息"
        db_table = "duty_message"
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:message", args=[self.pk])

    @property
    def urgency_name(self) -> str:
        """The urgency in words."""
        return pack.urgency_name(self.urgency)

    @property
    def urgency_colour(self) -> str:
        """The badge's colour."""
        return pack.urgency_colour(self.urgency)


class Recipient(models.Model):
    """One person of a message. Whoever was asked at first is a root; substitutes called later name theirs."""

    class Way(models.TextChoices):
        PAGE = "page", "平台回执"
        LINK = "link", "短信链接"
        PHONE = "phone", "电话登记"

    message = models.ForeignKey(GroupMessage, models.PROTECT, related_name="recipients", verbose_name="群发消息")
    number = models.PositiveIntegerField("序号")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", verbose_name="联系人")
    """None: whoever was on duty by the roster."""
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True)
    user = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="平台账号")
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="substitutes", verbose_name="替谁")
    sms = models.ForeignKey("outbox.Message", models.PROTECT, null=True, related_name="+", verbose_name="短信")
    """None: there is no number that takes a text."""
    asked_at = models.DateTimeField("通知时间")
    due_at = models.DateTimeField("回执时限", db_index=True)
    moved_at = models.DateTimeField("转替补或转电话时间", null=True)
    """When the limit had passed and the call tree went on."""
    received_at = models.DateTimeField("回执时间", null=True)
    covered_at = models.DateTimeField("已收时间", null=True)
    """Of a root: when the first of it and its substitutes said so."""
    way = models.CharField("回执方式", max_length=8, choices=Way.choices, blank=True)
    reply = models.CharField("答复", max_length=300, blank=True)
    noted_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    access_path = "unit"

    class Meta:
        verbose_name = "消息回执"
        db_table = "duty_recipient"
        ordering = ["message_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="duty_recipient_number"),
            models.UniqueConstraint(
                fields=["message", "contact"], condition=models.Q(contact__isnull=False), name="duty_recipient_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message}（{self.name}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:recipient", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether the limit has passed without a word from them; up to the very moment is in time."""
        return self.received_at is None and self.due_at < now() and self.message.closed_at is None

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words and colour (select `sms` and `message`)."""
        if self.received_at is not None:
            return ("已答复", "green") if self.reply else ("已收到", "green")
        if self.covered_at is not None:
            return "替补已收", "green"
        if self.is_late:
            return "逾时未收", "red"
        return self.sending

    @property
    def sending(self) -> tuple[str, str]:
        """How far the text got, in words and colour."""
        if self.sms is None:
            return "无手机号", "orange"
        return {"sent": ("已发送", "blue"), "failed": ("发送失败", "red")}.get(self.sms.state, ("待发送", "secondary"))
