"""Log-in and lock-out (等保 2.0 身份鉴别; ASVS 5.0 V6)."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import hashers
from django.core.exceptions import ValidationError
from django.test import override_settings

from bianwang.platform.accounts import services, signin
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ratelimit import LOGIN, TooOften
from tests.people import PASSWORD, World

HERE = "10.1.2.3"


def fail(username: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(signin.LoginRefused):
            signin.authenticate(username, "wrong", HERE)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_the_right_password_logs_in_and_is_recorded_with_its_address(world: World) -> None:
    user = signin.authenticate("duty", PASSWORD, HERE)
    assert user == world.who("duty")
    assert (user.last_login_from, user.failures) == (HERE, 0)
    entry = Entry.objects.get(verb="accounts.login")
    assert (entry.actor, entry.origin, entry.object_id) == (user, HERE, user.pk)


def test_a_failed_attempt_is_nobodys_act(world: World) -> None:
    fail("duty")
    entry = Entry.objects.get(verb="accounts.login_failed")
    assert (entry.actor, entry.actor_name, entry.origin) == (None, "未登录者", HERE)
    assert entry.object_id == world.who("duty").pk


def test_the_name_may_be_typed_with_capitals_and_spaces(world: World) -> None:
    assert signin.authenticate(" Duty ", PASSWORD, HERE) == world.who("duty")


def test_five_failures_in_a_row_lock_for_fifteen_minutes(world: World) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        fail("duty", 4)
        assert signin.authenticate("duty", PASSWORD, HERE)
        fail("duty", 5)
        fail_with_right_password = pytest.raises(signin.LoginRefused)
        with fail_with_right_password:
            signin.authenticate("duty", PASSWORD, HERE)
        clock.shift(timedelta(minutes=14, seconds=59))
        with pytest.raises(signin.LoginRefused):
            signin.authenticate("duty", PASSWORD, HERE)
        clock.shift(timedelta(seconds=2))
        assert signin.authenticate("duty", PASSWORD, HERE)
    assert verbs().count("accounts.lock") == 1
    assert verbs().count("accounts.login_failed") == 4 + 5 + 2


def test_a_guess_that_was_checked_beside_the_locking_one_is_refused(world: World) -> None:
    """The password was right, but the account was locked between the check and the decision."""
    user = world.who("duty")
    User.objects.filter(pk=user.pk).update(locked_until=now() + signin.LOCKED_FOR)
    assert not signin._settle(user, True, HERE)


def test_failures_count_from_the_row_not_from_a_stale_object(world: World) -> None:
    first, second = User.objects.get(username="duty"), User.objects.get(username="duty")
    signin._settle(first, False, HERE)
    signin._settle(second, False, HERE)
    assert User.objects.get(username="duty").failures == 2


def test_the_system_administrator_unlocks_and_it_is_recorded(world: World) -> None:
    fail("duty", 5)
    services.unlock(world.who("duty"), by=world.who("system"))
    assert signin.authenticate("duty", PASSWORD, HERE)
    assert "accounts.unlock" in verbs()


@pytest.mark.parametrize("username", ["duty", "no_such_person", "disabled", "locked", "demo"])
def test_every_failure_reads_the_same(world: World, username: str) -> None:
    User.objects.filter(username="town").update(username="locked", locked_until=now() + timedelta(minutes=5))
    User.objects.filter(username="town2").update(username="demo", is_demo=True)
    right = "" if username == "duty" else PASSWORD
    with pytest.raises(signin.LoginRefused) as caught:
        signin.authenticate(username, right, HERE)
    assert caught.value.message == signin.REFUSED


def test_an_unknown_account_costs_the_same_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a stopwatch: the same work is done, once, for known and unknown, good and bad accounts."""
    checked: list[str] = []
    real = hashers.check_password

    def counting(password: str, encoded: str) -> bool:
        checked.append(encoded)
        return real(password, encoded)

    monkeypatch.setattr(signin, "check_password", counting)
    for username in ("duty", "no_such_person", "disabled"):
        checked.clear()
        fail(username)
        assert len(checked) == 1
        assert hashers.identify_hasher(checked[0]).algorithm == hashers.get_hasher().algorithm


def test_what_was_typed_as_an_unknown_name_leaves_only_a_digest(world: World) -> None:
    fail("MySecretTypedInTheWrongBox")
    entry = Entry.objects.get(verb="accounts.login_failed")
    assert "Secret" not in entry.changes + entry.object_label
    assert "sm3:" in entry.changes


def test_demo_accounts_log_in_only_in_demo_mode(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(username="duty").update(is_demo=True)
    fail_demo = pytest.raises(signin.LoginRefused)
    with fail_demo:
        signin.authenticate("duty", PASSWORD, HERE)
    monkeypatch.setattr(config(), "mode", "demo")
    assert signin.authenticate("duty", PASSWORD, HERE)


def test_one_address_may_not_try_without_end_whatever_the_accounts(world: World) -> None:
    for number in range(LOGIN.count):
        fail(f"guess{number}")
    with pytest.raises(TooOften, match="请在"):
        signin.authenticate("duty", PASSWORD, HERE)
    assert signin.authenticate("duty", PASSWORD, "10.9.9.9")


def test_a_password_of_a_megabyte_is_wrong_and_costs_no_more(world: World) -> None:
    fail_long = pytest.raises(signin.LoginRefused)
    with fail_long:
        signin.authenticate("duty", PASSWORD + "x" * 1_000_000, HERE)


def test_passwords_are_kept_with_argon2(world: World) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        user = world.who("duty")
        signin.set_password(user, "Yun-4471-lan", must_change=False)
        assert user.password.startswith("argon2$argon2id$")
        assert user.check_password("Yun-4471-lan")


def test_changing_the_password_needs_the_present_one(world: World) -> None:
    with pytest.raises(ValidationError, match="现密码不正确"):
        signin.change_password(world.who("duty"), "guess", "Yun-4471-lan")
    assert world.who("duty").check_password(PASSWORD)


def test_the_last_five_passwords_do_not_come_back(world: World) -> None:
    user = world.who("duty")
    used = [PASSWORD, *(f"Yun-447{n}-lan" for n in range(4))]
    for old, new in itertools.pairwise(used):
        signin.change_password(user, old, new)
    for known in used:
        with pytest.raises(ValidationError, match="最近 5 次"):
            signin.change_password(user, used[-1], known)
    signin.change_password(user, used[-1], "Hai-9912-tian")
    signin.change_password(user, "Hai-9912-tian", PASSWORD)
    assert user.old_passwords.count() <= 5


def test_a_password_expires_after_the_configured_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user = world.who("duty")
    assert not user.password_due
    user.password_changed_at = now() - timedelta(days=91)
    assert user.password_due
    monkeypatch.setattr(config(), "password_days", 0)
    assert not user.password_due
