"""Alarms: one row an episode of a rule on a signal, judged by the engine and handled by people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.platform.clock import from_ms


class Severity(models.IntegerChoices):
    """Warning colours (国家突发事件预警 four levels); a larger number is worse."""

    BLUE = 1, "蓝"
    YELLOW = 2, "黄"
    ORANGE = 3, "橙"
    RED = 4, "红"

    @property
    def code(self) -> str:
        """The colour's name in rules and style sheets."""
        return self.name.lower()


SEVERE = Severity.ORANGE
"""From here on an alarm needs a verdict, and its own enterprise cannot dismiss it."""


def page_of(alarm: int) -> str:
    """URL of an alarm's page. The first call of a process reads all URLs (seconds): not inside a transaction."""
    return reverse("alarms:detail", args=[alarm])


class Alarm(models.Model):
    """Whether the condition still holds and whether somebody has taken note are two independent facts."""

    class EndReason(models.TextChoices):
        ENDED = "ended", "条件解除"
        RULE_CHANGE = "rule_change", "规则变更"
        LATE = "late", "补判截止"

    class Level(models.IntegerChoices):
        ENTERPRISE = 0, "企业"
        TOWN = 1, "镇街（管委会）"
        BUREAU = 2, "区应急局"

    class Verdict(models.TextChoices):
        GENUINE = "genuine", "属实"
        FALSE = "false", "误报"
        UNCLEAR = "unclear", "无法判断"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="alarms", verbose_name="责任单位")
    signal = models.ForeignKey("sensing.Signal", models.PROTECT, related_name="alarms", verbose_name="信号")
    rule_version = models.ForeignKey(
        "rules.RuleVersion", models.PROTECT, related_name="alarms", verbose_name="规则版本"
    )
    binding = models.ForeignKey("rules.Binding", models.PROTECT, related_name="alarms", verbose_name="规则实例")
    title = models.CharField("告警内容", max_length=200)
    """Rule and signal as they were called when it was raised."""
    started_ms = models.BigIntegerField("开始时间")
    ended_ms = models.BigIntegerField("结束时间", null=True)
    end_reason = models.CharField("结束原因", max_length=12, choices=EndReason.choices, blank=True)
    severity = models.PositiveSmallIntegerField("当前等级", choices=Severity.choices)
    peak = models.PositiveSmallIntegerField("最高等级", choices=Severity.choices)
    is_active = models.BooleanField("持续中", default=True)
    is_interrupted = models.BooleanField("数据中断", default=False)
    is_late = models.BooleanField("补判", default=False)
    is_open = models.BooleanField("未办结", default=True)
    """On the wall: active, unacknowledged, or severe without a verdict. Kept by `settle`."""
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="members", verbose_name="同源首条")
    """The alarm that this one repeats in a flood: same owner, same rule, no worse, within a window."""
    repeat = models.PositiveIntegerField("第几次", default=1)
    """How often this binding has raised an alarm within a day."""
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    level = models.PositiveSmallIntegerField("通知到", choices=Level.choices, default=Level.ENTERPRISE)
    escalate_at = models.DateTimeField("升级时间", null=True, db_index=True)
    verdict = models.CharField("核实结论", max_length=8, choices=Verdict.choices, null=True)
    verdict_reason = models.CharField("核实理由", max_length=300, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    verified_at = models.DateTimeField("核实时间", null=True)
    evidence = models.TextField("证据", default="{}")
    """JSON: rule version, parameters, limit, value, margin, inputs, clock bounds, calendar version."""
    created_at = models.DateTimeField("产生时间")

    access_path = "owner"

    class Meta:
        verbose_name = "告警"
        db_table = "alarms_alarm"
        ordering = ["-started_ms", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_version", "binding", "started_ms"], name="alarm_episode_unique")
        ]
        indexes = [
            models.Index(fields=["is_open", "severity"], name="alarm_open"),
            models.Index(fields=["owner", "started_ms"], name="alarm_owner_started"),
            models.Index(fields=["started_ms"], name="alarm_started"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The alarm's page."""
        return page_of(self.pk)

    @property
    def started_at(self) -> datetime:
        """Event time of the beginning."""
        return from_ms(self.started_ms)

    @property
    def ended_at(self) -> datetime | None:
        """Event time of the end; None while it lasts."""
        return None if self.ended_ms is None else from_ms(self.ended_ms)

    @property
    def facts(self) -> dict[str, Any]:
        """The evidence, decoded."""
        found: dict[str, Any] = orjson.loads(self.evidence)
        return found

    def settle(self) -> None:
        """Derive `is_open` from the facts; every writer calls it last."""
        needs_verdict = self.peak >= SEVERE and self.verdict is None
        self.is_open = self.is_active or self.acknowledged_at is None or needs_verdict
        if self.acknowledged_at is not None:
            self.escalate_at = None


class AlarmState(models.Model):
    """What a formula that looks back without bound remembered shortly before the alarm, to derive it again from."""

    alarm = models.OneToOneField(Alarm, models.CASCADE, primary_key=True, related_name="state")
    state = models.BinaryField()
    """Snapshot (`engine.snapshot`) of the alarm's binding, compressed by zlib."""

    class Meta:
        db_table = "alarms_state"

    def __str__(self) -> str:
        return f"alarm {self.pk}"


class Episode(models.Model):
    """Where the verdicts of one binding stand, so that changes can come twice and in any pieces."""

    binding = models.OneToOneField("rules.Binding", models.CASCADE, primary_key=True, related_name="episode")
    levels = models.TextField(default="{}")
    """JSON {level: [open, interrupted, time of the last change in ms]}."""
    is_open = models.BooleanField(default=False)
    opened_ms = models.BigIntegerField(default=0)
    alarm = models.ForeignKey(Alarm, models.PROTECT, null=True, related_name="+")
    """The alarm of the present or last episode; None if it began outside the rule's hours."""

    class Meta:
        db_table = "alarms_episode"
        indexes = [models.Index(fields=["is_open", "alarm"], name="episode_waiting")]

    def __str__(self) -> str:
        return f"binding {self.pk}"


class JudgeState(models.Model):
    """How far the judge has come: everything up to `judged_seq` has had its effect on the alarms.

    A judge on a cluster has no seq; it tells that it is alive.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    judged_seq = models.BigIntegerField(default=0)
    alive_at = models.DateTimeField("集群研判最近一批的时间", null=True)

    class Meta:
        db_table = "alarms_judge_state"

    def __str__(self) -> str:
        return str(self.judged_seq)
