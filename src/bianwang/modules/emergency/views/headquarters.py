"""Pages of headquarters and their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import command as forms
from bianwang.modules.emergency.lists.preparing import drill_columns, plan_columns
from bianwang.modules.emergency.models import Member
from bianwang.modules.emergency.models.headquarters import in_office
from bianwang.modules.emergency.pack.events import headquarters_choices, headquarters_name, pack
from bianwang.modules.emergency.queries import preparing
from bianwang.modules.emergency.services.headquarters import MEMBER_COLUMNS
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Related
from bianwang.platform.ui.pages import Crumb, Page

HEADQUARTERS = (("指挥部", reverse_lazy("emergency:headquarters_list")),)


@dataclass(frozen=True)
class Office:
    """A headquarters with what belongs to it."""

    code: str
    name: str
    chief: str
    members: int
    plans: int
    drills: int

    @property
    def members_url(self) -> str:
        """The rows behind the number."""
        return list_url("emergency:members", headquarters=self.code, current=1)

    @property
    def plans_url(self) -> str:
        """The rows behind the number."""
        return list_url("emergency:plans", headquarters=self.code, in_force=1)

    @property
    def drills_url(self) -> str:
        """The rows behind the number."""
        year = today().year
        span = {"planned_from": f"{year}-01-01", "planned_to": f"{year}-12-31"}
        return list_url("emergency:drills", headquarters=self.code, kept=1, **span)


def _numbers(rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows each headquarters has."""
    found = rows.order_by().values("headquarters").annotate(number=Count("pk"))
    return {row["headquarters"]: row["number"] for row in found}


class HeadquartersList(Page):
    """All headquarters at a glance."""

    title = "指挥部"
    permission = "emergency.preparedness"
    template = "emergency/headquarters_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        members = preparing.members(self.user).filter(in_office(today()))
        chiefs: dict[str, str] = {}
        for row in members.filter(role=Member.Role.CHIEF):
            chiefs[row.headquarters] = f"{row.name}（{row.title or row.unit}）"
        plans = preparing.plans(self.user).filter(state__in=IN_FORCE)
        drills = preparing.drills(self.user).filter(planned_on__year=today().year).exclude(state="cancelled")
        seats, in_force, planned = _numbers(members), _numbers(plans), _numbers(drills)
        offices = [
            Office(code, name, chiefs.get(code, ""), seats.get(code, 0), in_force.get(code, 0), planned.get(code, 0))
            for code, name in headquarters_choices()
        ]
        return self.render(offices=offices, may_edit=access.can(self.user, "emergency.prepare"))


class HeadquartersPage(Page):
    """One headquarters: who belongs to it, its plans and drills, and who belonged to it before."""

    permission = "emergency.preparedness"
    template = "emergency/headquarters.html"
    crumbs = HEADQUARTERS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        row = next((item for item in reversed(pack().headquarters) if item.code == code), None)
        if row is None:
            raise Http404("没有这个指挥部，请从“指挥部”进入。")
        members = preparing.members(self.user).filter(headquarters=code)
        current = members.filter(in_office(today()))
        plans = preparing.plans(self.user).filter(headquarters=code).exclude(state="repealed")
        drills = preparing.drills(self.user).filter(headquarters=code)
        related = [
            Related(
                "预案",
                plan_columns(),
                plans.prefetch_related("kinds"),
                list_url("emergency:plans", headquarters=code),
                empty="还没有预案。",
            ),
            Related(
                "演练（最近）",
                drill_columns(),
                drills.order_by("-planned_on", "-pk")[:8],
                list_url("emergency:drills", headquarters=code),
                empty="还没有演练。",
            ),
        ]
        return self.render(
            title=row.name,
            row=row,
            members=current,
            former=members.exclude(pk__in=current.order_by().values("pk")).order_by("-valid_to", "-pk"),
            history_url=list_url("emergency:members", headquarters=code),
            related=related,
            may_call=preparing.may_call(self.user),
            may_edit=access.can(self.user, "emergency.prepare"),
        )


class MemberForm(FormPage):
    """A form about a seat."""

    permission = "emergency.prepare"
    code: str

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*HEADQUARTERS, (headquarters_name(self.code), reverse("emergency:headquarters", args=[self.code]))]


class MemberNew(MemberForm):
    """Somebody takes a seat."""

    title = "登记成员"
    form_class = forms.MemberForm
    submit = "登记"

    def get_object(self) -> None:
        self.code = self.kwargs["code"]
        if self.code not in dict(headquarters_choices()):
            raise Http404("没有这个指挥部，请从“指挥部”进入。")

    def initial(self) -> dict[str, Any]:
        return {"valid_from": today()}

    def save(self, form: Any) -> Member:
        return services.add_member(self.user, self.code, form.cleaned_data)


class MemberChange(MemberForm):
    """Put a seat right, or end it."""

    title = "更正或离任"
    form_class = forms.MemberChangeForm

    def get_object(self) -> Member:
        row = access.get(self.user, Member, self.kwargs["pk"], self.permission)
        self.code = row.headquarters
        return row

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in MEMBER_COLUMNS}

    def save(self, form: Any) -> Member:
        values = {name: form.cleaned_data[name] for name in MEMBER_COLUMNS}
        with refusals_in_form():
            services.change_member(self.object, self.user, values, form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]
