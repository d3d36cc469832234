"""Password policy: profile `dengbao` by default, `asvs` for those who may choose (docs/adr/001)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bianwang.platform.config import config

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import User

REMEMBERED = 5
"""How many of the last passwords, the present one included, may not come back."""


@dataclass(frozen=True)
class Profile:
    """What a password must be. `classes` of: lower case, upper case, digits, other characters."""

    length: int
    classes: int


PROFILES = {
    "dengbao": Profile(length=10, classes=3),
    "asvs": Profile(length=15, classes=1),
}

_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_LEET = str.maketrans({"@": "a", "4": "a", "3": "e", "0": "o", "1": "i", "!": "i", "$": "s", "5": "s", "7": "t"})
# Without characters that are mistaken for one another when read from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


class PolicyValidator:
    """The policy in the form that Django calls (settings.AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with one Chinese sentence for each thing that is wrong."""
        problems = list(_problems(password, user))
        if problems:
            raise ValidationError(problems)

    def get_help_text(self) -> str:
        """What to tell before somebody chooses."""
        profile = PROFILES[config().password_profile]
        kinds = f"，含大写字母、小写字母、数字、符号中的至少 {profile.classes} 类" if profile.classes > 1 else ""
        return f"至少 {profile.length} 位{kinds}；不含账号或姓名拼音，不是常见密码或近 {REMEMBERED} 次密码。"


def one_time_password() -> str:
    """A random password for a first log-in: 15 characters that can be read out over the phone."""
    blocks = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
    blocks[0] = blocks[0].capitalize()
    return "-".join(blocks) + secrets.choice(_DIGITS)


def _problems(password: str, user: User | None) -> Iterator[str]:
    profile = PROFILES[config().password_profile]
    if len(password) < profile.length:
        yield f"密码至少 {profile.length} 位，现为 {len(password)} 位。"
    if len(password) > 128:
        yield "密码不能超过 128 位。"
    if sum(bool(re.search(kind, password)) for kind in _CLASSES) < profile.classes:
        yield f"密码须含大写字母、小写字母、数字、符号中的至少 {profile.classes} 类。"
    if _is_weak(password):
        yield "密码过于常见，容易被猜到，请换一个。"
    if user is None:
        return
    plain = password.lower()
    if any(len(part) >= 3 and part in plain for part in (user.username.lower(), user.pinyin)):
        yield "密码不能包含账号或姓名拼音。"
    if user.pk and _was_used(password, user):
        yield f"密码不能与最近 {REMEMBERED} 次用过的相同。"


def _was_used(password: str, user: User) -> bool:
    earlier = user.old_passwords.order_by("-set_at", "-pk").values_list("password", flat=True)[: REMEMBERED - 1]
    return any(check_password(password, hashed) for hashed in {user.password, *earlier})


def _is_weak(password: str) -> bool:
    """Whether it is a common password, or a common word dressed up with digits and signs.

    Admin@123456 and P@ssw0rd2026 satisfy every rule on character classes and are the first that are tried.
    """
    plain = password.lower()
    words, common = _weak()
    bare = re.sub(r"[^a-z]", "", plain)
    undressed = re.sub(r"[^a-z]", "", re.sub(r"[\d\W_]+$", "", plain).translate(_LEET))
    return plain in common or {bare, undressed} & words != set() or len(set(plain)) < 5


@lru_cache(maxsize=1)
def _weak() -> tuple[frozenset[str], set[str]]:
    text = (Path(__file__).parent / "weak_words.txt").read_text("utf-8")
    words = frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return words, CommonPasswordValidator().passwords
