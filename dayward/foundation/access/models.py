from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.models import Record, paired
from dayward.kernel.prepared import Slot

_PROGRAMS: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=16))


class RoleAssignment(Record):
    """A role held by a member of staff, at one site or all, or for some programs of a site, from a day to a day."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30)  # key of roles.ROLES
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    programs: ArrayField[list[str], list[str]] = ArrayField(  # public ids; none: everybody of the site
        models.CharField(max_length=16), default=list, db_default=models.Value([], _PROGRAMS), blank=True
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    told = models.BooleanField(default=True)  # False: who received it is told at their next sign-in

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role", "site", "starts_on"], name="role_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(programs=[]) | models.Q(site__isnull=False), name="role_programs_of_a_site"
            ),
        ]

    def __str__(self) -> str:
        return self.role


class SignInLink(Record):
    """A link by which a member of staff sets their own password, once. Only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.public_id


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def at(self, now: datetime | Slot) -> CareTeamQuerySet:
        """Those whose time it is. Not by "contains": PostgreSQL would look it up in the index over all years."""
        not_over = Q(during__endswith=None) | Q(during__endswith__gt=now)
        return self.filter(not_over, during__startswith__lte=now)


class CareTeamMember(Record):
    """Somebody who treats the person, and so may open the chart."""

    class Function(models.TextChoices):
        PRIMARY_THERAPIST = "primary_therapist", _("Primary therapist")
        THERAPIST = "therapist", _("Therapist")
        PRESCRIBER = "prescriber", _("Prescriber")
        CASE_MANAGER = "case_manager", _("Case manager")
        NURSE = "nurse", _("Nurse")
        PEER = "peer", _("Peer support")
        INTAKE = "intake", _("Intake")

    person = models.ForeignKey(Person, models.PROTECT, related_name="care_team")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="care_teams")
    function = models.CharField(max_length=20, choices=Function.choices)
    during = DateTimeRangeField()
    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_team_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("staff", RangeOperators.EQUAL),
                    ("function", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class BreakGlass(Record):
    """A chart opened by somebody outside the care team, with a reason, for four hours."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="break_glass")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    reason = models.TextField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    review_outcome = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "break-glass openings"
        constraints = [paired("reviewed_at", "reviewed_by", "break_glass_review_paired")]

    def __str__(self) -> str:
        return self.public_id


class Watch(Record):
    """A chart of which compliance wants to see each opening: somebody known, a colleague, a colleague's family."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="watches")
    reason = models.TextField()
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "watched charts"
        constraints = [
            paired("ended_at", "ended_by", "watch_end_paired"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at=None), name="chart_watched_once"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class SignedIn(Record):
    """A session of somebody who works here: where they are signed in, until when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="signed_in")
    session_key = models.CharField(max_length=40, db_index=True)
    device = models.CharField(max_length=40, blank=True)  # "Firefox, Windows"
    address = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, null=True, blank=True)  # an actor's id

    class Meta:
        verbose_name_plural = "sessions"
        constraints = [paired("ended_at", "ended_by", "signed_in_end_paired")]

    def __str__(self) -> str:
        return self.public_id


class PortalKey(Record):
    """A link or code by which a person reaches their own page. Only its hash is kept."""

    class Kind(models.TextChoices):
        LINK = "link", _("Link")
        CODE = "code", _("Code")

    person = models.ForeignKey(Person, models.PROTECT, related_name="portal_keys")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    digest = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.public_id
