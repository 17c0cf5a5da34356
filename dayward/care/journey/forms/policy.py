"""What a clinic decides itself about the way through."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.care.journey.rules.evidence import BY_KEY
from dayward.care.journey.rules.policy import POLICY_KEYS, Policy
from dayward.care.journey.rules.screening import AgeGroup
from dayward.ui.widgets import DateInput


class PolicyForm(forms.Form):
    """Ages, attempts, quiet days, and which warnings refuse."""

    adult_youngest = forms.IntegerField(label=gettext_lazy("Adults: from age"), min_value=0, max_value=120)
    adult_oldest = forms.IntegerField(
        label=gettext_lazy("to age (empty: no end)"), min_value=0, max_value=120, required=False
    )
    adolescent_youngest = forms.IntegerField(
        label=gettext_lazy("Adolescents: from age"), min_value=0, max_value=120
    )
    adolescent_oldest = forms.IntegerField(
        label=gettext_lazy("to age"), min_value=0, max_value=120, required=False
    )
    attempts = forms.IntegerField(
        label=gettext_lazy("Attempts before closing as no contact"), min_value=1, max_value=20
    )
    modes = forms.IntegerField(label=gettext_lazy("in this many ways"), min_value=1, max_value=5)
    no_contact_days = forms.IntegerField(
        label=gettext_lazy("Days without service before a discharge as lost"), min_value=1, max_value=365
    )
    attendance_wait_days = forms.IntegerField(
        label=gettext_lazy("Days to wait after a discharge for attendance"),
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("Before that stay may be reopened. 0: no waiting time."),
    )
    team_days = forms.IntegerField(
        label=gettext_lazy("Days the care team stays after treatment and aftercare"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("For what is still to be written. Then the chart closes to them."),
    )
    made_hard = forms.MultipleChoiceField(
        label=gettext_lazy("These warnings refuse here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Not ticked: they warn, and the step can be taken."),
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput)
    source = forms.CharField(
        label=gettext_lazy("Where this comes from"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("License, payer contract, board decision."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["made_hard"]
        assert isinstance(field, forms.MultipleChoiceField)
        shown = [key for key in POLICY_KEYS if not BY_KEY[key].awaited]
        field.choices = [(key, _(BY_KEY[key].sentence)) for key in shown]

    def policy(self) -> Policy:
        data = self.cleaned_data
        return Policy(
            ages={
                name: AgeGroup(data[f"{name}_youngest"], data[f"{name}_oldest"])
                for name in ("adult", "adolescent")
            },
            made_hard=frozenset(data["made_hard"]),
            no_contact_days=data["no_contact_days"],
            attempts=data["attempts"],
            modes=data["modes"],
            attendance_wait_days=data["attendance_wait_days"],
            team_days=data["team_days"],
        )


def initial_of(policy: Policy) -> dict[str, Any]:
    """A policy as the form's first values."""
    found: dict[str, Any] = {
        "attempts": policy.attempts,
        "modes": policy.modes,
        "no_contact_days": policy.no_contact_days,
        "attendance_wait_days": policy.attendance_wait_days,
        "team_days": policy.team_days,
        "made_hard": sorted(policy.made_hard),
    }
    for name, group in policy.ages.items():
        found[f"{name}_youngest"], found[f"{name}_oldest"] = group.youngest, group.oldest
    return found
