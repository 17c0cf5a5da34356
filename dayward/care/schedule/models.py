from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import CheckConstraint, Count, Deferrable, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Closure, Program, Room, ServiceKind, Track
from dayward.care.journey.models import AssessmentSlot, Segment
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.models import Record, Versioned, paired
from dayward.kernel.spans import Span


class Modality(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    TELEHEALTH = "telehealth", _("Telehealth")


class Group(Record):
    """A group that meets again and again: a topic, facilitators, a room, a cap."""

    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="groups")
    site = models.ForeignKey(Site, models.PROTECT, related_name="groups")
    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=120)
    topic = models.CharField(max_length=160, blank=True)
    cap = models.PositiveSmallIntegerField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Series(Versioned):
    """A weekly rhythm that makes sessions: weekdays, wall-clock times at the site, from a day to a day."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="series")
    weekdays = ArrayField(models.PositiveSmallIntegerField())  # ISO: Monday is 1
    starts = models.TimeField()
    ends = models.TimeField()
    breaks = models.JSONField(default=list)  # [["18:30", "18:40"], …] wall clock
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)  # inclusive
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    facilitators = models.ManyToManyField(StaffMember, related_name="series")
    made_until = models.DateField(null=True, blank=True)  # sessions exist up to this day

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.public_id


class SessionQuerySet(models.QuerySet["Session"]):
    def ahead(self) -> SessionQuerySet:
        """Those that have not begun."""
        return self.filter(during__startswith__gt=timezone.now())

    def standing(self) -> SessionQuerySet:
        """Those that take place or took place."""
        return self.exclude(status=Session.Status.CANCELLED)

    def with_taken(self) -> SessionQuerySet:
        """Each with how many are booked, in the same query."""
        return self.annotate(seats_taken=Count("bookings", filter=Q(bookings__status="booked")))


class Session(Versioned):
    """One meeting on one day: of a group, or of one person with a member of staff."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled by the program")

    site = models.ForeignKey(Site, models.PROTECT, related_name="sessions")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="sessions")
    series_day = models.DateField(null=True, blank=True)  # the day the series meant, also when moved
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="sessions")
    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=160)  # never a person's name
    topic = models.CharField(max_length=160, blank=True)
    during = DateTimeRangeField()
    breaks = models.JSONField(default=list)  # [[iso instant, iso instant], …]
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="sessions")
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    join_link = models.URLField(blank=True)
    cap = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    by_hand = models.BooleanField(default=False)  # changed on its own: edits of the series leave it alone
    cancel_reason = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=40, null=True, blank=True)
    closure = models.ForeignKey(Closure, models.PROTECT, null=True, blank=True, related_name="sessions")
    assessment = models.OneToOneField(
        AssessmentSlot, models.PROTECT, null=True, blank=True, related_name="session"
    )
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: grows with each change
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=40)
    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="room_one_session_at_a_time",
                expressions=[("room", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False) & ~Q(status="cancelled"),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The room is taken at that time."),
            ),
            models.UniqueConstraint(
                fields=["series", "series_day"],
                name="session_once_per_series_day",
                deferrable=Deferrable.IMMEDIATE,
            ),
            CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
                name="session_cancelled_has_time",
            ),
            paired("cancelled_at", "cancelled_by", "session_cancellation_paired"),
        ]
        indexes = [GistIndex(fields=["site", "during"], name="session_site_during")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def span(self) -> Span:
        return Span(self.during.lower, self.during.upper)

    @property
    def taken(self) -> int:
        """How many are booked, where the query counted (`with_taken`)."""
        return int(self.__dict__["seats_taken"])

    @property
    def places(self) -> int:
        """Seats: the cap, or what the room holds when they meet there and it is less."""
        in_room = self.room is not None and self.modality == Modality.IN_PERSON
        return min(self.cap, self.room.seats) if self.room and in_room else self.cap


class SessionStaff(Record):
    """Who leads the session; nobody leads two at once. `during` follows the session (foreign key in SQL)."""

    class Status(models.TextChoices):
        LEADS = "leads", _("Leads")
        COVERED = "covered", _("Covered by a colleague")
        CANCELLED = "cancelled", _("The session was cancelled")

    session = models.ForeignKey(Session, models.PROTECT, related_name="leaders")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="sessions_led")
    during = DateTimeRangeField()
    is_cover = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LEADS)
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="staff_one_session_at_a_time",
                expressions=[("staff", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status="leads"),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The clinician is busy at that time."),
            ),
            models.UniqueConstraint(fields=["session", "staff"], name="session_staff_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


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

    def __str__(self) -> str:
        return self.public_id

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> BookingQuerySet:
        """Those that are booked."""
        return self.filter(status=Booking.Status.BOOKED)

    def ahead(self) -> BookingQuerySet:
        """Those whose session has not begun."""
        return self.filter(during__startswith__gt=timezone.now())


class Booking(Record):
    """A person expected in a session. Never two at once, unless one is pulled out of the other.

    `during` follows the session, a pull-out lies inside, and the cap holds: by foreign key and triggers in SQL.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    class Ended(models.TextChoices):
        """Who or what took the booking away."""

        PERSON = "person", _("Cancelled ahead by the person")
        PROGRAM = "program", _("Cancelled by the program")
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


class StaffHours(Record):
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="hours")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField()
    ends = models.TimeField()
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)  # exclusive

    class Meta:
        verbose_name_plural = "staff hours"

    def __str__(self) -> str:
        return self.public_id

    def holds_on(self, day: date) -> bool:
        in_dates = self.from_day <= day and (self.until_day is None or day < self.until_day)
        return in_dates and day.isoweekday() in self.weekdays


class CalendarFeed(Record):
    """A secret address under which a calendar program reads somebody's sessions, in neutral words."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="feeds")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            paired("revoked_at", "revoked_by", "feed_revocation_paired"),
            models.CheckConstraint(
                condition=Q(staff__isnull=False) ^ Q(person__isnull=False), name="feed_of_staff_or_person"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class LimitReasonQuerySet(models.QuerySet["LimitReason"]):
    def standing(self) -> LimitReasonQuerySet:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def named(self) -> LimitReasonQuerySet:
        """Each with the name of who gave it (`giver`), in the same query."""
        staff = StaffMember.objects.filter(user__public_id=OuterRef("given_by"))
        return self.annotate(giver=Subquery(staff.values(name=Concat("given", Value(" "), "family"))))


class LimitReason(Record):
    """Why something is planned against a limit (rules/limits.py): who said so, and what was found then."""

    limit = models.CharField(max_length=60)  # its key
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    sentence = models.CharField(max_length=300)  # what was against it; names no patient
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="limit_reasons")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="limit_reasons")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="limit_reasons")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="limit_reasons")
    week = models.DateField(null=True, blank=True)  # first day, of a person's or a program's week
    reason = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.CharField(max_length=40)  # an actor's id
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, null=True, blank=True)
    objects = LimitReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="limit_reason_says_why"),
            models.UniqueConstraint(
                fields=["limit", "group", "series", "session", "program", "person", "week"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="limit_reason_once",
            ),
            paired("withdrawn_at", "withdrawn_by", "limit_reason_withdrawal_paired"),
        ]
        indexes = [models.Index(fields=["site", "-given_at"], name="limit_reason_newest")]

    def __str__(self) -> str:
        return self.public_id
