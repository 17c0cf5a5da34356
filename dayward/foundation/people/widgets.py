"""How a number is shown while it is changed."""

from __future__ import annotations

from typing import Any

from django import forms

from dayward.foundation.people.rules import shown_phone


class PhoneInput(forms.TextInput):
    """A phone number as people write it; anything else stays as it is."""

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return shown_phone(text) if text else text
