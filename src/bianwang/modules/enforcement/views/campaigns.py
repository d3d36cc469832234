"""Pages of campaigns: visits of all units under one name."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bianwang.modules.enforcement import forms, queries, services
from bianwang.modules.enforcement.lists import CAMPAIGNS
from bianwang.modules.enforcement.models import Campaign, Visit
from bianwang.modules.hazards.workflow import RECTIFIED
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page


class New(FormPage):
    """Open a campaign."""

    title = "新增专项行动"
    permission = "enforcement.campaign"
    form_class = forms.CampaignForm
    crumbs = CAMPAIGNS

    def save(self, form: Any) -> Campaign:
        return services.save_campaign(self.object or Campaign(), self.user, form.cleaned_data)


class Change(New):
    """Change a campaign."""

    title = "修改专项行动"

    def get_object(self) -> Campaign:
        return queries.campaign(self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in forms.CampaignForm.base_fields}


class Detail(Page):
    """What was done under a campaign's name, unit by unit."""

    permission = "enforcement.view"
    template = "enforcement/campaign.html"
    crumbs = CAMPAIGNS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = queries.campaign(pk)
        rows = access.visible(self.user, Visit, self.permission).filter(campaign=campaign)
        done = queries.DONE
        grouped = (
            rows.order_by()
            .values("unit", "unit__name")
            .annotate(
                visits=Count("pk", filter=done),
                enterprises=Count("enterprise", distinct=True, filter=done),
                statutory=Count("pk", filter=queries.STATUTORY),
                filed=Count("pk", filter=done & Q(is_filed=True)),
                planned=Count("pk", filter=Q(state=Visit.State.PLANNED)),
            )
        )
        units: list[dict[str, Any]] = [dict(row) for row in grouped.order_by("-visits")]
        hazards = queries.hazards_found(self.user, visit_found__visit__campaign=campaign)
        names = ("visits", "statutory", "filed", "planned")
        return self.render(
            title=campaign.name,
            campaign=campaign,
            units=units,
            total={name: sum(unit[name] for unit in units) for name in names},
            enterprises=rows.filter(done).order_by().values("enterprise").distinct().count(),
            sees_hazards=queries.sees_hazards(self.user),
            hazards=hazards.aggregate(found=Count("pk"), rectified=Count("pk", filter=Q(state__in=RECTIFIED))),
            visits=rows.select_related("enterprise", "unit").order_by("-date", "-pk")[:20],
            list_url=f"{reverse('enforcement:list')}?campaign={campaign.pk}",
        )
