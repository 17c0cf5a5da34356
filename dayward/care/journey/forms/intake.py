"""Forms an intake coordinator works with."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.models import (
    ContactAttempt,
    EntryMode,
    Handoff,
    IntakeCase,
    Source,
    WaitlistEntry,
)
from dayward.care.journey.queries.slots import FreeSlot
from dayward.care.journey.services import ComesFrom, FirstContact, Handover, WaitingPlan
from dayward.foundation.access.queries import staff_with_role
from dayward.foundation.access.roles import CHART_ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Language, StaffMember
from dayward.kernel.time import at
from dayward.ui.widgets import ChoiceButtons, DateInput, TimeInput

YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("Not asked"))]


def by_public_id(queryset: Any, **options: Any) -> forms.ModelChoiceField[Any]:
    """A choice whose values are public ids."""
    return forms.ModelChoiceField(queryset=queryset, to_field_name="public_id", **options)


class InquiryForm(forms.Form):
    """A first contact by phone, or in person (T1)."""

    site = by_public_id(Site.objects.none(), label=_("Site"))
    source = forms.ChoiceField(
        label=_("How they came"),
        choices=[(Source.PHONE, Source.PHONE.label), (Source.WALK_IN, Source.WALK_IN.label)],
        initial=Source.PHONE,
        widget=ChoiceButtons,
    )
    given = forms.CharField(label=_("First name"), max_length=100, required=False)
    family = forms.CharField(label=_("Last name"), max_length=100, required=False)
    chosen = forms.CharField(label=_("Name they go by"), max_length=100, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DateInput)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, initial=Language.ENGLISH)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    may_leave_message = forms.BooleanField(label=_("Safe to leave a message"), required=False)
    may_text = forms.BooleanField(label=_("Safe to text"), required=False)
    contact_note = forms.CharField(
        label=_("How to contact safely"),
        required=False,
        max_length=500,
        help_text=_("Who may pick up, when not to call, what never to say."),
    )
    by_other = forms.BooleanField(label=_("Somebody else is asking for the person"), required=False)
    inquirer_name = forms.CharField(label=_("Who is asking"), max_length=200, required=False)
    inquirer_relation = forms.CharField(label=_("How they know the person"), max_length=100, required=False)
    inquirer_phone = forms.CharField(label=_("Their phone"), max_length=32, required=False)
    person_knows = forms.ChoiceField(
        label=_("Does the person know of this call?"), choices=YES_NO, required=False, widget=ChoiceButtons
    )
    may_call_back = forms.BooleanField(label=_("We may call back"), required=False, initial=True)
    best_time = forms.CharField(label=_("Best time to reach them"), max_length=100, required=False)
    entry_mode = forms.ChoiceField(
        label=_("Entry"), choices=EntryMode.choices, initial=EntryMode.STAND_ALONE, widget=ChoiceButtons
    )
    sending_facility = forms.CharField(label=_("Sending facility"), max_length=200, required=False)
    facility_discharge_date = forms.DateField(label=_("Discharged on"), required=False, widget=DateInput)
    program = by_public_id(Program.objects.none(), label=_("Program, if known"), required=False)
    heard_from = forms.CharField(label=_("Heard of us from"), max_length=100, required=False)
    message = forms.CharField(
        label=_("What they said"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, sites: list[Site], **options: Any) -> None:
        super().__init__(*args, **options)
        own = [site.pk for site in sites]
        choose(self, "site", Site.objects.filter(pk__in=own))
        choose(self, "program", Program.objects.filter(site__in=own, closed_on=None).select_related("site"))
        if len(sites) == 1:
            self.fields["site"].initial = sites[0].public_id

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not (found.get("given") or found.get("family") or found.get("chosen")):
            self.add_error("given", _("Write down at least one name."))
        if found.get("entry_mode") == EntryMode.STEP_DOWN and not found.get("sending_facility"):
            self.add_error("sending_facility", _("A step-down has a facility that sends the person."))
        if found.get("by_other") and not found.get("inquirer_name"):
            self.add_error("inquirer_name", _("Who is asking for the person?"))
        if found.get("birth_date") and found["birth_date"] > timezone.localdate():
            self.add_error("birth_date", _("The date of birth is in the future."))
        return found

    def demographics(self) -> dict[str, Any]:
        """What goes to the person."""
        data = self.cleaned_data
        return {
            "legal_given": data["given"],
            "legal_family": data["family"],
            "chosen_name": data["chosen"],
            "pronouns": data["pronouns"],
            "birth_date": data["birth_date"],
            "language": data["language"],
            "contact_note": data["contact_note"],
        }

    def contact(self) -> FirstContact:
        data = self.cleaned_data
        return FirstContact(
            by_other=data["by_other"],
            inquirer_name=data["inquirer_name"],
            inquirer_relation=data["inquirer_relation"],
            inquirer_phone=data["inquirer_phone"],
            person_knows={"yes": True, "no": False}.get(data["person_knows"]),
            may_call_back=data["may_call_back"],
            best_time=data["best_time"],
            message=data["message"],
            heard_from=data["heard_from"],
        )

    def comes_from(self) -> ComesFrom:
        data = self.cleaned_data
        return ComesFrom(
            entry_mode=data["entry_mode"],
            sending_facility=data["sending_facility"],
            facility_discharge_date=data["facility_discharge_date"],
        )


def choose(form: forms.Form, name: str, queryset: Any) -> None:
    """Set what a ModelChoiceField offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset


