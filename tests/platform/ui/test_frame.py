"""Menu, home, to-do, errors, health: what every page has."""

from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bianwang.platform import roles
from bianwang.platform.clock import now
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.registry import manifests
from bianwang.platform.ui.cells import show
from bianwang.platform.ui.templatetags import bian
from tests.people import ClientFor, World


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("19500"), "19,500.00"),
        (Decimal("1234567.8"), "1,234,567.80"),
        (0, "0.00"),
        (Decimal("-1200.5"), "-1,200.50"),
        (None, "—"),
    ],
)
def test_money_has_its_cents_and_its_thousands_apart(value: Decimal | int | None, words: str) -> None:
    assert bian.money(value) == words
    assert show(value, "money") == words


def test_every_menu_entry_and_tile_leads_to_a_page() -> None:
    for module in manifests():
        for item in module.menu:
            assert reverse(item.url)
        for tile in module.tiles:
            assert reverse(tile.url)


@pytest.mark.parametrize("role", sorted(roles.NAMES))
def test_everybody_may_open_his_home_and_every_page_of_his_menu(
    client_for: ClientFor, world: World, limits: None, role: str
) -> None:
    client = client_for(role)
    home = client.get("/")
    assert home.status_code == 200
    for group in home.context["frame"].menu:
        for link in group.links:
            answer = client.get(link.url, follow=True)
            assert (link.name, answer.status_code) == (link.name, 200)


def test_figures_that_are_zero_are_folded_away(client_for: ClientFor, world: World, limits: None) -> None:
    home = client_for("duty").get("/")
    frame, page = home.context["frame"], home.content.decode()
    shown, folded = page.partition('<details class="bian-zeros">')[::2]
    folded = folded.partition("</details>")[0]
    assert 0 < len(frame.zeros) < len(frame.tiles)
    assert f"其余 {len(frame.zeros)} 项现为 0" in folded
    assert folded.count("<a ") == len(frame.zeros)
    assert shown.count('class="card bian-tile"') == len(frame.tiles) - len(frame.zeros)


def test_pages_hold_no_inline_script_or_style(client_for: ClientFor) -> None:
    for url in ("/", "/places/enterprises/", "/places/map/", "/todo/", "/search/?q=qg"):
        page = client_for("duty").get(url).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert all("src=" in part.split(">")[0] for part in page.split("<script")[1:])


def test_a_stranger_is_sent_to_the_log_in(db: None) -> None:
    assert Client().get("/")["Location"].startswith("/accounts/login")


def test_an_error_page_names_the_way_out_and_a_number(client_for: ClientFor, world: World) -> None:
    answer = client_for("duty").get("/places/enterprises/999999/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "没有编号为 999999 的企业" in page
    assert "编号 20" in page


def test_an_unknown_address_gets_the_same_page(client_for: ClientFor) -> None:
    answer = client_for("duty").get("/no/such/page")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_a_fault_shows_a_number_and_no_trace(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("bianwang.platform.ui.system.disk", broken)
    with caplog.at_level(logging.ERROR, "bianwang.errors"):
        answer = client_for("system").get("/system/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret detail" not in page
    number = caplog.records[0].args[0]  # type: ignore[index]
    assert f"编号 {number}" in page


def test_htmx_gets_an_error_as_a_fragment_for_the_message_area(client_for: ClientFor) -> None:
    answer = client_for("system").get("/places/enterprises/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_an_expired_form_is_explained(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.who("town"))
    answer = client.post("/places/enterprises/new/", {})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


def test_health_is_public_and_says_in_chinese_what_is_wrong(db: None) -> None:
    answer = Client().get("/health")
    assert answer.status_code == 503  # no intake runs beside this test
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"] == {"database": "ok", "disk": "ok", "intake": "fail", "jobs": "ok"}
    assert [text.partition("，")[0] for text in answer.json()["problems"]] == ["设备接入进程没有响应"]
    JobRun.objects.create(code="ledger.seal", next_at=now() - timedelta(minutes=10))
    answer = Client().get("/health")
    assert answer.json()["checks"]["jobs"] == "fail"
    assert len(answer.json()["problems"]) == 2


def test_the_banner_of_trouble_is_on_the_pages_of_those_who_watch(client_for: ClientFor) -> None:
    for role, watches in (("duty", True), ("system", True), ("town", False)):
        assert ("data-health" in client_for(role).get("/").content.decode()) is watches


@pytest.mark.parametrize(
    ("value", "shown"),
    [("13812345678", "138****5678"), ("023-41410000", "023*****0000"), ("12350", "***50"), ("", ""), (None, "")],
)
def test_phones_are_masked(value: str | None, shown: str) -> None:
    assert bian.masked_phone(value) == shown


def test_an_icon_is_drawn_and_an_unknown_name_draws_nothing() -> None:
    assert "<path" in bian.icon("home")
    assert "<path" not in bian.icon("../../etc/passwd")
