"""Session policy: time-outs, forced password change, and the actor of the request for the ledger."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bianwang.platform.ledger.context import acting


class SessionPolicyMiddleware:
    """Names the acting user and address for everything the request records."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        with acting(user, request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)
