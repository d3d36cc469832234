"""Pages with a form: create and edit. Fields are drawn by the template tag `field`; errors stand beside them.

class EnterpriseCreate(FormPage):
    permission = "places.edit"
    title = "登记企业"
    form_class = EnterpriseForm

    def save(self, form):
        return services.create_enterprise(form.cleaned_data)

    def done(self, result):
        return f"已登记“{result.name}”。"
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.errors import Conflict, Refused


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MomentInput(forms.DateTimeInput):
    """The browser's own date and time picker, local time."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class FormPage(Page):
    """See the module's docstring. `save` calls a service; its ValidationError is shown in the form."""

    form_class: type[forms.BaseForm]
    submit: str = "保存"
    intro: str = ""
    template = "ui/form.html"

    def get_object(self) -> Any:
        """The object being edited, through `access.get`; None when creating. Kept on `self.object`."""
        return None

    def initial(self) -> dict[str, Any]:
        """First values of the fields."""
        return {}

    def form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form, e.g. `user`."""
        return {}

    def save(self, form: Any) -> Any:
        """Do it. Returns the object whose page is shown next, or a URL."""
        raise NotImplementedError

    def done(self, result: Any) -> str:
        """The sentence shown afterwards: what happened, to what."""
        return f"已保存“{result}”。"

    def back(self) -> str:
        """Where 取消 leads."""
        crumbs = [url for _, url in self.get_crumbs() if url]
        return str(crumbs[-1]) if crumbs else reverse("ui:home")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self._show(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            result = self.save(form)
        except ValidationError as error:
            add_errors(form, error)
            return self._show(form, status=422)
        messages.success(request, self.done(result))
        return redirect(result)

    def _form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        return self.form_class(data, files, initial=self.initial(), **self.form_kwargs())

    def _show(self, form: forms.BaseForm, status: int = 200) -> HttpResponse:
        return self.render(form=form, submit=self.submit, back=self._back(), status=status)

    def _back(self) -> str:
        wanted = self.request.GET.get("back", "")
        if url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}):
            return wanted
        return self.back()


@contextmanager
def refusals_in_form() -> Iterator[None]:
    """Shows a refusal beside the form that asked; a conflict stays a page of its own."""
    try:
        yield
    except Conflict:
        raise
    except Refused as error:
        raise ValidationError(str(error)) from error


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's ValidationError at the fields it names, the rest above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError([e.message for e in found]))
