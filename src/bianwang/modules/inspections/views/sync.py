"""The phone's side of the server: documents and pictures, each sent by its key, as often as it takes."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from msgspec import Meta, Struct

from bianwang.modules.inspections import download, pack, services
from bianwang.modules.inspections.content import Content, differences
from bianwang.modules.inspections.models import Inspection, Version
from bianwang.platform.ratelimit import TooOften
from bianwang.platform.ui.pages import Page


class Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """A document on its way: whose it is, from which device, and over which version it was made."""

    user: int
    device: Annotated[str, Meta(min_length=1, max_length=40)]
    base: Annotated[int, Meta(ge=0)]
    content: Content
    drops: Annotated[tuple[int, ...], Meta(max_length=50)] = ()


class _Sync(Page):
    """PUT only; every refusal is one sentence."""

    permission = "inspections.inspect"
    http_method_names = ("put",)

    def put(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        try:
            return self.take(request, **kwargs)
        except TooOften as error:
            return _refusal(error.messages[0], 429)
        except ValidationError as error:
            return _refusal("；".join(error.messages), 422)

    def take(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        """Do it. Raises ValidationError."""
        raise NotImplementedError

    def accepted(self, inspection: Inspection, **more: Any) -> JsonResponse:
        """Where the inspection stands after the steps that follow by themselves."""
        trouble = services.settle(inspection, self.user)
        missing = sorted(str(key) for key in inspection.missing())
        return JsonResponse({**download.state_of(inspection), "missing": missing, "trouble": trouble, **more})


class Document(_Sync):
    """One record."""

    def take(self, request: HttpRequest, key: UUID) -> JsonResponse:  # type: ignore[override]
        try:
            sent = msgspec.json.decode(request.body, type=Envelope)
        except msgspec.MsgspecError as error:
            raise ValidationError(f"记录的格式不对（{error}），请刷新现场检查页后重试。") from error
        if sent.user != self.user.pk:
            raise PermissionDenied("这条记录属于手机上的另一个账号，请用那个账号登录后上传。")
        receipt = services.receive(self.user, key, sent.content, base=sent.base, device=sent.device, drops=sent.drops)
        if receipt.conflict is not None:
            return self._conflict(receipt.inspection, receipt.conflict)
        present = receipt.inspection.content
        return self.accepted(
            receipt.inspection, **({} if present == sent.content else {"content": msgspec.to_builtins(present)})
        )

    def _conflict(self, inspection: Inspection, kept: Version) -> JsonResponse:
        present = inspection.content
        lists = pack.kept([*kept.content.lists, *present.lists], inspection.day)
        found = [row._asdict() for row in differences(kept.content, present, lists)]
        return JsonResponse(
            {
                **download.state_of(inspection),
                "conflict": kept.pk,
                "content": msgspec.to_builtins(present),
                "differences": found,
            },
            status=409,
        )


class Picture(_Sync):
    """The bytes of a photo or a signature."""

    def take(self, request: HttpRequest, key: UUID, picture: UUID) -> JsonResponse:  # type: ignore[override]
        return self.accepted(services.receive_picture(self.user, key, picture, request.body))


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
