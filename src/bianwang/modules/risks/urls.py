"""URLs of risks."""

from django.urls import path
from django.views.generic import RedirectView

from bianwang.modules.risks import views
from bianwang.modules.risks.lists import PointList, SourceList

app_name = "risks"

urlpatterns = [
    path("", PointList.as_view(), name="list"),
    path("new/", views.SavePoint.as_view(), name="new"),
    path("import/", RedirectView.as_view(pattern_name="exchange:upload"), {"kind": "risks.point"}, name="import"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/new/", views.SaveSource.as_view(), name="source_new"),
    path("sources/<int:pk>/edit/", views.SaveSource.as_view(title="修改单元"), name="source_edit"),
    path("sources/<int:pk>/keeper/", views.SetKeeper.as_view(), name="keeper"),
    path("sources/<int:pk>/duty/", views.AddRecord.as_view(), name="duty"),
    *views.SourcePage.urls("source", "sources/"),
    path("<int:pk>/edit/", views.SavePoint.as_view(title="修改风险点"), name="edit"),
    path("<int:pk>/card/", views.Card.as_view(), name="card"),
    *views.PointPage.urls("detail"),
]
