"""The content security policy: what it forbids is found, and error pages and the log-in keep to it.

Every other page is held to it where it is opened for the table of permissions, in `test_permissions.py`.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import ClientFor, World
from tests.policy import guarded, inline

pytestmark = pytest.mark.usefixtures("limits")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p style='color:red'>",
        "<style>p{}</style>",
        "<button onclick='x()'>",
        "<a href=' JavaScript:x()'>",
        "<div hx-on:click='x()'>",
        "<script src='https://cdn.example/x.js'></script>",
        "<img src='//tracker.example/x.gif'>",
    ],
)
def test_the_check_finds_what_the_policy_forbids(html: str) -> None:
    assert inline(html)


def test_the_check_accepts_plain_pages() -> None:
    assert not inline(
        "<script src='/static/a.js' defer></script><a href='https://www.example/'>x</a><svg><path d=''/></svg>"
    )


def test_error_pages_keep_to_the_policy_too(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    for path, status in (("/no-such-page/", 404), ("/accounts/users/", 403)):
        response = client.get(path)
        assert response.status_code == status
        guarded(response)


def test_the_login_page_keeps_to_the_policy(world: World) -> None:
    guarded(Client().get("/accounts/login/"))
    guarded(Client().post("/accounts/login/", {"username": "<script>alert(1)</script>", "password": "x"}))
