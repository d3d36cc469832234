"""The field page: a shell without anybody's data, its service worker, and the download."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie

from bianwang.modules.inspections import download
from bianwang.platform.ui.pages import Page

_FOLDER = Path(__file__).parents[1] / "static"
_SHELL = _FOLDER.parent / "templates/inspections/field.html"
_SHARED = ("vendor/tabler.min.css", "ui/mark.svg")
_WORKER = "inspections/field/worker.js"


class Field(Page):
    """The shell: the same for everybody, so that the browser may keep it."""

    title = "现场检查"
    permission = "inspections.inspect"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "inspections/field.html", {"title": self.title})


class Worker(Page):
    """The service worker: it keeps exactly the files of this version of the page."""

    permission = "inspections.inspect"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Data(Page):
    """What the phone takes along."""

    permission = "inspections.inspect"

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(download.for_phone(self.user))


@lru_cache(maxsize=1)
def _worker() -> str:
    """The script under the digest of all files: when one changes, the browser fetches all of them anew."""
    names = [*_SHARED, *sorted(str(file.relative_to(_FOLDER)) for file in (_FOLDER / "inspections/field").iterdir())]
    digest = hashlib.sha256(_SHELL.read_bytes())
    for name in names:
        found = finders.find(name)
        digest.update(Path(str(found)).read_bytes() if found else b"")
    script = (_FOLDER / _WORKER).read_text("utf-8")
    files = [reverse("inspections:field"), *(static(name) for name in names if name != _WORKER)]
    head = f"const VERSION = {json.dumps(digest.hexdigest()[:16])};\nconst FILES = {json.dumps(files)};\n"
    return head + script
