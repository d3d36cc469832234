"""One platform and one browser for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import CHROMIUM, chromium
from tests.instance import Instance, running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Ends with this folder: its event loop must not outlive these tests."""
    if not CHROMIUM.exists():
        pytest.skip("没有安装 Chromium，跳过浏览器测试；请先 apt-get install chromium。")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def instance(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The demo district, with every device silent until a test speaks for it."""
    with running(tmp_path_factory.mktemp("browser") / "home", "intake", "web") as instance:
        yield instance
