"""Errors as pages: one sentence what happened, what to do, a number to quote; never a stack trace."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.workflow.errors import Refused

log = logging.getLogger("bianwang.errors")


@dataclass(frozen=True)
class Explanation:
    """What a status means and the way out."""

    title: str
    sentence: str
    advice: str


EXPLANATIONS = {
    400: Explanation("请求有误", "提交的内容不完整或格式不对。", "请返回上一页，刷新后重新填写。"),
    403: Explanation("没有权限", "您没有办理此事的权限。", "如工作需要，请联系本单位安全管理员授权。"),
    404: Explanation("没有找到", "没有这个页面，或它不在您的管辖范围内。", "请从菜单或搜索重新进入。"),
    405: Explanation("不能这样操作", "这个地址不接受此种操作。", "请从菜单重新进入。"),
    409: Explanation("已有人先办理", "这条记录刚被别人改过，您的操作没有生效。", "请返回查看最新情况后再办理。"),
    413: Explanation("内容过大", "上传的文件或提交的内容超过上限。", "请压缩或分几次上传后重试。"),
    429: Explanation("操作过于频繁", "短时间内操作次数过多，已暂时限制。", "请稍等几分钟再试。"),
    500: Explanation(
        "系统出错",
        "系统处理时出错，您的操作没有完成，已有数据没有改动。",
        "请稍后重试；如仍出错，请把下面的编号告诉系统管理员。",
    ),
}


class PageError(Exception):
    """A request that is refused with a status of `EXPLANATIONS` and its own sentence."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


def status_of(error: Exception) -> int:
    """The HTTP status of an exception that a view raised."""
    match error:
        case PageError():
            return int(error.status)
        case Http404():
            return 404
        case PermissionDenied():
            return 403
        case Refused():
            return 409
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
            return 413
        case BadRequest() | SuspiciousOperation():
            return 400
    return 500


def respond(request: HttpRequest, status: int, error: Exception | None = None) -> HttpResponse:
    """The error as a page, as a fragment for htmx, or as JSON for a program."""
    base = EXPLANATIONS.get(status, EXPLANATIONS[500 if status >= 500 else 400])
    incident = f"{now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    own = str(error) if error and status in {403, 404, 409, 413, 429} and _is_chinese(str(error)) else ""
    sentence = own or base.sentence
    if status >= 500:
        log.error("incident %s: %s %s", incident, request.method, request.path, exc_info=error)
    else:
        log.info("incident %s: %s %s %s %s", incident, status, request.method, request.path, sentence)
    if _wants_json(request):
        return JsonResponse({"error": sentence, "advice": base.advice, "incident": incident}, status=status)
    context = {
        "title": base.title,
        "sentence": sentence,
        "advice": base.advice,
        "incident": incident,
        "status": status,
        "typed": _typed(request) if status == 409 else [],
        "again": request.path.rpartition("step/")[0] if status == 409 else "",
    }
    if getattr(request, "htmx", False):
        response = render(request, "ui/_error.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
        return response
    user = getattr(request, "user", None)
    framed = user is not None and user.is_authenticated and status < 500
    return render(request, "ui/error.html" if framed else "ui/error_plain.html", context, status=status)


def _typed(request: HttpRequest) -> list[str]:
    """The words of a form that came too late, so that nobody has to think of them again; numbers are not words."""
    return [text for values in request.POST.lists() for text in values[1] if _is_chinese(text)]


def _wants_json(request: HttpRequest) -> bool:
    return "/api/" in request.path or request.headers.get("Accept", "").startswith("application/json")


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
