"""Pages of the rules module."""

from __future__ import annotations

from django.urls import path

from bianwang.modules.rules import authoring, trial_views, views

app_name = "rules"

urlpatterns = [
    path("rules/", views.RuleList.as_view(), name="rule_list"),
    *views.RulePage.urls("rule", "rules/"),
    path("rules/<int:pk>/revise/", authoring.RulePage.as_view(), name="revise"),
    *views.VersionPage.urls("version", "versions/"),
    path("versions/<int:pk>/activate/", authoring.VersionStep.as_view(step="activate"), name="activate"),
    path("versions/<int:pk>/retire/", authoring.VersionStep.as_view(step="retire"), name="retire"),
    path("versions/<int:pk>/back-test/", trial_views.BackTestPage.as_view(), name="back_test"),
    path("bindings/<int:pk>/plot/", trial_views.PlotData.as_view(), name="plot"),
    path("bindings/<int:pk>/unbind/", authoring.Unbind.as_view(), name="unbind"),
    path("templates/", authoring.TemplateList.as_view(), name="template_list"),
    path("new/<slug:template>/", authoring.RulePage.as_view(), name="new"),
]
