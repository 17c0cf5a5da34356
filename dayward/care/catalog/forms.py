from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import (
    AgeGroup,
    FloorTest,
    LateRule,
    Program,
    ProgramTerms,
    ServiceKind,
    UnitRule,
    WeekStarts,
)
from dayward.ui.versions import TwoWriters
from dayward.ui.widgets import ChoiceButtons, DateInput


class ProgramForm(forms.Form):
    """A program at a site."""

    name = forms.CharField(label=_("Name"), max_length=120)
    stream = forms.ChoiceField(
        label=_("What it treats"), choices=Program.Stream.choices, widget=ChoiceButtons
    )
    age_group = forms.ChoiceField(label=_("For"), choices=AgeGroup.choices, widget=ChoiceButtons)
    part_two = forms.ChoiceField(
        label=_("42 CFR Part 2"),
        choices=Program.PartTwo.choices,
        initial=Program.PartTwo.UNKNOWN,
        help_text=_("Not known is treated as inside."),
    )


class ProgramEditForm(TwoWriters, forms.Form):
    """What may change later; the age group may not."""

    name = forms.CharField(label=_("Name"), max_length=120)
    stream = forms.ChoiceField(
        label=_("What it treats"), choices=Program.Stream.choices, widget=ChoiceButtons
    )
    part_two = forms.ChoiceField(
        label=_("42 CFR Part 2"),
        choices=Program.PartTwo.choices,
        help_text=_("Not known is treated as inside."),
    )


