"""An inspection where there is no network: kept on the phone, sent once, shown when somebody else was faster."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bianwang.processes.demo.district import PASSWORD
from tests.browser.visitor import Visitor, visiting
from tests.instance import Instance

pytestmark = pytest.mark.browser

PLANT, DRAFTED = "演示顺达汽车零部件有限公司", "演示嘉化涂料化工有限公司"
FAULT = "离线发现：责任制没有考核记录"
EXPECTED = "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "409 (Conflict)"
"""What the browser says of requests that this test makes fail."""

COUNTS = f"""
import json
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.inspections.models import Inspection, Picture
rows = Inspection.objects.filter(enterprise__name="{PLANT}", findings__hazard__title="{FAULT}")
made = rows.first()
print(json.dumps({{
    "inspections": rows.count(),
    "state": made.state if made else "",
    "revision": made.revision if made else 0,
    "pictures": Picture.objects.filter(inspection=made).count(),
    "place": [row.longitude for row in Picture.objects.filter(inspection=made, kind="photo")],
    "hazards": Hazard.objects.filter(title="{FAULT}").count(),
    "visits": Visit.objects.filter(inspection=made).count(),
}}))
"""

ELSEWHERE = f"""
import json, msgspec
from bianwang.modules.inspections import services
from bianwang.modules.inspections.models import Inspection
draft = Inspection.objects.get(enterprise__name="{DRAFTED}", state="draft")
content = msgspec.structs.replace(draft.content, summary="办公室改的")
services.receive(draft.made_by, draft.key, content, base=draft.revision, device="office")
print(json.dumps(draft.revision))
"""

CHOSEN = f"""
import json
from bianwang.modules.inspections.models import Inspection
draft = Inspection.objects.get(enterprise__name="{DRAFTED}", state="draft")
said = [(row.number, row.fate, row.content.summary) for row in draft.versions.order_by("-pk")[:2]]
print(json.dumps({{"summary": draft.content.summary, "versions": said}}))
"""


def photo() -> Any:
    """A photo larger than what is kept."""
    data = io.BytesIO()
    Image.new("RGB", (2400, 1800), "#546e7a").save(data, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def record(page: Page, enterprise: str) -> Locator:
    """A record on the first screen."""
    return page.locator(".field-list > li", has_text=enterprise)


def test_an_inspection_without_network_is_sent_once(instance: Instance, browser: Browser) -> None:
    with visiting(browser, instance, "zhenjie", width=360, height=740, phone=True) as officer:
        page = officer.page
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": 106.271, "latitude": 29.541})
        page.goto("/inspections/field/")
        expect(page.locator("[data-ready]")).to_be_visible()
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-net]")).to_have_text("离线")

        fill_in(page)
        sign(page)
        expect(record(page, PLANT)).to_contain_text("已存本机，待上传")
        page.reload()
        expect(record(page, PLANT)).to_contain_text("已存本机，待上传")

        session_ends_meanwhile(page)
        answers_get_lost_on_the_way(page)
        expect(record(page, PLANT)).to_contain_text("已上传 · 已办结")
        for _ in range(2):
            page.locator("[data-send]").click()
            expect(page.locator("[data-send]")).to_have_text("刷新数据")

        assert instance.script(COUNTS) == {
            "inspections": 1,
            "state": "done",
            "revision": 1,
            "pictures": 2,
            "place": [106.271],
            "hazards": 1,
            "visits": 1,
        }
        both_versions_are_shown_and_one_is_chosen(instance, page)
        another_person_sees_nothing_of_it(officer)
        assert [text for text in officer.trouble if not any(code in text for code in EXPECTED)] == []


def fill_in(page: Page) -> None:
    """A new inspection with one fault and its photo."""
    page.get_by_role("button", name="新建检查").click()
    page.get_by_label("企业").fill("sd")
    page.get_by_role("button", name=PLANT).click()
    for box in page.locator(".field-set input").all()[1:]:
        box.uncheck()
    page.get_by_role("button", name="开始检查").click()
    cards = page.locator("fieldset.field-card")
    expect(cards).to_have_count(14)
    cards.first.get_by_role("radio", name="不符合").check(force=True)
    for card in cards.all()[1:]:
        card.get_by_role("radio", name="符合", exact=True).check(force=True)
    cards.first.get_by_label("问题").fill(FAULT)
    cards.first.get_by_label("选择照片").set_input_files(photo())
    expect(cards.first.locator("figure img")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("已存本机")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def sign(page: Page) -> None:
    """Not before everything is there."""
    finish = page.get_by_role("button", name="完成并提交")
    finish.click()
    expect(page.get_by_role("alert")).to_contain_text("请填写签字人")
    page.get_by_label("签字人").fill("刘工")
    pad = page.get_by_label("签字区")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 80, steps=4)
    page.mouse.up()
    finish.click()


def session_ends_meanwhile(page: Page) -> None:
    """Nothing is lost: the officer logs in again."""
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("登录已过期")
    expect(record(page, PLANT)).to_contain_text("已存本机，待上传")


def answers_get_lost_on_the_way(page: Page) -> None:
    """The server gets the first document and the first picture, but the phone never hears of it."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        kind = "pictures" if "/pictures/" in route.request.url else "document"
        if kind in lost:
            route.continue_()
            return
        lost.append(kind)
        route.fetch()
        route.abort()

    page.context.route("**/inspections/sync/**", lose)
    page.get_by_role("link", name="重新登录").click()
    page.get_by_role("textbox", name="账号").fill("zhenjie")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    for _ in range(2):
        expect(record(page, PLANT)).to_contain_text("待上传")
        page.locator("[data-send]").click()
    page.locator("[data-send]").click()
    expect(record(page, PLANT)).to_contain_text("已上传")
    assert lost == ["document", "pictures"]
    page.context.unroute_all()


