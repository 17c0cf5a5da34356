"""What the clinic says about its care, where the consent of young people hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.foundation.consent.queries import CARE_SETTING
from dayward.foundation.consent.rules.minors import UNKNOWN_CARE, Care
from dayward.foundation.organization.declared import Declared, Group
from dayward.foundation.organization.permissions import SETUP

CARES = {
    Care.MENTAL_HEALTH: gettext_lazy("Mental health care"),
    Care.SUBSTANCE_USE: gettext_lazy("Care for substance use"),
}


def _words(value: Any) -> str:
    return ", ".join(str(CARES[Care(each)]) for each in value) or _("not said")


def _field() -> forms.Field:
    return forms.MultipleChoiceField(
        label=_("Kinds of care"),
        choices=[(str(care), name) for care, name in CARES.items()],
        widget=forms.CheckboxSelectMultiple,
    )


def _settings() -> Iterable[Declared]:
    yield Declared(
        CARE_SETTING,
        gettext_lazy("Kinds of care given here"),
        sorted(UNKNOWN_CARE),
        _words,
        SETUP,
        meaning=gettext_lazy(
            "States let young people consent alone at different ages for each kind. Not said: both kinds, and so the "
            "stricter protection of 42 CFR Part 2."
        ),
        field=_field,
    )


GROUP = Group(gettext_lazy("Consent"), _settings, order=10)
