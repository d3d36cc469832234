"""The patrol page: one camera after another with its live picture, and the second look at what was normal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.patrol import forms, pictures, services
from bianwang.modules.patrol.models import Look, Round
from bianwang.modules.patrol.workflow import walks
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage, add_errors
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.errors import Conflict, Refused

ROUNDS = (("巡检轮次", reverse_lazy("patrol:round_list")),)
_REVIEW = "review"
"""The answer of who found a problem and is not sure: a problem that is put to review at once."""


class Walk(Page):
    """The next camera of a round; `?look=` another of its cameras."""

    permission = "patrol.walk"
    template = "patrol/walk.html"
    crumbs = ROUNDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self._round(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin or end the round."""
        round_ = self._round(pk)
        step = services.finish if request.POST.get("step") == "finish" else services.start
        try:
            step(round_, self.user)
        except Conflict:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{round_}”现为“{round_.state_row.name}”。")
            if round_.state == "finished":
                return redirect(round_.get_absolute_url())
        return redirect("patrol:walk", pk)

    def _round(self, pk: int) -> Round:
        return access.get(self.user, Round, pk, self.permission, related=("plan", "walked_by", "assignee"))

    def _show(self, round_: Round) -> HttpResponse:
        rows = list(access.visible(self.user, Look, self.permission).filter(round=round_).order_by("position"))
        wanted = self.request.GET.get("look", "")
        row = next((row for row in rows if str(row.pk) == wanted), None)
        row = row or next((row for row in rows if not row.result), None)
        return self.render(**scene(round_, rows, row, self.user), title=str(round_))


class Save(Page):
    """What was seen at one camera; leads to the next."""

    permission = "patrol.walk"
    template = "patrol/walk.html"
    crumbs = ROUNDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A tab that is opened again after a refusal: back to the camera."""
        row = access.get(request.user, Look, pk, self.permission)
        return redirect(f"{reverse('patrol:walk', args=[row.round_id])}?look={row.pk}")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        related = ("round__plan", "round__walked_by", "camera__zone", "owner")
        row = access.get(request.user, Look, pk, self.permission, related=related)
        given = request.POST.copy()
        self._to_review = given.get("result") == _REVIEW
        if self._to_review:
            given["result"] = Look.Result.PROBLEM
        form = forms.LookForm(given, request.FILES, look=row)
        if form.is_valid():
            try:
                services.look(row, self.user, form.seen(), form.cleaned_data["pictures"])
                return redirect(self._next(row))
            except Conflict:
                raise
            except (ValidationError, Refused) as error:
                add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
        rows = list(access.visible(self.user, Look, self.permission).filter(round=row.round).order_by("position"))
        fresh = next(one for one in rows if one.pk == row.pk)
        return self.render(status=422, **scene(row.round, rows, fresh, self.user, form), title=str(row.round))

    def _next(self, row: Look) -> str:
        words = f"已记录“{row.camera}”：{row.get_result_display()}。"
        if row.result != Look.Result.PROBLEM:
            messages.success(self.request, words)
            return reverse("patrol:walk", args=[row.round_id])
        if self._to_review:
            services.to_review(row, self.user)
            messages.success(self.request, f"{words}已提请他人复核。")
            return reverse("patrol:walk", args=[row.round_id])
        messages.success(self.request, f"{words}可在本页登记为隐患或提请复核。")
        return row.get_absolute_url()


class ToReview(Page):
    """Put a problem into the review queue."""

    http_method_names = ("post",)
    permission = "patrol.walk"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = access.get(request.user, Look, pk, self.permission, related=("camera",))
        try:
            services.to_review(row, self.user)
            messages.success(request, f"“{row.camera}”的问题已提请他人复核。")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(row.get_absolute_url())


class SecondLook(FormPage):
    """Somebody else looks at the pictures of a normal record."""

    permission = "patrol.second"
    form_class = forms.SecondForm
    template = "patrol/second.html"
    submit = "提交"
    crumbs = (("巡检记录", reverse_lazy("patrol:look_list")),)

    def get_title(self) -> str:
        return f"再看“{self.object.camera}”的记录"

    def get_object(self) -> Look:
        return services.for_second_look(self.user, self.kwargs["pk"])

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        return super().render(
            template, status, look=self.object, pictures=pictures.shown(self.user, self.object), **context
        )

    def save(self, form: Any) -> Look:
        services.second_look(self.object, self.user, **form.cleaned_data)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Look) -> str:
        return f"已再看“{result.camera}”的记录。"


def scene(
    round_: Round, rows: list[Look], row: Look | None, user: Any, form: forms.LookForm | None = None
) -> dict[str, Any]:
    """What the patrol page shows: where one is in the round, the camera, its list, and the next ones."""
    after = [one for one in rows if row is not None and one.position > row.position and not one.result]
    waiting = [one for one in rows if not one.result and one is not row]
    following = (after or waiting)[:1]
    if row is not None and form is None:
        form = forms.LookForm(look=row, initial=_said(row))
    return {
        "round": round_,
        "look": row,
        "form": form,
        "items": list(form.items.values()) if form is not None else [],
        "number": rows.index(row) + 1 if row in rows else len(rows),
        "total": len(rows),
        "done": sum(bool(one.result) for one in rows),
        "following": following[0] if following else None,
        "kept": pictures.shown(user, row) if row is not None and row.result else [],
        "refusal": walks(round_, user) if round_.state == "walking" else None,
    }


def _said(row: Look) -> dict[str, Any]:
    shape = row.shape
    corners = (shape.x1, shape.y1, shape.x2, shape.y2) if shape else (None,) * 4
    given = {
        name: None if value is None else round(100 * value, 2) for name, value in zip(forms.MARK, corners, strict=True)
    }
    return {"result": row.result, "item": row.item, "note": row.note, **given}
