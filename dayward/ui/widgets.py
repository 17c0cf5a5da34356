"""Form widgets with the browser's own controls; `{% field %}` gives them their looks."""

from __future__ import annotations

from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's date picker; the value is always ISO."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's time picker, in steps of five minutes unless told."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"step": "300"} | (attrs or {}), format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's date-and-time picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class ChoiceButtons(forms.RadioSelect):
    """Radio buttons that look like a row of buttons: for two to five short choices."""


class CheckButtons(forms.CheckboxSelectMultiple):
    """Check boxes that look like a row of buttons: weekdays, modes of contact."""


class ManyFilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True
