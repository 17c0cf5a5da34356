from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import AgeGroup
from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments.rules import levels
from dayward.chart.safety.models import SignedPaper
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.models import Record, paired


class Source(models.TextChoices):
    """Who says so."""

    ASSESSMENT = "assessment", _("Found in the assessment")
    REFERRAL = "referral", _("From the referral")
    TOLD = "told", _("Told by the person")


class Assessment(SignedPaper):
    """The biopsychosocial assessment (S01, T7). Texts by section; what is coded has rows of its own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assessments")
    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="assessments")
    sections = models.JSONField(default=dict)  # key -> text, keys from library/biopsychosocial
    prefilled = models.JSONField(default=dict)  # key -> [where it comes from]
    no_medications = models.BooleanField(default=False)  # somebody asked, and the person takes none
    amends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="amended_by")
    amendment_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "assessment_error_paired"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(amends__isnull=True, entered_in_error_at__isnull=True),
                name="assessment_one_per_case",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(amendment_reason=""),
                name="assessment_amended_with_reason",
            ),
        ]


class Listed(Record):
    """A row of a list in the chart, with who says so; never deleted."""

    text = models.CharField(max_length=300)
    source = models.CharField(max_length=12, choices=Source.choices)
    source_detail = models.CharField(max_length=200, blank=True)  # "Discharge summary, Lakeview Hospital"
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id


class Diagnosis(Listed):
    """A diagnosis of one assessment. Rank 1 is the primary one; those from a referral have no rank until taken over."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="diagnoses")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="diagnoses")
    icd = models.ForeignKey(IcdCode, models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)  # provisional, in remission since …

    class Meta:
        verbose_name_plural = "diagnoses"
        ordering = ["rank", "id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "diagnosis_error_paired"),
            models.CheckConstraint(
                condition=~Q(source="assessment") | Q(icd__isnull=False), name="diagnosis_made_here_has_code"
            ),
            models.UniqueConstraint(
                fields=["assessment", "icd"],
                condition=Q(source="assessment", entered_in_error_at__isnull=True),
                name="diagnosis_once",
            ),
        ]


class ReportedMedication(Listed):
    """A medication as told or as a referral lists it; what we prescribe comes with chart.medications."""

    class Taking(models.TextChoices):
        YES = "yes", _("Takes it")
        SOMETIMES = "sometimes", _("Sometimes")
        NO = "no", _("Does not take it")

    person = models.ForeignKey(Person, models.PROTECT, related_name="reported_medications")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="medications")
    rxnorm = models.CharField(max_length=20, blank=True)
    dose = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    taking = models.CharField(max_length=10, choices=Taking.choices, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [paired("entered_in_error_at", "entered_in_error_by", "medication_error_paired")]


class Allergy(Listed):
    """An allergy; without an assessment it was learned later. `none_known`: asked, and there are none."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="allergies")
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="allergies"
    )
    reaction = models.CharField(max_length=200, blank=True)
    none_known = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "allergies"
        ordering = ["id"]
        constraints = [paired("entered_in_error_at", "entered_in_error_by", "allergy_error_paired")]


class LevelOfCare(SignedPaper):
    """Recommended and actual level of care, with grounds per dimension (T8). Ratings are words, never summed."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="levels_of_care")
    case = models.ForeignKey(IntakeCase, models.PROTECT, related_name="levels_of_care")
    criteria_set = models.CharField(max_length=40)  # a folder of library/criteria; names the edition
    population = models.CharField(max_length=10, choices=AgeGroup.choices, default=AgeGroup.ADULT)
    ratings = models.JSONField(default=dict)  # criteria set -> dimension -> {"rating", "why"}
    recommended = models.CharField(max_length=12, blank=True, choices=levels.CHOICES)
    actual = models.CharField(max_length=12, blank=True, choices=levels.CHOICES)
    difference_kind = models.CharField(max_length=12, blank=True, choices=levels.DIFFERENCES)
    difference_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "levels of care"
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "level_error_paired"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(signature__isnull=True, entered_in_error_at__isnull=True),
                name="level_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | (~Q(recommended="") & ~Q(actual="")),
                name="level_signed_says_both",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True)
                | Q(recommended=models.F("actual"))
                | (~Q(difference_kind="") & ~Q(difference_reason="")),
                name="level_difference_has_reason",
            ),
        ]
