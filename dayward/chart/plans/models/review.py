"""A review: what has changed since the plan was written, and nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.chart.assessments.rules import levels
from dayward.chart.plans.models.parts import Objective
from dayward.chart.plans.models.plan import Plan
from dayward.chart.safety.models import SignedPaper
from dayward.foundation.people.models import Person
from dayward.kernel.models import Record, paired


class PlanReview(SignedPaper):
    """Progress per objective, dimensions now, hours used, what the person says, the next review (T17, T18)."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Review")
        STEP_DOWN = "step_down", _("Step-down review")

    class Agrees(models.TextChoices):
        YES = "yes", _("Agrees")
        NO = "no", _("Does not agree")

    person = models.ForeignKey(Person, models.PROTECT, related_name="plan_reviews")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="plan_reviews")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    summary = models.TextField(_("What matters now"), blank=True)
    person_words = models.TextField(_("What the person says"), blank=True)
    person_agrees = models.CharField(_("The person"), max_length=3, choices=Agrees.choices, blank=True)
    criteria_set = models.CharField(max_length=40)
    ratings = models.JSONField(default=dict)  # dimension -> {"rating", "why"}
    level = models.CharField(_("Level of care now"), max_length=12, choices=levels.CHOICES, blank=True)
    criteria_met = models.JSONField(default=dict)  # public id of a discharge criterion -> "yes" | "no"
    stable_since = models.DateField(_("Stable since"), null=True, blank=True)
    changes_plan = models.BooleanField(_("The plan itself changes"), default=False)
    next_review_on = models.DateField(_("Next review"), null=True, blank=True)
    hours = models.JSONField(
        default=list
    )  # as counted when it was signed: [{"week", "minutes", "prescribed"}]
    scores = models.JSONField(default=list)  # [{"name", "first", "now"}]

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "plan_review_error_paired"),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(signature__isnull=True, entered_in_error_at__isnull=True),
                name="plan_review_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(next_review_on__isnull=False),
                name="plan_review_says_the_next",
            ),
        ]


class ObjectiveProgress(Record):
    """How it stands with one objective, in a word and a sentence."""

    class Progress(models.TextChoices):
        MET = "met", _("Met")
        PROGRESSING = "progressing", _("Getting closer")
        SAME = "same", _("No change")
        WORSE = "worse", _("Worse")

    review = models.ForeignKey(PlanReview, models.PROTECT, related_name="progress")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="progress")
    progress = models.CharField(max_length=12, choices=Progress.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "objective progress"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "objective"], name="progress_once")]

    def __str__(self) -> str:
        return self.public_id
