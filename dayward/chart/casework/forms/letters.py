from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.chart.casework.models import Letter
from dayward.chart.casework.services.letters import Filled
from dayward.ui.widgets import ChoiceButtons, DateInput


class LetterForm(forms.Form):
    """A letter for work, school or court."""

    kind = forms.ChoiceField(label=_("For"), choices=Letter.Kind.choices, widget=ChoiceButtons)
    route = forms.ChoiceField(label=_("Goes to"), choices=Letter.Route.choices, widget=ChoiceButtons)
    recipient = forms.CharField(
        label=_("To whom"),
        max_length=200,
        required=False,
        help_text=_("Named as in the consent, when it is sent. Handed over it may stay empty."),
    )
    since = forms.DateField(label=_("First day"), widget=DateInput)
    until = forms.DateField(label=_("Last day"), widget=DateInput)
    hours = forms.BooleanField(label=_("Say the hours of each day"), required=False, initial=True)
    times_ahead = forms.BooleanField(label=_("Say the weekly times to come"), required=False)
    sentence = forms.CharField(
        label=_("A sentence of your own"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""}),
        help_text=_("Nothing about health: the reader needs to know only when the person was here."),
    )

    def filled(self) -> Filled:
        data: dict[str, Any] = self.cleaned_data
        return Filled(**data)
