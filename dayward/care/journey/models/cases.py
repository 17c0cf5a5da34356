"""The way in: the intake case and what belongs to it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.models.lengths import ACTOR_LENGTH, STATE_LENGTH
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, Versioned, paired

OPEN_STATES = open_states(Machine.INTAKE)


class EntryMode(models.TextChoices):
    """How somebody comes (A03)."""

    STAND_ALONE = "stand_alone", _("On their own")
    STEP_DOWN = "step_down", _("Step-down from a higher level")
    STEP_UP = "step_up", _("Step-up from outpatient care")


class Source(models.TextChoices):
    """Where the first word came from."""

    PHONE = "phone", _("Phone")
    PUBLIC_FORM = "public_form", _("Public form")
    REFERRAL = "referral_document", _("Referral document")
    WALK_IN = "walk_in", _("Came in person")
    RETURN = "return", _("Came back")


class CaseQuerySet(models.QuerySet["IntakeCase"]):
    """Reads of cases."""

    def open(self) -> CaseQuerySet:
        """Cases in which something is still to be done."""
        return self.filter(state__in=OPEN_STATES)


CaseManager = models.Manager.from_queryset(CaseQuerySet)


class IntakeCase(Versioned):
    """One way in, from the first call to admission or to another end. States: rules/states.py."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="intake_cases")
    person = models.ForeignKey(Person, models.PROTECT, related_name="intake_cases")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="intake_cases")
    entry_mode = models.CharField(max_length=12, choices=EntryMode.choices, default=EntryMode.STAND_ALONE)
    source = models.CharField(max_length=20, choices=Source.choices)
    state = models.CharField(max_length=STATE_LENGTH)
    state_since = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=ACTOR_LENGTH)  # an actor's id
    owner = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    planned_for = models.DateTimeField(null=True, blank=True)  # "call again on Thursday at three"
    planned_note = models.CharField(max_length=200, blank=True)
    sending_facility = models.CharField(max_length=200, blank=True)
    facility_discharge_date = models.DateField(null=True, blank=True)
    referring_clinician = models.CharField(max_length=200, blank=True)
    hospital_diversion = models.BooleanField(default=False)  # A04
    closing_note = models.TextField(blank=True)
    previous_episode = models.ForeignKey(
        "journey.Episode", models.PROTECT, null=True, blank=True, related_name="return_cases"
    )

    objects: ClassVar[CaseManager] = CaseManager()  # type: ignore[type-arg]

    class Meta:
        indexes = [models.Index(fields=["site", "state"], name="case_site_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "site"],
                condition=Q(state__in=OPEN_STATES),
                name="case_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Inquiry(Record):
    """What was said on the first contact, by the person or by somebody who knows them (F12)."""

    case = models.OneToOneField(IntakeCase, models.PROTECT, related_name="inquiry")
    by_other = models.BooleanField(default=False)
    inquirer_name = models.CharField(max_length=200, blank=True)
    inquirer_relation = models.CharField(max_length=100, blank=True)
    inquirer_phone = models.CharField(max_length=32, blank=True)
    inquirer_email = models.CharField(max_length=254, blank=True)
    person_knows = models.BooleanField(null=True)  # that somebody asked on their behalf
    may_call_back = models.BooleanField(default=True)
    best_time = models.CharField(max_length=100, blank=True)
    message = models.TextField(blank=True)
    heard_from = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return self.public_id

    @property
    def says_something(self) -> bool:
        """A referral document opens a case without anybody having spoken with us."""
        told = (self.inquirer_name, self.best_time, self.heard_from, self.message)
        return self.by_other or not self.may_call_back or any(told)


class Screening(Versioned):
    """The pre-screen (F01-F16): answers by question key, and what the rules made of them."""

    class Living(models.TextChoices):
        OWN_HOME = "own_home", _("Own home")
        FAMILY = "family", _("With family or friends")
        SOBER_LIVING = "sober_living", _("Sober living or recovery home")
        GROUP_HOME = "group_home", _("Group home or supported living")
        SHELTER = "shelter", _("Shelter")
        STREET = "street", _("No place to live")
        OTHER = "other", _("Somewhere else")

    case = models.OneToOneField(IntakeCase, models.PROTECT, related_name="screening")
    questions_version = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)  # key -> {"answer": yes|no|unsure, "note": text}
    travel_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    telehealth_possible = models.BooleanField(null=True, blank=True)
    living = models.CharField(max_length=20, choices=Living.choices, blank=True)
    support = models.TextField(blank=True)
    prior_treatment = models.TextField(blank=True)
    own_hours = models.JSONField(default=list)  # [{"kind", "weekdays", "starts", "ends", "note"}]
    outcome = models.CharField(max_length=20, blank=True)  # what the rules suggested when it was finished
    outcome_note = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.CharField(max_length=ACTOR_LENGTH)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [paired("finished_at", "finished_by", "screening_finished_paired")]

    def __str__(self) -> str:
        return self.public_id


class AssessmentSlot(Record):
    """A time booked with a clinician for the assessment."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        MOVED = "moved", _("Moved to another time")
        MISSED = "missed", _("Did not come")
        KEPT = "kept", _("Came")
        CANCELLED = "cancelled", _("Canceled")

    class Modality(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        TELEHEALTH = "telehealth", _("Telehealth")

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="slots")
    clinician = models.ForeignKey(StaffMember, models.PROTECT, related_name="assessment_slots")
    during = DateTimeRangeField()
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    booked_at = models.DateTimeField(default=timezone.now)
    booked_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="assessment_clinician_once",
                expressions=[("clinician", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status="booked"),
                violation_error_message=_("The clinician has another assessment at that time."),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="booked"), name="assessment_one_booked"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class WaitlistEntry(Record):
    """Waiting for an assessment or for a seat, with help meanwhile and a contact every week (T10)."""

    class Priority(models.TextChoices):
        NONE = "", _("No priority")
        PREGNANT = "pregnant", _("Pregnant")
        INJECTING = "injecting", _("Injecting drugs")
        LEFT_HOSPITAL = "left_hospital", _("Just left a hospital")
        OTHER = "other", _("Other")

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="waitlist")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="waitlist")
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="waitlist")
    priority = models.CharField(max_length=20, choices=Priority.choices, blank=True)
    interim_plan = models.TextField(blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.CharField(max_length=ACTOR_LENGTH)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        verbose_name_plural = "waitlist entries"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="waitlist_one_open"
            ),
            paired("ended_at", "ended_by", "waitlist_end_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class AdmissionItem(Record):
    """Something gone through with the person before the first day (T12)."""

    class Kind(models.TextChoices):
        RIGHTS = "rights", _("Rights and how to complain")
        FEES = "fees", _("Fee agreement")
        HANDBOOK = "handbook", _("Handbook and what is expected")
        GROUP_CONFIDENTIALITY = "group_confidentiality", _("What is said in group stays in group")
        FIRST_GOALS = "first_goals", _("Goals for the first days, in the person's words")

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="admission_items")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="admission_item_once")]

    def __str__(self) -> str:
        return self.public_id
