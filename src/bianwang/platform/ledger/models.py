"""The ledger: one append-only row for each change of business state."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a ledger row."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Refuses bulk changes; the sealer alone uses `_seal`."""

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnlyError("台账只能追加，不能修改。")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("台账只能追加，不能删除。")

    def _seal(self, **values: Any) -> int:
        return super().update(**values)


class Entry(models.Model):
    """Who did what to which object, when, from where, and what changed.

    `seq` (gap-free) and `mac` are given by the sealer; readers follow `seq`, never `id`, because
    database ids commit out of order.
    """

    at = models.DateTimeField("时间", db_index=True)
    verb = models.CharField("动作", max_length=60, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    origin = models.CharField("来源地址", max_length=60)
    object_type = models.CharField("对象类别", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    object_label = models.CharField("对象", max_length=200)
    owner = models.ForeignKey("places.Party", models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    operation = models.CharField("操作批次", max_length=36, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    changes = models.TextField("前后值", default="{}")
    """Canonical JSON {field: [before, after]}; personal fields leave a keyed digest, never their value."""
    seq = models.BigIntegerField("序号", null=True, unique=True)
    mac = models.CharField("封存码", max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()
    access_path = "owner"

    class Meta:
        verbose_name = "台账记录"
        db_table = "ledger_entry"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="ledger_object"),
            models.Index(fields=["owner", "seq"], name="ledger_owner_seq"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError("台账只能追加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("台账只能追加，不能删除。")


class Cursor(models.Model):
    """How far a subscription has read the ledger."""

    code = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_cursor"

    def __str__(self) -> str:
        return f"{self.code} {self.seq}"


class Parked(models.Model):
    """An entry that a subscription could not handle: tried again later, so that it holds up no other."""

    code = models.CharField("订阅", max_length=60)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False, verbose_name="台账记录")
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    attempts = models.PositiveIntegerField("已试次数", default=0)
    next_at = models.DateTimeField("下次重试", db_index=True)
    message = models.CharField("最近错误", max_length=300, blank=True)

    class Meta:
        verbose_name = "待重试的台账订阅"
        db_table = "ledger_parked"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["code", "entry"], name="ledger_parked_once")]
        indexes = [models.Index(fields=["code", "object_type", "object_id"], name="ledger_parked_object")]

    def __str__(self) -> str:
        return f"{self.code} {self.entry_id}"


class SealLease(models.Model):
    """The one sealer: whoever holds the lease numbers and chains rows. `seq`, `mac` are the chain's head."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    holder = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField(null=True)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "台账"
        db_table = "ledger_seal_lease"

    def __str__(self) -> str:
        return "台账"
