"""What outreach keeps, one file a subject."""

from bianwang.modules.outreach.models.broadcasts import Broadcast, Receipt
from bianwang.modules.outreach.models.calls import Call, Identity, Reward, Series
from bianwang.modules.outreach.models.petitions import Petition, Petitioner, PetitionSeries
from bianwang.modules.outreach.models.publicity import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.models.surveys import Answer, Survey

__all__ = [
    "Answer",
    "Broadcast",
    "Call",
    "Campaign",
    "ChannelCount",
    "Event",
    "Identity",
    "Petition",
    "PetitionSeries",
    "Petitioner",
    "Pilot",
    "Receipt",
    "Reward",
    "Series",
    "Survey",
]
