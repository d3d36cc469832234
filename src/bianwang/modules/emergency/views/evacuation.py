"""Pages of evacuation lists: the roll call on a phone, orders, people, and the list on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bianwang.modules.emergency import services
from bianwang.modules.emergency.evacuating import LEFT, MOVED, STATES, UNSAFE
from bianwang.modules.emergency.forms import command as forms
from bianwang.modules.emergency.models import Batch, Evacuee, Event
from bianwang.modules.emergency.queries import evacuees
from bianwang.modules.emergency.queries.shelters import called, over_words, stays, suggestions
from bianwang.modules.emergency.services.evacuation import PERSON_COLUMNS
from bianwang.modules.emergency.showing.resources import shelter_words
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.pages import Crumb, Page
from bianwang.platform.workflow.errors import Refused

GROUPS = {"moved": MOVED, "left": LEFT, "missing": ("missing",), "here": ("safe",), "unsafe": UNSAFE}
"""What the numbers lead to: states by the word in the address."""


class Evacuation(Page):
    """Everybody of an event's lists; one tap says that somebody is safe."""

    permission = "emergency.view"
    template = "emergency/evacuation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = access.get(self.user, Event, pk, self.permission, related=("merged_into",))
        everybody = evacuees.people_of(self.user, event)
        full = evacuees.sees_all(self.user, event)
        group, batch, site = (request.GET.get(name, "") for name in ("group", "batch", "site"))
        text = request.GET.get("q", "").strip()
        rows = everybody.select_related("batch", "state_by")
        if group in GROUPS:
            rows = rows.filter(state__in=GROUPS[group])
        if batch.isdecimal():
            rows = rows.filter(batch__number=int(batch))
        if site.isdecimal() or site == "other":
            rows = rows.filter(site=None if site == "other" else int(site)).exclude(state="void")
        if text:
            # Whoever reads family names only must not find out names by searching for them.
            rows = rows.filter(evacuees.matching(text, full=full))
        main = event.merged_into or event
        return self.render(
            title="转移安置",
            crumbs=[*EVENTS, (str(event), event.get_absolute_url())],
            event=event,
            batches=access.visible(self.user, Batch, self.permission).filter(event=event).select_related("home"),
            count=evacuees.count(everybody),
            stays=stays(self.user, event),
            offered=suggestions(event) if full and main.state in LIVE else (),
            people=[(row, evacuees.shown_name(row, full=full), evacuees.shown_phone(row, full=full)) for row in rows],
            full=full,
            group=group,
            batch=batch,
            site=site,
            text=text,
            states=[(code, word) for code, (word, _) in STATES.items()],
            may_edit=full and main.state in LIVE,
            may_return=full and main.state == "closed",
            list_url=list_url("emergency:evacuees", event=event.pk),
        )


class EvacuationPaper(Page):
    """The list on A4, with a place to sign."""

    permission = "emergency.view"
    template = "emergency/evacuation_paper.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = access.get(self.user, Event, pk, self.permission)
        full = evacuees.sees_all(self.user, event)
        people = evacuees.people_of(self.user, event).exclude(state="void").select_related("batch")
        rows = [(row, evacuees.shown_name(row, full=full), evacuees.shown_phone(row, full=full)) for row in people]
        crumbs = [*EVENTS, (str(event), event.get_absolute_url()), _roll_call(event)]
        return self.render(title="转移安置名单", crumbs=crumbs, event=event, people=rows, count=evacuees.count(people))


class EvacuationForm(EventForm):
    """A form about the lists of an event."""

    permission = "emergency.evacuate"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*super().get_crumbs(), _roll_call(self.object)]


class BatchNew(EvacuationForm):
    """Order people to leave."""

    title = "下达转移"
    form_class = forms.BatchForm
    submit = "下达"
    intro = "先下达一批，再逐人登记或用 Excel 导入名单；名单上每个人从“待通知”起，直到“已安置”。"

    def get_object(self) -> Event:
        event = super().get_object()
        self.intro = f"{type(self).intro}{shelter_words(event)}"
        return event

    def form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object}

    def save(self, form: Any) -> Batch:
        with refusals_in_form():
            return services.order_evacuation(self.user, self.object, form.values())

    def done(self, result: Batch) -> str:
        return f"已下达{result}，请登记名单。{over_words([result.site_id])}"


class PersonNew(EvacuationForm):
    """Put somebody on a list."""

    title = "登记转移人员"
    form_class = forms.PersonForm
    submit = "登记"

    def form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object}

    def save(self, form: Any) -> str:
        with refusals_in_form():
            services.list_people(self.user, form.cleaned_data["batch"], [form.values()])
        return reverse("emergency:evacuation", args=[self.object.pk])

    def done(self, result: str) -> str:
        return "已登记到转移名单。"


class PersonChange(FormPage):
    """Put right what is written of a person."""

    title = "更正转移人员"
    permission = "emergency.evacuate"
    form_class = forms.PersonChangeForm

    def get_object(self) -> Evacuee:
        return access.get(self.user, Evacuee, self.kwargs["pk"], self.permission, related=("batch__event",))

    def get_crumbs(self) -> Sequence[Crumb]:
        event = self.object.batch.event
        return [*EVENTS, (str(event), event.get_absolute_url()), _roll_call(event)]

    def form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object.batch.event}

    def initial(self) -> dict[str, Any]:
        person: Evacuee = self.object
        return {name: getattr(person, name) for name in (*PERSON_COLUMNS, "home")} | {"shelter": called(person)}

    def save(self, form: Any) -> Evacuee:
        with refusals_in_form():
            services.change_person(self.object, self.user, form.values(), form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]


class PersonSet(Page):
    """One tap: where a person is now."""

    permission = "emergency.evacuate"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = access.get(self.user, Evacuee, pk, self.permission, related=("batch",))
        form = forms.PersonStateForm(request.POST)
        if form.is_valid():
            self._set(person, **form.cleaned_data)
        else:
            messages.error(request, "请选择人员现在的状态，说明和安置点不要太长。")
        wanted = request.POST.get("back", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
        return redirect(wanted if is_ours else person.get_absolute_url())

    def _set(self, person: Evacuee, state: str, shelter: str, note: str) -> None:
        try:
            services.set_people(self.user, [person], state, shelter=shelter, note=note)
        except (Refused, ValidationError) as error:
            messages.error(self.request, "；".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(self.request, f"{person.name}：{STATES[state][0]}。")
            person.refresh_from_db()
            warn_if_full(self.request, person)


def warn_if_full(request: HttpRequest, person: Evacuee) -> None:
    """Say plainly that the shelter where somebody now is holds too many."""
    if person.state == "safe" and (words := over_words([person.site_id])):
        messages.warning(request, words)


def _roll_call(event: Event) -> Crumb:
    return "转移安置", reverse("emergency:evacuation", args=[event.pk])
