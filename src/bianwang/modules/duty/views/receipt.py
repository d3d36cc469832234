"""The page behind the link of a text: one button, no log-in, nothing of anybody's person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bianwang.modules.duty import services
from bianwang.modules.duty.forms_calling import ReplyForm
from bianwang.modules.duty.models import Recipient
from bianwang.platform.accounts.address import client_address
from bianwang.platform.accounts.queries import district_name
from bianwang.platform.ratelimit import PUBLIC, TooOften
from bianwang.platform.workflow.errors import Refused

_GONE = "这个回执链接无效或已过期，请电话联系发送单位的值班室。"
_DONE = "已收到您的回执，谢谢。"


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing (phones open links ahead); the button does, once."""
    is_post = request.method == "POST"
    try:
        if is_post:
            PUBLIC.hit(client_address(request))
    except TooOften as error:
        return _show(request, words=str(error.message), status=429)
    row = services.by_token(token)
    if row is None:
        return _show(request, words=_GONE, status=404)
    if row.received_at is not None:
        return _show(request, row, words="这个链接已经回执过，不能再用。", status=409 if is_post else 200)
    if row.message.closed_at is not None:
        return _show(request, row, words="这条消息已结束收集回执，不用再回执。", status=410)
    form = ReplyForm(request.POST if is_post else None)
    if not form.is_valid():
        return _show(request, row, form=form, status=422 if is_post else 200)
    try:
        services.receive_by_link(row, form.cleaned_data["reply"])
    except Refused as error:
        return _show(request, row, words=str(error), status=409)
    return _show(request, row, words=_DONE)


def _show(request: HttpRequest, row: Recipient | None = None, status: int = 200, **more: Any) -> HttpResponse:
    message = row.message if row else None
    context = {"message": message, "district": district_name(), "title": str(message or "消息回执"), **more}
    return render(request, "duty/receipt.html", context, status=status)
