"""URLs of the working calendar."""

from django.urls import path

from bianwang.platform.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.YearPage.as_view(), name="year"),
    path("day/", views.DayPage.as_view(), name="day"),
    path("<int:pk>/restore/", views.RestorePage.as_view(), name="restore"),
]
