"""URLs of the hotline."""

from django.urls import path

from bianwang.modules.outreach.lists import broadcasts as broadcast_lists, publicity as listed, surveys as survey_lists
from bianwang.modules.outreach.lists.calls import CallList, RewardList
from bianwang.modules.outreach.lists.petitions import PetitionList
from bianwang.modules.outreach.views import broadcasts, calls as views, exports, petitions, publicity, surveys

app_name = "outreach"

urlpatterns = [
    path("", CallList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("rewards/", RewardList.as_view(), name="rewards"),
    path("campaigns/", listed.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", publicity.CampaignEntry.as_view(), name="campaign_new"),
    path("campaigns/<int:pk>/change/", publicity.CampaignEntry.as_view(), name="campaign_change"),
    *publicity.CampaignPage.urls("campaign", "campaigns/"),
    path("events/", listed.EventList.as_view(), name="events"),
    path("events/new/", publicity.EventEntry.as_view(), name="event_new"),
    path("events/<int:pk>/change/", publicity.EventEntry.as_view(), name="event_change"),
    *publicity.EventPage.urls("event", "events/"),
    path("channels/", listed.ChannelList.as_view(), name="channels"),
    path("channels/new/", publicity.ChannelEntry.as_view(), name="channel_new"),
    path("channels/<int:pk>/change/", publicity.ChannelEntry.as_view(), name="channel_change"),
    *publicity.ChannelPage.urls("channel", "channels/"),
    path("pilots/", listed.PilotList.as_view(), name="pilots"),
    path("pilots/new/", publicity.PilotEntry.as_view(), name="pilot_new"),
    path("pilots/<int:pk>/change/", publicity.PilotEntry.as_view(), name="pilot_change"),
    *publicity.PilotPage.urls("pilot", "pilots/"),
    path("publicity/", publicity.Statistics.as_view(), name="publicity"),
    path("surveys/", survey_lists.SurveyList.as_view(), name="surveys"),
    path("surveys/new/", surveys.New.as_view(), name="survey_new"),
    path("surveys/answers/", survey_lists.AnswerList.as_view(), name="answers"),
    *surveys.SurveyPage.urls("survey", "surveys/"),
    path("survey/<str:token>/", surveys.answer, name="answer"),
    path("petitions/", PetitionList.as_view(), name="petitions"),
    path("petitions/new/", petitions.Register.as_view(), name="petition_new"),
    path("petitions/<int:pk>/identity/", petitions.PetitionerPage.as_view(), name="petitioner"),
    *petitions.PetitionPage.urls("petition", "petitions/"),
    path("broadcasts/", broadcast_lists.BroadcastList.as_view(), name="broadcasts"),
    path("broadcasts/new/", broadcasts.New.as_view(), name="broadcast_new"),
    *broadcasts.BroadcastPage.urls("broadcast", "broadcasts/"),
    path("receipts/", broadcast_lists.ReceiptList.as_view(), name="receipts"),
    *broadcasts.ReceiptPage.urls("receipt", "receipts/"),
    path("exports/", exports.Exports.as_view(), name="exports"),
    path("exports/<str:code>/", exports.Download.as_view(), name="export"),
    path("<int:pk>/identity/", views.IdentityPage.as_view(), name="identity"),
    *views.RewardPage.urls("reward", "rewards/"),
    *views.CallPage.urls("detail"),
]
