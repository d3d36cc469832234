"""Models of the disaster statistics."""

from bianwang.modules.disasters.models.disaster import Disaster, Series

__all__ = ["Disaster", "Series"]
