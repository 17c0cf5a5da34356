"""Standing seats, single bookings, and the hours people have for themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import models
from django.db.models import CheckConstraint, Deferrable, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Segment
from dayward.care.schedule.models.timetable import Group, Session
from dayward.foundation.people.models import Person
from dayward.kernel.models import Constant, Record, paired
from dayward.kernel.prepared import Slot


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def standing(self, day: date) -> EnrollmentQuerySet:
        """Those that hold on `day` or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def running(self) -> EnrollmentQuerySet:
        """Those that nobody has ended in the past."""
        return self.standing(timezone.now().date() - timedelta(days=1))


class Enrollment(Record):
    """A person's standing seat in a group on some weekdays, as part of a segment."""

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="enrollments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrollments")
    group = models.ForeignKey(Group, models.PROTECT, related_name="enrollments")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # exclusive
    over_cap_reason = models.CharField(max_length=200, blank=True)
    own_hours_reason = models.CharField(max_length=200, blank=True)
    below_floor_reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="enrollment_dates_in_order",
            ),
            paired("ended_at", "ended_by", "enrollment_end_paired"),
        ]
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=~Q(over_cap_reason="") | ~Q(own_hours_reason="") | ~Q(below_floor_reason=""),
                name="enrollment_with_reason",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> BookingQuerySet:
        """Those that are booked."""
        return self.filter(status=Constant(Booking.Status.BOOKED))

    def ahead(self, now: datetime | Slot | None = None) -> BookingQuerySet:
        """Those whose session has not begun."""
        return self.filter(during__startswith__gt=now or timezone.now())


class Booking(Record):
    """A person expected in a session. Never two at once, unless one is pulled out of the other.

    `during` follows the session, a pull-out lies inside, and the cap holds: by foreign key and triggers in SQL.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Canceled")

    class Ended(models.TextChoices):
        """Who or what took the booking away."""

        PERSON = "person", _("Canceled ahead by the person")
        PROGRAM = "program", _("Canceled by the program")
        TIMETABLE = "timetable", _("The timetable changed")
        ENROLLMENT = "enrollment", _("The enrollment ended")
        HOLD = "hold", _("On hold")
        UNDONE = "undone", _("Taken back right after booking")

    session = models.ForeignKey(Session, models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="bookings")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, null=True, blank=True, related_name="bookings")
    during = DateTimeRangeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    pulled_out_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="pull_outs")
    # The missed one this stands for: later, of the same person (SQL). It stays missed (requirements 5.3).
    makes_up_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="make_ups", db_index=False
    )
    over_cap_reason = models.CharField(max_length=200, blank=True)
    own_hours_reason = models.CharField(max_length=200, blank=True)  # booked over the person's own hours
    booked_at = models.DateTimeField(default=timezone.now)
    booked_by = models.CharField(max_length=40)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=40, null=True, blank=True)
    cancel_kind = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="person_one_booking_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status="booked", pulled_out_of__isnull=True),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The person already has something at that time."),
            ),
            ExclusionConstraint(
                name="pull_outs_never_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status="booked", pulled_out_of__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(status="booked"), name="booking_once_per_session"
            ),
            CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | Q(status="booked", cancelled_at__isnull=True),
                name="booking_cancelled_has_time",
            ),
            paired("cancelled_at", "cancelled_by", "booking_cancellation_paired"),
            CheckConstraint(
                condition=Q(pulled_out_of__isnull=True) | ~Q(pulled_out_of=models.F("id")),
                name="booking_not_out_of_itself",
            ),
            models.UniqueConstraint(
                fields=["makes_up_for"],
                condition=Q(makes_up_for__isnull=False, status="booked"),
                name="made_up_for_once",
            ),
        ]
        indexes = [
            models.Index("person", RangeStartsWith("during"), name="booking_person_begins"),
            models.Index(
                fields=["booked_at"],
                condition=~Q(over_cap_reason="") | ~Q(own_hours_reason=""),
                name="booking_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class OwnHours(Record):
    """When the person has work, school or children: it warns, and takes an override with a reason (G09)."""

    class Kind(models.TextChoices):
        JOB = "job", _("Work")
        SCHOOL = "school", _("School")
        CHILDCARE = "childcare", _("Childcare")
        OTHER = "other", _("Other")

    person = models.ForeignKey(Person, models.PROTECT, related_name="own_hours")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField()
    ends = models.TimeField()  # at or before `starts`: ends on the next day (night shift)
    note = models.CharField(max_length=200, blank=True)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)  # exclusive
    told_at = models.DateTimeField(default=timezone.now)
    told_by = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "own hours"

    def __str__(self) -> str:
        return self.public_id
