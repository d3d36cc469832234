"""Downloads, only through the door of the object that a file belongs to."""

from __future__ import annotations

from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from bianwang.platform import access
from bianwang.platform.files.inspect import IMAGES
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.ranges import narrow
from bianwang.platform.files.storage import path_of, thumbnail_of
from bianwang.platform.registry import permissions

_ISOLATED = "default-src 'none'; sandbox"


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was uploaded; photos open in the browser, the rest is saved. Players get the part they ask for."""
    file = _reach(request, pk)
    path = path_of(file.digest)
    if not path.exists():
        raise Http404(f"附件“{file.name}”的文件不在数据文件夹中，可能没有随备份恢复，请联系系统管理员。")
    inline = file.media_type in IMAGES
    whole = FileResponse(path.open("rb"), as_attachment=not inline, filename=file.name, content_type=file.media_type)
    return _send(narrow(whole, request))


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> FileResponse:
    """A photo, small and without metadata."""
    file = _reach(request, pk)
    try:
        path = thumbnail_of(file.digest, file.media_type)
    except (ValidationError, FileNotFoundError) as error:
        raise Http404("这个附件没有缩略图。") from error
    return _send(FileResponse(path.open("rb"), content_type="image/jpeg"))


def _reach(request: HttpRequest, pk: int) -> Attachment:
    """The attachment, if the user may view its object: `<app>.view` within his scope, and what the file itself needs.

    Raises PermissionDenied, or Http404 also for an object of a module that is switched off.
    """
    file = access.get(request.user, Attachment, pk)
    model = apps.get_model(file.object_type)
    permission = f"{model._meta.app_label}.view"
    wanted = [permission, file.needs] if file.needs else [permission]
    if not permissions().keys() >= set(wanted):
        raise Http404("附件所属的模块没有启用。")
    access.check(request.user, model, file.object_id, *wanted)
    return file


def _send(response: FileResponse) -> FileResponse:
    # Whatever a browser makes of the content, it may neither run nor load anything.
    response.headers["Content-Security-Policy"] = _ISOLATED
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
