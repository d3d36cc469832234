"""Every URL against everybody: `tests/permissions/` says who is let in, and this holds it to that.

On PostgreSQL one who is let in asks for each URL: its queries are another database's there, who is let in is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people import PEOPLE, ClientFor, World, forget_attempts
from tests.permissions.row import EVERYBODY, Row
from tests.permissions.table import MODULES, TABLE
from tests.policy import guarded

pytestmark = pytest.mark.usefixtures("limits")

METHODS = ("get", "post")
KEYS = (*(key for key, *_ in PEOPLE), "visitor")
STRANGERS = {"visitor", "disabled"}
"""Who has no session that counts: the log-in is all they get."""
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


@contextmanager
def undone() -> Iterator[None]:
    """What is written in here is undone at its end, and nobody has attempted anything before."""
    forget_attempts()
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def ask(client: Client, session: str, method: str, path: str, row: Row) -> HttpResponse:
    """One request in a session ("": a visitor's), whose effects are undone, so that the next finds the same."""
    client.cookies.clear()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        response: HttpResponse = client.post(path, row.data) if method == "post" else client.get(path)
        transaction.set_rollback(True)
    return response


def expectation(row: Row, key: str, method: str) -> set[int]:
    """The answers that the row allows this person; empty where there is nothing to ask."""
    allowed = getattr(row, method)
    if key in STRANGERS:
        if allowed:
            return {row.visitor if method == "get" else row.visitor_post}
        return {302, 405} if method == "get" and key == "visitor" else set()
    if row.tested_by:
        return set()
    if not allowed:
        return {405, 403, 404} if key in row.ok else set()
    if key in row.ok:
        return {row.other.get(key, allowed)}
    return {404 if key in row.hidden else row.refused}


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


@pytest.mark.parametrize("rows", MODULES.values(), ids=MODULES)
def test_everybody_gets_what_the_table_says(
    rows: tuple[Row, ...], world: World, client_for: ClientFor, subtests: pytest.Subtests
) -> None:
    sessions = {key: client_for(key).session.session_key or "" for key, *_ in PEOPLE} | {"visitor": ""}
    client = Client(headers={"accept": "application/json"})  # a refusal is then one line instead of a page
    for row in rows:
        with subtests.test(row.url), undone():
            path = address(row, world)
            reader, wrong = min(row.ok), []
            for key in KEYS if connection.vendor == "sqlite" else [reader]:
                for method in METHODS:
                    if not (expected := expectation(row, key, method)):
                        continue
                    response = ask(client, sessions[key], method, path, row)
                    if response.status_code not in expected:
                        wrong.append(f"{key} {method.upper()}: {response.status_code} instead of {sorted(expected)}")
                    if key in STRANGERS and response.status_code == 302:
                        assert response["Location"].startswith("/accounts/login/")
                    if key == reader and method == "get" and response.status_code == 200:
                        guarded(response)
            assert not wrong, f"{row.url} ({path})\n" + "\n".join(wrong)
