"""Pages of one device, one signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse, reverse_lazy
from django.views import View

from bianwang.modules.sensing import forms, queries, services
from bianwang.modules.sensing.examples import PLACEHOLDER, examples
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.modules.sensing.views import PRESENCE_COLOURS, presence_column
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import from_ms, now_ms
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page

QUALITIES = {0: "正常", 1: "可疑", 2: "无效"}
RANGES = ((1, "1 小时"), (24, "1 天"), (168, "7 天"), (720, "30 天"))
_CURVE_SIGNALS = 6


def edit_actions(page: ObjectPage, name: str) -> list[Action]:
    """Change, and switch off or on, for those who may."""
    row = page.object
    if not access.visible(page.user, type(row), "sensing.edit").filter(pk=row.pk).exists():
        return []
    word, icon = ("停用", "player-pause") if row.is_enabled else ("启用", "player-play")
    return [
        Action("修改", reverse(f"sensing:{name}_edit", args=[row.pk]), "edit"),
        Action(word, reverse(f"sensing:{name}_switch", args=[row.pk]), icon),
    ]


def use(row: Any) -> Cell:
    """Whether it is in use."""
    return fact(
        "是否启用", "在用" if row.is_enabled else "已停用", "badge", colour="green" if row.is_enabled else "grey"
    )


class DevicePage(ObjectPage):
    """A device: how it is, what it sends, how to connect it."""

    model = Device
    permission = "sensing.view"
    template = "sensing/device.html"
    select = ("owner", "zone", "gateway")
    ranges = RANGES
    crumbs = (("设备", reverse_lazy("sensing:device_list")),)

    def facts(self) -> Sequence[Facts]:
        row = self.object
        state = [
            fact("状态", row.get_presence_display(), "badge", colour=PRESENCE_COLOURS[row.presence]),
            fact("状态时间", row.presence_at),
            fact("最近上报", row.last_seen_at),
            fact("说明", row.presence_detail),
        ]
        basic = [
            fact("所属单位", row.owner.name, href=party_url(row.owner)),
            fact("区域", row.zone),
            fact("设备标识", row.key),
            fact("接入协议", row.get_protocol_display()),
            fact("网关", row.gateway, href=row.gateway.get_absolute_url() if row.gateway else ""),
            fact("上报周期", row.period_s or None, "number", unit="秒"),
            fact("允许迟到", row.lateness_ms, "number", unit="毫秒"),
            fact("来源地址", row.source_address),
            fact("令牌", "已签发" if row.token_digest else "未签发"),
            fact("账号", row.username),
            use(row),
        ]
        return [Facts("运行状态", state), Facts("基本情况", basic)]

    def actions(self) -> Sequence[Action]:
        return edit_actions(self, "device")

    def related(self) -> Sequence[Related]:
        user = self.user
        may_edit = access.can(user, "sensing.edit")
        signals = self._signals()
        add = ("登记信号", reverse("sensing:signal_new") + f"?device={self.object.pk}") if may_edit else None
        found = [
            Related(
                "信号与最新值",
                signal_columns(self._latest),
                signals,
                add=add,
                empty="还没有登记信号，收到的数据会被拒收。",
            )
        ]
        if self.object.is_gateway:
            children = access.visible(user, Device).filter(gateway=self.object)
            heads = (Column("name", "名称", kind="link"), Column("key", "设备标识"), presence_column())
            found.append(Related("下挂设备", heads, children, empty="还没有下挂设备。"))
        refusals = self.object.refusals.all()[:20]
        columns = (
            Column("day", "日期", kind="date"),
            Column("reason", "代码"),
            Column("example", "最近一次的说明"),
            Column("count", "次数", kind="number"),
            Column("last_at", "最近一次", kind="datetime"),
        )
        found.append(Related("拒收的数据", columns, refusals, empty="没有拒收记录。"))
        return found

    def extra(self) -> dict[str, Any]:
        may_issue = access.visible(self.user, Device, "sensing.credential").filter(pk=self.object.pk).exists()
        signals = self._signals()
        return {
            "examples": examples(self.object, signals, _host(self.request)),
            "placeholder": PLACEHOLDER,
            "may_issue": may_issue and self.object.protocol in _WITH_TOKEN and self.object.gateway is None,
            "curves": [row for row in signals if row.is_enabled][:_CURVE_SIGNALS],
            "trouble": self._trouble,
        }

    def _signals(self) -> list[Signal]:
        if not hasattr(self, "_read"):
            self._read = list(access.visible(self.user, Signal).filter(device=self.object))
            self._latest: dict[int, queries.Latest] = {}
            self._trouble = ""
            try:
                self._latest = queries.latest(self.user, [row.pk for row in self._read])
            except TelemetryError as error:
                self._trouble = str(error)
        return self._read


def signal_columns(latest: Mapping[int, queries.Latest]) -> tuple[Column, ...]:
    """Signals with their newest readings."""

    def newest(row: Signal) -> queries.Latest | None:
        return latest.get(row.pk)

    def value(row: Signal) -> str | None:
        found = newest(row)
        return None if found is None else f"{found.value:,.{row.decimals}f} {row.unit}".strip()

    return (
        Column("title", "名称", kind="link"),
        Column("name", "信号标识"),
        Column("quantity", "监测量"),
        Column("value", "最新值", value),
        Column("time", "时间", lambda row: from_ms(found.time) if (found := newest(row)) else None, "datetime"),
        Column("quality", "质量", lambda row: QUALITIES.get(found.quality) if (found := newest(row)) else None),
    )


_WITH_TOKEN = {Device.Protocol.MQTT, Device.Protocol.HTTP}


class TokenPage(Page):
    """Issue a token and show it, once."""

    permission = "sensing.credential"
    template = "sensing/token.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        device = access.get(request.user, Device, pk, self.permission, related=("owner", "gateway"))
        if request.POST.get("action") == "revoke":
            services.revoke_token(device)
            return self.render(title=f"已吊销“{device.name}”的令牌", device=device, token="")
        token = services.issue_token(device)
        signals = list(access.visible(request.user, Signal).filter(device=device))
        response = self.render(
            title=f"“{device.name}”的新令牌",
            device=device,
            token=token,
            examples=examples(device, signals, _host(request), token),
        )
        response["Cache-Control"] = "no-store"
        return response


class PasswordPage(FormPage):
    """Issue a user name and password for a device that cannot send a token."""

    permission = "sensing.credential"
    form_class = forms.UsernameForm
    title = "签发账号密码"
    submit = "签发"
    intro = "供不能使用令牌的设备使用。密码由平台随机生成，只显示一次。"

    def get_object(self) -> Any:
        return access.get(self.user, Device, self.kwargs["pk"], self.permission)

    def initial(self) -> dict[str, Any]:
        return {"username": self.object.username or self.object.key}

    def back(self) -> str:
        return str(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = self._form(request.POST)
        if form.is_valid():
            try:
                password = services.issue_password(self.object, form.cleaned_data["username"])
            except ValidationError as error:
                form.add_error("username", error.messages[0])
            else:
                context = {"device": self.object, "password": password, "title": f"“{self.object.name}”的账号密码"}
                response = self.render("sensing/token.html", **context)
                response["Cache-Control"] = "no-store"
                return response
        return self._show(form, status=422)


class SignalPage(ObjectPage):
    """A signal with its curve."""

    model = Signal
    permission = "sensing.view"
    template = "sensing/signal.html"
    select = ("owner", "device", "zone")
    ranges = RANGES
    crumbs = (("信号", reverse_lazy("sensing:signal_list")),)

    def facts(self) -> Sequence[Facts]:
        row = self.object
        span = None if row.low is None or row.high is None else f"{row.low:g} 至 {row.high:g} {row.unit}".strip()
        return [
            Facts(
                "基本情况",
                [
                    fact("所属单位", row.owner.name, href=party_url(row.owner)),
                    fact("设备", row.device, href=row.device.get_absolute_url() if row.device else ""),
                    fact("区域", row.zone),
                    fact("信号标识", row.name),
                    fact("监测量", row.get_quantity_display()),
                    fact("单位", row.unit),
                    fact("量程", span),
                    fact("换算", f"原始值 × {row.scale:g} + {row.offset:g}"),
                    fact("信号编号", row.pk),
                    use(row),
                ],
            )
        ]

    def actions(self) -> Sequence[Action]:
        return edit_actions(self, "signal")

    def extra(self) -> dict[str, Any]:
        return {"curves": [self.object]}


class SeriesView(View):
    """The curve of one signal as JSON: `?hours=` back from now, or `?start=&end=` in ms.

    {title, unit, decimals, points: [[ms, value, lowest, highest], ...]} or {error}.
    """

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        user = cast(User, request.user)
        signal = access.get(user, Signal, pk, "sensing.view")
        start, end = _span(request)
        try:
            points = queries.series(user, signal, start, end)
        except TelemetryError as error:
            return JsonResponse({"error": str(error)}, status=503)
        head = {"title": signal.title, "unit": signal.unit, "decimals": signal.decimals}
        return JsonResponse({**head, "start": start, "end": end, "points": points})


_LONGEST_MS = 400 * 86_400_000


def _span(request: HttpRequest) -> tuple[int, int]:
    try:
        end = int(request.GET.get("end") or now_ms())
        start = int(request.GET.get("start") or end - round(float(request.GET.get("hours") or 1) * 3_600_000))
    except (ValueError, OverflowError) as error:
        raise Http404("曲线的时间范围看不懂。") from error
    if not 0 <= start < end <= 2**53 or end - start > _LONGEST_MS:
        raise Http404("曲线的时间范围须在 400 天以内，且开始早于结束。")
    return start, end


def _host(request: HttpRequest) -> str:
    """The host that the reader reached us by, which devices on the same network can reach too."""
    return request.get_host().rpartition(":")[0] or request.get_host()
