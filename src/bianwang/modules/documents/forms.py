"""Forms of dossiers, documents and templates. A document's form follows from its kind's blanks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from bianwang.modules.documents import services
from bianwang.modules.documents.contents import LONGEST, OFFICERS
from bianwang.modules.documents.models import Dossier, Service
from bianwang.modules.documents.pack import Field, Kind
from bianwang.modules.documents.signing import SignatureField
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.files.forms import FilesField, PhotosField
from bianwang.platform.places.models import Enterprise, Organisation
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


class OpenForm(forms.Form):
    """A new dossier."""

    kind = forms.ChoiceField(label="类别", choices=Dossier.Kind.choices)
    unit = forms.ModelChoiceField(label="执法单位", queryset=Organisation.objects.none(), empty_label=None)
    enterprise = forms.ModelChoiceField(label="当事人", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    title = forms.CharField(label="案卷名称", max_length=120, help_text="如：某某公司2026年第一次检查")
    day = forms.DateField(label="立卷日期", widget=DateInput(), initial=today)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        units = access.visible(user, Organisation, "documents.draw_up").filter(level=Organisation.Level.BUREAU)
        fields["unit"].queryset = units
        fields["unit"].initial = units.first()
        enterprises = access.visible(user, Enterprise, "documents.draw_up").filter(is_active=True)
        fields["enterprise"].queryset = enterprises.order_by("pinyin")


class PapersForm(forms.Form):
    """Papers of a dossier."""

    papers = FilesField(label="入卷材料", help_text="照片排入案卷 PDF，其他文件列入目录")


class _Blanks(forms.Form):
    """The blanks of one kind of document."""

    def add_blanks(self, kind: Kind) -> None:
        """Draw a field for each blank."""
        for field in kind.fields:
            self.fields[field.code] = _field(field)
        if kind.officers:
            officers = User.objects.admitted().exclude(certificate="").order_by("pinyin")
            choices = [(row.certificate, f"{row.name} {row.certificate}") for row in officers]
            self.fields[OFFICERS] = forms.MultipleChoiceField(
                label="执法人员",
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=f"至少 {kind.officers} 名",
            )

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class DrawUpForm(_Blanks):
    """A new document. What is not known yet stays empty until it is issued."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_blanks(kind)


class ChangeForm(PlainStepForm, _Blanks):
    """Another version of a draft."""

    def prepare(self, obj: Any, user: User) -> None:
        self.add_blanks(obj.kind_row)
        self.initial.update(shown(obj.values))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.change(obj, user, self.values())


class IssueForm(PlainStepForm):
    """The number is given: nothing is asked."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.issue(obj, user)


class ServeForm(PlainStepForm):
    """How it was handed over."""

    method = forms.ChoiceField(label="送达方式", choices=Service.Method.choices)
    on = forms.DateField(label="送达日期", widget=DateInput(), initial=today)
    receiver = forms.CharField(label="收件人", max_length=60, required=False)
    witness = forms.CharField(label="见证人", max_length=60, required=False, help_text="留置送达必填")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.serve(obj, user, **self.values())


class SignForm(PlainStepForm):
    """The party's signature, drawn on the screen or photographed, or its refusal."""

    name = forms.CharField(label="签字人", max_length=60, required=False)
    drawn = SignatureField(label="手写签名", required=False)
    image = PhotosField(label="签名照片", required=False, most=1, help_text="没有手写签名的，在纸上签字后拍照上传")
    refused = forms.BooleanField(label="当事人拒绝签字", required=False)
    witness = forms.CharField(label="见证人", max_length=60, required=False, help_text="拒绝签字的必填")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.values()
        pictures, drawn = data.pop("image"), data.pop("drawn")
        services.sign(obj, user, image=pictures[0] if pictures else drawn, **data)


class VoidForm(StepForm):
    """Why."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.void(obj, user, self.cleaned_data["reason"])


class TemplateForm(forms.Form):
    """A next version of a template."""

    file = FilesField(label="Word 模板（docx）", most=1, help_text="下载现行模板，在 WPS 或 Word 中修改后上传")
    note = forms.CharField(label="修改说明", max_length=200, required=False)


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as their form fields take them."""
    return {name: _shown(name, value) for name, value in values.items()}


def _field(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": False, "help_text": field.help}
    if field.required:
        common["help_text"] = "；".join(filter(None, [field.help, "签发前必填"]))
    match field.type:
        case "date":
            return forms.DateField(widget=DateInput(), **common)
        case "datetime":
            return forms.DateTimeField(widget=MomentInput(), **common)
        case "money":
            return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, **common)
        case "choice":
            choices = [("", "请选择"), *((word, word) for word in field.choices)]
            return forms.ChoiceField(choices=choices, **common)
        case "text":
            return forms.CharField(max_length=500, **common)
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **common)


def _shown(name: str, value: Any) -> Any:
    """A kept value as its form field takes it."""
    if name == OFFICERS:
        return [row["certificate"] for row in value]
    if isinstance(value, list):
        return "\n".join(value)
    # A moment is kept with its zone; the picker takes it without.
    return value[:16] if isinstance(value, str) and "T" in value and value.endswith("+08:00") else value
