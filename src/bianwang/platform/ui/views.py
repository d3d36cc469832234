"""Home, search, system state and health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from bianwang.platform.todo import queries as todo
from bianwang.platform.ui import system
from bianwang.platform.ui.errors import respond
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.search import search


class Home(Page):
    """What waits for the user, and the figures of his modules."""

    title = "首页"
    template = "ui/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        todos = todo.mine(self.user)
        return self.render(todos=todos[:12])


class SearchPage(Page):
    """One box over everything the user may see."""

    title = "搜索"
    template = "ui/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:100]
        return self.render(search_text=text, groups=search(request.user, text))


class SystemPage(Page):
    """Jobs, disk and versions for the system administrator."""

    title = "运行状态"
    permission = "platform.operate"
    template = "ui/system.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(checks=system.checks(), jobs=system.jobs(), disk=system.disk(), versions=system.versions())


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For monitoring and for the banner on pages: 200, or 503 and the problems in Chinese, without details."""
    checks = system.checks()
    problems = [check.text for check in checks if not check.ok]
    found = {check.code: "fail" if not check.ok else "ok" for check in checks}
    answer = {"status": "degraded" if problems else "ok", "problems": problems, "checks": found}
    return JsonResponse(
        answer,
        status=503 if problems else 200,
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a user sees whose form expired."""
    return respond(request, 403, CsrfExpired("页面停留过久，表单已失效，刚才的内容没有提交。请返回上一页刷新后重试。"))


class CsrfExpired(Exception):
    """The form's token is no longer valid."""
