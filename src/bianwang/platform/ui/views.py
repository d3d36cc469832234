"""Home, to-do, system state and error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a user sees whose form expired."""
    return HttpResponse("页面停留过久，表单已失效，请返回上一页刷新后重试。", status=403)
