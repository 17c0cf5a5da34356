"""Two writers of one row: the second is told what the first changed, and keeps what they typed.

The form carries the version it was made from (`{% form_version version %}`), the service refuses an older one with
Conflict, and the page shows both texts (`{% conflict differences %}`). A form over a row without a version is
`TwoWriters`: it carries marks of the values it was made from, and `{% form_errors form %}` shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
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


# -- rows without a version ----------------------------------------------------------------------------------------

SEEN, MARK = "seen", 16  # characters of a mark are enough to tell two values of one field apart


class TwoWriters(forms.BaseForm):
    """Before `forms.Form` or `forms.ModelForm` of a page that corrects a row; `initial` is the row as it is now.

    What somebody else saved since the page was made is not overwritten unseen: the form has an error, `differences`
    hold both, and it carries marks of what it now has shown.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.differences: list[dict[str, Any]] = []
        self.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self._marks)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._compare(self.cleaned_data.pop(SEEN, ""))

    def _compare(self, seen: str) -> None:
        before = dict(part.partition(":")[::2] for part in seen.split())
        changed = [
            bound
            for bound in self._shown()
            if before.get(bound.name, _mark(bound)) != _mark(bound) and _differs(bound)
        ]
        if changed:
            self.differences = [_both(bound) for bound in changed]
            self.add_error(None, _("Somebody else changed this meanwhile."))
            data: Any = self.data.copy()  # type: ignore[attr-defined] # a QueryDict, or a dict
            data[self.add_prefix(SEEN)] = self._marks()
            self.data = data

    def _shown(self) -> Iterable[BoundField]:
        return [self[name] for name in self.fields if name in self.initial]

    def _marks(self) -> str:
        return " ".join(f"{bound.name}:{_mark(bound)}" for bound in self._shown())


def _mark(bound: BoundField) -> str:
    """Tells nothing of the value to whoever reads the page."""
    value = bound.field.prepare_value(bound.initial)
    told = sorted(map(str, value)) if isinstance(value, list | tuple | models.QuerySet) else str(value)
    return salted_hmac("dayward.ui.versions", f"{bound.name}={told}").hexdigest()[:MARK]


def _differs(bound: BoundField) -> bool:
    return bool(bound.field.has_changed(bound.initial, bound.data))


def _both(bound: BoundField) -> dict[str, Any]:
    return {"label": bound.label, "mine": _told(bound, bound.data), "theirs": _told(bound, bound.initial)}


def _told(bound: BoundField, value: Any) -> str:
    """As the form shows it: of a choice its words."""
    plain = bound.field.prepare_value(value)
    if not isinstance(bound.field, forms.ChoiceField | forms.ModelChoiceField):
        return _shown(plain)
    chosen = {str(each) for each in (plain if isinstance(plain, list | tuple) else [plain])}
    choices: Any = bound.field.choices
    return ", ".join(str(words) for key, words in choices if str(key) in chosen)
