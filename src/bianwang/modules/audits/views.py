"""Pages of the audits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.audits import forms, services, word
from bianwang.modules.audits.models import Audit, Decision, Version
from bianwang.modules.audits.showing import FINDING, Shown, rows_of, shown
from bianwang.platform import access
from bianwang.platform.exchange.export import workbook_response
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import timeline

_AUDITS = (("自评核对", reverse_lazy("audits:list")),)
_RELATED = ("owner", "latest__made_by", "latest__file", "created_by")


class New(FormPage):
    """A report comes in."""

    title = "核对报告"
    permission = "audits.audit"
    form_class = forms.NewForm
    submit = "开始核对"
    template = "audits/form.html"
    crumbs = _AUDITS
    intro = "上传自评报告或粘贴正文，几秒内指出前后矛盾、算不拢和缺少依据的地方。报告只存在本平台。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        posts = self.user.posts.order_by("pk").values_list("party", flat=True)
        return {"owner": next(iter(posts), None)}

    def save(self, form: Any) -> Audit:
        data = form.cleaned_data
        return services.create(self.user, data["owner"], data["file"], title=data["title"], year=data["year"])

    def done(self, result: Audit) -> str:
        assert result.latest is not None  # noqa: S101
        return f"已核对“{result}”：{_counted(result.latest)}。"


class _OfAudit(FormPage):
    """A form about one report."""

    permission = "audits.audit"
    template = "audits/form.html"

    def get_object(self) -> Any:
        return access.get(self.user, Audit, self.kwargs["pk"], self.permission, related=_RELATED)

    def get_crumbs(self) -> Sequence[Any]:
        return (*_AUDITS, (str(self.object), self.object.get_absolute_url()))


class Revise(_OfAudit):
    """A new version of a report."""

    title = "修改或上传新版"
    submit = "保存并重新核对"
    form_class = forms.ReviseForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"version": self.object.latest}

    def initial(self) -> dict[str, Any]:
        latest = self.object.latest
        return {"text": latest.text, "base": latest.number}

    def save(self, form: Any) -> Version:
        data = form.cleaned_data
        return services.revise(self.object, self.user, data["file"], base=data["base"])

    def done(self, result: Version) -> str:
        return f"已存为{result}并重新核对：{_counted(result)}。对问题的处理已沿用。"


class Rename(_OfAudit):
    """Correct name and year."""

    title = "修改名称"
    form_class = forms.RenameForm

    def initial(self) -> dict[str, Any]:
        return {"title": self.object.title, "year": self.object.year}

    def save(self, form: Any) -> Audit:
        services.rename(self.object, self.user, **form.cleaned_data)
        audit: Audit = self.object
        audit.refresh_from_db()
        return audit


class AuditPage(Page):
    """The report beside its findings."""

    permission = "audits.view"
    template = "audits/audit.html"
    crumbs = _AUDITS
    audit: Audit

    def load(self, pk: int) -> Audit:
        """The report, through the access door."""
        self.audit = access.get(self.request.user, Audit, pk, self.permission, related=_RELATED)
        return self.audit

    def get_title(self) -> str:
        return self.audit.title

    def show(self, number: int = 0, *, status: int = 200, failed: str = "", error: str = "") -> HttpResponse:
        """One version; `failed` is the key of the finding whose decision was refused, `error` says why."""
        only = self.request.GET.get("undecided", self.request.POST.get("undecided", "")) == "1"
        return self.render(
            status=status,
            shown=self._shown(number, only),
            only=only,
            failed=failed,
            error=error,
            reason=self.request.POST.get("reason", ""),
            events=timeline(self.audit),
            can_audit=access.can(self.user, "audits.audit"),
            states=Decision.State.choices,
        )

    def _shown(self, number: int, only: bool) -> Shown:
        found = shown(self.audit, number, undecided_only=only)
        if found is None:
            raise Http404(f"“{self.audit}”没有第{number}版。")
        return found


class Detail(AuditPage):
    """The latest version, or the one in the URL."""

    def get(self, request: HttpRequest, pk: int, number: int = 0) -> HttpResponse:
        self.load(pk)
        return self.show(number)


class Decide(AuditPage):
    """Decide about one finding; back to it."""

    permission = "audits.audit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        audit, key = self.load(pk), request.POST.get("key", "")
        try:
            made = services.decide(
                audit, self.user, key, request.POST.get("state", ""), request.POST.get("reason", "")[:500]
            )
        except ValidationError as error:
            return self.show(status=422, failed=key, error="；".join(error.messages))
        messages.success(request, f"已记录：{made}。")
        return _back(request, audit)


class Withdraw(AuditPage):
    """Take a decision back."""

    permission = "audits.audit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        audit = self.load(pk)
        if services.withdraw(audit, self.user, request.POST.get("key", "")):
            messages.success(request, "已撤回处理，这条问题回到“未处理”。")
        return _back(request, audit)


class Word(AuditPage):
    """The latest version as a Word document with its findings as comments."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audit = self.load(pk)
        reading, findings = rows_of(audit)
        note_export(self.user, f"自评核对 {audit}（Word 批注）", len(findings))
        response = HttpResponse(word.document(audit, reading, findings), content_type=word.MEDIA_TYPE)
        name = quote(f"{audit.title[:80]}-核对批注.docx")
        response["Content-Disposition"] = f"attachment; filename=\"audit.docx\"; filename*=UTF-8''{name}"
        return response


class Findings(AuditPage):
    """The findings of the latest version as an Excel table."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        audit = self.load(pk)
        _, findings = rows_of(audit)
        note_export(self.user, f"自评核对 {audit}（问题表）", len(findings))
        return workbook_response("自评核对问题表", FINDING, findings, maker=str(request.user))


def _counted(version: Version) -> str:
    found = [f"{verdict.label} {number} 条" for verdict, number in version.counts.items() if number]
    return "、".join(found) or "没有发现问题"


def _back(request: HttpRequest, audit: Audit) -> HttpResponse:
    number = request.POST.get("number", "")
    only = request.POST.get("undecided") == "1"
    place = f"n{number}" if number.isdecimal() and not only else "findings"
    return redirect(reverse("audits:detail", args=[audit.pk]) + ("?undecided=1" if only else "") + f"#{place}")
