"""Turns every error into a page that says what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bianwang.platform.ui.errors import respond, status_of


class ErrorMiddleware:
    """Exceptions of views, and the bare 404 of an address that no view has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in {404, 405} and (request.resolver_match is None or not response.content):
            return respond(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """Called by Django for an exception that a view raised."""
        return respond(request, status_of(exception), exception)
