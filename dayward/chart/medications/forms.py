from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.chart.medications.models import MedicationChange, MedicationCheck, Reconciliation
from dayward.chart.medications.rules.changes import Status, possible
from dayward.chart.medications.services import NewMedication, Wanted
from dayward.ui.widgets import ChoiceButtons, DateInput

Kind = MedicationChange.Kind


class WantedForm(forms.Form):
    """What every change says: from when, why, to help with what, and when to look again."""

    dose = forms.CharField(label=_("Dose"), max_length=120, required=False)
    frequency = forms.CharField(
        label=_("How often"), max_length=120, required=False, help_text=_("Such as: every morning")
    )
    on = forms.DateField(label=_("From"), widget=DateInput)
    reason = forms.CharField(label=_("Why"), max_length=300)
    target_symptom = forms.CharField(label=_("To help with"), max_length=200, required=False)
    side_effects = forms.CharField(label=_("Side effects"), max_length=300, required=False)
    next_look_on = forms.DateField(label=_("Look again on"), required=False, widget=DateInput)

    def wanted(self, kind: str) -> Wanted:
        names = ("on", "reason", "dose", "frequency", "target_symptom", "side_effects", "next_look_on")
        return Wanted(kind=kind, **{name: self.cleaned_data[name] for name in names})


class StartForm(WantedForm):
    """A new medication: ours, or one that somebody else prescribes."""

    name = forms.CharField(
        label=_("Medication"), max_length=200, help_text=_("As on the label, with the strength.")
    )
    ours = forms.ChoiceField(
        label=_("Prescribed"),
        choices=[("yes", _("Here")), ("no", _("Elsewhere"))],
        widget=ChoiceButtons,
    )
    outside_prescriber = forms.CharField(label=_("By whom, elsewhere"), max_length=160, required=False)
    route = forms.CharField(label=_("Route"), max_length=40, required=False)
    indication = forms.CharField(label=_("For what"), max_length=200, required=False)

    def __init__(self, *args: Any, may_prescribe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_prescribe:
            self.fields["ours"].initial = "no"
            self.fields["ours"].widget.choices = [("no", _("Elsewhere"))]

    def what(self) -> NewMedication:
        data = self.cleaned_data
        return NewMedication(
            data["name"], data["route"], data["indication"], data["ours"] == "yes", data["outside_prescriber"]
        )


class ChangeForm(WantedForm):
    kind = forms.ChoiceField(label=_("Change"), choices=Kind.choices, widget=ChoiceButtons)

    def __init__(self, *args: Any, status: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            Kind.UP: _("Raise"),
            Kind.DOWN: _("Lower"),
            Kind.HOLD: _("Hold"),
            Kind.RESUME: _("Resume"),
            Kind.STOP: _("Stop"),
        }
        choices = [(str(kind), words[Kind(kind)]) for kind in possible(Status(status))]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=DateInput)
    adherence = forms.IntegerField(
        label=_("Doses taken, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Missing one day in seven is about 85."),
    )
    burden = forms.ChoiceField(
        label=_("Side effects"),
        choices=MedicationCheck.Burden.choices,
        widget=ChoiceButtons,
        required=False,
    )
    side_effects = forms.CharField(label=_("Which"), max_length=300, required=False)
    note = forms.CharField(
        label=_("What the person says"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""}),
    )
    monitoring_on = forms.DateField(
        label=_("Prescription monitoring program looked up on"), required=False, widget=DateInput
    )
    naloxone_offered = forms.BooleanField(label=_("Naloxone offered"), required=False)
    next_look_on = forms.DateField(label=_("Look again on"), required=False, widget=DateInput)


class ReconcileForm(forms.Form):
    occasion = forms.ChoiceField(
        label=_("On the occasion of"), choices=Reconciliation.Occasion.choices, widget=ChoiceButtons
    )
    note = forms.CharField(
        label=_("What was settled"), required=False, widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""})
    )
