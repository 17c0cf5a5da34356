from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.chart.casework.rules import summaries as rules
from dayward.chart.safety.forms import TextsForm


class SummaryForm(TextsForm):
    """The texts of a summary or a packet."""

    def __init__(self, *args: Any, kind: rules.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts((text.key, text.title, text.help, True) for text in rules.texts_of(kind))
        if "recipient" in self.fields:
            self.fields["recipient"].widget = forms.TextInput(attrs={"maxlength": 200, "data-needed": ""})


class SignForm(forms.Form):
    copy_given = forms.BooleanField(label=_("The person has a copy"), required=False)


class SendForm(forms.Form):
    """On which ground a packet goes."""

    basis = forms.ChoiceField(
        choices=[("consent", _("Consent")), ("emergency", _("Medical emergency (2.51)"))]
    )
    circumstances = forms.CharField(
        label=_("What the emergency is, and who there received it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
