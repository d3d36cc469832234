"""The contact list (通讯录): people with their numbers, the groups they are in, and who is called in their place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.platform.places.names import PinyinMixin


class ContactGroup(models.Model):
    """A list of people who are told together, kept by one unit."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="维护单位")
    name = models.CharField("分组", max_length=40)
    position = models.PositiveSmallIntegerField("次序", default=1)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "通讯分组"
        db_table = "duty_contact_group"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="duty_group_unique",
                violation_error_message="这个单位已有同名的分组，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:group", args=[self.pk])


class Contact(PinyinMixin):
    """Somebody who can be reached, with or without an account. `substitute` is the next branch of the call tree."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=1)
    """Among the people of the unit: the first is called first."""
    groups: models.ManyToManyField[ContactGroup, models.Model] = models.ManyToManyField(
        ContactGroup, related_name="contacts", verbose_name="分组", db_table="duty_contact_in_group", blank=True
    )
    substitute = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="替补")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="平台账号"
    )
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "联系人"
        db_table = "duty_contact"
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="duty_contact_unique",
                violation_error_message="这个单位已有同名的联系人；确有同名的，请在姓名后加注区别。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Their page."""
        return reverse("duty:contact", args=[self.pk])

    @property
    def group_names(self) -> str:
        """The groups in words (prefetch `groups`)."""
        return "、".join(group.name for group in self.groups.all())

    @property
    def mobile(self) -> str:
        """Where a text goes: the first mobile number (prefetch `numbers`); empty for none."""
        return next((row.number for row in self.numbers.all() if row.is_mobile), "")


class ContactNumber(models.Model):
    """One number of somebody; the first is tried first."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="numbers", verbose_name="联系人")
    position = models.PositiveSmallIntegerField("次序")
    number = models.CharField("电话", max_length=20)

    access_path = "contact__owner"

    class Meta:
        verbose_name = "联系电话"
        db_table = "duty_contact_number"
        ordering = ["contact_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "position"], name="duty_number_place"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_mobile(self) -> bool:
        """Whether a text can be sent to it."""
        return len(self.number) == 11 and self.number.isdecimal() and self.number.startswith("1")
