from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import FloorTest, ProgramTerms
from dayward.care.journey.models import Episode, Segment
from dayward.care.schedule.models import Booking, Modality, Session
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, paired
from dayward.kernel.states import STATES


class IntervalQuerySet(models.QuerySet["Interval"]):
    def standing(self) -> IntervalQuerySet:
        """Rows that no correction replaced and that say: was there."""
        return self.filter(voided=False, replaced_by__isnull=True)


class Interval(Record):
    """From when to when a person was there. Never rounded; a correction is a new row that replaces one."""

    class Source(models.TextChoices):
        ROLL_CALL = "roll", _("Roll call")
        KIOSK = "kiosk", _("Check-in tablet")
        TELEHEALTH = "telehealth_log", _("Telehealth log")
        CORRECTION = "correction", _("Correction")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="intervals")
    session = models.ForeignKey(Session, models.PROTECT, related_name="intervals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="intervals")
    came_in = models.DateTimeField()
    went_out = models.DateTimeField(null=True, blank=True)  # open until the end
    out_at = models.DateTimeField(null=True, blank=True)  # when the out time was written down
    out_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    modality = models.CharField(max_length=10, choices=Modality.choices)
    location = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=14, choices=Source.choices)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reason = models.CharField(max_length=200, blank=True)
    voided = models.BooleanField(default=False)  # a correction that says: was not there
    left_early_reason = models.CharField(max_length=200, blank=True)
    objects = IntervalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(went_out__isnull=True) | Q(went_out__gte=F("came_in")),
                name="interval_in_before_out",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="interval_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(voided=False) | Q(replaces__isnull=False), name="interval_void_replaces"
            ),
            paired("out_at", "out_by", "interval_out_paired"),
        ]
        indexes = [models.Index(fields=["person", "came_in"], name="interval_person_in")]

    def __str__(self) -> str:
        return self.public_id


class Whereabouts(Record):
    """Where somebody is during a session by video: asked each time, by themselves or by those who lead it.

    Help is sent to this place, and it says in which state care is given. A newer row counts instead of an older one.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="whereabouts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="whereabouts")
    place = models.CharField(max_length=160)  # street and city, as told
    state = models.CharField(max_length=2, choices=STATES)
    at_home = models.BooleanField(default=False)
    told_at = models.DateTimeField(default=timezone.now)
    told_by = models.CharField(max_length=40)  # an actor's id

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "whereabouts"
        constraints = [models.CheckConstraint(condition=~Q(place=""), name="whereabouts_names_a_place")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def words(self) -> str:
        return f"{self.place}, {self.state}"


class Absence(Record):
    """Somebody expected who did not come, with the class and the reason."""

    class Kind(models.TextChoices):
        EXCUSED = "excused", _("Excused")
        UNEXCUSED = "unexcused", _("No-show")
        NOT_ADMITTED = "not_admitted", _("Came too late, not admitted")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(withdrawn_at__isnull=True), name="absence_one_standing"
            ),
            paired("withdrawn_at", "withdrawn_by", "absence_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class RollCall(Record):
    """Who opened and who closed the roll of a session. What counts are the rows somebody confirmed."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="roll")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [paired("closed_at", "closed_by", "roll_closing_paired")]

    def __str__(self) -> str:
        return self.public_id


class WeekExemption(Record):
    """Somebody decided that nothing follows from a week under the floor, and why (requirements 5.1).

    Closures, holds and the weeks in which treatment begins or ends are reasons of their own and need no row here.
    """

    class Reason(models.TextChoices):
        EXCUSED = "excused", _("Excused, with a document")
        TAPER = "taper", _("The plan has fewer hours")

    person = models.ForeignKey(Person, models.PROTECT, related_name="week_exemptions")
    start = models.DateField()  # the first day of the week
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=200)  # which document, which plan
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "start"],
                condition=Q(withdrawn_at__isnull=True),
                name="week_exempt_once",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="week_exemption_says_why"),
            paired("withdrawn_at", "withdrawn_by", "week_exemption_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ServiceWeek(Record):
    """What the rules made of a person's week, for reports. Written by `services.weeks` alone, checked every night.

    Exact: seconds with their fraction. An interval without an out time counts to the end of its session, so that the
    row depends on what was written and on nothing else; what is shown of a running week is counted at that moment.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="service_weeks")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="service_weeks")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="service_weeks")
    terms = models.ForeignKey(ProgramTerms, models.PROTECT, null=True, blank=True, related_name="+")
    start = models.DateField()
    length_days = models.PositiveSmallIntegerField(default=7, db_default=7)  # fewer in a short week
    definition = models.CharField(max_length=7)
    standing = models.BooleanField(default=True)  # False: the person has no such week any more
    prescribed_minutes = models.PositiveIntegerField()
    scheduled_seconds = models.DecimalField(max_digits=13, decimal_places=6)
    delivered_seconds = models.DecimalField(max_digits=13, decimal_places=6)
    carried_in_seconds = models.DecimalField(
        max_digits=13, decimal_places=6, default=0, db_default=0
    )  # are in it
    carried_out_seconds = models.DecimalField(
        max_digits=13, decimal_places=6, default=0, db_default=0
    )  # are not in it
    units = models.DecimalField(max_digits=8, decimal_places=1)  # of delivered minutes; nothing was billed
    unit_rule = models.CharField(max_length=14)
    floor_minutes = models.PositiveIntegerField()
    floor_test = models.CharField(max_length=10, choices=FloorTest.choices)
    met = models.BooleanField()
    floors = models.JSONField(default=list)  # each who asks: its floor, week, test and verdict
    exempt_reason = models.CharField(max_length=12, blank=True)
    exempt_why = models.CharField(max_length=200, blank=True)
    because = models.JSONField(default=dict)  # message, words, rule, source
    days = models.JSONField(default=list)  # day, seconds, services, ok
    separate_days = models.PositiveSmallIntegerField()
    days_ok = models.PositiveSmallIntegerField(null=True, blank=True)
    gap_days = models.PositiveSmallIntegerField(null=True, blank=True)
    gap_too_long = models.BooleanField(default=False)
    sessions_scheduled = models.PositiveSmallIntegerField()  # booked, and those called off by either side
    sessions_kept = models.PositiveSmallIntegerField()
    sessions_called_off = models.PositiveSmallIntegerField()  # by the program
    sessions_cancelled_in_time = models.PositiveSmallIntegerField()  # by the person, a day ahead
    absences_excused = models.PositiveSmallIntegerField()
    absences_unexcused = models.PositiveSmallIntegerField()
    rule_version = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField(default=timezone.now)
    computed_by = models.CharField(max_length=40)  # an actor's id

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "start"], name="service_week_once"),
        ]
        indexes = [models.Index(fields=["start", "episode"], name="service_week_start")]

    def __str__(self) -> str:
        return self.public_id
