from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.foundation.organization.models import Organization, Site
from dayward.ui.versions import TwoWriters

US_ZONES = tuple(
    f"America/{city}"
    for city in (
        "New_York",
        "Detroit",
        "Chicago",
        "Denver",
        "Phoenix",
        "Los_Angeles",
        "Anchorage",
        "Puerto_Rico",
    )
) + ("Pacific/Honolulu",)


def zones() -> list[tuple[str, str]]:
    """US zones first, then all others."""
    rest = sorted(available_timezones() - set(US_ZONES))
    return [(name, name.replace("_", " ")) for name in (*US_ZONES, *rest)]


class OrganizationForm(TwoWriters, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Organization
        fields = ["name", "neutral_name"]
        labels = {"name": _("Name"), "neutral_name": _("Neutral name")}
        help_texts = {
            "neutral_name": _(
                "Stands on mails, texts and calendars, so that they do not tell what is treated here."
            )
        }


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_state(self) -> str:
        """Two letters: rules and holidays go by them."""
        state: str = self.cleaned_data["state"].strip().upper()
        if not (len(state) == 2 and state.isascii() and state.isalpha()):
            raise forms.ValidationError(gettext("Two letters, such as MN."))
        return state

    def clean_phone(self) -> str:
        """As people read it: 612-555-0100; what is no number of the US stays as it was typed."""
        typed: str = self.cleaned_data["phone"].strip()
        digits = "".join(each for each in typed if each.isdigit()).removeprefix("1")
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == len("6125550100") else typed

    class Meta:
        model = Site
        fields = ["name", "state", "phone", "street", "city", "zip_code", "directions"]
        labels = {
            "name": _("Name"),
            "state": _("State (two letters)"),
            "phone": _("Phone"),
            "street": _("Street and number"),
            "city": _("City"),
            "zip_code": _("ZIP code"),
            "directions": _("How to get there"),
        }
        widgets = {"directions": forms.Textarea(attrs={"rows": 3})}


class NewSiteForm(SiteForm):
    """The time zone is chosen once: days are counted in it."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("It cannot be changed later.")
    )

    class Meta(SiteForm.Meta):
        fields = ["name", "time_zone", *SiteForm.Meta.fields[1:]]
