"""The watch that the other tests of this folder rely on does notice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import visiting
from tests.instance import Instance

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("deed", "noticed"),
    [
        ("console.error('broken')", "broken"),
        ("setTimeout(() => { throw new Error('broken') })", "broken"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\"></p>')", "Content Security Policy"),
        (
            "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        ("new Image().src = 'http://127.0.0.2:9/picture.png'", "127.0.0.2"),
    ],
)
def test_trouble_on_a_page_is_noticed(instance: Instance, browser: Browser, deed: str, noticed: str) -> None:
    with visiting(browser, instance) as visitor:
        visitor.page.goto("/accounts/login/")
        assert visitor.trouble == []
        visitor.page.evaluate(f"() => {{ {deed} }}")
        visitor.page.wait_for_function(
            "() => new Promise(done => setTimeout(() => requestAnimationFrame(() => done(true))))"
        )
        assert noticed in " ".join(visitor.trouble)
