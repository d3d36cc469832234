"""Rosters (值班表), their shifts, and who sits in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty.models.people import DutyPost, Person, Role
from bianwang.modules.duty.workflow import ROSTER
from bianwang.platform.workflow.models import WorkflowMixin


class Roster(WorkflowMixin):
    """The shifts of one post over some days. Published it is not edited any more: people swap."""

    workflow = ROSTER

    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="rosters", verbose_name="岗位")
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    published_at = models.DateTimeField("发布时间", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "post__owner"

    class Meta:
        verbose_name = "值班表"
        db_table = "duty_roster"
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return f"{self.post} {self.first_day:%Y-%m-%d}至{self.last_day:%m-%d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:roster", args=[self.pk])


class Shift(models.Model):
    """One shift: from when to when, and how many people it needs (as the post asked when it was planned)."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="shifts", verbose_name="值班表")
    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="shifts", verbose_name="岗位")
    day = models.DateField("日期", db_index=True)
    name = models.CharField("班次", max_length=20)
    starts_at = models.DateTimeField("开始时间", db_index=True)
    ends_at = models.DateTimeField("结束时间", db_index=True)
    is_rest = models.BooleanField("休息日")
    officers = models.PositiveSmallIntegerField("应到值班人数")
    needs_leader = models.BooleanField("须有带班领导")

    access_path = "post__owner"

    class Meta:
        verbose_name = "班次"
        db_table = "duty_shift"
        ordering = ["starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["roster", "starts_at"], name="duty_shift_unique")]

    def __str__(self) -> str:
        return f"{self.post} {self.day} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:shift", args=[self.pk])

    def _names(self, role: str) -> str:
        return "、".join(seat.person.name for seat in self.seats.all() if seat.role == role)

    @property
    def leader_names(self) -> str:
        """Who leads (prefetch `seats__person`)."""
        return self._names(Role.LEADER)

    @property
    def officer_names(self) -> str:
        """Who is on duty (prefetch `seats__person`)."""
        return self._names(Role.OFFICER)


class Seat(models.Model):
    """One person in one shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="seats", verbose_name="班次")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="人员")
    role = models.CharField("职责", max_length=8, choices=Role.choices)

    access_path = "shift__post__owner"

    class Meta:
        verbose_name = "值班安排"
        db_table = "duty_seat"
        ordering = ["shift_id", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "person"], name="duty_seat_once"),
            models.UniqueConstraint(fields=["shift"], condition=models.Q(role="leader"), name="duty_seat_one_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.shift} {self.person}"
