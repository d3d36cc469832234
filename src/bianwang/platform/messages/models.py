"""Messages that leave the platform: one row a recipient, known by a key that is sent once."""

from __future__ import annotations

from django.db import models

from bianwang.platform.sealing.fields import SealedField


class Message(models.Model):
    """One text to one recipient. It is durable before anything is sent; the loop sends it (`services.deliver`)."""

    class Channel(models.TextChoices):
        SMS = "sms", "短信"
        WECHAT = "wechat", "微信"
        BROADCAST = "broadcast", "村村通广播"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"
        CANCELLED = "cancelled", "已取消"

    key = models.CharField("消息编号", max_length=80, unique=True)
    """Given by whoever sends: the same key is the same message."""
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    recipient_mask = models.CharField("接收方", max_length=100)
    sealed = SealedField("接收方密文", null=True)
    """Opened for the sender alone (`recipients.py`); None once it was sent or cancelled."""
    text = models.TextField("内容")
    about = models.CharField("事由", max_length=200, blank=True)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="发送单位")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField("下次处理时间")
    """When it is to be sent; while it is being sent, when the claim of a dead process runs out."""
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    error = models.CharField("失败原因", max_length=300, blank=True)
    created_at = models.DateTimeField("登记时间", db_index=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    access_path = "owner"

    class Meta:
        verbose_name = "消息"
        db_table = "outbox_message"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="outbox_message_due")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.key}"

    @property
    def colour(self) -> str:
        """The badge's colour."""
        return {"sent": "green", "failed": "red", "sending": "blue"}.get(self.state, "secondary")
