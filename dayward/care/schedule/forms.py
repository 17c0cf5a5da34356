from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Closure, Room, ServiceKind, Track
from dayward.care.schedule.models import Modality, OwnHours
from dayward.care.schedule.rules.edits import Scope
from dayward.care.schedule.services import CHECKS, Block, NeedsReason, Place, Shape
from dayward.foundation.access.queries import staff_with_role
from dayward.foundation.access.roles import TREATING_ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span
from dayward.kernel.time import at
from dayward.ui.versions import TwoWriters
from dayward.ui.widgets import CheckButtons, ChoiceButtons, DateInput, TimeInput

WEEKDAYS = [
    (1, _("Mon")),
    (2, _("Tue")),
    (3, _("Wed")),
    (4, _("Thu")),
    (5, _("Fri")),
    (6, _("Sat")),
    (7, _("Sun")),
]


def weekday_field(**options: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, coerce=int, widget=CheckButtons, **options
    )


def staff_at(site: Site) -> QuerySet[StaffMember]:
    """Those who treat people there."""
    return staff_with_role(*TREATING_ROLES).filter(sites=site)


def rooms_at(site: Site) -> QuerySet[Room]:
    return Room.objects.filter(site=site, closed_on=None)


class WithCheckReason(forms.Form):
    """Asks why it is planned against a limit, once something is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if CHECKS in self.data:
            self.ask_why()

    def ask_why(self) -> None:
        self.fields[CHECKS] = forms.CharField(
            label=_("Why it is planned so all the same"), max_length=200, required=False
        )

    def refuse(self, refused: Refused) -> None:
        """Say what is against it; where a reason lifts it, ask for one."""
        if isinstance(refused, NeedsReason) and refused.needs == CHECKS:
            self.ask_why()
        for sentence in refused.reasons[:8]:
            self.add_error(None, sentence)

    @property
    def check_reason(self) -> str:
        return str(self.cleaned_data.get(CHECKS, ""))


class GroupForm(WithCheckReason):
    """A group: name, what kind of service, topic, cap."""

    name = forms.CharField(label=_("Name"), max_length=120)
    service = forms.ModelChoiceField(label=_("Kind of service"), queryset=ServiceKind.objects.none())
    track = forms.ModelChoiceField(
        label=_("Track"),
        queryset=Track.objects.none(),
        required=False,
        help_text=_("Seats are offered to the people of its track."),
    )
    topic = forms.CharField(label=_("Topic"), max_length=160, required=False)
    cap = forms.IntegerField(label=_("Seats at most"), min_value=1, max_value=60, initial=10)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, tracks = self.fields["service"], self.fields["track"]
        assert isinstance(kinds, forms.ModelChoiceField)
        assert isinstance(tracks, forms.ModelChoiceField)
        kinds.queryset = ServiceKind.objects.in_use().filter(bookable=True).order_by("name")
        tracks.queryset = Track.objects.filter(program__site=site, closed_on=None)
        if len(tracks.queryset) == 1:
            tracks.initial = tracks.queryset[0]


class GroupEditForm(TwoWriters, WithCheckReason):
    """What may change in a group that meets."""

    name = forms.CharField(label=_("Name"), max_length=120)
    topic = forms.CharField(label=_("Topic"), max_length=160, required=False)
    cap = forms.IntegerField(
        label=_("Seats at most"),
        min_value=1,
        max_value=60,
        help_text=_("People who are in keep their seats when it gets smaller."),
    )


class SeriesForm(WithCheckReason):
    """A weekly rhythm."""

    weekdays = weekday_field()
    starts = forms.TimeField(label=_("Starts"), widget=TimeInput())
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput())
    break_starts = forms.TimeField(label=_("Break from"), widget=TimeInput(), required=False)
    break_ends = forms.TimeField(label=_("to"), widget=TimeInput(), required=False)
    break2_starts = forms.TimeField(label=_("Second break from"), widget=TimeInput(), required=False)
    break2_ends = forms.TimeField(label=_("to"), widget=TimeInput(), required=False)
    modality = forms.ChoiceField(
        label=_("How"), choices=Modality.choices, widget=ChoiceButtons, initial=Modality.IN_PERSON
    )
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)
    facilitators = forms.ModelMultipleChoiceField(
        label=_("Led by"),
        queryset=StaffMember.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    last_day = forms.DateField(
        label=_("Last day"), widget=DateInput(), required=False, help_text=_("Empty: without end.")
    )

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room, leaders = self.fields["room"], self.fields["facilitators"]
        assert isinstance(room, forms.ModelChoiceField)
        assert isinstance(leaders, forms.ModelMultipleChoiceField)
        room.queryset = rooms_at(site)
        leaders.queryset = staff_at(site)

    def shape(self) -> Shape:
        """The form as the services read it."""
        data = self.cleaned_data
        pairs = [(data["break_starts"], data["break_ends"]), (data["break2_starts"], data["break2_ends"])]
        return Shape(
            weekdays=frozenset(data["weekdays"]),
            starts=data["starts"],
            ends=data["ends"],
            room=data["room"] if data["modality"] == Modality.IN_PERSON else None,
            facilitators=tuple(data["facilitators"]),
            breaks=tuple((start, end) for start, end in pairs if start and end),
            modality=data["modality"],
            last_day=data["last_day"],
        )

    @staticmethod
    def initial_of(shape: Shape, first_day: date) -> dict[str, Any]:
        """A series as it is now."""
        pairs = [*shape.breaks, (None, None), (None, None)]
        return {
            "weekdays": sorted(shape.weekdays),
            "starts": shape.starts,
            "ends": shape.ends,
            "break_starts": pairs[0][0],
            "break_ends": pairs[0][1],
            "break2_starts": pairs[1][0],
            "break2_ends": pairs[1][1],
            "modality": shape.modality,
            "room": shape.room,
            "facilitators": [leader.pk for leader in shape.facilitators],
            "first_day": first_day,
            "last_day": shape.last_day,
        }


class SeriesEditForm(SeriesForm):
    """A change of a rhythm: from a day on, or as a whole."""

    scope = forms.ChoiceField(
        label=_("Change"),
        choices=[(Scope.FOLLOWING.value, _("from a day on")), (Scope.ALL.value, _("the whole series"))],
        widget=ChoiceButtons,
        initial=Scope.FOLLOWING.value,
    )
    first_day = forms.DateField(label=_("From"), widget=DateInput())


class SessionForm(forms.Form):
    """Where and when one session is."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    starts = forms.TimeField(label=_("Starts"), widget=TimeInput())
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput())
    modality = forms.ChoiceField(label=_("How"), choices=Modality.choices, widget=ChoiceButtons)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)
    topic = forms.CharField(label=_("Topic"), max_length=160, required=False)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        room = self.fields["room"]
        assert isinstance(room, forms.ModelChoiceField)
        room.queryset = rooms_at(site)

    def place(self) -> Place:
        data, zone = self.cleaned_data, self.site.zone
        span = Span(at(data["day"], data["starts"], zone), at(data["day"], data["ends"], zone))
        in_person = data["modality"] == Modality.IN_PERSON
        return Place(span, data["room"] if in_person else None, data["modality"])


