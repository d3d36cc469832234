"""URLs of the duty."""

from django.urls import path

from bianwang.modules.duty.lists import PersonList, PostList, RosterList, ShiftList
from bianwang.modules.duty.lists_running import AnswerList, HandoverList, LogList, MatterList, SwapList
from bianwang.modules.duty.views import people, rosters, running, wall

app_name = "duty"

urlpatterns = [
    path("", ShiftList.as_view(), name="list"),
    path("wall/", wall.Wall.as_view(), name="wall"),
    path("wall/state/", wall.WallState.as_view(), name="wall_state"),
    path("statistics/", wall.Statistics.as_view(), name="statistics"),
    *rosters.ShiftPage.urls("shift", "shifts/"),
    path("shifts/<int:pk>/seats/", rosters.SeatsPage.as_view(), name="seats"),
    path("seats/<int:pk>/swap/", running.SwapNew.as_view(), name="swap_new"),
    path("swaps/", SwapList.as_view(), name="swaps"),
    *running.SwapPage.urls("swap", "swaps/"),
    path("handovers/", HandoverList.as_view(), name="handovers"),
    *running.HandoverPage.urls("handover", "handovers/"),
    path("matters/", MatterList.as_view(), name="matters"),
    path("matters/new/", running.MatterNew.as_view(), name="matter_new"),
    path("matters/<int:pk>/close/", running.MatterClose.as_view(), name="matter_close"),
    *running.MatterPage.urls("matter", "matters/"),
    path("log/", LogList.as_view(), name="log"),
    path("log/new/", running.LogNew.as_view(), name="log_new"),
    path("log/<int:pk>/correct/", running.LogNew.as_view(), name="correct"),
    *running.EntryPage.urls("entry", "log/"),
    path("answers/", AnswerList.as_view(), name="answers"),
    path("checks/new/", running.CheckNew.as_view(), name="check_new"),
    path("answers/<int:pk>/here/", running.HerePage.as_view(), name="here"),
    *running.AnswerPage.urls("answer", "answers/"),
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
