"""Forms about an admission and an episode."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.forms.intake import by_public_id, choose
from dayward.care.journey.models import AdministrativeReason, DischargeType, Handoff, Hold
from dayward.care.journey.services import Away, Handover, Place
from dayward.foundation.people.models import StaffMember
from dayward.ui.widgets import ChoiceButtons, DateInput

OWN_STEPS = (DischargeType.LOST, DischargeType.STEPPED_UP, DischargeType.DECEASED)


class PlaceForm(forms.Form):
    """A seat and the weekly amount."""

    track = by_public_id(Track.objects.none(), label=_("Track"))
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    days_per_week = forms.IntegerField(label=_("Days a week"), min_value=1, max_value=7)
    hours = forms.DecimalField(
        label=_("Hours a week"), min_value=0, max_value=40, decimal_places=2, max_digits=5
    )
    floor_reason = forms.CharField(
        label=_("Why fewer hours than the floor"), required=False, max_length=300, help_text=_("Only if so.")
    )

    def __init__(self, *args: Any, program: Program | None, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "track", Track.objects.filter(program=program, closed_on=None))

    def place(self) -> Place:
        data = self.cleaned_data
        return Place(
            track=data["track"],
            days_per_week=data["days_per_week"],
            prescribed_minutes=round(data["hours"] * 60),
            starts_on=data["starts_on"],
            reason=data["floor_reason"],
        )


class AdmitForm(PlaceForm):
    """Admission: the place, who treats, and a reason where something softer is missing."""

    therapist = forms.ChoiceField(label=_("Primary therapist"), required=False)
    reason = forms.CharField(
        label=_("Reason for going on without what is marked “give a reason”"), required=False, max_length=300
    )

    def __init__(self, *args: Any, program: Program | None, staff: list[StaffMember], **options: Any) -> None:
        super().__init__(*args, program=program, **options)
        self.staff = {each.public_id: each for each in staff}
        field = self.fields["therapist"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((key, each.name) for key, each in self.staff.items())]

    def chosen_therapist(self) -> StaffMember | None:
        return self.staff.get(self.cleaned_data["therapist"])


class TrackForm(PlaceForm):
    """Another track at the same level (T20)."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    """A step that takes only its reason."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class HoldForm(forms.Form):
    """Away for a while (T16)."""

    reason = forms.ChoiceField(label=_("Why"), choices=Hold.Reason.choices, widget=ChoiceButtons)
    starts_on = forms.DateField(label=_("From"), widget=DateInput)
    expected_return = forms.DateField(label=_("Expected back on"), widget=DateInput)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def away(self) -> Away:
        return Away(**self.cleaned_data)


class ReturnForm(forms.Form):
    on = forms.DateField(label=_("Back since"), widget=DateInput, initial=timezone.localdate)


class DischargeForm(forms.Form):
    """The end of an episode, with its type (4.3)."""

    kind = forms.ChoiceField(
        label=_("Type"), choices=[each for each in DischargeType.choices if each[0] not in OWN_STEPS]
    )
    on = forms.DateField(label=_("Last day"), widget=DateInput)
    reason = forms.CharField(
        label=_("Course and reason"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    administrative_reason = forms.ChoiceField(
        label=_("Why the program ends it"),
        choices=[("", "–"), *AdministrativeReason.choices],
        required=False,
        help_text=_("Only for “Ended by the program”. A positive drug test alone is no reason."),
    )
    appeal_told_on = forms.DateField(
        label=_("Notice given, with how to appeal, on"), required=False, widget=DateInput
    )
    aftercare = forms.BooleanField(
        label=_("Open aftercare: calls at 72 hours, 7, 30, 90, 180 and 365 days"),
        required=False,
        help_text=_("Opened for the types that have it; not after lost contact, a move or jail."),
    )

    def clean_appeal_told_on(self) -> date | None:
        told: date | None = self.cleaned_data["appeal_told_on"]
        if told is not None and told > timezone.localdate() + timedelta(days=1):
            raise ValidationError(translate("This day is still to come."))
        return told


class StepUpForm(forms.Form):
    """More care is needed, and somebody has accepted (T19)."""

    target = forms.CharField(label=_("Receiving program"), max_length=200)
    contact_name = forms.CharField(label=_("Whom you talk to there"), max_length=200)
    accepted = forms.BooleanField(label=_("They have said yes"), required=False)
    packet_note = forms.CharField(
        label=_("What was sent, how, under which consent"), max_length=300, required=False
    )
    wait_note = forms.CharField(
        label=_("Safety until they have arrived"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def handover(self) -> Handover:
        data = self.cleaned_data
        names = ("target", "contact_name", "accepted", "packet_note", "wait_note")
        return Handover(
            route=Handoff.Route.HIGHER,
            reason=Handoff.Reason.NEEDS_MORE,
            **{name: data[name] for name in names},
        )
