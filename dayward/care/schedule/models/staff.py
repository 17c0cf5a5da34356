"""When staff work, and calendars that others read."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.models import Record, paired


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
