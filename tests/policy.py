"""What a page must keep to so that it runs under a content security policy without `unsafe-inline`."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import HttpResponse

LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action"}


class Inline(HTMLParser):
    """Collects what the policy would block, or what would reach another site."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        line = self.getpos()[0]
        code = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if tag == "style" or code:
            self.found.append(f"line {line}: inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"line {line}: <{tag} {name}=>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"line {line}: <{tag} {name}=javascript:>")
        target = given.get(LOADING.get(tag, "")) or ""
        if target.startswith(("http:", "https:", "//")):
            self.found.append(f"line {line}: <{tag}> loads from {target}")


def inline(html: str) -> list[str]:
    """What of a page breaks the policy."""
    parser = Inline()
    parser.feed(html)
    return parser.found


def guarded(response: HttpResponse) -> None:
    """Fails where an answer does not keep to the policy, or says nothing of it to the browser."""
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    if "text/html" in response.headers["Content-Type"] and not is_file:
        assert not inline(response.content.decode())
