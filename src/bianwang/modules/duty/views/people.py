"""Pages of posts and of the people who man them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse, reverse_lazy

from bianwang.modules.duty import forms, services
from bianwang.modules.duty.models import DutyPost, Person, Roster, RotationPlace, Seat
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.showing import phone_fact, sees_phones
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related

POSTS = (("值班岗位", reverse_lazy("duty:posts")),)
PEOPLE = (("值班人员", reverse_lazy("duty:people")),)
_SHOWN = 20


class PostPage(ObjectPage):
    """One post: what it needs, the order of turns, its rosters."""

    model = DutyPost
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = POSTS

    def facts(self) -> Sequence[Facts]:
        post = self.object
        rotations = [
            fact(f"{'休息日' if is_rest else '工作日'}{role.label}", self._order(role, is_rest=is_rest))
            for role in Role
            for is_rest in (False, True)
        ]
        return [
            Facts(
                "岗位",
                [
                    fact("单位", post.owner.name),
                    fact("班次方案", post.scheme_name),
                    fact("每班值班人数", post.officers, "number", unit="人"),
                    fact("须有带班领导", post.needs_leader, "flag"),
                    fact("值班电话", post.phone),
                    fact("在用", post.is_active, "flag"),
                ],
            ),
            Facts("轮换次序", rotations),
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Roster, "duty.view").filter(post=self.object)
        more = list_url("duty:rosters", post=self.object.pk)
        return [Related("值班表", _ROSTER, rows.select_related("post__owner")[:_SHOWN], more=more)]

    def actions(self) -> Sequence[Action]:
        if not access.scope_of(self.user, "duty.roster").includes(self.object.owner_id):
            return []
        return [
            Action("修改", reverse("duty:post_change", args=[self.object.pk]), "edit"),
            *(
                Action(
                    f"{'休息日' if rest else '工作日'}{role.label}轮换",
                    reverse("duty:rotation", args=[self.object.pk, role.value, rest]),
                    "rotate-clockwise",
                )
                for role in Role
                for rest in (0, 1)
            ),
        ]

    def _order(self, role: str, *, is_rest: bool) -> str:
        return "→".join(row.person.name for row in self._places if row.role == role and row.is_rest == is_rest)

    @property
    def _places(self) -> list[RotationPlace]:
        if not hasattr(self, "_found"):
            self._found = list(self.object.places.select_related("person"))
        return self._found


class PostEntry(FormPage):
    """Set up or change a post."""

    permission = "duty.roster"
    form_class = forms.PostForm
    crumbs = POSTS

    def get_title(self) -> str:
        return "修改岗位" if self.object else "登记岗位"

    def get_object(self) -> DutyPost | None:
        if "pk" not in self.kwargs:
            return None
        return access.get(self.user, DutyPost, self.kwargs["pk"], self.permission, related=("owner",))

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in services.POST_COLUMNS} if self.object else {}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "fixed": self.object is not None}

    def save(self, form: Any) -> DutyPost:
        if self.object is None:
            return services.create_post(self.user, form.cleaned_data["unit"], form.cleaned_data)
        services.change_post(self.object, self.user, form.cleaned_data)
        return self.object  # type: ignore[no-any-return]


class RotationPage(FormPage):
    """The order of turns of one role on one kind of days."""

    permission = "duty.roster"
    form_class = forms.RotationForm
    intro = "按次序生成值班表时，从上一张值班表最后一班的下一人接着轮。"

    def get_object(self) -> DutyPost:
        if self.kwargs["role"] not in Role.values or self.kwargs["rest"] not in (0, 1):
            raise Http404("没有这种轮换，请从岗位页面进入。")
        return access.get(self.user, DutyPost, self.kwargs["pk"], self.permission, related=("owner",))

    def get_title(self) -> str:
        return f"{'休息日' if self.kwargs['rest'] else '工作日'}{Role(self.kwargs['role']).label}轮换"

    def get_crumbs(self) -> Any:
        return [*POSTS, (str(self.object), self.object.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        rows = self.object.places.filter(role=self.kwargs["role"], is_rest=bool(self.kwargs["rest"]))
        return {"names": "\n".join(row.person.name for row in rows.select_related("person").order_by("position"))}

    def form_kwargs(self) -> dict[str, Any]:
        return {"post": self.object}

    def save(self, form: Any) -> DutyPost:
        rest = bool(self.kwargs["rest"])
        people = form.cleaned_data["names"]
        services.set_rotation(self.object, self.user, self.kwargs["role"], is_rest=rest, people=people)
        return self.object  # type: ignore[no-any-return]


class PersonPage(ObjectPage):
    """Somebody who takes turns, and their next ones."""

    model = Person
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner", "user")
    crumbs = PEOPLE

    def facts(self) -> Sequence[Facts]:
        person = self.object
        return [
            Facts(
                "值班人员",
                [
                    fact("单位", person.owner.name),
                    fact("职务", person.title),
                    phone_fact("手机", person.phone, full=sees_phones(self.user, person.owner_id)),
                    fact("可带班", person.can_lead, "flag"),
                    fact("平台账号", person.user.username if person.user else ""),
                    fact("在用", person.is_active, "flag"),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Seat, "duty.view").filter(person=self.object, shift__roster__state="published")
        found = rows.select_related("shift__post__owner").order_by("-shift__starts_at")[:_SHOWN]
        return [Related("值班安排", _SEAT, found, empty="还没有排班。")]

    def actions(self) -> Sequence[Action]:
        if not access.scope_of(self.user, "duty.roster").includes(self.object.owner_id):
            return []
        return [Action("修改", reverse("duty:person_change", args=[self.object.pk]), "edit")]


class PersonEntry(FormPage):
    """Enter or change a person."""

    permission = "duty.roster"
    form_class = forms.PersonForm
    crumbs = PEOPLE

    def get_title(self) -> str:
        return "修改值班人员" if self.object else "登记值班人员"

    def get_object(self) -> Person | None:
        if "pk" not in self.kwargs:
            return None
        return access.get(self.user, Person, self.kwargs["pk"], self.permission, related=("owner", "user"))

    def initial(self) -> dict[str, Any]:
        if self.object is None:
            return {}
        names = ("name", "title", "phone", "can_lead", "is_active")
        account = self.object.user.username if self.object.user else ""
        return {"account": account, **{name: getattr(self.object, name) for name in names}}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "fixed": self.object is not None}

    def save(self, form: Any) -> Person:
        values = {**form.cleaned_data, "user": form.cleaned_data["account"]}
        if self.object is None:
            return services.create_person(self.user, form.cleaned_data["unit"], values)
        services.change_person(self.object, self.user, values)
        return self.object  # type: ignore[no-any-return]


_ROSTER = (
    Column("first_day", "开始日期", kind="link"),
    Column("last_day", "结束日期", kind="date"),
    state_column(),
)
_SEAT = (
    Column("day", "日期", "shift.day", kind="date", link=lambda seat: seat.shift.get_absolute_url()),
    Column("shift", "班次", "shift.name"),
    Column("post", "岗位", "shift.post"),
    Column("role", "职责"),
)
