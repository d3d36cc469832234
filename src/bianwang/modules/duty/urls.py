"""URLs of the duty."""

from django.urls import path

from bianwang.modules.duty.lists import PersonList, PostList, RosterList, ShiftList
from bianwang.modules.duty.views import people, rosters

app_name = "duty"

urlpatterns = [
    path("", ShiftList.as_view(), name="list"),
    *rosters.ShiftPage.urls("shift", "shifts/"),
    path("shifts/<int:pk>/seats/", rosters.SeatsPage.as_view(), name="seats"),
    path("rosters/", RosterList.as_view(), name="rosters"),
    path("rosters/new/", rosters.RosterNew.as_view(), name="roster_new"),
    path("rosters/<int:pk>/fill/", rosters.FillPage.as_view(), name="fill"),
    *rosters.RosterPage.urls("roster", "rosters/"),
    path("posts/", PostList.as_view(), name="posts"),
    path("posts/new/", people.PostEntry.as_view(), name="post_new"),
    path("posts/<int:pk>/change/", people.PostEntry.as_view(), name="post_change"),
    path("posts/<int:pk>/rotation/<str:role>/<int:rest>/", people.RotationPage.as_view(), name="rotation"),
    *people.PostPage.urls("post", "posts/"),
    path("people/", PersonList.as_view(), name="people"),
    path("people/new/", people.PersonEntry.as_view(), name="person_new"),
    path("people/<int:pk>/change/", people.PersonEntry.as_view(), name="person_change"),
    *people.PersonPage.urls("person", "people/"),
]
