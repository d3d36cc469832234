"""Drawing on the picture of a camera: by mouse, by keyboard, and without a script."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import visiting
from tests.instance import Instance

pytestmark = pytest.mark.browser

SET_UP = """
import json
from bianwang.modules.sensing import services, watching
from bianwang.modules.sensing.models import Camera
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ledger.context import acting
with acting(None, "测试"):
    camera = Camera(owner=Enterprise.objects.order_by("pk")[0], name="装卸区东北角立杆球机", stream="rtsp://192.168.1.64/1")
    services.register(camera)
print(json.dumps([camera.pk, str(watching.folder(camera.pk) / watching.PICTURE)]))
"""


@pytest.fixture(scope="module")
def camera(instance: Instance) -> int:
    """A camera with a picture of two boxes."""
    pk, path = instance.script(SET_UP)
    picture = Image.new("RGB", (960, 540), "#7d8b99")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((100, 200, 300, 440), fill="#5b4636")
    draw.rectangle((560, 120, 860, 480), fill="#3f6b4f")
    picture.save(path, "JPEG")
    return int(pk)


def click(page: Page, x: float, y: float) -> None:
    """Click into the picture at parts of its width and height."""
    box = page.locator("[data-region] .camera-picture").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_a_region_is_drawn_with_the_mouse_and_corrected_with_the_keyboard(
    browser: Browser, instance: Instance, camera: int
) -> None:
    with visiting(browser, instance, "kezhang") as visitor:
        page = visitor.page
        page.goto(f"/sensing/cameras/{camera}/")
        page.get_by_role("link", name="绘制区域").click()
        page.get_by_label("名称").fill("危化品卸车区")
        page.locator(".camera-picture img").scroll_into_view_if_needed()
        for x, y in ((0.1, 0.2), (0.5, 0.2), (0.5, 0.8)):
            click(page, x, y)
        last = page.get_by_role("button", name="第 3 点")
        last.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
        page.get_by_role("button", name="加一个点").click()
        page.keyboard.press("Delete")
        points = [tuple(map(float, line.split(","))) for line in page.get_by_label("坐标").input_value().splitlines()]
        assert points == [pytest.approx(each, abs=0.003) for each in ((0.1, 0.2), (0.5, 0.2), (0.53, 0.798))]
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#messages")).to_contain_text("已保存区域“危化品卸车区”")
        expect(page.locator(".camera-picture polygon")).to_have_count(1)
        zones = json.loads(page.request.get(f"/sensing/cameras/{camera}/zones/").body())
        assert zones["zones"][0]["points"] == [list(each) for each in points]
        assert visitor.trouble == []


def test_the_picture_on_the_page_changes_when_the_camera_gives_a_new_one(
    browser: Browser, instance: Instance, camera: int
) -> None:
    with visiting(browser, instance, "kezhang") as visitor:
        page = visitor.page
        page.goto(f"/sensing/cameras/{camera}/")
        expect(page.locator("img[data-picture]")).to_have_attribute("src", f"/sensing/cameras/{camera}/picture/")
        newer = io.BytesIO()
        Image.new("RGB", (480, 270), "navy").save(newer, "JPEG")
        path = instance.home / "cameras" / str(camera) / "latest.jpg"
        draft = path.with_suffix(".new")
        draft.write_bytes(newer.getvalue())
        draft.rename(path)
        page.wait_for_function("() => document.querySelector('img[data-picture]').naturalWidth === 480")
        assert visitor.trouble == []


@pytest.mark.parametrize("width", [360, 1366])
def test_the_pages_of_a_camera_fit_the_screen(
    browser: Browser, instance: Instance, camera: int, width: int, tmp_path: Path
) -> None:
    with visiting(browser, instance, "kezhang", width=width, height=740, phone=width == 360) as visitor:
        for name, way in (
            ("list", "/sensing/cameras/"),
            ("camera", f"/sensing/cameras/{camera}/"),
            ("region", f"/sensing/cameras/{camera}/regions/new/"),
            ("form", f"/sensing/cameras/{camera}/edit/"),
        ):
            visitor.page.goto(way)
            visitor.page.wait_for_load_state("networkidle")
            visitor.page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= width, name
        assert visitor.trouble == []
