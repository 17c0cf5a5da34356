from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.chart.assessments import library
from dayward.chart.assessments.models import ReportedMedication
from dayward.chart.assessments.rules import levels
from dayward.chart.assessments.rules.levels import Criteria
from dayward.chart.safety.forms import TextsForm
from dayward.ui.widgets import ChoiceButtons


class StoryForm(TextsForm):
    """The texts of the assessment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts((each.key, each.title, each.help, each.needed) for each in library.sections())


class MedicationForm(forms.Form):
    text = forms.CharField(label=_("Medication"), max_length=300)
    dose = forms.CharField(label=_("Dose and how often"), max_length=200, required=False)
    reason = forms.CharField(label=_("What for"), max_length=200, required=False)
    taking = forms.ChoiceField(
        label=_("Does the person take it?"),
        choices=ReportedMedication.Taking.choices,
        widget=ChoiceButtons,
        initial=ReportedMedication.Taking.YES,
    )


class AllergyForm(forms.Form):
    text = forms.CharField(label=_("Allergic to"), max_length=300)
    reaction = forms.CharField(label=_("What happens"), max_length=200, required=False)


class LevelForm(TextsForm):
    """Rating and grounds for each dimension of one criteria set, and both levels."""

    def __init__(self, *args: Any, criteria: Criteria, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        scale = [(rating.key, gettext(rating.label)) for rating in criteria.scale]
        for each in criteria.dimensions:
            if each.rated:
                self.fields[f"rating_{each.key}"] = self._choice(gettext("Rating"), scale, ChoiceButtons())
            self.add_texts([(f"why_{each.key}", "Grounds", "", True)], rows=2)
        choices = [*BLANK_CHOICE_DASH, *((key, gettext(label)) for key, label in levels.CHOICES)]
        kinds = [*BLANK_CHOICE_DASH, *((key, gettext(label)) for key, label in levels.DIFFERENCES)]
        self.fields["recommended"] = self._choice(gettext("Level you recommend"), choices, forms.Select())
        self.fields["actual"] = self._choice(gettext("Level the person will have"), choices, forms.Select())
        self.fields["difference_kind"] = self._choice(gettext("Why they differ"), kinds, forms.Select())
        self.add_texts([("difference_reason", "In a sentence or two", "", False)], rows=2)

    @staticmethod
    def _choice(label: str, choices: list[tuple[str, str]], widget: forms.Widget) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, choices=choices, widget=widget, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each dimension with its two fields."""
        return [
            {
                "dimension": each,
                "rating": self[f"rating_{each.key}"] if each.rated else None,
                "why": self[f"why_{each.key}"],
            }
            for each in self.criteria.dimensions
        ]
