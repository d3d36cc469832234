"""Fields for places: a territory, and where evacuated people go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bianwang.platform.places.models import Territory


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A territory; villages stand indented under their town."""

    def label_from_instance(self, obj: Any) -> str:
        return f"　{obj.name}" if obj.kind == Territory.Kind.VILLAGE else str(obj.name)


class ShelterInput(forms.TextInput):
    """A place in words; names of shelters are offered, and choosing one is a link to it."""

    offered: Sequence[tuple[str, str]] = ()
    """Name and free places."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        key = f"{name}-shelters"
        control = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.offered)
        return format_html('<datalist id="{}">{}</datalist>{}', key, options, control)
