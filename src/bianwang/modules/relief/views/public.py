"""A household's own report by phone: anybody with the programme's link, confirmed by a code sent to the telephone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bianwang.modules.relief.forms.claims import CodeForm, HouseholdForm
from bianwang.modules.relief.models import Programme
from bianwang.modules.relief.queries.claims import by_token
from bianwang.modules.relief.services import intake
from bianwang.platform.accounts.address import client_address
from bianwang.platform.accounts.queries import district_name
from bianwang.platform.ratelimit import PUBLIC, TooOften
from bianwang.platform.ui.forms import add_errors
from bianwang.platform.workflow.errors import Refused

_CLOSED = "这个救助项目已停止受理，有困难请联系村（社）。"


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def self_report(request: HttpRequest, token: str) -> HttpResponse:
    """Fill in; nothing is entered before the code comes back."""
    programme = by_token(token)
    if not programme.is_open:
        return _show(request, programme, words=_CLOSED, status=410)
    if request.method == "GET":
        return _show(request, programme, form=HouseholdForm(of=programme))
    form = HouseholdForm(request.POST, of=programme)
    try:
        PUBLIC.hit(client_address(request))
        if not form.is_valid():
            return _show(request, programme, form=form, status=422)
        row = intake.begin(programme, form.cleaned_data["owner"], form.household())
    except TooOften as error:
        return _show(request, programme, words=str(error.message), status=429)
    except ValidationError as error:
        add_errors(form, error)
        return _show(request, programme, form=form, status=422)
    return redirect("relief:self_confirm", token, row.token)


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def self_confirm(request: HttpRequest, token: str, ticket: str) -> HttpResponse:
    """The code from the telephone."""
    programme = by_token(token)
    if request.method == "GET":
        return _show(request, programme, form=CodeForm(), is_code=True)
    form = CodeForm(request.POST)
    try:
        PUBLIC.hit(client_address(request))
        if not form.is_valid():
            return _show(request, programme, form=form, is_code=True, status=422)
        claim = intake.confirm(ticket, form.cleaned_data["code"])
    except TooOften as error:
        return _show(request, programme, words=str(error.message), status=429)
    except (ValidationError, Refused) as error:
        add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
        return _show(request, programme, form=form, is_code=True, status=422)
    words = f"已收到您的申请，编号 {claim.number}。接下来由村（社）评议并公示，请保持手机畅通。"
    return _show(request, programme, words=words)


def _show(request: HttpRequest, programme: Programme, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"programme": programme, "district": district_name(), "title": f"{programme}自报", **more}
    return render(request, "relief/self_report.html", context, status=status)
