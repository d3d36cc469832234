"""Tokens and passwords of devices: issued, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.sensing.credentials import digest, new_secret
from bianwang.modules.sensing.models import Device
from bianwang.modules.sensing.services.register import bump
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record


def issue_token(device: Device) -> str:
    """A new token, which replaces the old one at once. The only moment that it can be read."""
    token = new_secret()
    _credential(device, {"token_digest": digest(token)}, "sensing.token_issue")
    return token


def revoke_token(device: Device) -> None:
    """The device can no longer connect with its token."""
    _credential(device, {"token_digest": None}, "sensing.token_revoke")


def issue_password(device: Device, username: str) -> str:
    """A new password for `username`, for devices that cannot send a token. Raises ValidationError."""
    username = username.strip()
    if not username:
        raise ValidationError({"username": "请填写账号。"})
    if Device.objects.filter(username=username).exclude(pk=device.pk).exists():
        raise ValidationError({"username": f"账号“{username}”已被其他设备使用，请换一个。"})
    password = new_secret()
    _credential(device, {"username": username, "password_digest": digest(password)}, "sensing.password_issue")
    return password


def _credential(device: Device, values: dict[str, Any], verb: str) -> None:
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(**values)
        for name, value in values.items():
            setattr(device, name, value)
        record(verb, device, owner=device.owner_id, changes={"issued_at": (None, now())})
        bump("sensing")
