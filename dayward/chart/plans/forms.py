from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import ServiceKind
from dayward.chart.assessments.rules import levels
from dayward.chart.plans.models import (
    Intervention,
    Objective,
    ObjectiveProgress,
    Part,
    PlanReview,
    PlanSignature,
)
from dayward.chart.plans.queries.reviews import Sheet
from dayward.chart.plans.queries.tree import Tree, as_text, field_key, texts_of
from dayward.chart.plans.rules.content import TEXTS
from dayward.chart.plans.services.reviewing import texts_of as review_texts
from dayward.chart.plans.services.wording import often
from dayward.chart.safety.forms import TextsForm
from dayward.foundation.people.models import StaffMember
from dayward.ui.widgets import ChoiceButtons, DateInput

Choices = Sequence[tuple[str, Any]]
OFTEN = ("0.25", "0.5", *(str(number) for number in range(1, 16)))
MOST_IN_LIST = 60  # letters of an objective in a list to choose from


class PlanForm(TextsForm):
    """Every text of a version, one field for each; `queries.tree.texts_of` names them."""

    def __init__(self, *args: Any, tree: Tree, team: Iterable[StaffMember], **kwargs: Any) -> None:
        self.tree = tree
        super().__init__(*args, shown=texts_of(tree), **kwargs)
        self.add_texts(((text.key, text.title, text.help, text.needed) for text in TEXTS), rows=2)
        choices = _choices(tree, list(team))
        for part in tree.parts:
            for name in part.TEXTS:
                self.fields[field_key(part, name)] = _part_field(part, name, choices)


def _choices(tree: Tree, team: list[StaffMember]) -> dict[str, Choices]:
    kept = [row.responsible for row in tree.interventions if row.responsible]
    people = {row.public_id: row.name for row in [*team, *kept]}
    services = {row.service.public_id: row.service.name for row in tree.interventions}
    offered = ServiceKind.objects.in_use().filter(documentable=True)
    services |= dict(offered.values_list("public_id", "name"))
    used = {as_text(row.per_week) for row in tree.interventions}
    rates = sorted({*OFTEN, *used}, key=Decimal)
    objectives = [(row.public_id, Truncator(row.text).chars(MOST_IN_LIST)) for row in tree.objectives]
    return {
        "service": sorted(services.items(), key=lambda pair: pair[1]),
        "responsible": [("", _("Whoever leads it")), *people.items()],
        "objective": [("", _("All objectives")), *objectives],
        "per_week": [(each, often(Decimal(each))) for each in rates],
        "if_missed": [("", _("A seat in a group")), *Intervention.IfMissed.choices],
        "measure": [("", _("Own observation")), *Objective.Measure.choices],
    }


def _part_field(part: Part, name: str, choices: dict[str, Choices]) -> forms.Field:
    label = _LABELS.get((part.KEY, name)) or part._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    if name in choices:
        return forms.ChoiceField(label=label, choices=choices[name], required=False)
    if name == "due_on":
        return forms.CharField(label=label, required=False, widget=DateInput)
    if name in ("minutes", "weeks"):
        widget = forms.NumberInput(attrs={"min": "1", "inputmode": "numeric"})
        return forms.CharField(label=label, required=False, widget=widget)
    if name in ("statement", "words") or (part.KEY, name) == ("objective", "text"):
        return forms.CharField(
            label=label,
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""}),
        )
    longest = part._meta.get_field(name).max_length  # type: ignore[union-attr]
    return forms.CharField(
        label=label, required=False, strip=False, widget=forms.TextInput(attrs={"maxlength": longest})
    )


_LABELS = {
    (Intervention.KEY, "service"): _("Service"),
    (Intervention.KEY, "objective"): _("For"),
}


class ReviewForm(TextsForm):
    """Every text of a review, one field for each."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, shown=review_texts(sheet), **kwargs)
        for step in sheet.steps:
            self._choice(f"progress_{step.key}", _("How it stands"), ObjectiveProgress.Progress.choices)
            self._text(f"note_{step.key}", _("What shows it, in a sentence"))
        for each in sheet.dimensions:
            if each.rated:
                options = [("", _("Not rated yet")), *sheet.scale.items()]
                self.fields[f"rating_{each.key}"] = forms.ChoiceField(
                    label=each.name, choices=options, required=False
                )
            self._text(f"why_{each.key}", _("Why") if each.rated else each.name)
        for row, _said in sheet.criteria:
            answers = (("yes", _("Reached")), ("no", _("Not yet")))
            self._choice(f"criterion_{row.public_id}", row.text, answers)
        self._plain()

    def _plain(self) -> None:
        field = PlanReview._meta.get_field
        self._text("summary", field("summary").verbose_name)  # type: ignore[union-attr]
        self._text("person_words", field("person_words").verbose_name)  # type: ignore[union-attr]
        self._choice("person_agrees", _("With what follows, the person"), PlanReview.Agrees.choices)
        options = [("", _("Choose")), *((key, gettext(label)) for key, label in levels.CHOICES)]
        self.fields["level"] = forms.ChoiceField(
            label=_("Level of care that is right now"), choices=options, required=False
        )
        changes = (("", _("No, it goes on as it is")), ("yes", _("Yes: make a new version")))
        self._choice("changes_plan", _("Does the plan itself change?"), changes)
        for name in ("next_review_on", "stable_since"):
            label = field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = forms.CharField(label=label, required=False, widget=DateInput)

    def _text(self, key: str, label: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2, "data-grow": ""})
        self.fields[key] = forms.CharField(label=label, required=False, strip=False, widget=widget)

    def _choice(self, key: str, label: Any, choices: Any) -> None:
        self.fields[key] = forms.ChoiceField(
            label=label, choices=choices, required=False, widget=ChoiceButtons
        )


class AttestForm(forms.Form):
    """Why the person does not sign."""

    role = forms.ChoiceField(
        label=_("Who"),
        choices=(("patient", _("The person")), ("guardian", _("The guardian"))),
        initial="patient",
    )
    outcome = forms.ChoiceField(
        label=_("What"),
        choices=[choice for choice in PlanSignature.Outcome.choices if choice[0] != "signed"],
        widget=ChoiceButtons,
    )
    reason = forms.CharField(
        label=_("Why, in a sentence"),
        max_length=300,
        help_text=_("By video without a way to sign; did not want to and what was said; too unwell today."),
    )
