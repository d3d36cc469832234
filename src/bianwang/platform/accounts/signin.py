"""Log-in, lock-out and passwords.

等保 2.0 (GB/T 22239-2019, 身份鉴别): five wrong passwords in a row lock the account for 15 minutes. Whoever
fails reads the same sentence, after the same work, whether the account is unknown, locked, disabled or the
password wrong.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.platform.accounts.models import OldPassword, User
from bianwang.platform.accounts.passwords import REMEMBERED
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.services import record
from bianwang.platform.ratelimit import LOGIN

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
LONGEST = 128
REFUSED = "账号或密码不正确，或账号暂时不可用。连续 5 次输错将锁定 15 分钟；急用请联系系统管理员。"
PASSWORD_FIELDS = ("password", "password_changed_at", "must_change_password")


class LoginRefused(ValidationError):
    """The log-in failed; the message never tells which part was wrong."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


def authenticate(username: str, password: str, address: str) -> User:
    """The user with this name and password; counts and records the attempt, and locks after five failures.

    Raises LoginRefused, or `ratelimit.TooOften` for an address that tries too often.
    """
    LOGIN.hit(address)
    user = User.objects.filter(username=username.strip().lower()).first()
    correct = check_password(password[:LONGEST], user.password if user else _nobodys_password())
    # Until the password is right, nobody knows who is asking.
    with acting(None, address, name="未登录者"):
        if user is None:
            _record_unknown(username)
            raise LoginRefused
        if not _settle(user, correct and len(password) <= LONGEST, address):
            raise LoginRefused
    return user


@transaction.atomic
def record_logout(user: User, reason: str = "") -> None:
    """Note that somebody left, or was sent away by a time-out."""
    record("accounts.logout", user, owner=None, reason=reason)


def change_password(user: User, old: str, new: str) -> None:
    """Replace one's own password. Ends all other sessions. Raises ValidationError by field."""
    if not check_password(old[:LONGEST], user.password):
        raise ValidationError({"old": "现密码不正确，请重新输入。"})
    with transaction.atomic():
        try:
            set_password(user, new, must_change=False)
        except ValidationError as error:
            raise ValidationError({"new": error.messages}) from error
        user.save(update_fields=PASSWORD_FIELDS)
        record("accounts.password", user, owner=None)


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Put a password that meets the policy on the object; the caller saves it. Raises ValidationError."""
    validate_password(password, user)
    moment = now()
    if user.pk and user.password:
        OldPassword.objects.create(user=user, password=user.password, set_at=moment)
        kept = user.old_passwords.order_by("-set_at", "-pk").values_list("pk", flat=True)[:REMEMBERED]
        user.old_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.password_changed_at, user.must_change_password = moment, must_change


@transaction.atomic
def _settle(user: User, correct: bool, address: str) -> bool:
    """Decide under the row's lock, so that guesses side by side are counted one after the other."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if fresh.is_locked or not fresh.is_admitted:
        why = "账号锁定中" if fresh.is_locked else "账号停用" if not fresh.is_active else "演示账号"
        record("accounts.login_failed", fresh, owner=None, reason=why)
        return False
    if not correct:
        _count_failure(fresh)
        return False
    user.last_login, user.last_login_from = now(), address
    user.failures, user.locked_until = 0, None
    user.save(update_fields=["last_login", "last_login_from", "failures", "locked_until"])
    with acting(user, address):
        record("accounts.login", user, owner=None)
    return True


def _count_failure(user: User) -> None:
    user.failures += 1
    record("accounts.login_failed", user, owner=None, changes={"failures": (user.failures - 1, user.failures)})
    if user.failures >= FAILURES:
        user.failures, user.locked_until = 0, now() + LOCKED_FOR
        record("accounts.lock", user, owner=None, changes={"locked_until": (None, user.locked_until)})
    user.save(update_fields=["failures", "locked_until"])


@transaction.atomic
def _record_unknown(username: str) -> None:
    """What was typed leaves a digest only: people type their password into the wrong box."""
    typed = {"username": (None, username[:LONGEST])}
    nobody = User(pk=0, name="未登记的账号")
    record("accounts.login_failed", nobody, owner=None, changes=typed, secret=frozenset({"username"}))


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return make_password("nobody's")
