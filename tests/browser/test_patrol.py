"""A duty officer's patrol: pictures on the wall, a round by keyboard with a mark by mouse, a suspicion judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import visiting
from tests.instance import Instance

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def filmed(instance: Instance) -> Iterator[Instance]:
    """The demo's cameras with their pictures."""
    instance.start("camera")
    yield instance
    instance.kill("camera")


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw on the picture between two places, in parts of its width and height."""
    box = page.locator("[data-mark]").bounding_box()
    assert box is not None
    (x1, y1), (x2, y2) = ((box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (begin, end))
    page.mouse.move(x1, y1)
    page.mouse.down()
    page.mouse.move(x2, y2)
    page.mouse.up()


def test_a_round_is_walked_with_pictures_and_what_was_found_can_become_a_hazard(
    browser: Browser, filmed: Instance
) -> None:
    with visiting(browser, filmed, "zhiban") as visitor:
        page = visitor.page
        page.goto("/patrol/wall/")
        expect(page.locator(".eye img:visible").nth(2)).to_be_visible()

        page.goto("/patrol/rounds/?state=planned&sort=starts_at")
        page.locator(".bian-first a").first.click()
        page.get_by_role("link", name="去巡检").click()
        page.get_by_role("button", name="开始巡检").press("Enter")
        looked_at_with_pictures(page, "1 / 3")
        page.keyboard.press("n")
        looked_at_with_pictures(page, "2 / 3")
        page.keyboard.press("p")
        page.get_by_label("疏散通道、安全出口被堵塞或封闭", exact=False).check()
        drag(page, (0.1, 0.2), (0.4, 0.8))
        page.get_by_role("button", name="记为有问题").click()
        expect(page.get_by_role("link", name="登记为隐患")).to_be_visible()
        page.get_by_role("link", name="继续巡检").click()
        looked_at_with_pictures(page, "3 / 3")
        page.keyboard.press("v")
        expect(page.get_by_text("3 台都已看过")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_text("已完成").first).to_be_visible()

        assert visitor.trouble == []


def looked_at_with_pictures(page: Page, where: str) -> None:
    expect(page.locator(".patrol-under")).to_contain_text(where)
    expect(page.locator("[data-kept]")).to_contain_text("已留存")


def test_a_suspicion_is_judged_by_two_keys_and_not_by_one(browser: Browser, filmed: Instance) -> None:
    with visiting(browser, filmed, "zhiban") as visitor:
        page = visitor.page
        page.goto("/patrol/review/")
        expect(page.get_by_text("疑似人员倒地")).to_be_visible()
        page.keyboard.press("1")
        expect(page.get_by_role("button", name="画面确认属实")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        page.keyboard.press("2")
        expect(page.get_by_role("button", name="光影或反光")).to_be_focused()
        page.goto("/patrol/review/")
        expect(page.get_by_text("疑似人员倒地"), "keys alone have judged nothing").to_be_visible()
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        expect(page.get_by_text("没有待复核", exact=False)).to_be_visible()
        assert visitor.trouble == []


def test_on_a_phone_the_statistics_can_be_chosen_and_nothing_overflows(browser: Browser, filmed: Instance) -> None:
    with visiting(browser, filmed, "zhiban", width=360, height=740, phone=True) as visitor:
        page = visitor.page
        for way in ("wall/?grid=16", "rounds/", "rounds/1/", "looks/", "review/", "plans/new/", "statistics/"):
            page.goto(f"/patrol/{way}")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 360, way
        page.get_by_label("企业").select_option("演示嘉化涂料化工有限公司")
        page.get_by_role("button", name="统计").click()
        expect(page.get_by_text("演示嘉化涂料化工有限公司。", exact=False)).to_be_visible()
        page.get_by_role("link", name="发现问题").click()
        expect(page.locator("#list")).to_contain_text("溶剂库门口")
        assert visitor.trouble == []


def test_cameras_are_looked_for_from_their_list(browser: Browser, filmed: Instance) -> None:
    filmed.start("loop")
    with visiting(browser, filmed, "zhiban") as visitor:
        page = visitor.page
        page.goto("/sensing/cameras/")
        page.get_by_role("link", name="查找摄像机").click()
        page.get_by_role("button", name="开始查找").click()
        # Whatever the network of this machine is, the page comes to an end by itself and offers to look again.
        expect(page.get_by_role("button", name="再找一次")).to_be_visible(timeout=60_000)
        assert visitor.trouble == []
    filmed.kill("loop")
