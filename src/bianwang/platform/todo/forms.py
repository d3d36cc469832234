"""The form of a hand-over."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.platform.accounts.models import User
from bianwang.platform.todo.queries import colleagues


class HandOverForm(forms.Form):
    """Whose open duties go to whom, and why."""

    leaver = forms.ModelChoiceField(label="移交人", queryset=User.objects.none())
    successor = forms.ModelChoiceField(label="接收人", queryset=User.objects.none())
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leaver", "successor"):
            self.fields[name].queryset = colleagues(user)  # type: ignore[attr-defined]
