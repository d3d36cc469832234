"""The base of every page: allowed for the user, rendered in the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.views import View

from bianwang.platform import access

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import User

Crumb = tuple[str, "str | Promise"]
"""(text, URL or lazy URL); an empty URL is plain text."""


class Page(View):
    """A page in the frame. Subclasses set `title`, `permission` ("" = everyone logged in) and `template`."""

    title: str = ""
    permission: str = ""
    template: str = "ui/page.html"
    crumbs: ClassVar[Sequence[Crumb]] = ()

    @property
    def user(self) -> User:
        """Who asks; the session policy has turned strangers away."""
        return cast("User", self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.permission:
            access.require(request.user, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> Sequence[Crumb]:
        """The way from the home page to here, without here."""
        return self.crumbs

    def get_title(self) -> str:
        """What stands in the head of the page and of the browser's tab."""
        return self.title

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """The page with its title and breadcrumb."""
        context = {"page": self, **context}
        context.setdefault("title", self.get_title())
        context.setdefault("crumbs", self.get_crumbs())
        return render(self.request, template or self.template, context, status=status)
