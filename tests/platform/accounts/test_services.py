"""Opening accounts and giving posts: three administrators, three persons, nobody for himself."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bianwang.platform import access, roles
from bianwang.platform.accounts import services
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.ledger.models import Entry
from tests.people import World

SECRET = "Shan-7428-lu"


def test_the_system_administrator_opens_an_account_with_a_one_time_password(world: World) -> None:
    user, password = services.create("zhou.min", "周敏", by=world.who("system"), phone="13911112222")
    assert user.check_password(password)
    assert user.must_change_password
    assert access.role_codes(user) == frozenset()
    entry = Entry.objects.get(verb="accounts.create")
    assert "13911112222" not in entry.changes
    assert "周敏" in entry.changes


@pytest.mark.parametrize("key", ["security", "audit", "leader", "duty", "safety", "nobody"])
def test_nobody_else_opens_disables_unlocks_or_resets(world: World, key: str) -> None:
    by, target = world.who(key), world.who("town")
    with pytest.raises(PermissionDenied):
        services.create("zhou.min", "周敏", by=by)
    with pytest.raises(PermissionDenied):
        services.disable(target, by=by, reason="x")
    with pytest.raises(PermissionDenied):
        services.unlock(target, by=by)
    with pytest.raises(PermissionDenied):
        services.reset_password(target, by=by)
    assert not User.objects.filter(username="zhou.min").exists()


@pytest.mark.parametrize("key", ["system", "audit", "leader", "head", "nobody"])
def test_only_the_security_administrator_grants(world: World, key: str) -> None:
    with pytest.raises(PermissionDenied):
        services.grant(world.who("nobody"), roles.DUTY, world.duty_office, by=world.who(key))
    with pytest.raises(PermissionDenied):
        services.revoke(world.who("duty").posts.get(), by=world.who(key))


def test_a_grant_counts_at_once_and_is_recorded(world: World) -> None:
    user = world.who("nobody")
    services.grant(user, roles.DUTY, world.duty_office, by=world.who("security"))
    assert access.role_codes(user) == {roles.DUTY}
    entry = Entry.objects.get(verb="accounts.grant")
    assert "值班员（应急指挥科）" in entry.changes
    with pytest.raises(ValidationError, match="无需再授予"):
        services.grant(user, roles.DUTY, world.duty_office, by=world.who("security"))


@pytest.mark.parametrize("role", sorted(roles.NAMES))
def test_nobody_can_grant_himself(world: World, role: str) -> None:
    by = world.who("security")
    with pytest.raises(PermissionDenied):
        services.grant(by, role, world.bureau, by=by)
    with pytest.raises(PermissionDenied):
        services.revoke(by.posts.get(), by=by)


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(sorted(roles.ADMINISTRATORS), 2)))
def test_nobody_holds_two_administrator_roles(world: World, first: str, second: str) -> None:
    by, user = _another_security(world), world.who("nobody")
    services.grant(user, first, world.bureau, by=by)
    with pytest.raises(ValidationError, match="不同的人"):
        services.grant(user, second, world.bureau, by=by)


@pytest.mark.parametrize("role", sorted(roles.ADMINISTRATORS))
def test_administrator_and_business_roles_do_not_meet_in_one_person(world: World, role: str) -> None:
    by = _another_security(world)
    with pytest.raises(ValidationError, match="不兼任"):
        services.grant(world.who("duty"), role, world.bureau, by=by)
    with pytest.raises(ValidationError, match="不兼任"):
        services.grant(world.who(role), roles.DUTY, world.duty_office, by=by)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (roles.SAFETY, "bureau"),
        (roles.LEADER, "town"),
        (roles.TOWN, "village"),
        (roles.DUTY, "plant"),
        (roles.AUDIT, "department"),
    ],
)
def test_a_role_is_held_only_where_it_makes_sense(world: World, role: str, place: str) -> None:
    with pytest.raises(ValidationError, match="只能在"):
        services.grant(world.who("nobody"), role, getattr(world, place), by=world.who("security"))


def test_every_role_has_a_place_where_it_is_held() -> None:
    assert set(roles.HELD_AT) == set(roles.NAMES)


def test_the_last_administrator_of_a_kind_stays(world: World) -> None:
    with pytest.raises(ValidationError, match="唯一"):
        services.revoke(world.who("audit").posts.get(), by=world.who("security"))
    with pytest.raises(ValidationError, match="唯一"):
        services.disable(world.who("security"), by=world.who("system"), reason="调离")
    services.grant(world.who("nobody"), roles.AUDIT, world.bureau, by=world.who("security"))
    services.revoke(world.who("audit").posts.get(), by=world.who("security"))


def test_nobody_disables_or_resets_himself(world: World) -> None:
    by = world.who("system")
    with pytest.raises(ValidationError, match="自己"):
        services.disable(by, by=by, reason="x")
    with pytest.raises(ValidationError, match="自己"):
        services.reset_password(by, by=by)


def test_disabling_needs_a_reason_and_takes_every_right(world: World) -> None:
    with pytest.raises(ValidationError, match="原因"):
        services.disable(world.who("duty"), by=world.who("system"), reason=" ")
    services.disable(world.who("duty"), by=world.who("system"), reason="调离")
    user = User.objects.get(username="duty")
    assert access.role_codes(user) == frozenset()
    assert Entry.objects.get(verb="accounts.disable").reason == "调离"
    services.enable(user, by=world.who("system"))
    assert access.role_codes(User.objects.get(username="duty")) == {roles.DUTY}


@pytest.mark.parametrize("username", ["", "a", "王强", "Wang", "1wang", "wang qiang", "x" * 41])
def test_a_bad_account_name_is_refused_by_field(world: World, username: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.create(username, "王强", by=None)
    assert "username" in caught.value.message_dict


def test_a_certificate_is_entered_renewed_and_taken_away(world: World) -> None:
    officer, last = world.who("enforcement"), date(2026, 6, 30)
    assert not officer.is_certified(last)
    services.certify(officer, " 渝B1 ", last, by=world.who("system"))
    assert officer.is_certified(last)
    assert not officer.is_certified(date(2026, 7, 1))
    services.certify(officer, "渝B1", None, by=world.who("system"))
    assert officer.is_certified(date(2099, 1, 1))
    services.certify(officer, "", last, by=world.who("system"))
    officer.refresh_from_db()
    assert (officer.certificate, officer.certificate_until) == ("", None)
    assert Entry.objects.filter(verb="accounts.certify").count() == 3
    with pytest.raises(PermissionDenied):
        services.certify(officer, "渝B1", last, by=world.who("security"))


def test_an_account_name_is_given_once(world: World) -> None:
    with pytest.raises(ValidationError, match="已被使用"):
        services.create("duty", "王强", by=None)


def test_a_refused_account_leaves_nothing_behind(world: World) -> None:
    before = Entry.objects.count()
    with pytest.raises(ValidationError):
        services.create("zhou.min", "周敏", by=None, password="123456")
    assert not User.objects.filter(username="zhou.min").exists()
    assert Entry.objects.count() == before


def test_the_first_three_administrators_are_founded_once(world: World) -> None:
    people = {
        roles.SYSTEM: ("sys", "韩一", SECRET),
        roles.SECURITY: ("sec", "韩二", SECRET),
        roles.AUDIT: ("aud", "韩三", SECRET),
    }
    with pytest.raises(ValidationError, match="已经开设"):
        services.found(people, world.bureau)
    assert not User.objects.filter(username="sys").exists()
    Post.objects.filter(role__in=roles.ADMINISTRATORS).delete()
    with pytest.raises(ValidationError, match="不同的账号"):
        services.found(people | {roles.AUDIT: ("sys", "韩三", SECRET)}, world.bureau)
    with pytest.raises(ValidationError, match="三个账号"):
        services.found({roles.AUDIT: ("sys", "韩三", SECRET)}, world.bureau)
    made = services.found(people, world.bureau)
    assert [(role, access.role_codes(user)) for role, user, _ in made] == [(role, {role}) for role in people]


def _another_security(world: World) -> User:
    user, _ = services.create("second.security", "第二安管", by=world.who("system"))
    services.grant(user, roles.SECURITY, world.bureau, by=world.who("security"))
    return user
