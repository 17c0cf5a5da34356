"""A version of the plan, and who signed it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.chart.plans.rules import team
from dayward.chart.plans.rules.content import TEXT_KEYS
from dayward.chart.safety.models import SignedPaper
from dayward.foundation.people.models import Person
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record, paired

OPEN = Q(completed_at__isnull=True, entered_in_error_at__isnull=True)
HOLDS = Q(completed_at__isnull=False, superseded_at__isnull=True, entered_in_error_at__isnull=True)


class Plan(SignedPaper):
    """One version of an episode's treatment plan (1.5, 2.1).

    The first signature of the team freezes every word; the plan holds once the person and the team have
    signed (`completed_at`), and until the next version does (`superseded_at`).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="plans")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(default=1)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    strengths = models.TextField(blank=True)
    barriers = models.TextField(blank=True)
    family = models.TextField(blank=True)
    medication = models.TextField(blank=True)
    therapy = models.TextField(blank=True)
    education = models.TextField(blank=True)
    transition = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.CharField(max_length=40, null=True, blank=True)  # an actor's id: who signed last
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "plan_error_paired"),
            paired("completed_at", "completed_by", "plan_completed_paired"),
            paired("superseded_at", "superseded_by", "plan_superseded_paired"),
            models.UniqueConstraint(fields=["episode"], condition=OPEN, name="plan_one_open"),
            models.UniqueConstraint(fields=["episode"], condition=HOLDS, name="plan_one_holds"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(signature__isnull=False),
                name="plan_completed_is_signed",
            ),
        ]

    @property
    def texts(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in TEXT_KEYS}

    @property
    def is_active(self) -> bool:
        """The team has signed and the person's side has said its word, and no later version holds."""
        return bool(self.completed_at) and not self.superseded_at and not self.entered_in_error_at

    @property
    def not_signed(self) -> list[PlanSignature]:
        """The person's side where it did not sign: the last word that was attested for each, with its reason.

        One query, or none where `signatures` were read along.
        """
        if self._state.adding:  # worded before it is kept (the demo)
            return []
        by_role: dict[str, list[PlanSignature]] = {}
        for row in self.signatures.all():
            by_role.setdefault(row.role, []).append(row)
        said = (rows for role, rows in by_role.items() if role in (team.PATIENT, team.GUARDIAN))
        return [rows[-1] for rows in said if team.word_of(row.outcome for row in rows) != team.SIGNED]

    @property
    def state(self) -> str:
        """ "draft", "signing" (frozen, signatures are missing), "active", "superseded" or "error"."""
        if self.entered_in_error_at:
            return "error"
        if self.superseded_at:
            return "superseded"
        return "active" if self.completed_at else "signing" if self.is_signed else "draft"


class PlanSignature(Record):
    """Who signed a version and as what; or why the person did not, attested by a member of staff.

    Rows are only ever added.
    """

    class Role(models.TextChoices):
        PATIENT = "patient", _("Person")
        GUARDIAN = "guardian", _("Guardian")
        THERAPIST = "therapist", _("Therapist")
        SOCIAL_WORKER = "social_worker", _("Social worker")
        PRESCRIBER = "prescriber", _("Prescriber")

    class Outcome(models.TextChoices):
        SIGNED = "signed", _("Signed")
        VERBAL = "verbal", _("Agreed by word of mouth")
        UNABLE = "unable", _("Cannot sign now")
        DECLINED = "declined", _("Declined to sign")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=15, choices=Role.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.SIGNED)
    reason = models.CharField(max_length=300, blank=True)
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "role"], condition=Q(outcome="signed"), name="plan_signed_once_as"
            ),
            models.CheckConstraint(
                condition=Q(outcome="signed") | ~Q(reason=""), name="plan_unsigned_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(outcome="signed") | Q(role__in=["patient", "guardian"]),
                name="plan_team_signs_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
