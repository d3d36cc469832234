"""Pages of reviews and their measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import after as forms
from bianwang.modules.emergency.models import Measure, Review
from bianwang.modules.emergency.queries import course
from bianwang.modules.emergency.services.reviews import TEXTS
from bianwang.modules.emergency.views.editing import VersionedForm
from bianwang.modules.emergency.views.events import EventForm
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Crumb

REVIEWS: Sequence[Crumb] = (("总结评估", reverse_lazy("emergency:reviews")),)
_MEASURES = (
    Column("text", "改进措施", kind="link"),
    Column("owner", "责任单位", "owner.name"),
    Column("day", "完成期限", kind="date"),
    Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
    Column("result", "落实情况"),
)


class ReviewNew(EventForm):
    """Review an event of which nobody asked for a review."""

    title = "开始总结评估"
    permission = "emergency.review"
    form_class = forms.NothingForm
    submit = "开始起草"
    intro = "平台从记录中列出时间和数字，您写经过、原因、经验、不足，再增加改进措施。"

    def save(self, form: Any) -> Review:
        with refusals_in_form():
            return services.begin_review(self.user, self.object)

    def done(self, result: Review) -> str:
        return f"已开始“{result}”，请起草。"


class ReviewPage(ObjectPage):
    """A review as it is read and printed."""

    model = Review
    permission = "emergency.view"
    select: ClassVar[Sequence[str]] = (
        "event__territory", "event__owner", "event__alarm", "event__registered_by", "drafted_by", "checked_by",
        "issued_by",
    )  # fmt: skip
    crumbs = REVIEWS
    template = "emergency/review.html"
    step_services: ClassVar[dict[str, StepService]] = {
        "check": services.check_review,
        "issue": services.issue_review,
    }

    def facts(self) -> Sequence[Facts]:
        row: Review = self.object
        event, (word, colour) = row.event, row.standing
        people = (("起草人", row.drafted_by), ("审核人", row.checked_by), ("签发人", row.issued_by))
        return [
            Facts(
                "基本情况",
                [
                    fact("事件", str(event), "link", href=event.get_absolute_url()),
                    fact("类别", event.kind_name),
                    fact("地点", f"{event.territory.name} {event.place}"),
                    fact("印发期限", row.due_at, "datetime"),
                    fact("时效", word, "badge", colour=colour),
                    *[fact(title, person.name if person else "") for title, person in people],
                    fact("印发时间", row.issued_at, "datetime"),
                ],
            ),
            Facts("时间和数字（平台从记录得出）", course.of_event(self.user, event)),
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Measure, "emergency.measures").filter(review=self.object)
        add = None
        if self.object.state == "draft" and access.can(self.user, "emergency.review"):
            add = ("增加措施", reverse("emergency:measure_new", args=[self.object.pk]))
        return [Related("改进措施", _MEASURES, rows.select_related("owner"), add=add, empty="还没有改进措施。")]

    def actions(self) -> Sequence[Action]:
        if self.object.state != "draft" or not access.can(self.user, "emergency.review"):
            return []
        return [Action("修改", reverse("emergency:review_edit", args=[self.object.pk]), "edit")]


class ReviewForm(FormPage):
    """A form about one review."""

    permission = "emergency.review"

    def get_object(self) -> Review:
        return access.get(self.user, Review, self.kwargs["pk"], self.permission, related=("event",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*REVIEWS, (str(self.object), self.object.get_absolute_url())]


class ReviewEdit(VersionedForm, ReviewForm):
    """Write the texts."""

    title = "起草总结评估"
    form_class = forms.ReviewForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*TEXTS, "version")}

    def write(self, form: Any) -> Review:
        data = form.cleaned_data
        services.write_review(self.object, self.user, {name: data[name] for name in TEXTS}, data["version"])
        return self.object  # type: ignore[no-any-return]


class MeasureNew(ReviewForm):
    """What is to be done better."""

    title = "增加改进措施"
    form_class = forms.MeasureForm
    intro = "印发后责任单位收到待办，逾期未落实的列在首页。"

    def save(self, form: Any) -> Review:
        with refusals_in_form():
            services.plan_measure(self.user, self.object, form.cleaned_data)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Review) -> str:
        return f"已为“{result}”增加改进措施。"


class MeasurePage(ObjectPage):
    """One measure, also for a unit that does not read the event."""

    model = Measure
    permission = "emergency.measures"
    select: ClassVar[Sequence[str]] = ("review__event", "owner", "done_by")
    crumbs = (("改进措施", reverse_lazy("emergency:measures")),)
    step_forms: ClassVar[dict[str, type[StepForm]]] = {"finish": forms.FinishForm}

    def facts(self) -> Sequence[Facts]:
        row: Measure = self.object
        review, (word, colour) = row.review, row.standing
        href = review.get_absolute_url() if access.can(self.user, "emergency.view") else ""
        return [
            Facts(
                "改进措施",
                [
                    fact("总结评估", str(review), "link", href=href) if href else fact("总结评估", str(review)),
                    fact("改进措施", row.text),
                    fact("责任单位", row.owner.name),
                    fact("完成期限", row.day, "date"),
                    fact("情况", word, "badge", colour=colour),
                    fact("落实情况", row.result),
                    fact("落实时间", row.done_at, "datetime"),
                    fact("报告人", row.done_by.name if row.done_by else ""),
                ],
            )
        ]
