from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from dayward.care.attendance.models import Absence, WeekExemption
from dayward.care.schedule.models import Session
from dayward.kernel.states import STATES
from dayward.kernel.time import at, local_day
from dayward.ui.widgets import TimeInput


def instant_of(session: Session, clock: time) -> datetime:
    """A wall-clock time on the session's day, at the site."""
    zone: ZoneInfo = session.site.zone
    return at(local_day(session.span.start, zone), clock, zone)


class TimeForm(forms.Form):
    """When somebody came or left."""

    clock = forms.TimeField(label=_("Time"), widget=TimeInput(attrs={"step": "60"}))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class PlaceForm(forms.Form):
    """Where somebody is during a session by video."""

    place = forms.CharField(label=_("Street and city"), max_length=160)
    state = forms.ChoiceField(label=_("State"), choices=[*BLANK_CHOICE_DASH, *STATES])
    at_home = forms.BooleanField(label=_("At home"), required=False)


class AbsenceForm(forms.Form):
    """Why somebody did not come."""

    kind = forms.ChoiceField(label=_("Absence"), choices=Absence.Kind.choices)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class CorrectionForm(forms.Form):
    """What a row should have said."""

    was = forms.ChoiceField(
        label=_("The person"),
        choices=[("there", _("was there")), ("away", _("was not there"))],
        widget=forms.RadioSelect,
    )
    came_in = forms.TimeField(label=_("Came"), widget=TimeInput(attrs={"step": "60"}), required=False)
    went_out = forms.TimeField(label=_("Left"), widget=TimeInput(attrs={"step": "60"}), required=False)
    kind = forms.ChoiceField(label=_("Absence"), choices=Absence.Kind.choices, required=False)
    reason = forms.CharField(
        label=_("Why it is corrected"), max_length=200, help_text=_("Stays in the record beside the row.")
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("was") == "there" and not (data.get("came_in") and data.get("went_out")):
            self.add_error("came_in", _("Say when the person came and left."))
        return data


class ExemptionForm(forms.Form):
    """Why nothing follows from a week under the floor."""

    start = forms.DateField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("The week is exempt"), choices=WeekExemption.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What shows it"),
        max_length=200,
        help_text=_("The document, or the plan with its date. Figures and verdict stay as they are."),
    )
