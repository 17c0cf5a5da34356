"""Form fields as HTML: label, help, control, errors, tied together for assistive technology."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from dayward.ui.widgets import CheckButtons, ChoiceButtons, QuickSelect

_MARKED = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def kind(bound: BoundField) -> str:
    """Which template a field gets: buttons, choices, check, or control."""
    widget = bound.field.widget
    if isinstance(widget, ChoiceButtons | CheckButtons):
        return "buttons"
    if isinstance(widget, _MARKED):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "control"


def css_class(widget: forms.Widget) -> str:
    """Bootstrap's class for the control."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


def describe(bound: BoundField, help_text: str) -> str:
    """Ids of what explains the control: its help and its errors."""
    ids = []
    if help_text:
        ids.append(f"{bound.auto_id}_help")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def control(bound: BoundField, attributes: dict[str, Any]) -> SafeString:
    """The input itself, with classes and descriptions."""
    widget = bound.field.widget
    classes = [css_class(widget), str(widget.attrs.get("class", "")), "is-invalid" if bound.errors else ""]
    attributes = attributes | {"class": " ".join(c for c in classes if c)}
    if type(widget) is forms.Select:
        return bound.as_widget(QuickSelect.of(widget), attrs=attributes)
    return bound.as_widget(attrs=attributes)


def field_context(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """What `ui/field.html` needs. Options: label, help, optional, hide_label, and hx_* or data_* attributes."""
    attributes = {k.replace("_", "-"): v for k, v in options.items() if k.startswith(("hx_", "data_"))}
    which = kind(bound)
    help_text = str(options.get("help") or bound.help_text)
    described = describe(bound, help_text)
    if described:
        attributes["aria-describedby"] = described
    single = which in ("control", "check")
    return {
        "field": bound,
        "kind": which,
        "control": control(bound, attributes) if single else "",
        "label": options.get("label") or bound.label,
        "hide_label": options.get("hide_label", False),
        "help": help_text,
        "describedby": described,
        "required": bound.field.required,
        "input_type": "checkbox" if isinstance(bound.field.widget, forms.CheckboxSelectMultiple) else "radio",
    }


def error_list(form: BaseForm) -> list[dict[str, str]]:
    """Each error with the id of the control to go to."""
    found = [{"text": str(text), "id": ""} for text in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"
        found += [{"text": str(text), "id": target, "label": str(bound.label)} for text in bound.errors]
    return found
