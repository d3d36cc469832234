"""URLs of the patrol module."""

from django.urls import path

from bianwang.modules.patrol import review

app_name = "patrol"

urlpatterns = [
    path("review/", review.Review.as_view(), name="review"),
    path("review/<int:pk>/", review.Judge.as_view(), name="judge"),
    path("suspicions/", review.SuspicionList.as_view(), name="suspicion_list"),
    *review.SuspicionPage.urls("suspicion", "suspicions/"),
]
