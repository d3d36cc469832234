"""Log in and out, one's own password and account, and the administrators' pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bianwang.platform import access
from bianwang.platform.accounts import queries, services, sessions, signin
from bianwang.platform.accounts.forms import CertificateForm, GrantForm, LoginForm, PasswordForm, ReasonForm, UserForm
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.config import config
from bianwang.platform.ratelimit import TooOften
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.filters import Flag, Search
from bianwang.platform.ui.forms import FormPage, add_errors
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.templatetags.bian import moment
from bianwang.platform.ui.timeline import timeline

CRUMBS = (("账号", "/accounts/users/"),)


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The way in."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LoginForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        name, password = _credentials(request, form)
        try:
            if not name or not password:
                raise signin.LoginRefused
            sessions.begin(request, name, password)
        except (signin.LoginRefused, TooOften) as error:
            form.add_error(None, error.message)
            status = 429 if isinstance(error, TooOften) else 422
        else:
            _greet(request)
            return redirect(_next(request))
    context = {
        "form": form,
        "district": queries.district_name(),
        "demo_accounts": queries.demo_accounts(),
        "demo": config().mode == "demo",
        "over": request.GET.get("why") == "over",
        "idle_minutes": config().idle_minutes,
        "query": urlencode({"next": request.GET["next"]}) if "next" in request.GET else "",
    }
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """The way out. What pages have kept in the browser is bound to the old CSRF secret (the field page)."""
    sessions.end(request)
    rotate_token(request)
    return redirect("accounts:login")


@sensitive_post_parameters("old", "new", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; also where the first log-in and an expired password lead."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (the middleware lets nobody else in)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            signin.change_password(user, form.cleaned_data["old"], form.cleaned_data["new"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改；您在其他设备上的登录已全部退出。")
            return redirect(_next(request))
    context = {
        "form": form,
        "due": user.password_due,
        "first": user.must_change_password,
        "title": "修改密码",
    }
    context |= {"days": config().password_days, "district": queries.district_name()}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


class Me(Page):
    """One's own account."""

    title = "我的账号"
    template = "accounts/me.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        assert isinstance(user, User)  # noqa: S101
        previous = sessions.previous_login(request.session)
        facts = [
            fact("账号", user.username),
            fact("姓名", user.name),
            fact("手机", user.phone, "phone"),
            fact("执法证号", user.certificate),
            fact("执法证有效期至", user.certificate_until, "date"),
            fact("上次登录", _previous(previous) if previous else "这是第一次登录"),
            fact("密码修改时间", user.password_changed_at),
        ]
        return self.render(facts=facts, posts=user.posts.select_related("party"))


class UserList(ListPage):
    """All accounts."""

    model = User
    permission = "accounts.view"
    title = "账号"
    columns = (
        Column("name", "姓名", kind="link", sort="pinyin", link=lambda user: _url(user)),
        Column("username", "账号", sort="username"),
        Column("posts", "任职", lambda user: "；".join(str(post) for post in user.posts.all())),
        Column("state", "状态", lambda user: _state(user)[0], kind="badge", colour=lambda user: _state(user)[1]),
        Column("last_login", "最近登录", kind="datetime", sort="last_login"),
        Column("last_login_from", "登录地址", default=False),
        Column("created_at", "开设时间", kind="datetime", sort="created_at", default=False),
    )
    filters = (
        Search(fields=("name", "pinyin", "initials", "username")),
        Flag("is_active", "只看在用"),
    )
    sort = "pinyin"
    empty = "还没有账号。"
    buttons = (Button("开设账号", "accounts:user_new", "accounts.manage", "user-plus"),)

    def rows(self) -> Any:
        return queries.users()


class UserNew(FormPage):
    """Open an account; shows its one-time password once."""

    permission = "accounts.manage"
    title = "开设账号"
    form_class = UserForm
    crumbs = CRUMBS
    submit = "开设"
    intro = "开设后会显示一次性密码，请当面或电话告知本人，首次登录须修改。角色由安全管理员另行授予。"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            user, secret = services.create(**form.cleaned_data, by=_me(request))
        except ValidationError as error:
            add_errors(form, error)
            return self._show(form, status=422)
        return _show_secret(self, user, secret, "账号已开设")


class UserPage(Page):
    """One account: facts, posts, what the administrators may do."""

    permission = "accounts.view"
    template = "accounts/user.html"
    crumbs = CRUMBS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = _user(pk)
        facts = [
            fact("账号", user.username),
            fact("状态", _state(user)[0], "badge", colour=_state(user)[1]),
            fact("手机", user.phone, "phone"),
            fact("执法证号", user.certificate),
            fact("执法证有效期至", user.certificate_until, "date"),
            fact("开设时间", user.created_at),
            fact("最近登录", user.last_login),
            fact("登录地址", user.last_login_from),
            fact("密码修改时间", user.password_changed_at),
        ]
        return self.render(
            title=user.name,
            account=user,
            facts=facts,
            posts=user.posts.select_related("party"),
            may_manage=access.can(request.user, "accounts.manage") and user.pk != request.user.pk,
            may_grant=access.can(request.user, "accounts.grant") and user.pk != request.user.pk,
            events=timeline(user),
        )


