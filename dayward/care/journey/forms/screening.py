"""The pre-screen as a form, built from the questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.care.journey.models import Screening
from dayward.care.journey.rules.questions import FIT_QUESTIONS, QUESTIONS, RISK_QUESTIONS, Question
from dayward.care.journey.rules.screening import OwnHours, hours_problem
from dayward.care.journey.services import Told
from dayward.ui.widgets import CheckButtons, ChoiceButtons, TimeInput

ANSWERS = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("unsure", gettext_lazy("Unsure"))]
KINDS = [
    ("", "–"),
    ("job", gettext_lazy("Work")),
    ("school", gettext_lazy("School")),
    ("childcare", gettext_lazy("Childcare")),
    ("other", gettext_lazy("Other")),
]
WEEKDAYS = [
    ("1", gettext_lazy("Mon")),
    ("2", gettext_lazy("Tue")),
    ("3", gettext_lazy("Wed")),
    ("4", gettext_lazy("Thu")),
    ("5", gettext_lazy("Fri")),
    ("6", gettext_lazy("Sat")),
    ("7", gettext_lazy("Sun")),
]
HOURS_ROWS = 4
BOOLEAN = {"yes": True, "no": False}


class ScreeningForm(forms.Form):
    """Answers with a note each, the facts around them, and the person's own hours."""

    travel_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to get here, door to door"), required=False, min_value=0, max_value=600
    )
    telehealth_possible = forms.ChoiceField(
        label=gettext_lazy("Could take part by telehealth (private room, device, connection)"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("", gettext_lazy("Not asked"))],
        required=False,
        widget=ChoiceButtons,
    )
    living = forms.ChoiceField(
        label=gettext_lazy("Where the person lives"),
        choices=[("", "–"), *Screening.Living.choices],
        required=False,
    )
    support = forms.CharField(
        label=gettext_lazy("Who supports them"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    prior_treatment = forms.CharField(
        label=gettext_lazy("Treatment before: where, when, what helped"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for question in QUESTIONS:
            self.fields[f"q_{question.key}"] = forms.ChoiceField(
                label=_(question.text),
                help_text=_(question.help) if question.help else "",
                choices=ANSWERS,
                required=False,
                widget=ChoiceButtons,
            )
            self.fields[f"n_{question.key}"] = forms.CharField(
                label=_("Note on: %(question)s") % {"question": _(question.text)},
                required=False,
                max_length=1000,
                widget=forms.TextInput(attrs={"placeholder": _("Note")}),
            )
        for number in range(HOURS_ROWS):
            self._add_hours(number)

    def _add_hours(self, number: int) -> None:
        self.fields[f"kind_{number}"] = forms.ChoiceField(label=_("What"), choices=KINDS, required=False)
        self.fields[f"days_{number}"] = forms.MultipleChoiceField(
            label=_("Days"), choices=WEEKDAYS, required=False, widget=CheckButtons
        )
        self.fields[f"from_{number}"] = forms.TimeField(label=_("From"), required=False, widget=TimeInput)
        self.fields[f"to_{number}"] = forms.TimeField(label=_("To"), required=False, widget=TimeInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for number in range(HOURS_ROWS):
            hours = self._hours(found, number)
            problem = hours_problem(hours) if hours else ""
            if problem:
                self.add_error(
                    f"days_{number}" if not hours or not hours.weekdays else f"to_{number}", _(problem)
                )
        return found

    @staticmethod
    def _hours(found: dict[str, Any], number: int) -> OwnHours | None:
        """A row counts when both times are given."""
        starts, ends = found.get(f"from_{number}"), found.get(f"to_{number}")
        if starts is None or ends is None:
            return None
        days = tuple(int(day) for day in found.get(f"days_{number}") or ())
        return OwnHours(found.get(f"kind_{number}") or "other", days, starts, ends)

    def told(self) -> Told:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        rows = (self._hours(data, number) for number in range(HOURS_ROWS))
        return Told(
            answers={
                question.key: {"answer": data[f"q_{question.key}"], "note": data[f"n_{question.key}"]}
                for question in QUESTIONS
            },
            travel_minutes=data["travel_minutes"],
            telehealth_possible=BOOLEAN.get(data["telehealth_possible"]),
            living=data["living"],
            support=data["support"],
            prior_treatment=data["prior_treatment"],
            own_hours=tuple(row for row in rows if row),
        )

    def risk(self) -> Iterator[tuple[Question, BoundField, BoundField]]:
        return self._pairs(RISK_QUESTIONS)

    def fit(self) -> Iterator[tuple[Question, BoundField, BoundField]]:
        return self._pairs(FIT_QUESTIONS)

    def _pairs(self, questions: tuple[Question, ...]) -> Iterator[tuple[Question, BoundField, BoundField]]:
        for question in questions:
            yield question, self[f"q_{question.key}"], self[f"n_{question.key}"]

    def hours(self) -> Iterator[tuple[BoundField, ...]]:
        for number in range(HOURS_ROWS):
            yield tuple(self[f"{name}_{number}"] for name in ("kind", "days", "from", "to"))


def initial_of(screening: Screening | None) -> dict[str, Any]:
    """What is stored, as the form's first values."""
    if screening is None:
        return {}
    words = {True: "yes", False: "no", None: ""}
    found: dict[str, Any] = {
        "travel_minutes": screening.travel_minutes,
        "telehealth_possible": words[screening.telehealth_possible],
        "living": screening.living,
        "support": screening.support,
        "prior_treatment": screening.prior_treatment,
    }
    for key, item in screening.answers.items():
        found[f"q_{key}"], found[f"n_{key}"] = item.get("answer", ""), item.get("note", "")
    for number, block in enumerate(screening.own_hours[:HOURS_ROWS]):
        found[f"kind_{number}"] = block["kind"]
        found[f"days_{number}"] = [str(day) for day in block["weekdays"]]
        found[f"from_{number}"], found[f"to_{number}"] = block["starts"], block["ends"]
    return found


def differences(screening: Screening, told: Told) -> list[dict[str, str]]:
    """Where the stored text and the typed one differ: for the screen that shows both."""
    found = []
    for question in QUESTIONS:
        theirs, mine = screening.answers.get(question.key, {}), told.answers.get(question.key, {})
        pair = (_in_words(mine), _in_words(theirs))
        if pair[0] != pair[1]:
            found.append({"label": _(question.text), "mine": pair[0], "theirs": pair[1]})
    for name in ("support", "prior_treatment"):
        if getattr(screening, name) != getattr(told, name):
            label = str(ScreeningForm.base_fields[name].label)
            found.append({"label": label, "mine": getattr(told, name), "theirs": getattr(screening, name)})
    return found


def _in_words(item: dict[str, str]) -> str:
    words = {key: str(label) for key, label in ANSWERS}
    return " · ".join(part for part in (words.get(item.get("answer", ""), ""), item.get("note", "")) if part)
