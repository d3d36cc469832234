"""The access door: who sees what, and where a permission reaches."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from bianwang.platform import access, roles
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.config import config
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory, Workshop
from tests.people import PEOPLE, World

# Which of the three enterprises each person sees; nobody else sees any.
SEES = {
    "duty": {"plant", "joint", "other"},
    "enforcement": {"plant", "joint", "other"},
    "enforcement2": {"plant", "joint", "other"},
    "head": {"plant", "joint", "other"},
    "leader": {"plant", "joint", "other"},
    "finance": {"plant", "joint", "other"},
    "department": {"plant"},
    "committee": {"joint"},
    "town": {"plant", "joint"},
    "town2": {"other"},
    "village": {"plant"},
    "safety": {"plant"},
    "safety_mate": {"plant"},
    "safety_joint": {"joint"},
    "safety2": {"other"},
}


@pytest.mark.parametrize("key", [person[0] for person in PEOPLE])
def test_each_level_sees_its_own_enterprises_and_no_more(world: World, key: str) -> None:
    expected = {getattr(world, name).pk for name in SEES.get(key, set())}
    assert set(access.visible(world.who(key), Enterprise).values_list("pk", flat=True)) == expected


def test_a_town_sees_its_villages_and_not_the_other_towns(world: World) -> None:
    seen = set(access.visible(world.who("town"), Organisation))
    assert seen == {world.town, world.village}


def test_a_village_does_not_see_its_town(world: World) -> None:
    assert set(access.visible(world.who("village"), Organisation)) == {world.village}


def test_an_enterprise_registered_only_in_a_village_is_seen_by_the_town(world: World) -> None:
    world.plant.territories.remove(world.town_area)
    assert world.plant in access.visible(world.who("town"), Enterprise)


def test_overlapping_territories_give_no_row_twice(world: World) -> None:
    user = world.who("town")
    Post.objects.create(user=user, role=roles.DEPARTMENT, party=world.committee)
    world.joint.supervisors.add(world.committee, world.town)
    seen = list(access.visible(user, Enterprise).values_list("pk", flat=True))
    assert sorted(seen) == sorted([world.plant.pk, world.joint.pk])


def test_owner_and_teammate_reach_an_object_and_the_stranger_gets_404(
    world: World, owner: User, teammate: User, stranger: User
) -> None:
    shop = Workshop.objects.create(owner=world.plant, name="一车间")
    assert access.get(owner, Workshop, shop.pk, "places.view") == shop
    assert access.get(teammate, Workshop, shop.pk, "places.view") == shop
    with pytest.raises(Http404, match="不在您的管辖范围内"):
        access.get(stranger, Workshop, shop.pk, "places.view")


def test_without_the_permission_even_the_owner_gets_a_refusal(world: World, owner: User) -> None:
    with pytest.raises(PermissionDenied, match="登记和修改企业与场所"):
        access.get(owner, Enterprise, world.plant.pk, "places.edit")


def test_a_permission_reaches_only_as_far_as_the_posts_that_give_it(world: World) -> None:
    """A town clerk who is also safety manager of an enterprise elsewhere may not edit that enterprise."""
    user = world.who("town")
    Post.objects.create(user=user, role=roles.SAFETY, party=world.other)
    assert access.get(user, Enterprise, world.other.pk, "places.view") == world.other
    assert access.get(user, Enterprise, world.plant.pk, "places.edit") == world.plant
    with pytest.raises(Http404):
        access.get(user, Enterprise, world.other.pk, "places.edit")


def test_administrators_see_no_business_rows(world: World) -> None:
    for role in roles.ADMINISTRATORS:
        assert not access.visible(world.who(role), Party).exists()


def test_an_administrators_own_permission_reaches_the_whole_district(world: World) -> None:
    assert access.scope_of(world.who("audit"), "ledger.view").whole
    assert not access.scope_of(world.who("system"), "ledger.view").whole


def test_an_administrator_who_also_holds_a_business_post_may_do_nothing(world: World) -> None:
    user = world.who("system")
    Post.objects.create(user=user, role=roles.DUTY, party=world.duty_office)
    assert access.role_codes(user) == frozenset()


def test_the_database_refuses_one_person_two_administrator_posts(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=world.who("system"), role=roles.AUDIT, party=world.bureau)


def test_nobody_may_do_anything_without_an_account_a_post_or_a_party_in_use(world: World) -> None:
    for user in (AnonymousUser(), world.who("nobody"), world.who("disabled")):
        assert access.role_codes(user) == frozenset()
        assert not access.visible(user, Party).exists()
    Party.objects.filter(pk=world.plant.pk).update(is_active=False)
    assert not access.can(world.who("safety"), "places.view")


def test_demo_accounts_may_do_nothing_outside_demo_mode(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(username="duty").update(is_demo=True)
    assert not access.can(User.objects.get(username="duty"), "places.view")
    assert not access.users_with("places.edit", world.plant.pk).filter(username="duty").exists()
    monkeypatch.setattr(config(), "mode", "demo")
    assert access.can(User.objects.get(username="duty"), "places.view")


@pytest.mark.parametrize("name", ["plant", "joint", "other", "village", "town2", "department", "bureau"])
@pytest.mark.parametrize("permission", ["places.view", "places.edit", "accounts.manage", "ledger.view"])
def test_users_with_is_the_scope_seen_from_the_other_end(world: World, name: str, permission: str) -> None:
    party: Party = getattr(world, name)
    expected = {
        key
        for key, user in world.people.items()
        if access.can(user, permission) and access.scope_of(user, permission).includes(party.pk)
    }
    found = [user.username for user in access.users_with(permission, party.pk)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_rows_of_no_party_belong_to_the_bureau(world: World) -> None:
    assert access.scope_of(world.who("duty")).includes(None)
    assert not access.scope_of(world.who("town")).includes(None)


def test_the_door_costs_two_queries_a_request_however_often_it_is_asked(world: World) -> None:
    user = User.objects.get(username="town")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(5):
            access.require(user, "places.view")
            access.scope_of(user)
            access.scope_of(user, "places.view")
    # The posts once; the territories once for each distinct set of roles.
    assert len(queries) <= 3


def test_forget_makes_a_new_post_count(world: World) -> None:
    user = world.who("nobody")
    assert not access.can(user, "places.view")
    Post.objects.create(user=user, role=roles.DUTY, party=world.duty_office)
    access.forget(user)
    assert access.can(user, "places.view")


def test_an_unknown_permission_is_a_programming_error(world: World) -> None:
    with pytest.raises(KeyError):
        access.can(world.who("duty"), "places.veiw")


def test_an_object_that_belongs_to_several_parties_is_seen_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a rule, which belongs to every enterprise that it is bound to."""
    monkeypatch.setattr(Territory, "access_path", "parties", raising=False)
    seen = list(access.visible(world.who("town"), Territory).values_list("name", flat=True))
    assert len(seen) == len(set(seen))
    assert "青杠街道" in seen
    assert access.owner_of(world.town_area) is None


def test_the_owner_of_an_object_is_found_along_its_path(world: World) -> None:
    shop = Workshop.objects.create(owner=world.plant, name="一车间")
    assert access.owner_of(shop) == world.plant.pk
    assert access.owner_of(world.plant) == world.plant.pk
