"""What holds for every request: logged in, not timed out, password in order; the ledger knows who acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bianwang.platform.accounts import sessions
from bianwang.platform.accounts.address import client_address
from bianwang.platform.ledger.context import acting

_WITH_OLD_PASSWORD = {"accounts:password", "accounts:logout"}


class SessionPolicyMiddleware:
    """Every view needs a log-in, unless it says otherwise with Django's `login_not_required`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        over = ""
        if request.user.is_authenticated:
            over = sessions.expiry(request.session)
            if over:
                with acting(request.user, client_address(request)):
                    sessions.end(request, over)
            else:
                sessions.touch(request)
        request.session_over = over  # type: ignore[attr-defined]
        user = request.user if request.user.is_authenticated else None
        with acting(user, client_address(request)):
            response = self.get_response(request)
        if user is not None:
            # Pages of a person stay out of caches and out of the back button after logging out.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return _send(request, "accounts:login", why=getattr(request, "session_over", ""))
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.user.password_due and name not in _WITH_OLD_PASSWORD:
            return _send(request, "accounts:password")
        return None


def _send(request: HttpRequest, name: str, why: str = "") -> HttpResponse:
    """To another page: by redirect for a person, by HX-Redirect for htmx, by status for programs."""
    query = {"next": request.get_full_path()} if request.method == "GET" and "/api/" not in request.path else {}
    if why:
        query["why"] = "over"
    target = reverse(name) + (f"?{urlencode(query)}" if query else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse(name)})
    if request.path.startswith("/live/") or "/api/" in request.path:
        return HttpResponse("请先登录。", status=401, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(target)
