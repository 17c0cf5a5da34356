from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.forms import HoursField
from dayward.care.catalog.models import FloorTest, ServiceKind, WeekStarts
from dayward.revenue.coverage.models import Coverage, KindTerms
from dayward.ui.widgets import ChoiceButtons, DateInput

ANSWERS = {"": None, "yes": True, "no": False}


class CoverageForm(forms.Form):
    payer = forms.CharField(
        label=_("Payer"), max_length=160, help_text=_("Choose a known one or type a name.")
    )
    plan_name = forms.CharField(label=_("Plan"), max_length=160, required=False)
    member_id = forms.CharField(label=_("Member number"), max_length=80, required=False)
    authorization_needed = forms.ChoiceField(
        label=_("Authorization needed"),
        choices=[("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))],
        widget=ChoiceButtons,
        required=False,
    )
    estimate_given = forms.BooleanField(label=_("The person has a cost estimate"), required=False)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput(), required=False)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.fields["payer"].widget.attrs["list"] = "payers"
        self.fields["payer"].widget.attrs["autocomplete"] = "off"

    def values(self) -> dict[str, Any]:
        """For the services: all but the payer."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "payer"}
        return found | {"authorization_needed": ANSWERS[self.cleaned_data["authorization_needed"]]}


def initial_of(coverage: Coverage) -> dict[str, Any]:
    """An entry as the form shows it."""
    answers = {value: key for key, value in ANSWERS.items()}
    plain = ("plan_name", "member_id", "estimate_given", "starts_on", "ends_on", "note")
    found: dict[str, Any] = {name: getattr(coverage, name) for name in plain}
    return found | {
        "payer": coverage.payer.name,
        "authorization_needed": answers[coverage.authorization_needed],
    }


class WeekTermsForm(forms.Form):
    """What a payer asks of a week, from a day on."""

    effective_from = forms.DateField(label=_("From"), widget=DateInput())
    floor_minutes = HoursField(label=_("Hours a week at least"))
    young_under_age = forms.IntegerField(
        label=_("Another floor under the age of"), min_value=1, max_value=99, required=False
    )
    young_floor_minutes = HoursField(label=_("Hours a week for them"), required=False)
    floor_test = forms.ChoiceField(
        label=_("Held against the floor"),
        choices=FloorTest.choices,
        widget=ChoiceButtons,
        initial="delivered",
    )
    week_starts = forms.ChoiceField(
        label=_("Its week begins on"),
        choices=[("", _("As the program's weeks")), *WeekStarts.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    day_minimum_minutes = HoursField(label=_("Hours a day at least"), required=False)
    day_minimum_services = forms.IntegerField(
        label=_("Or services a day"), min_value=1, max_value=12, required=False
    )
    carry_back_days = forms.IntegerField(
        label=_("A make-up counts in the missed week within, days"),
        min_value=0,
        max_value=28,
        initial=0,
        required=False,
        help_text=_("0: in the week in which it happens."),
    )
    citation = forms.CharField(
        label=_("Where it is written"),
        max_length=300,
        help_text=_("The contract, manual or rule, with its section and date."),
    )

    def clean_carry_back_days(self) -> int:
        return self.cleaned_data["carry_back_days"] or 0


class KindTermsForm(forms.Form):
    """Whether minutes of a kind count for a payer's floor, from a day on."""

    kind = forms.ModelChoiceField(
        label=_("Kind of service"),
        queryset=ServiceKind.objects.in_use().filter(bookable=True),
        to_field_name="public_id",
        empty_label=_("Choose"),
    )
    effective_from = forms.DateField(label=_("From"), widget=DateInput())
    counts = forms.ChoiceField(
        label=_("Its minutes"), choices=KindTerms.Counts.choices, widget=forms.RadioSelect
    )
    citation = forms.CharField(
        label=_("Where it is written"),
        max_length=300,
        help_text=_("The contract, manual or rule, with its section and date."),
    )


class EndTermsForm(forms.Form):
    on = forms.DateField(label=_("From"), widget=DateInput())
