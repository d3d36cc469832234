"""Why a step of a workflow was not taken; every message is one Chinese sentence for the user."""

from __future__ import annotations


class Refused(Exception):
    """The step may not be taken: its reason is missing, or a condition of the object is not met."""


class Conflict(Refused):
    """Somebody was first: the object is no longer what the user saw."""


class UnknownLimit(Refused):
    """The policy table has no row for this limit on this date."""
