"""Every page of the permission table can run under a content security policy without `unsafe-inline`."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.people import ClientFor, World
from tests.permissions.row import Row
from tests.permissions.table import TABLE
from tests.test_permissions import address

pytestmark = pytest.mark.usefixtures("limits")

LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action"}


class Inline(HTMLParser):
    """Collects what the policy would block, or what would reach another site."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        line = self.getpos()[0]
        code = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if tag == "style" or code:
            self.found.append(f"line {line}: inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"line {line}: <{tag} {name}=>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"line {line}: <{tag} {name}=javascript:>")
        target = given.get(LOADING.get(tag, "")) or ""
        if target.startswith(("http:", "https:", "//")):
            self.found.append(f"line {line}: <{tag}> loads from {target}")


def inline(html: str) -> list[str]:
    """What of a page breaks the policy."""
    parser = Inline()
    parser.feed(html)
    return parser.found


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


def guarded(response: HttpResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    if "text/html" in response.headers["Content-Type"] and not is_file:
        assert not inline(response.content.decode())


@pytest.mark.parametrize("row", [row for row in TABLE if row.get == 200 and not row.tested_by], ids=str)
def test_every_page_keeps_to_the_policy(row: Row, world: World, client_for: ClientFor) -> None:
    response = client_for(min(row.ok)).get(address(row, world))
    if response.status_code == 302:
        response = Client().get(response["Location"])
    guarded(response)


def test_error_pages_keep_to_the_policy_too(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    for path, status in (("/no-such-page/", 404), ("/accounts/users/", 403)):
        response = client.get(path)
        assert response.status_code == status
        guarded(response)


def test_the_login_page_keeps_to_the_policy(world: World) -> None:
    guarded(Client().get("/accounts/login/"))
    guarded(Client().post("/accounts/login/", {"username": "<script>alert(1)</script>", "password": "x"}))
