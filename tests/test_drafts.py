"""Which long forms are saved while they are typed, and which are not yet; a new one must say."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from django import forms

import dayward

LONG = 5  # fields of a form with a text to write

#: Saved on the server as they are typed. (Those of plans, notes, statements, discharge plans, summaries and assessments
#: are too: their fields are made for each paper, so they are not seen here.)
WITH_DRAFT = {"care.journey.forms.screening.ScreeningForm"}
#: Not yet: until it is sent, what was typed is in the page alone.
WITHOUT_DRAFT = {
    "care.journey.forms.episodes.DischargeForm",
    "care.journey.forms.episodes.StepUpForm",
    "care.journey.forms.following.CallForm",
    "care.journey.forms.following.EventForm",
    "care.journey.forms.following.StepDownForm",
    "care.journey.forms.intake.HandoverForm",
    "care.journey.forms.intake.InquiryForm",
    "care.journey.forms.public.PublicInquiryForm",
    "chart.casework.forms.letters.LetterForm",
    "chart.medications.forms.CheckForm",
    "foundation.consent.forms.DisclosureForm",
    "foundation.consent.forms.TextForm",
    "foundation.organization.forms.NewSiteForm",
    "foundation.organization.forms.SiteForm",
    "foundation.people.forms.PersonForm",
    "revenue.coverage.forms.CoverageForm",
}


def form_modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(dayward.__path__, "dayward.")
    names = [each.name for each in found if ".forms" in each.name and ".tests." not in each.name]
    return [import_module(name) for name in names]


def long_forms() -> set[str]:
    """By name: those with a text to write and more fields than are typed again in a minute."""
    found = {
        form
        for module in form_modules()
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
    }
    return {f"{form.__module__.removeprefix('dayward.')}.{form.__name__}" for form in found if is_long(form)}


def is_long(form: type[forms.BaseForm]) -> bool:
    fields = getattr(form, "base_fields", {})
    texts = [each for each in fields.values() if isinstance(each.widget, forms.Textarea)]
    return len(texts) > 1 or bool(texts and len(fields) > LONG)


def test_a_new_long_form_has_a_draft() -> None:
    """And one that got a draft leaves the list of those without."""
    assert long_forms() == WITH_DRAFT | WITHOUT_DRAFT
