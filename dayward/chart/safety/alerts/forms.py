from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.chart.safety.alerts.models import AlertClosing
from dayward.chart.safety.alerts.services.acts import How
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.closing import PARTS
from dayward.ui.widgets import ChoiceButtons, DateInput


class ContactForm(forms.Form):
    """How the person was reached, or that they were not."""

    how = forms.ChoiceField(label=_("How"), choices=How.choices, widget=ChoiceButtons)
    note = forms.CharField(
        label=_("What was said, in a line"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class GuardianForm(forms.Form):
    """What was done about the guardian of a minor."""

    guardian = forms.CharField(required=False)
    how = forms.ChoiceField(label=_("How"), choices=How.choices, widget=ChoiceButtons, required=False)
    note = forms.CharField(
        label=_("In a line: what was agreed, or why no guardian is told"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    prefix = "guardian"  # beside the form about the person, on one page


class ClosingForm(TextsForm):
    level = forms.ChoiceField(
        label=_("Risk, in your judgment"),
        choices=AlertClosing.Level.choices,
        widget=ChoiceButtons,
        required=False,
    )

    def __init__(self, *args: Any, brief: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts((part.key, part.title, part.help, part.briefly or not brief) for part in PARTS)


class ClosingSignForm(forms.Form):
    reassess_on = forms.DateField(label=_("Risk is looked at again on"), required=False, widget=DateInput)
