"""One incident through the pages: a reading over its limit, until its hazard is struck off the list."""

from __future__ import annotations

import io
import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from bianwang.platform.clock import SHANGHAI, now
from tests.browser.device import publish
from tests.browser.visitor import Visitor, visiting
from tests.instance import Instance

pytestmark = pytest.mark.browser

ENTERPRISE = "演示嘉化涂料化工有限公司"
GAS = "demo-jiahua-gas"
OTHER, OTHER_GAS = "演示安燃液化气站有限公司", "demo-anran-gas"


def photo() -> dict[str, object]:
    """A picture as a phone would take it, only smaller."""
    data = io.BytesIO()
    Image.new("RGB", (320, 240), "#2e7d32").save(data, "PNG")
    return {"name": "整改后.png", "mimeType": "image/png", "buffer": data.getvalue()}


def tab_to(page: Page, target: Locator, presses: int = 30) -> None:
    """Skip the menu, then walk with Tab until the target has the focus."""
    expect(target).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(presses):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{presses} presses of Tab do not lead to {target}")


def follow_todo(visitor: Visitor, words: str) -> Page:
    """Open the duty whose title contains `words` from the visitor's own list."""
    visitor.page.goto("/todo/")
    visitor.page.get_by_role("link", name=words).click()
    return visitor.page


def timeline(page: Page) -> Locator:
    """The entries under 经过, the latest first."""
    return page.locator(".bian-timeline > li")


def test_an_incident_goes_from_a_reading_to_a_closed_hazard(instance: Instance, browser: Browser) -> None:
    publish(instance, GAS, {"lel": [1.0] * 60, "pressure": [1.2] * 60})
    with ExitStack() as stack:
        duty, officer, safety, checker = (
            stack.enter_context(visiting(browser, instance, name)) for name in ("zhiban", "zhifa", "qiye", "zhifa2")
        )

        alarm_appears_without_reloading(instance, duty.page)
        wall_goes_on_while_somebody_writes(instance, duty.page)
        duty_officer_verifies_by_keyboard(duty.page)
        number = duty_officer_makes_it_a_hazard(duty.page)
        officer_grades_and_sets_a_deadline(officer, number)
        enterprise_submits_a_photo(safety, number)
        another_officer_rechecks_and_closes(checker, number)
        timeline_names_everybody(checker.page)
        board_counts_it(checker.page)

        for visitor in (duty, officer, safety, checker):
            assert visitor.trouble == []


def gas_alarm(wall: Page) -> Locator:
    """The row of the alarm that this test is about: half a minute later a second rule speaks of the same place."""
    return wall.locator(".wall-row", has_text=ENTERPRISE).filter(has_text="可燃气体浓度")


def alarm_appears_without_reloading(instance: Instance, wall: Page) -> None:
    wall.goto("/alarms/wall/")
    expect(wall.get_by_text("当前没有未办结告警")).to_be_visible()
    expect(wall.locator("[data-live]")).to_have_text("实时")
    navigations: list[str] = []
    wall.on("framenavigated", lambda frame: navigations.append(frame.url))

    publish(instance, GAS, {"lel": [60.0] * 8, "pressure": [1.1] * 8})

    row = gas_alarm(wall)
    expect(row).to_be_visible()
    expect(row.locator(".wall-word")).to_have_text("红")
    expect(wall.locator(".wall-counters").get_by_role("link", name="未处置")).to_contain_text(re.compile("[1-9]"))
    assert navigations == []


def wall_goes_on_while_somebody_writes(instance: Instance, wall: Page) -> None:
    """A new alarm appears at once, and the reason that somebody is writing stays under his cursor."""
    row = gas_alarm(wall)
    row.locator("summary", has_text="误报").click()
    words = row.locator(".wall-verify[open]").get_by_label("其他理由")
    words.fill("正在核对")
    publish(instance, OTHER_GAS, {"lel": [60.0] * 8, "pressure": [1.1] * 8})
    expect(wall.locator(".wall-row", has_text=OTHER).first).to_be_visible()
    expect(words).to_be_focused()
    expect(words).to_have_value("正在核对")
    wall.keyboard.press("Escape")
    expect(words).to_be_hidden()
    expect(row.locator("summary", has_text="误报")).to_be_focused()


