"""The episode with its segments and holds, and what comes after."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.models.cases import EntryMode, IntakeCase
from dayward.care.journey.models.lengths import ACTOR_LENGTH, STATE_LENGTH
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, Versioned, paired


class DischargeType(models.TextChoices):
    """How an episode ends (requirements 4.3)."""

    COMPLETED = "COMP", _("Completed the program")
    STEPPED_DOWN = "STEPDN", _("Stepped down to outpatient care")
    TRANSFERRED = "XFER", _("Transferred, same level")
    STEPPED_UP = "STEPUP", _("Higher level or hospital")
    AGAINST_MEDICAL_ADVICE = "AMA", _("Left against medical advice")
    AGAINST_STAFF_ADVICE = "ASA", _("Left against staff advice")
    LOST = "LOST", _("Lost contact")
    ADMINISTRATIVE = "ADMIN", _("Ended by the program")
    INSURANCE = "INSUR", _("Benefit ended or denied")
    INCARCERATED = "INCAR", _("Incarcerated")
    MEDICAL = "MED", _("Medical reasons")
    MOVED = "MOVE", _("Moved away")
    DECLINED = "DECL", _("Declined further care")
    DECEASED = "DECEASED", _("Deceased")
    OTHER = "OTHER", _("Other")


class AdministrativeReason(models.TextChoices):
    """Why a program may end treatment; a positive drug test alone is none (4.3)."""

    RULES = "rules", _("Broke the rules of the program again, after a warning")
    THREATS = "threats", _("Threats or violence")
    ATTENDANCE = "attendance", _("Attendance, after the agreed steps")
    PAYMENT = "payment", _("Not paying, after the agreed steps")
    DEALING = "dealing", _("Dealing or bringing drugs to others")


class Episode(Versioned):
    """One enrollment in one program; coming back is a new one. States: rules/states.py."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="episodes")
    program = models.ForeignKey(Program, models.PROTECT, related_name="episodes")
    case = models.OneToOneField(IntakeCase, models.PROTECT, null=True, blank=True, related_name="episode")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    entry_mode = models.CharField(max_length=12, choices=EntryMode.choices)
    state = models.CharField(max_length=STATE_LENGTH)
    state_since = models.DateTimeField(default=timezone.now)
    admitted_at = models.DateTimeField(default=timezone.now)
    admitted_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    first_service_on = models.DateField(null=True, blank=True)  # the clock of every deadline
    last_service_on = models.DateField(null=True, blank=True)
    at_risk_at = models.DateTimeField(null=True, blank=True)  # a flag, not a state
    at_risk_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)
    at_risk_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    discharge_type = models.CharField(max_length=10, choices=DischargeType.choices, blank=True)
    effective_end = models.DateField(null=True, blank=True)  # last service date where a rule says so
    end_reason = models.TextField(blank=True)
    # Why the program ended it, and that the person has the notice and knows how to appeal (4.3).
    administrative_reason = models.CharField(max_length=12, choices=AdministrativeReason.choices, blank=True)
    appeal_told_on = models.DateField(null=True, blank=True)
    director_signed_at = models.DateTimeField(null=True, blank=True)  # an administrative discharge (4.3)
    director_signed_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["program", "state"], name="episode_program_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"], condition=Q(ended_at__isnull=True), name="episode_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=open_states(Machine.EPISODE)) ^ Q(ended_at__isnull=False),
                name="episode_ended_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="discharged") | ~Q(discharge_type=""), name="episode_discharge_has_type"
            ),
            models.CheckConstraint(
                condition=~Q(discharge_type="ADMIN") | Q(director_signed_at__isnull=False),
                name="episode_administrative_signed",
            ),
            models.CheckConstraint(
                condition=~Q(discharge_type="ADMIN")
                | (~Q(administrative_reason="") & Q(appeal_told_on__isnull=False)),
                name="episode_administrative_fair",
            ),
            paired("ended_at", "ended_by", "episode_end_paired"),
            paired("at_risk_at", "at_risk_by", "episode_at_risk_paired"),
            paired("director_signed_at", "director_signed_by", "episode_director_paired"),
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
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ends_on__isnull=True), name="segment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="segment_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Hold(Record):
    """A stretch away within the longest hold the program allows (T16)."""

    class Reason(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        JAIL = "jail", _("Jail")
        ILLNESS = "illness", _("Illness")
        TRAVEL = "travel", _("Travel")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.TextField(blank=True)
    starts_on = models.DateField()
    expected_return = models.DateField()
    ended_on = models.DateField(null=True, blank=True)  # the first day back
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ended_on__isnull=True), name="hold_one_open"
            ),
            models.CheckConstraint(
                condition=Q(expected_return__gte=F("starts_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on"))),
                name="hold_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class AftercareCase(Versioned):
    """What stays when an episode has ended: calls, and later the alumni. States: rules/states.py."""

    episode = models.OneToOneField(Episode, models.PROTECT, related_name="aftercare")
    state = models.CharField(max_length=STATE_LENGTH)
    state_since = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=ACTOR_LENGTH)

    def __str__(self) -> str:
        return self.public_id

    @property
    def person(self) -> Person:
        return self.episode.person
