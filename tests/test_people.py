"""The shared world is what it says."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.config import config
from tests.people import ClientFor, World


def test_tests_never_use_the_developers_folder() -> None:
    assert config().mode == "test"
    assert config().home.is_absolute()


def test_every_role_has_somebody(world: World) -> None:
    for role in roles.NAMES:
        assert role in {post.role for post in world.who(role).posts.all()}


def test_a_client_is_logged_in_as_the_person(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    assert client.session["_auth_user_id"] == str(world.who("duty").pk)
