"""Coming back soon (T26)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import PayerWord
from dayward.care.journey.services import Said
from dayward.ui.widgets import ChoiceButtons, DateInput


class PayerWordForm(forms.Form):
    """What the payer said, or why none has to be asked."""

    answer = forms.ChoiceField(
        label=_("May the stay go on?"), choices=PayerWord.Answer.choices, widget=ChoiceButtons
    )
    payer = forms.CharField(label=_("Payer"), max_length=120, required=False)
    spoken_to = forms.CharField(label=_("Whom you spoke to"), max_length=120, required=False)
    reference = forms.CharField(
        label=_("Reference"), max_length=80, required=False, help_text=_("Of the call or the authorization.")
    )
    said_on = forms.DateField(label=_("On"), widget=DateInput)
    reason = forms.CharField(
        label=_("Why no payer has to be asked, or why they said no"),
        max_length=300,
        required=False,
        help_text=_("Self-pay, or no approval needed for so short a break."),
    )
    same_reason = forms.BooleanField(
        label=_("The person is back for what was treated before"),
        required=False,
        help_text=_("Another diagnosis is a new episode."),
    )

    def said(self) -> Said:
        return Said(**self.cleaned_data)
