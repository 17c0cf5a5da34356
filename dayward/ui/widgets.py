"""Form widgets with the browser's own controls; `{% field %}` gives them their looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

DASHES = BLANK_CHOICE_DASH[0][1]


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


class QuickSelect(forms.Select):
    """A plain select, written at once: Django's own renders a template for each of six hundred time zones."""

    @classmethod
    def of(cls, widget: forms.Select) -> QuickSelect:
        """As the field's own widget."""
        quick = cls(attrs=widget.attrs, choices=widget.choices)
        quick.is_required = widget.is_required
        return quick

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        made = self.get_context(name, value, attrs)["widget"]
        nothing = gettext("Choose") if self.is_required else "–"
        groups = format_html_join(
            "", "{}", ((_group(label, options, nothing),) for label, options, _n in made["optgroups"])
        )
        return format_html('<select name="{}"{}>{}</select>', made["name"], flatatt(made["attrs"]), groups)


def _group(label: str | None, options: Iterable[dict[str, Any]], nothing: str) -> SafeString:
    """`nothing` stands where Django draws a row of dashes."""
    rows = (
        (
            str(one["value"]),
            flatatt({"selected": bool(one["selected"])}),
            nothing if one["label"] == DASHES else one["label"],
        )
        for one in options
    )
    inside = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', label, inside) if label else inside
