"""Two writers of one row: the second is told what the first changed, and keeps what they typed.

The form carries the version it was made from (`{% form_version version %}`), the service refuses an older one with
Conflict, and the page shows both texts (`{% conflict differences %}`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.translation import gettext as _

from dayward.ui.drafts import typed_here


def version_posted(request: HttpRequest) -> int:
    return _number(request.POST.get("version", ""))


def version_shown(request: HttpRequest, stored: int) -> int:
    """That of the form as it stands: what was kept from an earlier day was made from an earlier version."""
    typed = typed_here(request)
    return (_number(typed.get("version", "")) if typed is not None else 0) or stored


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def differences(
    form: forms.BaseForm, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where what was typed and what is stored are not the same, with both."""
    return [
        {"label": field.label, "mine": _shown(mine[name]), "theirs": _shown(theirs[name])}
        for name, field in form.fields.items()
        if name in mine and name in theirs and mine[name] != theirs[name]
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, models.Model):
        return str(value)
    return "" if value is None else str(localize(value))
