from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.people.models import Person
from dayward.kernel.models import Record, paired


class Payer(Record):
    """Who pays: a plan or program; its rules come with later packages as dated data."""

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

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [paired("verified_at", "verified_by", "coverage_verified_paired")]

    def __str__(self) -> str:
        return self.public_id
