"""Groups, their rhythm, sessions, and who leads them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import CheckConstraint, Count, Deferrable, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import Closure, Room, ServiceKind, Track
from dayward.care.journey.models import AssessmentSlot
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
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
        """Each with how many are booked, in the same query; not by a join, which would sort and group whole rows."""
        booked = Count("bookings", filter=Q(bookings__status="booked"))
        alone = self.model.objects.filter(pk=OuterRef("pk")).values("pk")
        return self.annotate(seats_taken=Subquery(alone.annotate(booked=booked).values("booked")))


class Session(Versioned):
    """One meeting on one day: of a group, or of one person with a member of staff."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Canceled by the program")

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
        indexes = [
            GistIndex(fields=["site", "during"], name="session_site_during"),
            models.Index("site", RangeStartsWith("during"), name="session_site_begins"),
        ]

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
        CANCELLED = "cancelled", _("The session was canceled")

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
        indexes = [models.Index("staff", RangeStartsWith("during"), name="session_staff_begins")]

    def __str__(self) -> str:
        return self.public_id
