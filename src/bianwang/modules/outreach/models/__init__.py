"""Calls and rewards; publicity; what every file of `models` holds."""

from bianwang.modules.outreach.models.calls import Call, Identity, Reward, Series
from bianwang.modules.outreach.models.publicity import Campaign, ChannelCount, Event, Pilot

__all__ = ["Call", "Campaign", "ChannelCount", "Event", "Identity", "Pilot", "Reward", "Series"]
