from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Program, Track
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, Versioned


class EntryMode(models.TextChoices):
    """How somebody comes (A03)."""

    STAND_ALONE = "stand_alone", _("On their own")
    STEP_DOWN = "step_down", _("Step-down from a higher level")
    STEP_UP = "step_up", _("Step-up from outpatient care")


class IntakeCase(Versioned):
    """One way in, from the first call to admission or to another end. States: rules/machine.py."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="intake_cases")
    person = models.ForeignKey(Person, models.PROTECT, related_name="intake_cases")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="intake_cases")
    entry_mode = models.CharField(max_length=12, choices=EntryMode.choices, default=EntryMode.STAND_ALONE)
    source = models.CharField(max_length=20)  # phone, public_form, referral_document, transfer
    state = models.CharField(max_length=30)
    state_since = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=40)  # an actor's id
    owner = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    next_action = models.CharField(max_length=40, blank=True)  # key of rules.waiting
    next_action_due = models.DateTimeField(null=True, blank=True)
    sending_facility = models.CharField(max_length=200, blank=True)
    facility_discharge_date = models.DateField(null=True, blank=True)
    referring_clinician = models.CharField(max_length=200, blank=True)
    hospital_diversion = models.BooleanField(default=False)  # A04
    assessment_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=40, blank=True)
    closing_note = models.TextField(blank=True)
    reopened_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["site", "state"], name="case_site_state")]

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
    message = models.TextField(blank=True)
    heard_from = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return self.public_id


class ContactAttempt(Record):
    """A try to reach the person, or an interim contact while on the waitlist."""

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="contact_attempts")
    mode = models.CharField(max_length=12)  # call, text, email, letter, in_person
    outcome = models.CharField(max_length=20)  # reached, left_message, no_answer, wrong_number
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.public_id


class Screening(Versioned):
    """The pre-screen (F01-F16): answers by question key, and what the rules made of them."""

    case = models.OneToOneField(IntakeCase, models.PROTECT, related_name="screening")
    answers = models.JSONField(default=dict)
    questions_version = models.CharField(max_length=20)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    routes = models.JSONField(default=list)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.public_id


class Handoff(Record):
    """A warm hand-off to somebody else's care (T3, T9)."""

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="handoffs")
    reason = models.CharField(max_length=40)
    target = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200, blank=True)
    accepted = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.public_id


class WaitlistEntry(Record):
    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="waitlist")
    program = models.ForeignKey(Program, models.PROTECT, related_name="waitlist")
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="waitlist")
    priority = models.CharField(max_length=20, blank=True)
    interim_plan = models.TextField()
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "waitlist entries"

    def __str__(self) -> str:
        return self.public_id


class Episode(Versioned):
    """One enrollment in one program; coming back is a new one. States: rules/machine.py."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="episodes")
    program = models.ForeignKey(Program, models.PROTECT, related_name="episodes")
    case = models.OneToOneField(IntakeCase, models.PROTECT, null=True, blank=True, related_name="episode")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    entry_mode = models.CharField(max_length=12, choices=EntryMode.choices)
    state = models.CharField(max_length=30)
    state_since = models.DateTimeField(default=timezone.now)
    admitted_at = models.DateTimeField(default=timezone.now)
    admitted_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    first_service_at = models.DateTimeField(null=True, blank=True)  # the clock of every deadline
    at_risk_since = models.DateTimeField(null=True, blank=True)
    at_risk_reason = models.CharField(max_length=200, blank=True)
    hold_expected_return = models.DateField(null=True, blank=True)
    hold_reason = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    discharge_type = models.CharField(max_length=10, blank=True)  # 4.3
    effective_end = models.DateField(null=True, blank=True)  # last service date where a rule says so
    end_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["program", "state"], name="episode_program_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"],
                condition=models.Q(ended_at__isnull=True),
                name="episode_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Segment(Record):
    """A stretch of an episode at one level of care, in one track, with a prescribed weekly amount (N05)."""

    class Level(models.TextChoices):
        PHP = "php", _("Partial hospitalization")
        IOP = "iop", _("Intensive outpatient")
        OP = "op", _("Outpatient")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="segments")
    level = models.CharField(max_length=5, choices=Level.choices, default=Level.IOP)
    track = models.ForeignKey(Track, models.PROTECT, related_name="segments")
    days_per_week = models.PositiveSmallIntegerField()
    prescribed_minutes = models.PositiveIntegerField()  # per service week
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # exclusive
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=models.Q(ends_on__isnull=True), name="segment_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="segment_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Transition(Record):
    """One step along the machine, with what proved it. Never changed."""

    case = models.ForeignKey(IntakeCase, models.PROTECT, null=True, blank=True, related_name="transitions")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="transitions")
    key = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=40)  # an actor's id
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)  # key -> present, sentence

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case__isnull=False) ^ models.Q(episode__isnull=False),
                name="transition_of_case_or_episode",
            )
        ]

    def __str__(self) -> str:
        return self.key
