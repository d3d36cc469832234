"""How long a log-in lasts, and what every request must pass (ASVS 5.0 V7)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bianwang.platform.accounts import services, signin
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ratelimit import LOGIN
from tests.people import PASSWORD, ClientFor, World

LOGIN_URL = "/accounts/login/"
ME = "/accounts/me/"


def enter(username: str = "duty", password: str = PASSWORD, client: Client | None = None, **extra: str) -> Client:
    client = client or Client()
    client.post(LOGIN_URL, {"username": username, "password": password}, **extra)
    return client


def inside(client: Client) -> bool:
    return client.get(ME).status_code == 200


def test_a_person_logs_in_and_out(world: World) -> None:
    client = enter()
    assert inside(client)
    client.post("/accounts/logout/")
    assert not inside(client)
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "accounts.login",
        "accounts.logout",
    ]


def test_logging_out_by_a_link_is_refused(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    assert client.get("/accounts/logout/").status_code == 405
    assert inside(client)


def test_a_failed_login_says_one_thing_and_keeps_no_session(world: World) -> None:
    response = Client().post(LOGIN_URL, {"username": "duty", "password": "guess"})
    assert response.status_code == 422
    assert signin.REFUSED in response.content.decode()
    assert "guess" not in response.content.decode()


def test_the_session_key_changes_at_login(world: World) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    enter(client=client)
    assert client.session.session_key != planted


def test_an_idle_session_ends_and_activity_keeps_it(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client = client_for("duty")
        assert inside(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=config().idle_minutes - 1))
            assert inside(client)
        clock.shift(timedelta(minutes=config().idle_minutes + 1))
        response = client.get(ME)
        assert response.status_code == 302
        assert response.url.startswith(LOGIN_URL)
        assert "登录已到期" in client.get(response.url).content.decode()


@pytest.mark.parametrize("headers", [{"HX-Trigger": "poll-alarms"}, {}])
def test_what_the_page_asks_by_itself_is_no_activity(
    world: World, client_for: ClientFor, headers: dict[str, str]
) -> None:
    path = ME if headers else "/live/no-such-stream/"
    with time_machine.travel(now(), tick=False) as clock:
        client = client_for("duty")
        assert inside(client)
        for _ in range(4):
            clock.shift(timedelta(minutes=config().idle_minutes / 3))
            client.get(path, headers=headers)
        assert not inside(client)


def test_a_session_ends_after_its_longest_time_however_active(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client = client_for("duty")
        for _ in range(config().session_hours * 4):
            assert inside(client)
            clock.shift(timedelta(minutes=15))
        clock.shift(timedelta(seconds=1))
        assert not inside(client)
        assert Entry.objects.filter(verb="accounts.logout", reason__contains="小时").exists()


def test_reading_pages_does_not_write_the_session_each_time(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    inside(client)
    before = client.session["active"]
    inside(client)
    assert client.session["active"] == before


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(world: World) -> None:
    here, there = enter(), enter()
    assert inside(there)
    new = "Yun-4471-lan"
    response = here.post("/accounts/password/", {"old": PASSWORD, "new": new, "again": new})
    assert response.status_code == 302
    assert inside(here)
    assert not inside(there)


def test_disabling_or_resetting_an_account_ends_its_sessions(world: World) -> None:
    duty, town = enter("duty"), enter("town")
    services.disable(world.who("duty"), by=world.who("system"), reason="调离")
    services.reset_password(world.who("town"), by=world.who("system"))
    assert not inside(duty)
    assert not inside(town)


def test_a_first_login_leads_to_the_password_page_and_nowhere_else(world: World) -> None:
    _, one_time = services.create("zhou.min", "周敏", by=world.who("system"))
    client = enter("zhou.min", one_time)
    response = client.get(ME)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/password/")
    page = client.get(response.url).content.decode()
    assert "一次性密码" in page
    new = "Yun-4471-lan"
    done = client.post(response.url, {"old": one_time, "new": new, "again": new})
    assert done.url == ME
    assert inside(client)


def test_an_expired_password_must_be_changed_first(world: World, client_for: ClientFor) -> None:
    User.objects.filter(username="duty").update(password_changed_at=now() - timedelta(days=91))
    response = client_for("duty").get(ME)
    assert response.url.startswith("/accounts/password/")


def test_the_new_password_must_be_typed_twice_alike(world: World, client_for: ClientFor) -> None:
    data = {"old": PASSWORD, "new": "Yun-4471-lan", "again": "Yun-4471-lam"}
    response = client_for("duty").post("/accounts/password/", data)
    assert response.status_code == 422
    assert "不一致" in response.content.decode()


def test_the_last_login_is_shown_with_time_and_place(world: World) -> None:
    enter(REMOTE_ADDR="10.1.1.7")
    page = enter(REMOTE_ADDR="10.1.1.8").get(ME).content.decode()
    assert "10.1.1.7" in page


def test_only_a_trusted_proxy_is_believed_about_the_visitors_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}
    enter(**forged)
    assert User.objects.get(username="duty").last_login_from == "10.0.0.9"
    monkeypatch.setattr(config(), "proxies", "10.0.0.9")
    enter(**forged | {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.5.5.5"})
    assert User.objects.get(username="duty").last_login_from == "10.5.5.5"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_login_leads_only_to_our_own_pages(world: World, wanted: str) -> None:
    response = Client().post(f"{LOGIN_URL}?next={wanted}", {"username": "duty", "password": PASSWORD})
    assert response.url == reverse("ui:home")


def test_login_leads_where_one_wanted_to_go(world: World) -> None:
    response = Client().get(ME)
    assert response.url == f"{LOGIN_URL}?next={ME.replace('/', '%2F')}"
    assert Client().post(response.url, {"username": "duty", "password": PASSWORD}).url == ME


def test_programs_get_a_status_and_htmx_a_header_instead_of_a_login_page(world: World) -> None:
    assert Client().get("/accounts/users/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == LOGIN_URL


def test_pages_of_a_person_are_not_kept_by_caches(world: World, client_for: ClientFor) -> None:
    assert "no-store" in client_for("duty").get(ME).headers["Cache-Control"]


def test_login_without_the_forms_token_is_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN_URL, {"username": "duty", "password": PASSWORD}).status_code == 403


def test_too_many_tries_from_one_address_get_429(world: World) -> None:
    client = Client()
    for number in range(LOGIN.count):
        client.post(LOGIN_URL, {"username": f"g{number}", "password": "x"})
    response = client.post(LOGIN_URL, {"username": "duty", "password": PASSWORD})
    assert response.status_code == 429
    assert re.search(r"请在 \d+ 秒后再试", response.content.decode())


def test_demo_accounts_are_offered_only_in_demo_mode(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bianwang.platform.accounts.queries import DEMO_PASSWORD

    User.objects.filter(username="duty").delete()
    user, _ = services.create("duty.demo", "王值班", by=None, password=DEMO_PASSWORD, is_demo=True)
    services.grant(user, "duty_officer", world.duty_office, by=world.who("security"))
    assert "演示账号" not in Client().get(LOGIN_URL).content.decode()
    assert not inside(enter("duty.demo", DEMO_PASSWORD))
    assert Client().post(LOGIN_URL, {"demo": "duty.demo"}).status_code == 422
    monkeypatch.setattr(config(), "mode", "demo")
    page = Client().get(LOGIN_URL).content.decode()
    assert "值班员 · 应急指挥科" in page
    client = Client()
    client.post(LOGIN_URL, {"demo": "duty.demo"})
    assert inside(client)


def test_a_password_never_reaches_the_log_or_the_ledger(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    enter(password="Unmistakable-77-x")
    kept = "".join(entry.changes + entry.reason + entry.object_label for entry in Entry.objects.all())
    assert "Unmistakable" not in caplog.text + kept
