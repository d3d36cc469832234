"""The password policy, by profile."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bianwang.platform.accounts.models import User
from bianwang.platform.accounts.passwords import PolicyValidator, one_time_password
from bianwang.platform.config import config

SOMEBODY = User(username="wang.qiang", name="王强", pinyin="wangqiang")


def problems(password: str, user: User | None = SOMEBODY) -> str:
    try:
        PolicyValidator().validate(password, user)
    except ValidationError as error:
        return "".join(error.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab3-xyzqt", "至少 10 位，现为 9 位"),
        ("abcdkfmxqt", "至少 3 类"),
        ("abcdk2mxqt", "至少 3 类"),
        ("Admin@123456", "过于常见"),
        ("P@ssw0rd2026", "过于常见"),
        ("Bishan@2026", "过于常见"),
        ("Qwer!234567", "过于常见"),
        ("Aa1-Aa1-Aa1-", "过于常见"),
        ("Wang.Qiang-77", "账号或姓名"),
        ("7-WangQiang-x", "账号或姓名"),
        ("Xq3-" * 40, "不能超过 128 位"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    assert reason in problems(password)


@pytest.mark.parametrize("password", ["Shan-7428-hu", "山高水长Ab-1234", "xK9!mvQ2rt", "Tian kong 2 lan"])
def test_a_good_password_passes(password: str) -> None:
    assert problems(password) == ""


def test_the_long_profile_asks_for_length_not_for_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config(), "password_profile", "asvs")
    assert problems("quiet river under old bridge") == ""
    assert "至少 15 位" in problems("Shan-7428-hu")
    assert "类" not in PolicyValidator().get_help_text()


def test_one_time_passwords_meet_the_policy_and_differ() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(problems(password) == "" for password in made)
