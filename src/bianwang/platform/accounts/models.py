"""People and what they may do: a post is a role at a party."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q, QuerySet

from bianwang.platform import roles
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.places.models import Party
from bianwang.platform.places.names import PinyinMixin


class UserManager(BaseUserManager["User"]):
    """Looks users up by log-in name."""

    def admitted(self) -> QuerySet[User]:
        """Users who may use the platform: not disabled, and no demo accounts outside demo mode."""
        rows = self.filter(is_active=True)
        return rows if config().mode == "demo" else rows.filter(is_demo=False)


class User(PinyinMixin, AbstractBaseUser):
    """One person, one account. There is no super user."""

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True)
    certificate = models.CharField("执法证号", max_length=40, blank=True)
    certificate_until = models.DateField("执法证有效期至", null=True, blank=True)
    """The last day; None: no end is known."""
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("开设时间", auto_now_add=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    failures = models.PositiveSmallIntegerField("连续登录失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    last_login_from = models.CharField("上次登录地址", max_length=45, blank=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        db_table = "accounts_user"
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_admitted(self) -> bool:
        """Whether the account may use the platform at all; `UserManager.admitted` for one row."""
        return self.is_active and (not self.is_demo or config().mode == "demo")

    def is_certified(self, day: date) -> bool:
        """Whether the person may enforce the law on a day: a certificate that is still valid."""
        return bool(self.certificate) and (self.certificate_until is None or day <= self.certificate_until)

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong passwords keep the account out just now."""
        return self.locked_until is not None and self.locked_until > now()

    @property
    def password_due(self) -> bool:
        """Whether a new password must be set before anything else: first log-in, reset, or too old."""
        if self.must_change_password or self.password_changed_at is None:
            return True
        days = config().password_days
        return bool(days) and now() - self.password_changed_at > timedelta(days=days)


class Post(models.Model):
    """A role that a user holds at a party; the party decides how far he sees."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField("角色", max_length=24, choices=list(roles.NAMES.items()))
    party = models.ForeignKey(Party, models.PROTECT, related_name="posts", verbose_name="单位")

    class Meta:
        verbose_name = "任职"
        db_table = "accounts_post"
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "party"], name="post_unique"),
            # 等保: three administrators, three persons. Services and `access` keep business roles apart.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role__in=sorted(roles.ADMINISTRATORS)),
                name="post_one_administrator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.party}）"


class OldPassword(models.Model):
    """Earlier password hashes, so that the last five are not used again (等保 2.0)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "旧密码"
        db_table = "accounts_old_password"

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"
