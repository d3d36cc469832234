"""Forms of log-in, passwords, accounts and posts."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.platform import roles
from bianwang.platform.accounts import queries
from bianwang.platform.accounts.passwords import PolicyValidator
from bianwang.platform.accounts.signin import LONGEST
from bianwang.platform.places.models import Party
from bianwang.platform.ui.forms import DateInput


class PasswordField(forms.CharField):
    """A password, never trimmed and never sent back."""

    def __init__(self, label: str, complete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": complete, "maxlength": LONGEST})
        super().__init__(label=label, strip=False, widget=widget, **kwargs)


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="账号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = PasswordField("密码", "current-password")


class PasswordForm(forms.Form):
    """Change one's own password."""

    old = PasswordField("现密码", "current-password")
    new = PasswordField("新密码", "new-password")
    again = PasswordField("再输一次新密码", "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = PolicyValidator().get_help_text()

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次输入的新密码不一致，请重新输入。")
        return again


class UserForm(forms.Form):
    """Open an account."""

    username = forms.CharField(
        label="账号",
        max_length=40,
        help_text="小写字母开头，可含数字和 . _ -，如 wang.qiang；开设后不能修改。",
    )
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.RegexField(
        r"^[0-9+ -]{5,20}$",
        label="手机",
        required=False,
        error_messages={"invalid": "手机号只能含数字、空格、+ 和 -，5 至 20 位，请核对。"},
    )
    certificate = forms.CharField(label="执法证号", max_length=40, required=False, help_text="执法人员填写。")


class CertificateForm(forms.Form):
    """A certificate of enforcement."""

    certificate = forms.CharField(
        label="执法证号", max_length=40, required=False, help_text="空着保存表示收回，此后不能作为执法人员参加检查"
    )
    until = forms.DateField(
        label="有效期至", widget=DateInput(), required=False, help_text="最后一天；不知道的先空着，尽快补上"
    )


class GrantForm(forms.Form):
    """Give a role at a party."""

    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *roles.NAMES.items()])
    party = forms.CharField(
        label="任职单位",
        max_length=100,
        help_text="输入单位或企业的全称，也可用统一社会信用代码。",
        widget=forms.TextInput(attrs={"list": "parties", "autocomplete": "off"}),
    )

    def clean_party(self) -> Party:
        text: str = self.cleaned_data["party"]
        found = queries.party_named(text)
        if found is None:
            raise forms.ValidationError(
                f"没有找到唯一的单位“{text}”，请从列表中选择全称；企业重名时请用统一社会信用代码。"
            )
        return found


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200, required=False)
