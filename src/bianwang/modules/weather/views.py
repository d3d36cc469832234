"""Pages of warnings and receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.weather import audience, forms, queries, services
from bianwang.modules.weather.lists import validity
from bianwang.modules.weather.models import Receipt, WeatherWarning
from bianwang.modules.weather.pack import call_rule
from bianwang.modules.weather.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ui.cells import Cell, Column, due_column, fact, state_column
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

WARNINGS = (("预警信息", reverse_lazy("weather:list")),)
RECEIPTS = (("预警回执", reverse_lazy("weather:receipts")),)
_SHOWN = 20
_SILENT = (
    Column("unit", "单位", "unit.name", kind="link"),
    state_column(),
    due_column(),
    Column("escalation", "逾时上报级次", kind="number"),
)
_CHAIN = (
    Column("headline", "标题", kind="link"),
    Column("message", "类型"),
    Column("issued_at", "发布时间", kind="datetime"),
)


class CapPage(FormPage):
    """Take a CAP file."""

    title = "接收 CAP 文件"
    permission = "weather.enter"
    form_class = forms.CapForm
    submit = "接收"
    intro = "平台只接收和转发气象台发布的预警。文件有误时整份不收，并说明缺什么；同一份文件重复上传不会重复登记。"
    crumbs = WARNINGS

    def save(self, form: Any) -> WeatherWarning:
        return services.receive_cap(self.user, form.cleaned_data["file"])

    def done(self, result: WeatherWarning) -> str:
        return f"已接收{result.issuer}的“{result}”，请转发到有关单位。"


class TypePage(FormPage):
    """Type a warning in, or its update or cancellation."""

    title = "录入预警"
    permission = "weather.enter"
    form_class = forms.TypeForm
    submit = "录入"
    intro = "照气象台的原文录入。更新和解除请选择针对的预警，原预警随即失效，还没应答的回执一并结束。"
    crumbs = WARNINGS

    def initial(self) -> dict[str, Any]:
        found = self.request.GET.get("refers", "")
        row = access.visible(self.user, WeatherWarning, "weather.enter").filter(pk=found if found.isdecimal() else 0)
        first = row.first()
        if first is None:
            return {}
        names = ("issuer", "kind", "level", "area")
        wanted = self.request.GET.get("message", WeatherWarning.Kind.UPDATE)
        return {"refers": first, "message": wanted, **{name: getattr(first, name) for name in names}}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> WeatherWarning:
        return services.type_in(self.user, form.values(), form.cleaned_data["refers"])

    def done(self, result: WeatherWarning) -> str:
        return f"已录入{result.issuer}{result.get_message_display()}的“{result}”。"


class PassOnPage(FormPage):
    """Pass a warning on."""

    title = "转发预警"
    permission = "weather.pass_on"
    form_class = forms.PassOnForm
    submit = "转发"
    crumbs = WARNINGS

    @property
    def intro(self) -> str:  # type: ignore[override]
        """What happens then, by the level of the warning."""
        rule = call_rule(self.object.level, self.object.issued_at.astimezone(SHANGHAI).date())
        how = "须电话叫应" if rule.phone else "可在平台应答"
        return (
            f"原文转发{self.object.issuer}的“{self.object}”，{self.object.level_row.name}预警{how}，"
            f"{rule.minutes} 分钟内没有应答的先报镇街，再报区局值班室。已转发过的单位不重复转发。"
        )

    def get_object(self) -> WeatherWarning:
        return access.get(self.user, WeatherWarning, self.kwargs["pk"], "weather.pass_on")

    def get_crumbs(self) -> Any:
        return [*WARNINGS, (str(self.object), self.object.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        return {"units": [unit.pk for unit in audience.upper_units() if unit.level == unit.Level.TOWN]}

    def save(self, form: Any) -> WeatherWarning:
        data = form.cleaned_data
        units = list(data["units"])
        below = audience.villages(self.user, units) if data["villages"] else []
        firms = audience.enterprises(self.user, units, data["sectors"], data["risks"]) if data["enterprises"] else []
        words = audience.words(len(units), len(below), len(firms))
        self.count = services.pass_on(self.user, self.object, [*units, *below, *firms], words)
        services.deliver_pending()
        return self.object  # type: ignore[no-any-return]

    def done(self, result: WeatherWarning) -> str:
        return f"已把“{result}”转发到 {self.count} 个单位，应答情况见本页。"


class WarningPage(ObjectPage):
    """One warning as received, what it replaced, and who has answered."""

    model = WeatherWarning
    permission = "weather.overview"
    template = "weather/warning.html"
    select: ClassVar[Sequence[str]] = ("received_by", "first")
    crumbs = WARNINGS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        found = [Facts(f"{row.issuer}发布的预警", [*_facts(row), *_receiving(row)]), Facts("原文", [_text(row)])]
        return [*found, Facts("叫应情况", self._figures())]

    def _figures(self) -> list[Cell]:
        rows = access.visible(self.user, Receipt, "weather.view").filter(warning=self.object)
        due, in_time = rows.filter(queries.came_due()).count(), rows.filter(queries.in_time()).count()
        share = f"{100 * in_time / due:.1f}%" if due else "—"

        def count(title: str, number: int, **more: str) -> Cell:
            return fact(title, number, "number", href=list_url("weather:receipts", warning=self.object.pk, **more))

        return [
            count("转发", rows.count()),
            count("待电话叫应", rows.filter(state="phone").count(), state="phone"),
            count("已应答", rows.filter(state="answered").count(), state="answered"),
            count("逾时未应答", rows.filter(queries.unanswered()).count(), overdue="1"),
            count("应计应答", due, due="1"),
            count("按时应答", in_time, in_time="1"),
            fact("按时应答率", share),
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Receipt, "weather.view").filter(warning=self.object, state__in=OPEN)
        more = list_url("weather:receipts", warning=self.object.pk, open="1")
        silent = rows.select_related("unit", "warning").order_by("-escalation", "due_at", "pk")[:_SHOWN]
        first = self.object.first or self.object
        seen = access.visible(self.user, WeatherWarning, "weather.overview").exclude(pk=self.object.pk)
        chain = (seen.filter(pk=first.pk) | seen.filter(first=first)).order_by("issued_at", "pk")
        return [
            Related("还没有应答的单位", _SILENT, silent, more=more, empty="没有。转发后未应答的单位会列在这里。"),
            Related("同一预警的其他消息", _CHAIN, chain, empty="没有更新或解除。"),
        ]

    def actions(self) -> Sequence[Action]:
        row, found = self.object, []
        if validity(row)[0] not in ("有效", "尚未生效"):
            return []
        if access.can(self.user, "weather.pass_on"):
            found.append(Action("转发", reverse("weather:pass_on", args=[row.pk]), "send"))
        if access.can(self.user, "weather.enter"):
            for message in (WeatherWarning.Kind.UPDATE, WeatherWarning.Kind.CANCEL):
                url = list_url("weather:new", refers=row.pk, message=message.value)
                found.append(Action(f"录入{message.label}", url, "keyboard"))
        return found


class ReceiptPage(ObjectPage):
    """A warning as one recipient has it."""

    model = Receipt
    permission = "weather.view"
    select: ClassVar[Sequence[str]] = ("warning", "unit", "sent_by", "recipient__message")
    crumbs = RECEIPTS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"call": forms.CalledForm}
    step_services: ClassVar[Mapping[str, StepService]] = {"see": services.see, "answer": services.answer}

    def facts(self) -> Sequence[Facts]:
        row, warning = self.object, self.object.warning
        rule = call_rule(warning.level, row.sent_at.astimezone(SHANGHAI).date())
        how = "须电话叫应，请接听值班电话" if rule.phone else "点“应答”，或接听值班电话"
        return [
            Facts(f"{warning.issuer}发布的预警（区局转发）", _facts(warning)),
            Facts("原文", [_text(warning)]),
            Facts(
                "叫应",
                [
                    fact("接收单位", row.unit.name),
                    fact("怎样应答", how),
                    fact("转发时间", row.sent_at),
                    fact("转发人", row.sent_by.name),
                    fact("应答时限", row.answer_by),
                    fact("短信通知", row.recipient.name if row.recipient else "没有登记联系人", href=self._told()),
                    fact("送达时间", row.delivered_at),
                    fact("已阅时间", row.seen_at),
                    fact("应答时间", row.answered_at),
                    fact("应答方式", row.get_way_display()),
                    fact("应答说明", row.note),
                ],
            ),
        ]

    def _told(self) -> str:
        return self.object.recipient.get_absolute_url() if self.object.recipient else ""


def _facts(row: WeatherWarning) -> list[Cell]:
    word, colour = validity(row)
    return [
        fact("级别", row.level_row.name, "badge", colour=row.level_row.colour),
        fact("种类", row.kind_name),
        fact("效力", word, "badge", colour=colour),
        fact("类型", row.get_message_display()),
        fact("区域", row.area),
        fact("发布时间", row.issued_at),
        fact("有效至", row.valid_until),
    ]


def _receiving(row: WeatherWarning) -> list[Cell]:
    return [
        fact("发布编号", row.identifier),
        fact("接收方式", row.get_way_display()),
        fact("接收人", row.received_by.name if row.received_by else "CAP 文件夹"),
        fact("接收时间", row.received_at),
    ]


def _text(row: WeatherWarning) -> Cell:
    return fact(row.headline, row.text)
