"""Posts that must be manned, the people who man them, and the order in which they take turns."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty.pack import scheme_name
from bianwang.platform.places.names import PinyinMixin


class Role(models.TextChoices):
    """What somebody does in a shift."""

    LEADER = "leader", "带班领导"
    OFFICER = "officer", "值班人员"


class DutyPost(models.Model):
    """A post of a unit that is manned around the clock."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="duty_posts", verbose_name="单位")
    name = models.CharField("岗位名称", max_length=40)
    scheme = models.CharField("班次方案", max_length=20)
    """A code of `duty.yaml`."""
    officers = models.PositiveSmallIntegerField("每班值班人数", default=1)
    needs_leader = models.BooleanField("须有带班领导", default=True)
    phone = models.CharField("值班电话", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "值班岗位"
        db_table = "duty_post"
        ordering = ["owner_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="duty_post_unique",
                violation_error_message="这个单位已有同名的值班岗位，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:post", args=[self.pk])

    @property
    def scheme_name(self) -> str:
        """How its day is cut into shifts, in words."""
        return scheme_name(self.scheme)


class Person(PinyinMixin):
    """Somebody who takes turns or can be called, with or without an account."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="duty_people", verbose_name="单位")
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("手机", max_length=20)
    can_lead = models.BooleanField("可带班", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="平台账号"
    )
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "值班人员"
        db_table = "duty_person"
        ordering = ["owner_id", "pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="duty_person_unique",
                violation_error_message="这个单位已有同名的值班人员；确有同名的，请在姓名后加注区别。",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(user__isnull=False),
                name="duty_person_account",
                violation_error_message="这个平台账号已登记给另一位值班人员，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Their page."""
        return reverse("duty:person", args=[self.pk])


class RotationPlace(models.Model):
    """One place in the order of turns of a post; working days and rest days take turns apart."""

    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="places", verbose_name="岗位")
    role = models.CharField("职责", max_length=8, choices=Role.choices)
    is_rest = models.BooleanField("休息日轮换")
    position = models.PositiveSmallIntegerField("次序")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")

    access_path = "post__owner"

    class Meta:
        verbose_name = "轮换次序"
        db_table = "duty_rotation"
        ordering = ["post_id", "role", "is_rest", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "role", "is_rest", "position"], name="duty_rotation_place"),
            models.UniqueConstraint(fields=["post", "role", "is_rest", "person"], name="duty_rotation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position + 1} {self.person}"
