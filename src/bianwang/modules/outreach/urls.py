"""URLs of the hotline."""

from django.urls import path

from bianwang.modules.outreach.lists import publicity as listed
from bianwang.modules.outreach.lists.calls import CallList, RewardList
from bianwang.modules.outreach.views import calls as views, publicity

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
    path("<int:pk>/identity/", views.IdentityPage.as_view(), name="identity"),
    *views.RewardPage.urls("reward", "rewards/"),
    *views.CallPage.urls("detail"),
]
