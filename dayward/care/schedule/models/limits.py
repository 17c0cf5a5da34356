"""Why something is planned against a limit."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from dayward.care.catalog.models import Program
from dayward.care.schedule.models.timetable import Group, Series, Session
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, paired


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
