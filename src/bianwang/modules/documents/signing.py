"""The field to sign in: a pad where scripts run, cleaned to the stored picture."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.platform.files.services import prepare
from bianwang.platform.files.storage import Stored
from bianwang.platform.ledger.context import current

_START = "data:image/png;base64,"
_LONGEST = 400_000
"""Characters of a signature as the browser sends it."""


class SignatureInput(forms.Widget):
    """A canvas; its value is a PNG as a data URL."""

    template_name = "documents/signature_input.html"

    class Media:
        css = {"all": ("documents/documents.css",)}
        js = ("documents/signature.js",)


class SignatureField(forms.Field):
    """Cleans to a `Stored` picture, or None where nobody signed."""

    widget = SignatureInput

    def clean(self, value: Any) -> Stored | None:
        text = super().clean(value)
        if not text:
            return None
        user = current().user
        try:
            if user is None or not text.startswith(_START) or len(text) > _LONGEST:
                raise ValueError
            content = base64.b64decode(text.removeprefix(_START), validate=True)
        except (ValueError, binascii.Error) as error:
            raise ValidationError("签名没有收到，请重新签名，或上传签名照片。") from error
        return prepare(SimpleUploadedFile("签名.png", content), user)
