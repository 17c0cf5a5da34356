from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.chart.casework.models import Need, OutsideMeeting
from dayward.chart.casework.services.needs import Done, Wanted
from dayward.ui.widgets import ChoiceButtons, DateInput


class NeedForm(forms.Form):
    """Something to look after."""

    kind = forms.ChoiceField(label=_("About"), choices=Need.Kind.choices)
    wanted = forms.CharField(label=_("What is needed"), max_length=300)
    with_whom = forms.CharField(
        label=_("With whom"), max_length=200, required=False, help_text=_("Agency, court, practice; phone.")
    )
    next_on = forms.DateField(
        label=_("Next step on"),
        required=False,
        widget=DateInput,
        help_text=_("A hearing, an appointment, a call."),
    )

    def wanted_need(self) -> Wanted:
        data: dict[str, Any] = self.cleaned_data
        return Wanted(**data)


class StepForm(forms.Form):
    """What was done about it."""

    stage = forms.ChoiceField(label=_("It is now"), choices=Need.Stage.choices, widget=ChoiceButtons)
    note = forms.CharField(
        label=_("What was done, or the result"), widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""})
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=600)
    next_on = forms.DateField(label=_("Next step on"), required=False, widget=DateInput)

    def done(self) -> Done:
        data = self.cleaned_data
        return Done(data["stage"], data["note"], data["minutes"] or 0, data["next_on"])


class MeetingForm(forms.Form):
    """A meeting outside."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OutsideMeeting.Kind.choices)
    on = forms.DateField(label=_("Day"), widget=DateInput)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=1439)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
