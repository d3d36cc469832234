"""Pages of rosters and shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.duty import forms, services
from bianwang.modules.duty.faults import faults, shift_faults
from bianwang.modules.duty.models import Roster, Shift
from bianwang.modules.duty.showing import seat_columns, sees_phones
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepService

ROSTERS = (("值班表", reverse_lazy("duty:rosters")),)
SHIFTS = (("值班安排", reverse_lazy("duty:list")),)


class RosterNew(FormPage):
    """Begin a roster."""

    title = "编制值班表"
    permission = "duty.roster"
    form_class = forms.RosterForm
    intro = "先生成空的班次，再按轮换填写、逐班修改或导入 Excel，检查无误后发布。"
    crumbs = ROSTERS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Roster:
        data = form.cleaned_data
        with refusals_in_form():
            return services.draft_roster(self.user, data["post"], data["first_day"], data["last_day"])

    def done(self, result: Roster) -> str:
        return f"已生成“{result}”的空班次，请排班后发布。"


class RosterPage(ObjectPage):
    """One roster, day by day, with what keeps it from being published."""

    model = Roster
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("post__owner", "made_by")
    crumbs = ROSTERS
    step_services: ClassVar[Mapping[str, StepService]] = {"publish": services.publish, "discard": services.discard}

    def facts(self) -> Sequence[Facts]:
        roster = self.object
        return [
            Facts(
                "值班表",
                [
                    fact("单位", roster.post.owner.name),
                    fact("岗位", roster.post.name, href=roster.post.get_absolute_url()),
                    fact("编制人", roster.made_by.name),
                    fact("发布时间", roster.published_at, "datetime"),
                ],
            ),
            *([Facts("发布前要改", self._faults())] if roster.state == "draft" else ()),
        ]

    def related(self) -> Sequence[Related]:
        return [
            Related("班次", _SHIFT, self.object.shifts.select_related("post__owner").prefetch_related("seats__person"))
        ]

    def actions(self) -> Sequence[Action]:
        roster = self.object
        if roster.state != "draft" or not access.scope_of(self.user, "duty.roster").includes(roster.post.owner_id):
            return []
        return [
            Action("按轮换填写", reverse("duty:fill", args=[roster.pk]), "rotate-clockwise"),
            Action("导入 Excel", reverse("exchange:upload", args=["duty.roster"]), "file-import"),
        ]

    def _faults(self) -> list[Any]:
        found = faults(self.object)
        return [fact(str(number), text) for number, text in enumerate(found, 1)] or [
            fact("检查", "没有问题，可以发布。")
        ]


class FillPage(FormPage):
    """Fill the empty shifts by rotation."""

    title = "按轮换填写"
    permission = "duty.roster"
    form_class = forms.NothingForm
    submit = "填写空班次"
    intro = "按岗位的轮换次序填写还没有人的班次，工作日和休息日各轮各的；已经排好的不动。"

    def get_object(self) -> Roster:
        return access.get(self.user, Roster, self.kwargs["pk"], self.permission, related=("post__owner",))

    def get_crumbs(self) -> Any:
        return [*ROSTERS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Roster:
        with refusals_in_form():
            self.filled = services.fill_by_rotation(self.object, self.user)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Roster) -> str:
        return f"已按轮换排了 {self.filled} 人次。"


class ShiftPage(ObjectPage):
    """One shift and who is on duty in it."""

    model = Shift
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("post__owner", "roster")

    def get_crumbs(self) -> Any:
        return [*ROSTERS, (str(self.object.roster.first_day), reverse("duty:roster", args=[self.object.roster_id]))]

    def facts(self) -> Sequence[Facts]:
        shift = self.object
        return [
            Facts(
                "班次",
                [
                    fact("单位", shift.post.owner.name),
                    fact("岗位", shift.post.name, href=shift.post.get_absolute_url()),
                    fact("开始时间", shift.starts_at, "datetime"),
                    fact("结束时间", shift.ends_at, "datetime"),
                    fact("休息日", shift.is_rest, "flag"),
                    fact("应到值班人数", shift.officers, "number", unit="人"),
                    fact("值班表", shift.roster.state_row.name, "badge", colour=shift.roster.state_row.colour),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        full = sees_phones(self.user, self.object.post.owner_id)
        seats = self.object.seats.select_related("person")
        return [Related("在班人员", seat_columns(full=full), seats, empty="还没有排人。")]

    def actions(self) -> Sequence[Action]:
        shift = self.object
        if shift.roster.state == "published" and shift.starts_at > now():
            mine = shift.seats.filter(person__user=self.user).first()
            return [Action("换班", reverse("duty:swap_new", args=[mine.pk]), "arrows-exchange")] if mine else []
        if shift.roster.state != "draft" or not access.scope_of(self.user, "duty.roster").includes(shift.post.owner_id):
            return []
        return [Action("排班", reverse("duty:seats", args=[shift.pk]), "edit")]


class SeatsPage(FormPage):
    """Put people into a shift of a draft."""

    title = "排班"
    permission = "duty.roster"
    form_class = forms.SeatsForm

    def get_object(self) -> Shift:
        related = ("post__owner", "roster__post__owner")
        return access.get(self.user, Shift, self.kwargs["pk"], self.permission, related=related)

    def get_crumbs(self) -> Any:
        return [*ROSTERS, (str(self.object), self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"shift": self.object}

    def initial(self) -> dict[str, Any]:
        seats = list(self.object.seats.all())
        return {
            "leader": next((seat.person_id for seat in seats if seat.role == "leader"), None),
            "officers": [seat.person_id for seat in seats if seat.role == "officer"],
        }

    def save(self, form: Any) -> Roster:
        with refusals_in_form():
            services.assign(self.object, self.user, form.cleaned_data["leader"], list(form.cleaned_data["officers"]))
        return self.object.roster  # type: ignore[no-any-return]

    def done(self, result: Roster) -> str:
        return f"已排好“{self.object}”。"


def _lacks(shift: Shift) -> str:
    return "".join(shift_faults(shift)).replace(f"{shift.day} {shift.name}", "")


_SHIFT = (
    Column("day", "日期", lambda shift: f"{shift.day:%m-%d} 周{'一二三四五六日'[shift.day.weekday()]}", kind="link"),
    Column("name", "班次"),
    Column("is_rest", "休息日", kind="flag"),
    Column("leader", "带班领导", "leader_names"),
    Column("officers", "值班人员", "officer_names"),
    Column("lacks", "缺什么", _lacks),
)
