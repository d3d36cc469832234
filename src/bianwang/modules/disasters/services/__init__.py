"""The only writers of the disaster statistics."""

from bianwang.modules.disasters.services.register import correct, register, revoke

__all__ = ["correct", "register", "revoke"]
