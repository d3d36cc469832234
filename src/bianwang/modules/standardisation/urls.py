"""URLs of standardisation."""

from django.urls import path

from bianwang.modules.standardisation import views
from bianwang.modules.standardisation.lists import GradeList, RatingList, SubsidyList

app_name = "standardisation"

urlpatterns = [
    path("", GradeList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("import/", views.upload, name="import"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("ratings/", RatingList.as_view(), name="ratings"),
    path("ratings/new/", views.RatingOpen.as_view(), name="rating_open"),
    path("ratings/<int:pk>/scores/", views.RatingScores.as_view(), name="scores"),
    path("ratings/<int:pk>/apply/", views.Apply.as_view(), name="apply"),
    path("subsidies/", SubsidyList.as_view(), name="subsidies"),
    path("<int:pk>/claim/", views.Claim.as_view(), name="claim"),
    *views.RatingPage.urls("rating", "ratings/"),
    *views.SubsidyPage.urls("subsidy", "subsidies/"),
    *views.GradePage.urls("detail"),
]
