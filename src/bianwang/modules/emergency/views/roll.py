"""The roll call of a village or town, on a phone: its people and those whom it takes in, nothing else of an event.

Names are whole there, because a roll cannot be called without them; phones are masked.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bianwang.modules.emergency import services
from bianwang.modules.emergency.evacuating import CALLED, STATES
from bianwang.modules.emergency.queries import evacuees
from bianwang.modules.emergency.views.evacuation import GROUPS, warn_if_full
from bianwang.platform.personal import masked_phone
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.errors import Refused


class RollCall(Page):
    """Everybody of one's territory; one tap says here, another not found."""

    title = "转移点名"
    permission = evacuees.ROLL_CALL
    template = "emergency/roll_call.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        everybody = evacuees.roll_of(self.user)
        group, text = request.GET.get("group", ""), request.GET.get("q", "").strip()
        rows = everybody.select_related("batch__event", "state_by")
        if group in GROUPS:
            rows = rows.filter(state__in=GROUPS[group])
        if text:
            rows = rows.filter(evacuees.named(text))
        return self.render(
            count=evacuees.count(everybody),
            people=[(row, masked_phone(row.phone), row.state in CALLED) for row in rows],
            base=reverse("emergency:roll_call"),
            group=group,
            text=text,
        )


class RollCallSet(Page):
    """One tap: here, or not found."""

    permission = evacuees.ROLL_CALL

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = evacuees.roll_of(self.user).filter(pk=pk).first()
        if person is None:
            raise Http404("这个人不在您点名的名单上，或事件已经办结。")
        state = request.POST.get("state", "")
        try:
            services.call_roll(self.user, person, state)
        except Refused as error:
            messages.error(request, str(error))
        else:
            person.refresh_from_db()
            messages.success(request, f"{person.name}：{STATES[state][0]}。")
            warn_if_full(request, person)
        wanted = request.POST.get("back", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
        return redirect(wanted if is_ours else reverse("emergency:roll_call"))