class HoursField(forms.DecimalField):
    """Hours on the page, whole minutes in the record."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=4, decimal_places=2, min_value=0, **options)

    def clean(self, value: Any) -> int | None:
        hours = super().clean(value)
        return None if hours is None else round(hours * 60)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 60:g}" if isinstance(value, int) else value


class TermsForm(forms.Form):
    """A program's own numbers, from a day on."""

    effective_from = forms.DateField(label=_("From"), widget=DateInput())
    prescribed_minutes = HoursField(label=_("Usual hours a week"))
    floor_minutes = HoursField(
        label=_("Floor: hours a week at least"), help_text=_("9 for adults, 6 for adolescents.")
    )
    floor_reason = forms.CharField(
        label=_("Why the floor is lower than usual"), max_length=200, required=False
    )
    php_floor_minutes = HoursField(
        label=_("Floor in partial hospitalization"), required=False, help_text=_("Empty: the same floor.")
    )
    young_under_age = forms.IntegerField(
        label=_("Another floor under the age of"), min_value=1, max_value=99, required=False
    )
    young_floor_minutes = HoursField(label=_("which is, hours a week"), required=False)
    floor_test = forms.ChoiceField(
        label=_("Held against the floor"),
        choices=FloorTest.choices,
        initial=FloorTest.DELIVERED,
        widget=ChoiceButtons,
        help_text=_("Regulators test different figures. All of them are always shown."),
    )
    week_starts = forms.ChoiceField(
        label=_("The service week begins on"), choices=WeekStarts.choices, widget=forms.RadioSelect
    )
    late_after_minutes = forms.IntegerField(
        label=_("Late is more than, minutes"), min_value=0, max_value=240, initial=15
    )
    late_rule = forms.ChoiceField(
        label=_("Who is late is credited"),
        choices=LateRule.choices,
        initial=LateRule.ACTUAL,
        widget=ChoiceButtons,
    )
    presence_percent = forms.IntegerField(
        label=_("Least part of a session, percent"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("Less than this credits nothing. 0: every minute is credited."),
    )
    breaks_count = forms.BooleanField(label=_("Breaks count as clinical time"), required=False)
    day_minimum_minutes = HoursField(
        label=_("A day asks for, hours"), required=False, help_text=_("H0015: 3. Empty: nothing is asked.")
    )
    day_minimum_services = forms.IntegerField(
        label=_("or services"),
        min_value=1,
        max_value=12,
        required=False,
        help_text=_("Medicare: 3. Where both are set, either is enough."),
    )
    largest_gap_days = forms.IntegerField(
        label=_("Days between two days of service, at most"),
        min_value=0,
        max_value=6,
        required=False,
        help_text=_("Wyoming: 3, holidays aside. Empty: not looked at."),
    )
    carry_back_days = forms.IntegerField(
        label=_("A make-up counts in the missed week within, days"),
        min_value=0,
        max_value=28,
        initial=0,
        required=False,
        help_text=_("0: in the week in which it happens. Only where payer and policy allow more."),
    )
    unit_rule = forms.ChoiceField(
        label=_("Units of delivered minutes"),
        choices=UnitRule.choices,
        initial=UnitRule.PER_DIEM,
        help_text=_("Until a payer says so. Nothing is shown as billed."),
    )
    hours_day_min = forms.DecimalField(label=_("Hours a day, from"), max_digits=3, decimal_places=1)
    hours_day_max = forms.DecimalField(label=_("to"), max_digits=3, decimal_places=1)
    days_week_min = forms.IntegerField(label=_("Days a week, from"))
    days_week_max = forms.IntegerField(label=_("to"))
    stay_min_days = forms.IntegerField(label=_("Shortest stay, days"))
    stay_target_days = forms.IntegerField(label=_("Target stay, days"))
    stay_max_days = forms.IntegerField(label=_("Longest stay, days"))
    stay_is_hard = forms.BooleanField(label=_("The longest stay is a hard stop"), required=False)
    hold_max_days = forms.IntegerField(label=_("Longest hold, days"), min_value=0)
    reopen_days = forms.IntegerField(
        label=_("Days in which coming back reopens the episode"),
        min_value=0,
        help_text=_("0: coming back is always a new episode."),
    )
    severity_band = forms.CharField(label=_("Severity the program is for"), max_length=80, required=False)
    source = forms.CharField(label=_("Where these numbers come from"), max_length=200, required=False)

    def clean_carry_back_days(self) -> int:
        return self.cleaned_data["carry_back_days"] or 0

    @classmethod
    def initial_of(cls, terms: ProgramTerms | None, age_group: str) -> dict[str, Any]:
        """The numbers that hold, or what most programs start with."""
        if terms is not None:
            return {name: getattr(terms, name) for name in cls.base_fields if name != "effective_from"}
        return {
            "prescribed_minutes": 600 if age_group == "adult" else 420,
            "floor_minutes": 540 if age_group == "adult" else 360,
            "floor_test": FloorTest.DELIVERED,
            "week_starts": WeekStarts.SUNDAY,
            "late_after_minutes": 15,
            "late_rule": LateRule.ACTUAL,
            "presence_percent": 0,
            "carry_back_days": 0,
            "unit_rule": UnitRule.PER_DIEM,
            "hours_day_min": 3,
            "hours_day_max": 5,
            "days_week_min": 3,
            "days_week_max": 5,
            "stay_min_days": 42,
            "stay_target_days": 63,
            "stay_max_days": 84,
            "hold_max_days": 14,
            "reopen_days": 0,
        }


class TrackForm(TwoWriters, forms.Form):
    """A weekly timetable within a program."""

    name = forms.CharField(label=_("Name"), max_length=120)
    summary = forms.CharField(label=_("In a few words"), max_length=200, required=False)
    part_of_day = forms.ChoiceField(
        label=_("Part of the day"),
        choices=[
            ("", "–"),
            ("morning", _("Morning")),
            ("afternoon", _("Afternoon")),
            ("evening", _("Evening")),
        ],
        required=False,
    )
    cap = forms.IntegerField(label=_("Usual seats in a group"), min_value=1, max_value=60, initial=12)


class RoomForm(TwoWriters, forms.Form):
    """A room with chairs in it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500)


class ServiceKindForm(TwoWriters, forms.Form):
    """How the clinic uses a kind of service."""

    name = forms.CharField(label=_("Name"), max_length=120)
    patient_name = forms.CharField(label=_("On the patient's page"), max_length=120)
    patient_name_es = forms.CharField(label=_("The same in Spanish"), max_length=120)
    usual_minutes = forms.IntegerField(label=_("Usual minutes"), min_value=5, max_value=480)
    max_people = forms.IntegerField(label=_("People at most"), min_value=1, max_value=200)


class OwnKindForm(ServiceKindForm):
    """A kind of service of the clinic's own: what it is can only be said once."""

    form = forms.ChoiceField(label=_("Form"), choices=ServiceKind.Form.choices)
    bookable = forms.BooleanField(
        label=_("People are booked into it"),
        required=False,
        initial=True,
        help_text=_("If not, it is only logged."),
    )
    documentable = forms.BooleanField(label=_("A note is written about it"), required=False, initial=True)
    clinical = forms.BooleanField(
        label=_("It is treatment: the first one starts the clocks of an episode"),
        required=False,
        initial=True,
    )
    counting = forms.ChoiceField(
        label=_("Toward the weekly floor"), choices=ServiceKind.Counts.choices, initial="payer"
    )

    field_order = ("name", "form", "patient_name", "patient_name_es", "usual_minutes", "max_people")


class CountingForm(forms.Form):
    """Whether the minutes of a kind count, from a day on."""

    effective_from = forms.DateField(label=_("From"), widget=DateInput())
    counting = forms.ChoiceField(
        label=_("Toward the weekly floor"), choices=ServiceKind.Counts.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Who says so: a payer, a state, a policy."),
    )
