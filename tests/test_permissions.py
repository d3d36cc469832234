"""Every URL against everybody: `tests/permissions/` says who is let in, and this holds it to that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people import PEOPLE, ClientFor, World
from tests.permissions.row import EVERYBODY, Row
from tests.permissions.table import TABLE

pytestmark = pytest.mark.usefixtures("limits")

METHODS = ("get", "post")
ROOT = Path(__file__).parents[1]


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every name of the URL conf with its view."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLPattern):
            yield f"{prefix}{item.name}", item.callback
        else:
            yield from url_names(item, f"{prefix}{item.namespace}:" if item.namespace else prefix)


def address(row: Row, world: World) -> str:
    """The row's URL with its things made."""
    return reverse(row.url, kwargs={name: made(world) if callable(made) else made for name, made in row.args.items()})


def ask(client: Client, method: str, path: str, row: Row) -> HttpResponse:
    """One request whose effects are undone, so that the next person finds the same."""
    with transaction.atomic():
        response: HttpResponse = getattr(client, method)(path, row.data) if method == "post" else client.get(path)
        transaction.set_rollback(True)
    return response


def test_every_url_is_in_the_table_and_every_row_is_a_url() -> None:
    names = {name for name, _ in url_names()}
    rows = [row.url for row in TABLE]
    assert names - set(rows) == set(), "add these URLs to tests/permissions/"
    assert set(rows) - names == set(), "these rows of tests/permissions/ name no URL"
    assert len(rows) == len(set(rows))


def test_the_table_names_only_people_that_exist() -> None:
    for row in TABLE:
        assert row.ok, f"{row}: nobody is let in, so the URL is not exercised"
        assert row.ok | row.hidden <= EVERYBODY, row
        assert not row.ok & row.hidden, row
        assert row.get or row.post, row
        assert not row.tested_by or (ROOT / row.tested_by).exists(), row


@pytest.mark.parametrize("row", [row for row in TABLE if not row.tested_by], ids=str)
def test_each_person_gets_what_the_table_says(row: Row, world: World, client_for: ClientFor) -> None:
    path = address(row, world)
    wrong = []
    for key, *_ in PEOPLE:
        client = client_for(key)
        for method in METHODS:
            allowed = getattr(row, method)
            if key == "disabled":
                expected = {row.visitor if method == "get" else row.visitor_post}
            elif not allowed:
                expected = {405, 403, 404}
            elif key in row.ok:
                expected = {row.other.get(key, allowed)}
            else:
                expected = {404 if key in row.hidden else row.refused}
            if allowed or key in row.ok:
                status = ask(client, method, path, row).status_code
                if status not in expected:
                    wrong.append(f"{key} {method.upper()}: {status} instead of {sorted(expected)}")
    assert not wrong, f"{row.url} ({path})\n" + "\n".join(wrong)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_visitor_is_sent_to_the_login(row: Row, world: World) -> None:
    path = address(row, world)
    response = ask(Client(), "get", path, row)
    if row.get:
        assert response.status_code == row.visitor
    else:
        assert response.status_code in {302, 405}
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/")
    if row.post:
        assert ask(Client(), "post", path, row).status_code == row.visitor_post
