"""People and what they may do: a post is a role at a party."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from bianwang.platform import roles
from bianwang.platform.places.models import Party
from bianwang.platform.places.names import PinyinMixin


class UserManager(BaseUserManager["User"]):
    """Looks users up by log-in name."""


class User(PinyinMixin, AbstractBaseUser):
    """One person, one account. There is no super user."""

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True)
    certificate = models.CharField("执法证号", max_length=40, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("开设时间", auto_now_add=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    last_login_from = models.CharField("上次登录地址", max_length=45, blank=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        db_table = "accounts_user"
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role that a user holds at a party; the party decides how far he sees."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField("角色", max_length=24, choices=list(roles.NAMES.items()))
    party = models.ForeignKey(Party, models.PROTECT, related_name="posts", verbose_name="单位")

    class Meta:
        db_table = "accounts_post"
        constraints = [models.UniqueConstraint(fields=["user", "role", "party"], name="post_unique")]


class OldPassword(models.Model):
    """Earlier password hashes, so that the last five are not used again (等保 2.0)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_old_password"
