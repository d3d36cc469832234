"""Pages of dossiers, documents and templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from bianwang.modules.documents import forms, queries, services, showing
from bianwang.modules.documents.case_file import case_file_pdf, document_pdf
from bianwang.modules.documents.lists import DOCUMENTS, DOSSIERS, TEMPLATES
from bianwang.modules.documents.models import Document, Dossier, Template
from bianwang.modules.documents.pack import Kind, kind, kinds
from bianwang.modules.documents.word import default, placeholders, render
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.files.inspect import DOCX, PDF
from bianwang.platform.files.storage import path_of
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm
from bianwang.platform.ui.pages import Crumb, Page
from bianwang.platform.workflow.errors import Refused


class Open(FormPage):
    """Open a dossier."""

    title = "立卷"
    permission = "documents.draw_up"
    form_class = forms.OpenForm
    submit = "立卷"
    crumbs = DOSSIERS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def save(self, form: Any) -> Dossier:
        with refusals_in_form():
            return services.open_dossier(self.user, **form.cleaned_data)

    def done(self, result: Dossier) -> str:
        return f"已立卷“{result.title}”。"


class DossierPage(ObjectPage):
    """One dossier: what it holds, what may be drawn up next and what that lacks."""

    model = Dossier
    permission = "documents.view"
    select: ClassVar[Sequence[str]] = ("unit", "enterprise", "opened_by")
    crumbs = DOSSIERS
    template = "documents/dossier.html"

    def facts(self) -> Sequence[Facts]:
        return showing.dossier_facts(self.object)

    def actions(self) -> Sequence[Action]:
        pk = self.object.pk
        found = [Action("案卷 PDF", reverse("documents:case_file", args=[pk]), "file-type-pdf")]
        if access.can(self.user, "documents.draw_up"):
            found.append(Action("添加材料", reverse("documents:papers", args=[pk]), "paperclip"))
        return found

    def extra(self) -> dict[str, Any]:
        may = access.can(self.user, "documents.draw_up")
        held = showing.dossier_documents(self.object, self.user)
        return {"held": held, "possible": queries.possible(self.object) if may else []}


class Papers(FormPage):
    """Put papers into a dossier."""

    title = "添加入卷材料"
    permission = "documents.draw_up"
    form_class = forms.PapersForm
    submit = "入卷"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*DOSSIERS, (self.object.title, self.object.get_absolute_url())]

    def get_object(self) -> Dossier:
        return access.get(self.user, Dossier, self.kwargs["pk"], self.permission)

    def save(self, form: Any) -> Dossier:
        services.add_papers(self.object, self.user, form.cleaned_data["papers"])
        return cast(Dossier, self.object)

    def done(self, result: Dossier) -> str:
        return f"材料已列入案卷“{result.title}”。"


class DrawUp(FormPage):
    """Draw up a document of a dossier."""

    permission = "documents.draw_up"
    form_class = forms.DrawUpForm
    submit = "保存草稿"
    intro = "草稿可以先不填全；签发时检查必填栏目，给出文号，之后不能再改。已经带出的内容来自本案的文书，请核对。"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*DOSSIERS, (self.object.title, self.object.get_absolute_url())]

    @property
    def _kind(self) -> Kind:
        return _kind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"制作{self._kind.name}"

    def get_object(self) -> Dossier:
        return access.get(self.user, Dossier, self.kwargs["pk"], self.permission)

    def form_kwargs(self) -> dict[str, Any]:
        return {"kind": self._kind}

    def initial(self) -> dict[str, Any]:
        return forms.shown(queries.carried(self.object, self._kind))

    def save(self, form: Any) -> Document:
        with refusals_in_form():
            return services.draw_up(self.user, self.object, self._kind.code, form.values())

    def done(self, result: Document) -> str:
        return f"已制作{result.kind_row.name}草稿，核对后请签发。"


class DocumentPage(ObjectPage):
    """One document."""

    model = Document
    permission = "documents.view"
    select: ClassVar[Sequence[str]] = (
        "dossier__unit", "dossier__enterprise", "template", "drawn_by", "issued_by", "service__by",
    )  # fmt: skip
    crumbs = DOCUMENTS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "change": forms.ChangeForm,
        "issue": forms.IssueForm,
        "serve": forms.ServeForm,
        "sign": forms.SignForm,
        "void": forms.VoidForm,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        pk = self.object.pk
        return [
            Action("预览 PDF", reverse("documents:pdf", args=[pk]), "file-type-pdf"),
            Action("下载 Word", reverse("documents:word", args=[pk]), "file-type-docx"),
        ]


class Pdf(Page):
    """The document on paper."""

    permission = "documents.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = access.get(self.user, Document, pk, self.permission, related=DocumentPage.select[:3])
        return _file(_made(lambda: document_pdf(document)), f"{document}.pdf", PDF)


class Word(Page):
    """The document as the Word file that was kept when it was issued; a draft is filled in now."""

    permission = "documents.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = access.get(self.user, Document, pk, self.permission, related=DocumentPage.select[:3])
        if document.issued_at:
            content = path_of(services.keep(document).digest).read_bytes()
        else:
            content = _made(lambda: render(document))
        return _file(content, f"{document}.docx", DOCX)


class CaseFile(Page):
    """The whole case file."""

    permission = "documents.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        dossier = access.get(self.user, Dossier, pk, self.permission, related=("unit", "enterprise"))
        return _file(_made(lambda: case_file_pdf(dossier)), f"{dossier.title}.pdf", PDF)


class Templates(Page):
    """All kinds and which template each uses."""

    title = "文书模板"
    permission = "documents.templates"
    template = "documents/templates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        active = {row.kind: row for row in access.visible(self.user, Template).filter(is_active=True)}
        rows = [{"kind": row, "template": active.get(row.code)} for row in kinds(today())]
        return self.render(rows=rows)


class TemplatePage(FormPage):
    """One kind's template: download it, upload the next version."""

    permission = "documents.templates"
    form_class = forms.TemplateForm
    submit = "上传为新版"
    template = "documents/template.html"
    crumbs = TEMPLATES

    @property
    def _kind(self) -> Kind:
        return _kind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"{self._kind.name}模板"

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        with refusals_in_form():
            services.upload(self.user, self._kind.code, data["file"][0], data["note"])
        return reverse("documents:template", args=[self._kind.code])

    def done(self, result: str) -> str:
        return f"已启用{self._kind.name}模板的新版，以前签发的文书不变。"

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        versions = access.visible(self.user, Template).filter(kind=self._kind.code).select_related("uploaded_by")
        names = placeholders(self._kind)
        labels = {field.code: field.label for field in self._kind.fields}
        blanks = [(name, labels.get(name, _COMMON.get(name, ""))) for name in names]
        return super().render(template, status, kind=self._kind, versions=versions, blanks=blanks, **context)


_COMMON = {
    "unit": "执法单位", "enterprise": "当事人（enterprise.name、credit_code、address、contact、contact_phone）",
    "number": "文号", "day": "制发日期", "kind": "文书名称", "officers": "执法人员和证号",
}  # fmt: skip


class TemplateWord(Page):
    """The template in use, to be edited."""

    permission = "documents.templates"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        row = _kind(kind)
        active = access.visible(self.user, Template).filter(kind=row.code, is_active=True).first()
        content = path_of(active.digest).read_bytes() if active else default(row)
        return _file(content, f"{row.name}模板.docx", DOCX)


class Restore(Page):
    """Use an earlier version again."""

    permission = "documents.templates"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = access.get(self.user, Template, pk, self.permission)
        services.restore(row, self.user)
        return redirect("documents:template", row.kind)


def _kind(code: str) -> Kind:
    try:
        return kind(code, today())
    except Refused as error:
        raise Http404(str(error)) from error


def _made(make: Any) -> bytes:
    """A file of an office template that cannot be filled is a refusal in words, not a broken page."""
    try:
        return bytes(make())
    except ValidationError as error:
        raise Refused("；".join(error.messages)) from error


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(media_type != PDF, name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