class Certificate(FormPage):
    """Enter or renew a certificate of enforcement."""

    permission = "accounts.manage"
    form_class = CertificateForm
    crumbs = CRUMBS

    def get_object(self) -> User:
        return _user(self.kwargs["pk"])

    def get_title(self) -> str:
        return f"登记{self.object.name}的执法证"

    def back(self) -> str:
        return _url(self.object)

    def initial(self) -> dict[str, Any]:
        return {"certificate": self.object.certificate, "until": self.object.certificate_until}

    def save(self, form: CertificateForm) -> str:
        data = form.cleaned_data
        services.certify(self.object, data["certificate"], data["until"], by=_me(self.request))
        return _url(self.object)

    def done(self, result: Any) -> str:
        return f"已登记{self.object.name}的执法证。"


class UserAction(Page):
    """Disable, enable, unlock, reset: one button each on the account's page."""

    permission = "accounts.manage"
    crumbs = CRUMBS

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        user, by = _user(pk), _me(request)
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            if action == "reset":
                return _show_secret(self, user, services.reset_password(user, by=by), "密码已重置")
            if action == "disable":
                services.disable(user, by=by, reason=reason)
            elif action == "enable":
                services.enable(user, by=by, reason=reason)
            elif action == "unlock":
                services.unlock(user, by=by)
            else:
                raise Http404("没有这项操作。")
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
        else:
            done = {"disable": "停用，已登录的会话随即失效", "enable": "恢复使用", "unlock": "解除锁定"}
            messages.success(request, f"{user.name} 的账号已{done[action]}。")
        return redirect(_url(user))


class Grant(FormPage):
    """Give somebody a role."""

    permission = "accounts.grant"
    form_class = GrantForm
    submit = "授予"
    template = "accounts/grant.html"
    crumbs = CRUMBS

    def get_object(self) -> User:
        return _user(self.kwargs["pk"])

    def get_title(self) -> str:
        return f"授予{self.object.name}角色"

    def back(self) -> str:
        return _url(self.object)

    def save(self, form: GrantForm) -> str:
        data = form.cleaned_data
        self.post_made = services.grant(self.object, data["role"], data["party"], by=_me(self.request))
        return _url(self.object)

    def done(self, result: Any) -> str:
        return f"已授予{self.object.name}：{self.post_made}。"

    def names(self) -> Any:
        """Names offered while typing."""
        return queries.parties().values_list("name", flat=True)


class Revoke(Page):
    """Take a role back."""

    permission = "accounts.grant"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        post = Post.objects.select_related("user", "party").filter(pk=pk).first()
        if post is None:
            raise Http404("这项任职已被收回。")
        user, name = post.user, str(post)
        try:
            services.revoke(post, by=_me(request))
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
        else:
            messages.success(request, f"已收回{user.name}的角色：{name}。")
        return redirect(_url(user))


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("ui:home")


def _credentials(request: HttpRequest, form: LoginForm) -> tuple[str, str]:
    chosen = request.POST.get("demo", "")
    if chosen and config().mode == "demo":
        return chosen, queries.DEMO_PASSWORD
    form.is_valid()
    return form.cleaned_data.get("username", ""), form.cleaned_data.get("password", "")


def _previous(login: tuple[datetime, str]) -> str:
    return f"{moment(login[0])}，来自 {login[1] or '未知地址'}"


def _greet(request: HttpRequest) -> None:
    previous = sessions.previous_login(request.session)
    if previous:
        messages.info(request, f"上次登录：{_previous(previous)}。如非本人，请立即修改密码并报告系统管理员。")


def _show_secret(page: Page, user: User, secret: str, title: str) -> HttpResponse:
    return page.render("accounts/one_time.html", account=user, secret=secret, title=title, url=_url(user))


def _me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101
    return user


def _user(pk: int) -> User:
    found = queries.users().filter(pk=pk).first()
    if found is None:
        raise Http404(f"没有编号为 {pk} 的账号。")
    return found


def _url(user: User) -> str:
    return reverse("accounts:user", args=[user.pk])


def _state(user: User) -> tuple[str, str]:
    if not user.is_active:
        return "停用", "secondary"
    if user.is_locked:
        return "锁定", "orange"
    return ("演示", "secondary") if user.is_demo else ("在用", "green")