def duty_officer_verifies_by_keyboard(wall: Page) -> None:
    """Arrows, 1, Enter: the row, which lies below later ones, 属实, its first reason."""
    row = gas_alarm(wall)
    for _ in wall.locator(".wall-row").all():
        wall.keyboard.press("ArrowDown")
        if "selected" in str(row.get_attribute("class")):
            break
    expect(row).to_have_class(re.compile(r"\bselected\b"))
    expect(wall.locator(".wall-alarm [data-curve]")).to_have_attribute("data-drawn", "1")
    wall.keyboard.press("1")
    expect(row.get_by_role("button", name="现场确认")).to_be_focused()
    wall.keyboard.press("Enter")
    expect(row).to_contain_text("属实")
    expect(wall.locator(".wall-verdict")).to_contain_text("属实：现场确认（王值班")


def duty_officer_makes_it_a_hazard(page: Page) -> str:
    gas_alarm(page).get_by_role("link", name="详情").click()
    page.get_by_role("link", name="转隐患").click()
    expect(page.get_by_label("隐患", exact=False).first).not_to_be_empty()
    page.get_by_role("button", name="登记").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(re.compile(r"璧隐〔\d{4}〕\d+"))
    expect(heading).to_contain_text("待定级")
    found = re.search(r"璧隐〔\d{4}〕\d+", heading.inner_text())
    assert found is not None
    return found[0]


def officer_grades_and_sets_a_deadline(officer: Visitor, number: str) -> None:
    page = follow_todo(officer, number)
    page.get_by_role("link", name="定级并下达整改").click()
    page.get_by_label("一般").check()
    deadline = (now().astimezone(SHANGHAI) + timedelta(days=7)).date().isoformat()
    page.get_by_label("整改期限").fill(deadline)
    page.get_by_label("整改要求").fill("更换密封件，复测可燃气体浓度合格后恢复使用。")
    page.get_by_role("button", name="定级并下达整改").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("整改中")
    expect(page.locator(".bian-facts", has_text="整改期限")).to_contain_text(deadline)


def enterprise_submits_a_photo(safety: Visitor, number: str) -> None:
    page = follow_todo(safety, number)
    page.get_by_role("link", name="提交整改").click()
    page.get_by_label("整改结果").fill("已更换法兰密封件，复测 0.8 %LEL。")
    page.get_by_label("选择照片").set_input_files(photo())
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待复查")
    expect(page.locator("main")).to_contain_text("整改后.png")


def another_officer_rechecks_and_closes(checker: Visitor, number: str) -> None:
    page = follow_todo(checker, number)
    page.get_by_role("link", name="复查合格").click()
    page.get_by_label("复查意见").fill("密封完好，读数正常。")
    page.get_by_role("button", name="复查合格").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待销号")
    close = page.get_by_role("link", name="销号", exact=True)
    tab_to(page, close)
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="销号")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已销号")


def timeline_names_everybody(page: Page) -> None:
    steps = [
        ("销号", "赵执法"),
        ("复查合格", "赵执法"),
        ("提交整改", "何主任"),
        ("上传附件", "何主任"),
        ("定级并下达整改", "李执法"),
        ("登记隐患", "王值班"),
    ]
    expect(timeline(page)).to_have_count(len(steps))
    for entry, (what, who) in zip(timeline(page).all(), steps, strict=True):
        expect(entry).to_contain_text(what)
        expect(entry).to_contain_text(who)


def board_counts_it(page: Page) -> None:
    page.get_by_role("link", name="看管一张表").click()
    row = page.locator(".board-worst tr", has_text=ENTERPRISE)
    expect(row.get_by_role("cell").nth(1)).to_have_text("1/1")
    row.get_by_role("link", name="1/1").click()
    expect(page.locator(".bian-table tbody tr")).to_have_count(1)
    expect(page.locator(".bian-table")).to_contain_text("已销号")
