from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import FloorTest, ServiceKind, WeekStarts
from dayward.foundation.people.models import Person
from dayward.kernel.models import DAYS, Dated, Record, paired


class Payer(Record):
    """Who pays: a plan or program; what it asks of a week is in `WeekTerms`."""

    class Kind(models.TextChoices):
        COMMERCIAL = "commercial", _("Commercial")
        MEDICAID = "medicaid", _("Medicaid")
        MEDICARE = "medicare", _("Medicare")
        TRICARE = "tricare", _("TRICARE")
        SELF_PAY = "self_pay", _("Self-pay")

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WeekTerms(Dated):
    """What a payer asks of a person's week, from a day on, and who says so (requirements 5.1).

    It is held against the week besides what the program asks, and replaces nothing.
    """

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="week_terms")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)  # exclusive
    floor_minutes = models.PositiveIntegerField()
    young_under_age = models.PositiveSmallIntegerField(null=True, blank=True)  # exclusive
    young_floor_minutes = models.PositiveIntegerField(null=True, blank=True)
    floor_test = models.CharField(max_length=10, choices=FloorTest.choices, default=FloorTest.DELIVERED)
    week_starts = models.CharField(max_length=7, choices=WeekStarts.choices, blank=True)  # as the program
    day_minimum_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    day_minimum_services = models.PositiveSmallIntegerField(null=True, blank=True)
    carry_back_days = models.PositiveSmallIntegerField(default=0)  # 0: a make-up counts in its own week
    citation = models.CharField(max_length=300)

    class Meta:
        verbose_name_plural = "week terms"
        ordering = ["payer", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["payer", "effective_from"], name="week_terms_once_per_day"),
            models.CheckConstraint(condition=Q(floor_minutes__gt=0), name="week_terms_ask_something"),
            models.CheckConstraint(condition=~Q(citation=""), name="week_terms_name_their_source"),
            models.CheckConstraint(
                condition=Q(carry_back_days__lte=28), name="week_terms_carry_back_is_near"
            ),
            models.CheckConstraint(
                condition=Q(young_under_age__isnull=True, young_floor_minutes__isnull=True)
                | Q(young_under_age__isnull=False, young_floor_minutes__isnull=False),
                name="week_terms_young_floor_has_age",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="week_terms_dates_in_order",
            ),
            ExclusionConstraint(
                name="week_terms_never_overlap",
                expressions=[
                    ("payer", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or self.effective_to > day)


class KindTerms(Dated):
    """Whether minutes of a kind of service count for a payer, from a day on, and who says so (requirements 5.1).

    Where it has said nothing, they count for it as they do for the program.
    """

    class Counts(models.TextChoices):
        YES = "yes", _("Counts for its floor")
        NO = "no", _("Does not count for its floor")
        PROGRAM = "program", _("Counts as for the program")

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="kind_terms")
    kind = models.ForeignKey(ServiceKind, models.PROTECT, related_name="+")
    effective_from = models.DateField()
    counts = models.CharField(max_length=7, choices=Counts.choices)
    citation = models.CharField(max_length=300)

    class Meta:
        verbose_name_plural = "kind terms"
        ordering = ["payer", "kind", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "kind", "effective_from"], name="kind_terms_once_per_day"
            ),
            models.CheckConstraint(condition=~Q(citation=""), name="kind_terms_name_their_source"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Coverage(Record):
    """A person's membership with a payer, as told or as verified."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="coverages")
    member_id = models.CharField(max_length=80, blank=True)
    plan_name = models.CharField(max_length=160, blank=True)
    authorization_needed = models.BooleanField(null=True)
    estimate_given = models.BooleanField(default=False)  # cost estimate handed to the person
    note = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=40, null=True, blank=True)  # an actor's id
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [paired("verified_at", "verified_by", "coverage_verified_paired")]

    def __str__(self) -> str:
        return self.public_id
