"""People at browsers: Debian's Chromium, watched for errors, refusals by the content policy and strange hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from bianwang.processes.demo.district import PASSWORD
from tests.instance import Instance

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_MS = 60_000
"""How long a page may take on a busy machine before a test gives up on it."""

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that asks nobody but the platform."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person with a browser of his own. `trouble` collects what must not happen on any page."""

    page: Page
    trouble: list[str] = field(default_factory=list)

    def log_in(self, username: str) -> None:
        """By keyboard only, as on a duty desk without a mouse."""
        self.page.goto("/accounts/login/")
        expect(self.page.get_by_role("textbox", name="账号")).to_be_focused()
        self.page.keyboard.type(username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("navigation", name="快捷入口")).to_be_visible()


@contextmanager
def visiting(
    browser: Browser,
    instance: Instance,
    username: str = "",
    *,
    width: int = 1366,
    height: int = 768,
    phone: bool = False,
) -> Iterator[Visitor]:
    """A new browser window, logged in as `username` if one is given."""
    context = browser.new_context(
        base_url=instance.url,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    visitor = Visitor(page)
    home = urlsplit(instance.url).netloc
    page.on("console", lambda said: visitor.trouble.extend(_complaint(said)))
    page.on("pageerror", lambda error: visitor.trouble.append(str(error)))
    page.on("request", lambda asked: visitor.trouble.extend(_strange(asked.url, home)))
    try:
        if username:
            visitor.log_in(username)
        yield visitor
    finally:
        context.close()


def _complaint(said: ConsoleMessage) -> list[str]:
    """Errors; the content policy's refusals come so, too. That a busy machine is late is told by /health as 503."""
    late = urlsplit(said.location["url"]).path == "/health"
    return [said.text] if said.type == "error" and not late else []


def _strange(url: str, home: str) -> list[str]:
    parts = urlsplit(url)
    return [f"asked {url}"] if parts.scheme not in {"data", "blob"} and parts.netloc != home else []
