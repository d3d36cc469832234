"""The meeting with the votes for each household."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from bianwang.modules.relief.forms.claims import area
from bianwang.modules.relief.models import Claim
from bianwang.platform.files.forms import FilesField
from bianwang.platform.ui.forms import DateInput


class MeetingForm(forms.Form):
    """Who met, and how many were for each household; an empty vote leaves the household for another meeting."""

    held_on = forms.DateField(label="评议日期", widget=DateInput())
    place = forms.CharField(label="评议地点", max_length=100)
    host = forms.CharField(label="主持人", max_length=40)
    attendees = area("到会人员", 500, help_text="写姓名，用顿号隔开")
    voters = forms.IntegerField(label="到会人数", min_value=1, max_value=500)
    notice_place = forms.CharField(label="公示地点", max_length=100)
    papers = FilesField(label="会议记录", required=False, help_text="会议记录、签到表的照片或文件")

    def __init__(self, *args: Any, claims: Sequence[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims = claims
        for claim in claims:
            self.fields[f"votes_{claim.pk}"] = forms.IntegerField(
                label=f"{claim.head}户（{claim.persons}人）同意票",
                min_value=0,
                max_value=500,
                required=False,
                help_text=claim.situation[:60],
            )

    def votes(self) -> dict[Claim, int]:
        """Households that were voted on."""
        found = {claim: self.cleaned_data[f"votes_{claim.pk}"] for claim in self.claims}
        return {claim: yes for claim, yes in found.items() if yes is not None}