class NewSessionForm(WithCheckReason, SessionForm):
    """One meeting of several people outside any group: a workshop, a make-up group, an evening for families."""

    service = forms.ModelChoiceField(label=_("Kind of service"), queryset=ServiceKind.objects.none())
    title = forms.CharField(
        label=_("What it is called"),
        max_length=160,
        required=False,
        help_text=_("Never a person's name. Without one it is called like the service."),
    )
    leaders = forms.ModelMultipleChoiceField(
        label=_("Led by"), queryset=StaffMember.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    cap = forms.IntegerField(label=_("Seats at most"), min_value=2, max_value=60, initial=12)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(site, *args, **kwargs)
        service, leaders = self.fields["service"], self.fields["leaders"]
        assert isinstance(service, forms.ModelChoiceField)
        assert isinstance(leaders, forms.ModelMultipleChoiceField)
        service.queryset = (
            ServiceKind.objects.in_use().filter(bookable=True, max_people__gt=1).order_by("name")
        )
        leaders.queryset = staff_at(site)


class VisitForm(forms.Form):
    """A session of one person with a clinician."""

    service = forms.ModelChoiceField(label=_("What"), queryset=ServiceKind.objects.none())
    staff = forms.ModelChoiceField(label=_("With"), queryset=StaffMember.objects.none())
    day = forms.DateField(label=_("Day"), widget=DateInput())
    starts = forms.TimeField(label=_("Starts"), widget=TimeInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=50)
    modality = forms.ChoiceField(
        label=_("How"), choices=Modality.choices, widget=ChoiceButtons, initial=Modality.IN_PERSON
    )
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        service, staff, room = self.fields["service"], self.fields["staff"], self.fields["room"]
        assert isinstance(service, forms.ModelChoiceField)
        assert isinstance(staff, forms.ModelChoiceField)
        assert isinstance(room, forms.ModelChoiceField)
        service.queryset = (
            ServiceKind.objects.in_use().filter(bookable=True).exclude(form="group").order_by("name")
        )
        staff.queryset, room.queryset = staff_at(site), rooms_at(site)

    def place(self) -> Place:
        data = self.cleaned_data
        start: datetime = at(data["day"], data["starts"], self.site.zone)
        in_person = data["modality"] == Modality.IN_PERSON
        # elapsed time, not the clock on the wall: a visit of 50 minutes lasts 50 minutes
        span = Span(start, start)
        span = Span(span.start, span.start + timedelta(minutes=data["minutes"]))
        return Place(span, data["room"] if in_person else None, data["modality"])


class CoverForm(WithCheckReason):
    """Who leads instead."""

    away = forms.ModelChoiceField(label=_("Away"), queryset=StaffMember.objects.none())
    by = forms.ModelChoiceField(label=_("Covered by"), queryset=StaffMember.objects.none())

    def __init__(self, leading: QuerySet[StaffMember], site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        away, by = self.fields["away"], self.fields["by"]
        assert isinstance(away, forms.ModelChoiceField)
        assert isinstance(by, forms.ModelChoiceField)
        away.queryset, by.queryset = leading, staff_at(site).exclude(pk__in=leading)
        if not leading:  # nobody leads it yet: there is nobody to be away
            del self.fields["away"]


class ReasonForm(forms.Form):
    """Why; people will ask."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class ClosureForm(forms.Form):
    """Days on which the site is closed."""

    day = forms.DateField(label=_("First day"), widget=DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)
    name = forms.CharField(label=_("What people read"), max_length=120)
    reason = forms.ChoiceField(
        label=_("Kind"), choices=Closure.Reason.choices, widget=ChoiceButtons, initial="weather"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("day"), data.get("last_day")
        if first and last and not 0 <= (last - first).days <= 60:
            self.add_error("last_day", gettext("The last day comes after the first, within two months."))
        return data

    def days(self) -> list[tuple[date, str]]:
        first = self.cleaned_data["day"]
        last = self.cleaned_data["last_day"] or first
        return [
            (first + timedelta(days=n), self.cleaned_data["name"]) for n in range((last - first).days + 1)
        ]


class HoursForm(forms.Form):
    """One stretch of weekly hours; an empty row is left out."""

    weekdays = weekday_field(required=False)
    starts = forms.TimeField(label=_("From"), widget=TimeInput(), required=False)
    ends = forms.TimeField(label=_("To"), widget=TimeInput(), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [bool(data.get("weekdays")), data.get("starts") is not None, data.get("ends") is not None]
        if any(given) and not all(given):
            raise forms.ValidationError(gettext("Give days, from and to; or leave the row empty."))
        return data

    def block(self) -> Block | None:
        data = self.cleaned_data
        if not data.get("weekdays"):
            return None
        return Block(
            frozenset(data["weekdays"]),
            data["starts"],
            data["ends"],
            data.get("kind") or "other",
            data.get("note") or "",
        )


class OwnHoursForm(HoursForm):
    """The same, with what it is for."""

    kind = forms.ChoiceField(label=_("What for"), choices=OwnHours.Kind.choices, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


HoursFormSet = forms.formset_factory(HoursForm, extra=2, max_num=8)
OwnHoursFormSet = forms.formset_factory(OwnHoursForm, extra=2, max_num=8)


class SinceForm(forms.Form):
    """From when on hours hold."""

    from_day = forms.DateField(label=_("From"), widget=DateInput())


class EnrollForm(WithCheckReason):
    """What an enrollment needs beside the chosen groups."""

    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    own_hours_reason = forms.CharField(
        label=_("Why it is fine within their own hours"), max_length=200, required=False
    )
    over_cap_reason = forms.CharField(label=_("Why one more than the cap"), max_length=200, required=False)
    below_floor_reason = forms.CharField(
        label=_("Why fewer hours than the floor"), max_length=200, required=False
    )


class BookReasonsForm(forms.Form):
    """What lifts a refusal of a single booking."""

    own_hours_reason = forms.CharField(
        label=_("Why it is fine within their own hours"), max_length=200, required=False
    )
    over_cap_reason = forms.CharField(label=_("Why one more than the cap"), max_length=200, required=False)
    pull_out = forms.BooleanField(label=_("Pull them out; the minutes belong to the visit"), required=False)
    check_reason = forms.CharField(
        label=_("Why it is planned so all the same"), max_length=200, required=False
    )


class EndForm(forms.Form):
    """When and why an enrollment ends."""

    on = forms.DateField(label=_("First day without a seat"), widget=DateInput())
    reason = forms.CharField(label=_("Why"), max_length=200)


class LimitForm(forms.Form):
    """The clinic's own number for a limit of its own policy."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=200, required=False)
    asked = forms.BooleanField(label=_("Look at it here"), required=False, initial=True)
    since = forms.DateField(label=_("From"), widget=DateInput())
    source = forms.CharField(
        label=_("Where this comes from"),
        max_length=200,
        help_text=_("License, payer contract, decision of the clinic."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("asked") and not data.get("number"):
            self.add_error("number", _("Say how many, or do not look at it."))
        return data
