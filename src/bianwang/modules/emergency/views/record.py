"""The record of an event by day and shift, live, and the form that adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import events as forms
from bianwang.modules.emergency.models import Event, Note
from bianwang.modules.emergency.pack.events import pack
from bianwang.modules.emergency.queries import events as queries, live
from bianwang.modules.emergency.shifts import Shift, shift_of
from bianwang.modules.emergency.views.editing import VersionedForm
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.files.models import Attachment
from bianwang.platform.ui.pages import Crumb, Page


@dataclass(frozen=True)
class Line:
    """A note with its photos."""

    note: Note
    photos: list[Attachment]


@dataclass
class Watch:
    """The notes of one shift."""

    day: date
    shift: Shift
    lines: list[Line] = field(default_factory=list)

    @property
    def is_handed_over(self) -> bool:
        """Whether the shift was handed over in writing."""
        return any(line.note.kind == Note.Kind.HANDOVER for line in self.lines)


def by_shift(notes: Iterable[Note]) -> list[Watch]:
    """Notes, newest first, under their shifts."""
    rows = list(notes)
    photos = queries.photos_of(rows)
    found: list[Watch] = []
    for note in rows:
        day, shift = shift_of(note.happened_at.astimezone(SHANGHAI), pack().shifts)
        if not found or (found[-1].day, found[-1].shift) != (day, shift):
            found.append(Watch(day, shift))
        found[-1].lines.append(Line(note, photos[note.pk]))
    return found


class Record(Page):
    """All that was noted."""

    permission = "emergency.view"
    template = "emergency/record.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = access.get(self.user, Event, pk, self.permission)
        chosen = [code for code in request.GET.getlist("kind") if code in Note.Kind.values]
        if request.htmx and request.htmx.target == "record":  # type: ignore[attr-defined]
            part = f"record {sorted(chosen)}"
            return live.answer(request, event, part, lambda: self._show(event, chosen, "emergency/_record.html"))
        return self._show(event, chosen)

    def _show(self, event: Event, chosen: Sequence[str], template: str = "") -> HttpResponse:
        notes = access.visible(self.user, Note, self.permission).filter(queries.family(event))
        if chosen:
            notes = notes.filter(kind__in=chosen)
        rows = notes.select_related("entered_by", "corrects", "event").prefetch_related("corrections")
        return self.render(
            template,
            title=f"处置记录：{event.name}",
            crumbs=[*EVENTS, (str(event), event.get_absolute_url())],
            event=event,
            watches=by_shift(rows),
            kinds=[(code, name, code in chosen) for code, name in Note.Kind.choices],
            may_add=access.can(self.user, "emergency.note") and event.state not in {"merged", "revoked"},
        )


class NoteNew(VersionedForm, EventForm):
    """Add to the record."""

    title = "补充记录"
    permission = "emergency.note"
    form_class = forms.NoteForm
    submit = "记录"
    intro = "记录只增不改；写错的再补一条更正。"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*super().get_crumbs(), ("处置记录", reverse("emergency:record", args=[self.object.pk]))]

    def initial(self) -> dict[str, Any]:
        corrects, kind = (self.request.GET.get(name, "") for name in ("corrects", "kind"))
        notes = access.visible(self.user, Note, self.permission).filter(event=self.object)
        known = notes.filter(corrects=int(corrects)).count() if corrects.isdecimal() else 0
        return {"corrects": corrects, "kind": kind, "version": known}

    def form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object}

    def write(self, form: Any) -> Note:
        data = dict(form.cleaned_data)
        return services.add_note(self.user, self.object, data.pop("kind"), data.pop("text"), **data)

    def done(self, result: Note) -> str:
        return f"已记录到“{self.object}”。"
