"""Pages of the contact list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.duty import forms_calling as forms, services
from bianwang.modules.duty.models import Contact, ContactGroup, ContactNumber, Recipient
from bianwang.modules.duty.showing import sees_phones
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related

CONTACTS = (("通讯录", reverse_lazy("duty:contacts")),)
GROUPS = (*CONTACTS, ("通讯分组", reverse_lazy("duty:groups")))
_SHOWN = 20


class ContactPage(ObjectPage):
    """Somebody, the call tree behind them, and what was sent to them."""

    model = Contact
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner", "substitute", "user")
    crumbs = CONTACTS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "联系人",
                [
                    fact("单位", row.owner.name),
                    fact("职务", row.title),
                    fact("分组", row.group_names),
                    fact("次序", row.position, "number"),
                    fact("平台账号", row.user.username if row.user else ""),
                    fact("在用", row.is_active, "flag"),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        full = sees_phones(self.user, self.object.owner_id)
        sent = access.visible(self.user, Recipient, "duty.view").filter(contact=self.object)
        return [
            Related("电话", _FULL if full else _MASKED, self.object.numbers.all(), empty="没有电话。"),
            Related(
                "呼叫树：逾时没有回执依次通知", _TREE, _tree(self.object), empty="没有替补，逾时由值班室电话通知。"
            ),
            Related("收到的消息", _SENT, sent.select_related("message", "sms").order_by("-asked_at")[:_SHOWN]),
        ]

    def actions(self) -> Sequence[Action]:
        if not access.scope_of(self.user, "duty.contacts").includes(self.object.owner_id):
            return []
        return [Action("修改", reverse("duty:contact_change", args=[self.object.pk]), "edit")]


class ContactEntry(FormPage):
    """Enter or change somebody."""

    permission = "duty.contacts"
    form_class = forms.ContactForm
    crumbs = CONTACTS

    def get_title(self) -> str:
        return f"修改联系人 {self.object}" if self.object else "登记联系人"

    def get_object(self) -> Contact | None:
        if "pk" not in self.kwargs:
            return None
        related = ("owner", "user", "substitute__owner")
        return access.get(self.user, Contact, self.kwargs["pk"], self.permission, related=related)

    def initial(self) -> dict[str, Any]:
        row = self.object
        if row is None:
            return {}
        other = row.substitute
        near = other is None or other.owner_id == row.owner_id
        return {
            **{name: getattr(row, name) for name in ("name", "title", "position", "is_active")},
            "numbers": "\n".join(number.number for number in row.numbers.all()),
            "groups": [group.pk for group in row.groups.all()],
            "substitute": (other.name if near else f"{other.owner}/{other.name}") if other else "",
            "account": row.user.username if row.user else "",
        }

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "known": self.object}

    def save(self, form: Any) -> Contact:
        data = form.cleaned_data
        values = {**data, "user": data["account"]}
        if self.object is None:
            return services.create_contact(self.user, data["unit"], values, data["numbers"], data["groups"])
        services.change_contact(self.object, self.user, values, data["numbers"], data["groups"])
        return self.object  # type: ignore[no-any-return]


class GroupPage(ObjectPage):
    """One group and the people in it."""

    model = ContactGroup
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = GROUPS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [Facts("分组", [fact("维护单位", row.owner.name), fact("次序", row.position, "number")])]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Contact, "duty.view").filter(groups=self.object, is_active=True)
        shown = rows.select_related("owner", "substitute").order_by("owner__pinyin", "position", "pk")[:_SHOWN]
        more = list_url("duty:contacts", group=self.object.pk, is_active=1)
        return [Related("联系人", _MEMBER, shown, more=more, empty="还没有人，请在联系人页面勾选这个分组。")]

    def actions(self) -> Sequence[Action]:
        if not access.scope_of(self.user, "duty.contacts").includes(self.object.owner_id):
            return []
        return [
            Action("修改", reverse("duty:group_change", args=[self.object.pk]), "edit"),
            Action("群发消息", list_url("duty:message_new", group=self.object.pk), "send"),
        ]


class GroupEntry(FormPage):
    """Set up or change a group."""

    permission = "duty.contacts"
    form_class = forms.GroupForm
    crumbs = GROUPS

    def get_title(self) -> str:
        return "修改分组" if self.object else "登记分组"

    def get_object(self) -> ContactGroup | None:
        if "pk" not in self.kwargs:
            return None
        return access.get(self.user, ContactGroup, self.kwargs["pk"], self.permission)

    def initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "position": self.object.position} if self.object else {}

    def save(self, form: Any) -> ContactGroup:
        data = form.cleaned_data
        if self.object is None:
            return services.create_group(self.user, data["name"], data["position"])
        services.change_group(self.object, self.user, data["name"], data["position"])
        return self.object  # type: ignore[no-any-return]


def import_contacts(request: HttpRequest) -> HttpResponse:
    """The Excel import, from the list's own button."""
    access.require(request.user, "duty.contacts")
    return redirect("exchange:upload", "duty.contact")


def _tree(contact: Contact) -> list[Contact]:
    """Who follows, in order."""
    found: list[Contact] = []
    following = contact.substitute
    while following is not None and len(found) < services.LONGEST_TREE:
        found.append(following)
        following = following.substitute
    return found


def _call(row: ContactNumber) -> str:
    return f"tel:{row.number}"


_FULL = (Column("number", "电话", link=_call), Column("is_mobile", "收短信", kind="flag"))
_MASKED = (Column("number", "电话", kind="phone"), Column("is_mobile", "收短信", kind="flag"))
_TREE = (
    Column("name", "姓名", kind="link"),
    Column("unit", "单位", "owner.name"),
    Column("is_active", "在用", kind="flag"),
)
_SENT = (
    Column("message", "消息", "message.title", kind="link"),
    Column("asked_at", "通知时间", kind="datetime"),
    Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
    Column("reply", "答复"),
)
_MEMBER = (
    Column("name", "姓名", kind="link"),
    Column("unit", "单位", "owner.name"),
    Column("title", "职务"),
    Column("substitute", "替补", lambda row: row.substitute.name if row.substitute else ""),
)
