"""Forms of the contact list, group messages and noted calls."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms

from bianwang.modules.duty import pack
from bianwang.modules.duty.forms import area
from bianwang.modules.duty.models import Contact, ContactGroup, PhoneCall
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.places.models import Party
from bianwang.platform.ui.forms import MomentInput

NUMBER = re.compile(r"^[0-9+\- ]{5,20}$")
WRONG_NUMBER = "“{}”不是电话，只写数字，5至20位，如 13800000000 或 023-41420000。"


class GroupForm(forms.Form):
    """A group."""

    name = forms.CharField(label="分组", max_length=40, help_text="如：局领导、镇街值班、成员单位、救援队、企业负责人")
    position = forms.IntegerField(label="次序", min_value=1, max_value=999, initial=1)


class ContactForm(forms.Form):
    """Somebody with their numbers, groups and substitute."""

    unit = forms.CharField(label="单位", max_length=100, help_text="平台上登记的单位或企业全称")
    name = forms.CharField(label="姓名", max_length=40)
    title = forms.CharField(label="职务", max_length=60, required=False)
    numbers = area("电话", 200, help_text="一行一个，先打的写在前面；短信发到第一个手机号")
    groups: Any = forms.ModelMultipleChoiceField(
        label="分组", queryset=ContactGroup.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    position = forms.IntegerField(
        label="次序", min_value=1, max_value=999, initial=1, help_text="在本单位里先找谁，1 最先"
    )
    substitute = forms.CharField(
        label="替补",
        max_length=140,
        required=False,
        help_text="逾时没有回执时接着通知谁：同单位的写姓名，其他单位的写“单位/姓名”",
    )
    account = forms.CharField(
        label="平台账号", max_length=40, required=False, help_text="登录用的账号；填了，消息会进他的待办"
    )
    is_active = forms.BooleanField(label="在用", required=False, initial=True)

    def __init__(self, *args: Any, user: User, known: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.known, fixed = user, known, known.owner if known else None
        if fixed is not None:
            del self.fields["unit"]
        self.fields["groups"].queryset = access.visible(user, ContactGroup, "duty.contacts")  # type: ignore[attr-defined]

    def clean_unit(self) -> Party:
        """The unit that was named."""
        name = self.cleaned_data["unit"].strip()
        found = access.visible(self.user, Party, "duty.contacts").filter(name=name, is_active=True).first()
        if found is None:
            raise forms.ValidationError(f"您的管辖范围内没有“{name}”，请填平台上登记的全称。")
        return found

    def clean_numbers(self) -> list[str]:
        """One number a line."""
        lines = [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        wrong = next((line for line in lines if not NUMBER.match(line)), None)
        if wrong is not None:
            raise forms.ValidationError(WRONG_NUMBER.format(wrong))
        return lines

    def clean_account(self) -> User | None:
        """The account that was named."""
        name = self.cleaned_data["account"].strip()
        found = User.objects.admitted().filter(username=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(f"没有在用的账号“{name}”，请核对，或留空。")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, unit = data.get("substitute", "").strip(), self.known.owner if self.known else data.get("unit")
        if self.known and self.known.substitute and text == self.initial["substitute"]:
            # Whoever it is now may be out of the user's scope.
            data["substitute"] = self.known.substitute
        else:
            data["substitute"] = substitute(self.user, unit, text) if text and unit else None
        if text and unit and data["substitute"] is None:
            self.add_error("substitute", f"没有在用的联系人“{text}”，请先登记他。")
        return data


class MessageForm(forms.Form):
    """What to send to whom."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    urgency = forms.ChoiceField(label="紧急程度", choices=lambda: _urgencies())
    title = forms.CharField(label="标题", max_length=60)
    text = area("内容", pack.LONGEST_TEXT, rows=5, help_text="平台会自动加上发送单位、回执时限和回执办法")
    groups: Any = forms.ModelMultipleChoiceField(
        label="发给哪些分组",
        queryset=ContactGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="同一人在几个分组里也只收一次",
    )
    people: Any = forms.ModelMultipleChoiceField(
        label="另加联系人",
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="电脑上按住 Ctrl 可多选",
    )
    source = forms.CharField(
        label="关联事项", max_length=200, required=False, help_text="平台内的网址，如 /emergency/1/；可以不填"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = access.visible(user, Contact, "duty.message").filter(is_active=True)
        self.fields["groups"].queryset = access.visible(user, ContactGroup, "duty.message")  # type: ignore[attr-defined]
        self.fields["people"].queryset = people.select_related("owner").order_by("owner__pinyin", "position", "pk")  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = lambda row: f"{row.owner} {row.name}"  # type: ignore[attr-defined]
        self.reach = people

    def contacts(self) -> list[Contact]:
        """Everybody who was chosen, once."""
        chosen = self.reach.filter(groups__in=self.cleaned_data["groups"]).order_by().values("pk")
        return [*self.reach.filter(pk__in=chosen), *self.cleaned_data["people"]]


class ReplyForm(forms.Form):
    """A receipt, with an answer where there is one."""

    reply = area("答复（可以不填）", 300, required=False, rows=2)


class NotedForm(forms.Form):
    """What was said on the telephone."""

    reply = area("通话情况", 300, rows=2, help_text="谁接听、怎样答复，如“8:05 张主任接听，已出发”")


class CallForm(forms.Form):
    """A noted call."""

    direction = forms.ChoiceField(label="方向", choices=PhoneCall.Direction.choices)
    who = forms.CharField(label="对方", max_length=60, help_text="单位和姓名")
    number = forms.RegexField(
        NUMBER, label="电话", required=False, error_messages={"invalid": "电话只写数字，5至20位，如 13800000000。"}
    )
    happened_at = forms.DateTimeField(label="通话时间", widget=MomentInput(), initial=now)
    text = area("内容", 500, rows=4)
    result = area("结果", 300, required=False, rows=2, help_text="怎样处理、转给了谁")
    source = forms.CharField(
        label="关联事项", max_length=200, required=False, help_text="平台内的网址，如 /emergency/1/；可以不填"
    )


def substitute(user: User, unit: Party, text: str) -> Contact | None:
    """Whom a cell or field names: somebody of the same unit, or “unit/name”."""
    owner, _, name = text.rpartition("/")
    rows = access.visible(user, Contact, "duty.contacts").filter(is_active=True, name=name.strip())
    rows = rows.filter(owner__name=owner.strip()) if owner else rows.filter(owner=unit.pk)
    return rows.first()


def _urgencies() -> list[tuple[str, str]]:
    return [(row.code, f"{row.name}（{row.minutes} 分钟内回执）") for row in pack.urgencies(today())]
