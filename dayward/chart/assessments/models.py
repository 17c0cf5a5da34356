from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import IntakeCase
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.models import Record, Versioned


class Assessment(Versioned):
    """The biopsychosocial assessment (S01, T7). Sections by key in `sections`; what is coded has rows."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assessments")
    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="assessments")
    sections = models.JSONField(default=dict)  # key -> text, keys from rules/sections.py
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    amends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="amended_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(amends__isnull=True), name="assessment_one_per_case"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Diagnosis(Record):
    """A coded diagnosis; ended or entered in error, never deleted."""

    class Source(models.TextChoices):
        ASSESSMENT = "assessment", _("Made here")
        REFERRAL = "referral", _("From a referral")
        TOLD = "told", _("Told by the person")

    person = models.ForeignKey(Person, models.PROTECT, related_name="diagnoses")
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="diagnoses"
    )
    icd = models.ForeignKey(IcdCode, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300)
    rank = models.PositiveSmallIntegerField(default=1)  # 1 is primary
    source = models.CharField(max_length=12, choices=Source.choices)
    onset = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=40)
    ended_on = models.DateField(null=True, blank=True)
    entered_in_error = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "diagnoses"
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.public_id


class ReportedMedication(Record):
    """A medication as told or as a referral lists it; what we prescribe comes with chart.medications."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="reported_medications")
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="medications"
    )
    text = models.CharField(max_length=300)
    rxnorm = models.CharField(max_length=20, blank=True)
    dose = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    taking = models.CharField(max_length=10, blank=True)  # yes, no, sometimes
    source = models.CharField(max_length=12)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=40)
    entered_in_error = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.public_id


class Allergy(Record):
    person = models.ForeignKey(Person, models.PROTECT, related_name="allergies")
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="allergies"
    )
    text = models.CharField(max_length=200)
    reaction = models.CharField(max_length=200, blank=True)
    none_known = models.BooleanField(default=False)  # somebody asked, and there are none
    source = models.CharField(max_length=12)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=40)
    entered_in_error = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "allergies"

    def __str__(self) -> str:
        return self.public_id


class LevelOfCare(Versioned):
    """Recommended and actual level of care with a rationale per dimension (T8). Ratings are never summed."""

    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="levels_of_care")
    person = models.ForeignKey(Person, models.PROTECT, related_name="levels_of_care")
    criteria_set = models.CharField(max_length=40)  # key of a library folder, with its edition
    edition = models.CharField(max_length=40)
    ratings = models.JSONField(default=dict)  # dimension key -> {"rating", "rationale"}
    recommended = models.CharField(max_length=20, blank=True)
    actual = models.CharField(max_length=20, blank=True)
    difference_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "levels of care"
        ordering = ["-decided_at"]

    def __str__(self) -> str:
        return self.public_id
