"""The administrators' pages: opening an account, giving a role, and what each of them is shown."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bianwang.platform import access, roles
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Enterprise
from tests.people import ClientFor, World


def test_opening_an_account_shows_its_first_password_once(world: World, client_for: ClientFor) -> None:
    client = client_for("system")
    response = client.post("/accounts/users/new/", {"username": "zhou.min", "name": "周敏", "phone": "13911112222"})
    secret = re.search(r"<code>(.+?)</code>", response.content.decode())
    assert secret
    user = User.objects.get(username="zhou.min")
    assert user.check_password(secret[1])
    page = client.get(f"/accounts/users/{user.pk}/").content.decode()
    assert secret[1] not in page
    assert "13911112222" not in page, "phones are masked"


def test_a_taken_name_is_said_at_its_field(world: World, client_for: ClientFor) -> None:
    response = client_for("system").post("/accounts/users/new/", {"username": "duty", "name": "周敏"})
    assert response.status_code == 422
    assert "已被使用" in response.content.decode()


def test_the_security_administrator_grants_by_name_and_revokes(world: World, client_for: ClientFor) -> None:
    client, user = client_for("security"), world.who("nobody")
    path = f"/accounts/users/{user.pk}/grant/"
    assert "应急指挥科" in client.get(path).content.decode()
    client.post(path, {"role": roles.DUTY, "party": "应急指挥科"})
    assert access.role_codes(User.objects.get(pk=user.pk)) == {roles.DUTY}
    client.post(f"/accounts/posts/{user.posts.get().pk}/revoke/")
    assert access.role_codes(User.objects.get(pk=user.pk)) == frozenset()


def test_an_enterprise_is_found_by_its_credit_code_when_names_repeat(world: World, client_for: ClientFor) -> None:
    Enterprise.objects.filter(pk=world.other.pk).update(name=world.plant.name)
    client, user = client_for("security"), world.who("nobody")
    path = f"/accounts/users/{user.pk}/grant/"
    refused = client.post(path, {"role": roles.SAFETY, "party": world.plant.name})
    assert "统一社会信用代码" in refused.content.decode()
    client.post(path, {"role": roles.SAFETY, "party": world.other.credit_code})
    assert user.posts.get().party_id == world.other.pk


def test_a_role_in_the_wrong_place_is_explained(world: World, client_for: ClientFor) -> None:
    path = f"/accounts/users/{world.who('nobody').pk}/grant/"
    response = client_for("security").post(path, {"role": roles.LEADER, "party": "青杠机械厂"})
    assert response.status_code == 422
    assert "只能在" in response.content.decode()


def test_nobody_is_offered_to_change_himself(world: World, client_for: ClientFor) -> None:
    for key, word in (("system", "停用账号"), ("security", "授予角色")):
        client = client_for(key)
        assert word in client.get(f"/accounts/users/{world.who('duty').pk}/").content.decode()
        assert word not in client.get(f"/accounts/users/{world.who(key).pk}/").content.decode()


def test_a_forged_grant_to_oneself_is_refused(world: World, client_for: ClientFor) -> None:
    me = world.who("security")
    path = f"/accounts/users/{me.pk}/grant/"
    response = client_for("security").post(path, {"role": roles.SYSTEM, "party": "区应急管理局"})
    assert response.status_code == 403
    assert me.posts.count() == 1


def test_the_lists_cost_does_not_grow_with_the_accounts(world: World, client_for: ClientFor) -> None:
    client = client_for("system")
    client.get("/accounts/users/")
    with CaptureQueriesContext(connection) as few:
        client.get("/accounts/users/?q=wang")
    with CaptureQueriesContext(connection) as many:
        client.get("/accounts/users/")
    assert len(many) <= len(few) + 1
