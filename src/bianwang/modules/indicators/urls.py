"""URLs of figures and indicators."""

from django.urls import path

from bianwang.modules.indicators.lists import IndicatorList, SchemeList
from bianwang.modules.indicators.views import figures, indicators, schemes

app_name = "indicators"

urlpatterns = [
    path("", SchemeList.as_view(), name="list"),
    path("new/", schemes.SchemeNew.as_view(), name="new"),
    path("all/", IndicatorList.as_view(), name="all"),
    path("figures/", figures.FigureList.as_view(), name="figures"),
    path("figures/<slug:code>/", figures.FigurePage.as_view(), name="figure"),
    path("<int:pk>/", schemes.SchemePage.as_view(), name="scheme"),
    path("<int:pk>/adopt/", schemes.SchemeAdopt.as_view(), name="adopt"),
    path("<int:pk>/add/", schemes.IndicatorNew.as_view(), name="add"),
    *indicators.IndicatorPage.urls("indicator", "one/"),
    path("one/<int:pk>/edit/", indicators.IndicatorEdit.as_view(), name="edit"),
    path("one/<int:pk>/remove/", indicators.IndicatorRemove.as_view(), name="remove"),
    path("one/<int:pk>/adjust/", indicators.IndicatorAdjust.as_view(), name="adjust"),
    path("one/<int:pk>/exclude/", indicators.IndicatorExclude.as_view(), name="exclude"),
    path("one/<int:pk>/judge/", indicators.IndicatorJudge.as_view(), name="judge"),
    path("one/<int:pk>/explain/", indicators.IndicatorExplain.as_view(), name="explain"),
]
