"""Pages of meetings and public notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.relief import showing
from bianwang.modules.relief.forms.meetings import MeetingForm
from bianwang.modules.relief.lists.claims import waiting_groups
from bianwang.modules.relief.models import Claim, Meeting
from bianwang.modules.relief.queries import claims
from bianwang.modules.relief.services import meetings as services
from bianwang.platform import access
from bianwang.platform.personal import noticed_name
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page

MEETINGS = (("评议公示", reverse_lazy("relief:meetings")),)
MOST = 100
"""Households on one form."""


class Waiting(Page):
    """Which programme is to be voted on."""

    title = "登记评议"
    permission = "relief.assess"
    template = "relief/waiting.html"
    crumbs = MEETINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(groups=waiting_groups(self.user))


class MeetingNew(FormPage):
    """Enter a meeting."""

    title = "登记评议"
    permission = "relief.assess"
    form_class = MeetingForm
    submit = "登记并公示"
    crumbs = MEETINGS

    def get_object(self) -> Any:
        village = access.get(self.user, Organisation, self.kwargs["village"], self.permission)
        programme = claims.programme(self.kwargs["programme"])
        rows = access.visible(self.user, Claim, self.permission)
        waiting = rows.filter(programme=programme, owner=village, state="reported").select_related("programme", "owner")
        self.waiting = list(waiting.order_by("pk")[:MOST])
        self.intro = (
            f"{village}，{programme}。逐户填写同意票，超过到会人数一半的通过，自今天起公示；"
            "没有评议的户留空，下次再评。"
        )
        return village, programme

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": self.waiting}

    def save(self, form: Any) -> Meeting:
        village, programme = self.object
        data = form.cleaned_data
        with refusals_in_form():
            return services.hold(self.user, programme, village, data, form.votes(), data["papers"])

    def done(self, result: Meeting) -> str:
        return f"已登记 {result.number}，公示到 {result.notice_to} 为止。请打印公示张贴。"


class MeetingPage(ObjectPage):
    """One meeting with the households that were voted on."""

    model = Meeting
    permission = "relief.view"
    select: ClassVar[Sequence[str]] = ("owner", "programme", "made_by")
    crumbs = MEETINGS

    def facts(self) -> Sequence[Facts]:
        return showing.meeting_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.meeting_related(self.object)

    def actions(self) -> Sequence[Action]:
        return [Action("打印公示", reverse("relief:notice", args=[self.object.pk]), "printer")]


class Notice(Page):
    """公示 on A4: masked names and numbers, and where to object."""

    permission = "relief.view"
    template = "relief/notice.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        meeting = access.get(self.user, Meeting, pk, self.permission, related=("owner", "programme"))
        passed = meeting.claims.filter(votes__isnull=False).exclude(state="refused").order_by("pk")
        rows = [(noticed_name(claim.head), claim) for claim in passed]
        crumbs = [*MEETINGS, (str(meeting), meeting.get_absolute_url())]
        title = f"{meeting.programme}评议结果公示"
        total = sum(claim.amount for _, claim in rows)
        return self.render(title=title, meeting=meeting, rows=rows, crumbs=crumbs, total=total)