class ContactForm(forms.Form):
    """A try to reach somebody."""

    mode = forms.ChoiceField(
        label=_("How"), choices=ContactAttempt.Mode.choices, initial="phone", widget=ChoiceButtons
    )
    outcome = forms.ChoiceField(label=_("What happened"), choices=ContactAttempt.Outcome.choices)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    next_day = forms.DateField(label=_("Next try on"), required=False, widget=DateInput)
    next_time = forms.TimeField(label=_("at"), required=False, widget=TimeInput)

    def next_at(self, site: Site) -> datetime | None:
        day, clock = self.cleaned_data["next_day"], self.cleaned_data["next_time"]
        if day is None:
            return None
        return at(day, clock or time(9), site.zone)


class HandoverForm(forms.Form):
    """A warm hand-off: where, why, and who there knows."""

    route = forms.ChoiceField(label=_("Where to"), choices=Handoff.Route.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=[*BLANK_CHOICE_DASH, *Handoff.Reason.choices])
    target = forms.CharField(label=_("Name of the place"), max_length=200)
    contact_name = forms.CharField(
        label=_("Who there knows"),
        max_length=200,
        help_text=_("The person you spoke with. A phone number handed out is not a hand-off."),
    )
    accepted = forms.BooleanField(label=_("They have said yes"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    closes = forms.ChoiceField(
        label=_("And this case"),
        choices=[("close", _("Close it: referred out")), ("stay", _("Keep it open"))],
        initial="close",
        widget=ChoiceButtons,
    )

    def handover(self) -> Handover:
        data = self.cleaned_data
        names = ("route", "reason", "target", "contact_name", "accepted", "note")
        return Handover(**{name: data[name] for name in names})


class WaitForm(forms.Form):
    """Waiting, with help meanwhile (T10)."""

    reason = forms.CharField(label=_("Why waiting"), max_length=300)
    interim_plan = forms.CharField(
        label=_("What helps meanwhile"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Peer group, outpatient visits, who to call when it gets worse."),
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=WaitlistEntry.Priority.choices, required=False)
    track = by_public_id(Track.objects.none(), label=_("Track wanted"), required=False)

    def __init__(self, *args: Any, case: IntakeCase, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "track", Track.objects.filter(program=case.program, closed_on=None))

    def plan(self) -> WaitingPlan:
        data = self.cleaned_data
        return WaitingPlan(interim_plan=data["interim_plan"], priority=data["priority"], track=data["track"])


class CloseForm(forms.Form):
    """Another end than admission or hand-off."""

    how = forms.ChoiceField(
        label=_("How it ended"),
        choices=[
            ("withdraw", _("The person does not want to go on")),
            ("no_contact", _("The person could not be reached")),
            ("decline", _("We cannot offer a place")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class CaseForm(forms.Form):
    """Owner, program, entry and the planned next contact."""

    owner = by_public_id(StaffMember.objects.none(), label=_("Owner"), required=False)
    program = by_public_id(Program.objects.none(), label=_("Program"), required=False)
    entry_mode = forms.ChoiceField(label=_("Entry"), choices=EntryMode.choices, widget=ChoiceButtons)
    sending_facility = forms.CharField(label=_("Sending facility"), max_length=200, required=False)
    facility_discharge_date = forms.DateField(
        label=_("Discharged there on"), required=False, widget=DateInput
    )
    referring_clinician = forms.CharField(label=_("Referring clinician"), max_length=200, required=False)
    hospital_diversion = forms.BooleanField(
        label=_("Would be in a hospital otherwise"),
        required=False,
        help_text=_("Counted as a diversion."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: IntakeCase, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "owner", staff_with_role(*CHART_ROLES).filter(sites=case.site))
        choose(self, "program", Program.objects.filter(site=case.site, closed_on=None))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("entry_mode") == EntryMode.STEP_DOWN and not found.get("sending_facility"):
            self.add_error("sending_facility", _("A step-down has a facility that sends the person."))
        return found


class SlotForm(forms.Form):
    """One of the offered times, or another one."""

    slot = forms.ChoiceField(label=_("Free times"), required=False, widget=forms.RadioSelect)
    clinician = by_public_id(StaffMember.objects.none(), label=_("Clinician"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=DateInput)
    clock = forms.TimeField(label=_("Time"), required=False, widget=TimeInput)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=240, initial=90, required=False)
    modality = forms.ChoiceField(
        label=_("Where"),
        choices=[("in_person", _("In person")), ("telehealth", _("Telehealth"))],
        initial="in_person",
        widget=ChoiceButtons,
    )
    reason = forms.CharField(label=_("Why it is moved"), max_length=300, required=False)

    def __init__(
        self, *args: Any, free: list[FreeSlot], staff: list[StaffMember], moving: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        slot = self.fields["slot"]
        assert isinstance(slot, forms.ChoiceField)
        slot.choices = [(each.key, each.key) for each in free]
        choose(self, "clinician", StaffMember.objects.filter(pk__in=[each.pk for each in staff]))
        if not moving:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        own = [found.get(name) for name in ("clinician", "day", "clock")]
        if not found.get("slot") and not all(own):
            raise ValidationError(_("Choose one of the free times, or a clinician with day and time."))
        return found
