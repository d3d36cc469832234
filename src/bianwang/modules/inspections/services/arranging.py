"""An inspection arranged in the office, which the officers then find on their phones."""

from __future__ import annotations

from uuid import uuid4

from bianwang.modules.inspections.content import Content
from bianwang.modules.inspections.models import Inspection
from bianwang.modules.inspections.services.syncing import receive
from bianwang.platform.accounts.models import User

OFFICE = "office"
"""The device of what was made at a desk."""


def arrange(user: User, content: Content, *, is_demo: bool = False) -> Inspection:
    """Open an inspection with who, whom, when and which lists. Raises PermissionDenied, Http404, ValidationError."""
    return receive(user, uuid4(), content, base=0, device=OFFICE, is_demo=is_demo).inspection