def both_versions_are_shown_and_one_is_chosen(instance: Instance, page: Page) -> None:
    """The office has changed the draft on which the phone goes on."""
    page.context.set_offline(True)
    record(page, DRAFTED).get_by_role("button").first.click()
    page.get_by_label("检查情况").fill("手机改的")
    expect(page.locator("[data-saved]")).to_have_text("已存本机")
    instance.script(ELSEWHERE)
    page.get_by_role("button", name="返回").click()
    page.context.set_offline(False)
    expect(record(page, DRAFTED)).to_contain_text("有冲突")
    record(page, DRAFTED).get_by_role("button").first.click()
    row = page.get_by_role("row", name="检查情况")
    expect(row.get_by_role("cell")).to_have_text(["手机改的", "办公室改的"])
    page.get_by_role("button", name="用本机的一版").click()
    expect(record(page, DRAFTED)).to_contain_text("已上传")
    found = instance.script(CHOSEN)
    assert found["summary"] == "手机改的"
    assert [fate for _, fate, _ in found["versions"]] == ["accepted", "accepted"]
    assert {said for _, _, said in found["versions"]} == {"手机改的", "办公室改的"}


def another_person_sees_nothing_of_it(visitor: Visitor) -> None:
    """After a log-out the phone tells nobody; the next user has a store of his own."""
    page = visitor.page
    page.goto("/")
    page.locator("form[action='/accounts/logout/'] button").evaluate("button => button.click()")
    expect(page.get_by_role("textbox", name="账号")).to_be_visible()
    page.context.set_offline(True)
    page.goto("/inspections/field/")
    expect(page.get_by_role("alert")).to_contain_text("请先联网登录一次")
    expect(page.locator(".field-list")).to_have_count(0)
    page.context.set_offline(False)
    visitor.log_in("qiye2")
    page.goto("/inspections/field/")
    expect(page.get_by_text("还没有记录")).to_be_visible()
