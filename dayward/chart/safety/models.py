from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record, Versioned


class RiskStatement(Versioned):
    """A clinician's statement of risk, in their own words, signed (T7). Positive needs a safety plan."""

    class Level(models.TextChoices):
        NONE = "none", _("No risk found")
        ELEVATED = "elevated", _("Elevated: safety plan needed")
        IMMINENT = "imminent", _("Imminent: emergency path")

    person = models.ForeignKey(Person, models.PROTECT, related_name="risk_statements")
    case_public_id = models.CharField(max_length=16, blank=True)  # the intake case it was made for
    level = models.CharField(max_length=10, choices=Level.choices)
    suicide = models.TextField(blank=True)
    violence = models.TextField(blank=True)
    protective = models.TextField(blank=True)
    action = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return self.public_id


class SafetyPlan(Versioned):
    """What helps when it gets hard, in our own headings; a new one supersedes, nothing is overwritten."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="safety_plans")
    warning_signs = models.TextField()
    own_steps = models.TextField()
    places_and_people = models.TextField(blank=True)
    people_to_ask = models.TextField()
    professionals = models.TextField()
    safer_surroundings = models.TextField()
    reasons_to_live = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return self.public_id


class OutsideInstrument(Record):
    """An instrument that we may not ship (LOCUS, C-SSRS): date, rater, result, attachment; never its items."""

    class Name(models.TextChoices):
        LOCUS = "locus", "LOCUS"
        CSSRS = "c_ssrs", "C-SSRS"
        CALOCUS = "calocus", "CALOCUS-CASII"

    person = models.ForeignKey(Person, models.PROTECT, related_name="outside_instruments")
    name = models.CharField(max_length=10, choices=Name.choices)
    done_on = models.DateField()
    rater = models.CharField(max_length=160)
    result = models.CharField(max_length=200)
    attachment = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.public_id
