"""What is counted and found, one file a subject."""

from bianwang.modules.outreach.queries.calls import overdue_count, search

__all__ = ["overdue_count", "search"]
