"""Forms of the audits: a report as a file or a text, its name, and a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.audits import queries, sources
from bianwang.modules.audits.models import Audit, Version
from bianwang.modules.audits.sources import Source
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import current
from bianwang.platform.places.models import Organisation

_ACCEPTED = ".docx,.pdf,.html,.htm,.txt"
_FIRST_YEAR, _YEARS_AHEAD = 2000, 1


class ReportField(forms.FileField):
    """A report; cleans to a `Source`, None without a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": _ACCEPTED}), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data:
            return None
        user = current().user
        if user is None:
            raise ValidationError("请先登录。")
        return sources.from_upload(data, user)


class _NamedForm(forms.Form):
    """Name and year of a report."""

    title = forms.CharField(label="报告名称", max_length=200)
    year = forms.IntegerField(label="报告年度", required=False, min_value=_FIRST_YEAR)

    def clean_year(self) -> int | None:
        """At most the coming year."""
        year: int | None = self.cleaned_data["year"]
        most = now().year + _YEARS_AHEAD
        if year is not None and year > most:
            raise ValidationError(f"报告年度须在 {_FIRST_YEAR} 至 {most} 之间。")
        return year


class RenameForm(_NamedForm):
    """Correct name and year."""


class NewForm(_NamedForm):
    """A report to audit: a file, or a pasted text."""

    owner = forms.ModelChoiceField(label="单位", queryset=Organisation.objects.none(), empty_label="请选择单位")
    file = ReportField(label="报告文件", help_text="Word（docx）、PDF、网页或文本，不超过 20 MB")
    text = forms.CharField(
        label="或者粘贴正文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="从 Excel 或 Word 粘贴的表格按制表符分列",
    )
    field_order = ("owner", "year", "title", "file", "text")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.units(user, "audits.audit")  # type: ignore[attr-defined]
        self.fields["title"].required = False
        self.fields["title"].help_text = "不填时用文件名或正文第一行"

    def clean(self) -> dict[str, Any]:
        """Exactly one of file and text, and a name."""
        data = super().clean() or {}
        if "file" in self.errors:
            return data
        text = data.get("text") or ""
        if data.get("file") and text.strip():
            raise ValidationError({"text": "已选了文件，请清空粘贴的正文，或不选文件。"})
        if not data.get("file"):
            if not text.strip():
                raise ValidationError({"file": "请选择报告文件，或在下面粘贴正文。"})
            data["file"] = _from_text(text)
        data["title"] = data.get("title") or _title_of(data["file"])
        return data


class ReviseForm(forms.Form):
    """A new version: another file, or the text edited here. `base` is the version that was open."""

    file = ReportField(label="上传改好的文件", help_text="选了文件就以文件为准，下面的正文不用改")
    text = forms.CharField(
        label="或者直接修改正文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "audit-edit"}),
        help_text="一行一段；表格一行一行写，各列之间是制表符",
    )
    base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def clean(self) -> dict[str, Any]:
        """A file, else a text that differs from what was open."""
        data = super().clean() or {}
        if "file" in self.errors or data.get("file"):
            return data
        text = (data.get("text") or "").replace("\r\n", "\n")
        if text.strip() == self.version.text.strip():
            raise ValidationError({"text": "正文没有改动，请修改正文或选择新的文件。"})
        data["file"] = _from_text(text)
        return data


def _from_text(text: str) -> Source:
    try:
        return sources.from_text(text)
    except ValidationError as error:
        raise ValidationError({"text": error.messages}) from error


def _title_of(source: Source) -> str:
    most = Audit._meta.get_field("title").max_length
    if source.file:
        return source.file.name.rpartition(".")[0][:most] or source.file.name
    lines = (line.strip() for line in source.document.text.split("\n"))
    return next(line for line in lines if line)[:60]
