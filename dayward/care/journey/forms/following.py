"""Forms of the first week, the moves, the discharge plan and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.calendars import Seat
from dayward.care.journey.forms.episodes import PlaceForm
from dayward.care.journey.models import (
    AftercareCall,
    AlumniEvent,
    DischargePlan,
    FollowUpAppointment,
    Segment,
)
from dayward.care.journey.queries.leaving import as_texts
from dayward.care.journey.rules.calls import WARNING_SIGNS
from dayward.care.journey.rules.leaving import PARTS, SUPPORTS
from dayward.care.journey.rules.merge import fingerprint
from dayward.care.journey.services import Gathering, Heard, Leaving, Place, Visit
from dayward.foundation.organization.models import Site
from dayward.kernel.time import at
from dayward.ui.widgets import CheckButtons, ChoiceButtons, DateInput, TimeInput

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
BASE = "base_"
# To these a step down leads; above them is a step up.
BELOW = [(level.value, level.label) for level in (Segment.Level.IOP, Segment.Level.OP)]
# What belongs together on the page of a discharge plan.
SECTIONS: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (_("Where the person stands"), "target", ("criteria", "gains")),
    (_("Medication"), "pill", ("medication_supply", "prescriber_after")),
    (_("The person's own plan"), "lifebuoy", ("early_signs", "what_helps", "who_helps", "crisis")),
    (_("Life around it"), "home", ("housing", "legal", "insurance")),
)


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StepDownForm(PlaceForm):
    """Fewer days or hours (T18): the amount, and which days stay."""

    level = forms.ChoiceField(label=_("Level of care"), choices=BELOW, widget=ChoiceButtons, initial="iop")
    keep = forms.MultipleChoiceField(label=_("Days that stay"), required=False, widget=CheckButtons)
    reason = forms.CharField(label=_("Why now"), widget=lines(2), max_length=1000)
    field_order = ("level", "days_per_week", "hours", "starts_on", "keep", "track", "reason", "floor_reason")

    def __init__(self, *args: Any, seats: Sequence[Seat], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["keep"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(day), WEEKDAYS[day - 1]) for day in sorted({seat.weekday for seat in seats})]
        if not field.choices:
            del self.fields["keep"]

    def place(self) -> Place:
        data = self.cleaned_data
        return Place(
            track=data["track"],
            days_per_week=data["days_per_week"],
            prescribed_minutes=round(data["hours"] * 60),
            starts_on=data["starts_on"],
            level=data["level"],
            reason=data["floor_reason"],
        )

    def kept(self) -> frozenset[int] | None:
        if "keep" not in self.fields:
            return None
        return frozenset(int(day) for day in self.cleaned_data["keep"])


class TaperStepForm(forms.Form):
    """One planned step (F14)."""

    on = forms.DateField(label=_("From"), widget=DateInput)
    level = forms.ChoiceField(label=_("Level"), choices=[("", "–"), *BELOW])
    days = forms.IntegerField(label=_("Days a week"), min_value=1, max_value=7)
    hours = forms.DecimalField(label=_("Hours a week"), min_value=1, max_value=40, decimal_places=2)


class DischargePlanForm(forms.Form):
    """What is settled before somebody leaves (T21); each text remembers what it began with."""

    planned_for = forms.DateField(label=_("Last day"), widget=DateInput)
    supports = forms.MultipleChoiceField(
        label=_("Support groups, offered alike"),
        choices=[(key, _(label)) for key, label in SUPPORTS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supports_note = forms.CharField(label=_("Which, where, when"), required=False, widget=lines(2))
    family = forms.ChoiceField(
        label=_("Family and supporters"),
        choices=[("", _("Not settled yet")), *DischargePlan.Family.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    family_note = forms.CharField(label=_("Who was told what"), required=False, max_length=300)

    def __init__(self, *args: Any, plan: DischargePlan | None, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, title, question, _needed in PARTS:
            self.fields[key] = forms.CharField(
                label=translate(title),
                help_text=translate(question),
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""}),
            )
        self.stands = as_texts(plan) if plan else dict.fromkeys((*self.texts, "supports", "family"), "")

    @property
    def texts(self) -> list[str]:
        return [*(part[0] for part in PARTS), "supports_note", "family_note"]

    @property
    def sections(self) -> list[tuple[str, str, list[BoundField]]]:
        return [(str(title), icon, [self[key] for key in keys]) for title, icon, keys in SECTIONS]

    @property
    def bases(self) -> list[tuple[str, str]]:
        """Hidden fields: which text each field began with."""
        return [(key, fingerprint(text)) for key, text in self.stands.items()]

    def leaving(self) -> Leaving:
        data = self.cleaned_data
        base = {key.removeprefix(BASE): self.data[key] for key in self.data if key.startswith(BASE)}
        texts = {key: data[key] for key in self.texts}
        return Leaving(data["planned_for"], texts, data["supports"], data["family"], base)


class AppointmentForm(forms.Form):
    """An appointment after discharge: with whom, where, when (CARF 2.D)."""

    kind = forms.ChoiceField(label=_("What for"), choices=FollowUpAppointment.Kind.choices)
    name = forms.CharField(label=_("With whom"), max_length=200)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    day = forms.DateField(label=_("Day"), widget=DateInput)
    clock = forms.TimeField(label=_("Time"), widget=TimeInput)

    def visit(self, zone: ZoneInfo) -> Visit:
        data = self.cleaned_data
        when = at(data["day"], data["clock"], zone)
        return Visit(data["kind"], data["name"], when, data["place"], data["phone"])


class CallForm(forms.Form):
    """A call along the way: whom it reached, and how they are."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=AftercareCall.Outcome.choices,
        widget=forms.RadioSelect,
        initial="reached",
    )
    mode = forms.ChoiceField(
        label=_("How"), choices=AftercareCall.Mode.choices, widget=ChoiceButtons, initial="phone"
    )
    how = forms.CharField(label=_("How they are, in their words"), required=False, widget=lines(3))
    warning_signs = forms.MultipleChoiceField(
        label=_("Warning signs"),
        choices=[(key, _(label)) for key, label in WARNING_SIGNS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    danger_now = forms.BooleanField(
        label=_("The danger is now: a plan, means at hand, or no promise to be safe today"), required=False
    )
    handed_back = forms.CharField(
        label=_("What is done about it, and who has the person now"), required=False, widget=lines(2)
    )
    hand_back = forms.BooleanField(
        label=_("Open a way back in: intake calls the person today"), required=False
    )

    def __init__(self, *args: Any, after: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not after:
            del self.fields["hand_back"]

    def heard(self) -> Heard:
        data = self.cleaned_data
        return Heard(
            outcome=data["outcome"],
            mode=data["mode"],
            how=data["how"],
            warning_signs=data["warning_signs"],
            handed_back=data["handed_back"],
            hand_back=data.get("hand_back", False),
            danger_now=data["danger_now"],
        )


class EventForm(forms.Form):
    """Something alumni may come to; whoever works for several sites says at which."""

    site = forms.ChoiceField(label=_("Site"))
    kind = forms.ChoiceField(label=_("Kind"), choices=AlumniEvent.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    day = forms.DateField(label=_("Day"), widget=DateInput)
    starts = forms.TimeField(label=_("From"), widget=TimeInput, initial=time(17, 30))
    ends = forms.TimeField(label=_("To"), widget=TimeInput, initial=time(19))
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=lines(2))

    def __init__(self, *args: Any, sites: Sequence[Site], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sites = {site.public_id: site for site in sites}
        if len(sites) > 1:
            field: forms.ChoiceField = self.fields["site"]  # type: ignore[assignment]
            field.choices = [(key, site.name) for key, site in self.sites.items()]
        else:
            del self.fields["site"]

    def where(self) -> Site:
        """The site chosen, or the only one there is."""
        chosen = self.cleaned_data.get("site")
        return self.sites[chosen] if chosen else next(iter(self.sites.values()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            raise ValidationError(translate("The end is before the start."))
        return data

    def gathering(self) -> Gathering:
        data, zone = self.cleaned_data, self.where().zone

        def when(clock: time) -> datetime:
            day: date = data["day"]
            return at(day, clock, zone)

        return Gathering(
            data["kind"],
            data["title"],
            when(data["starts"]),
            when(data["ends"]),
            data["place"],
            data["note"],
        )
