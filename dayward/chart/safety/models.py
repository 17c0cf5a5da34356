from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import IntakeCase
from dayward.chart.safety.alerts.models import Alert, AlertClosing, AlertStep
from dayward.chart.safety.papers import SignedPaper
from dayward.chart.safety.rules.plan import PLAN_KEYS
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, paired

__all__ = [
    "Alert",
    "AlertClosing",
    "AlertStep",
    "OutsideInstrument",
    "RiskStatement",
    "SafetyPlan",
    "SignedPaper",
]


class RiskStatement(SignedPaper):
    """A clinician's statement of risk, in their own words (T7). Positive needs a safety plan."""

    class Level(models.TextChoices):
        NONE = "none", _("No risk found")
        ELEVATED = "elevated", _("Elevated: a safety plan is needed")
        IMMINENT = "imminent", _("Imminent: emergency path now")

    WORDS = {"none": _("No risk found"), "elevated": _("Elevated risk"), "imminent": _("Imminent risk")}

    person = models.ForeignKey(Person, models.PROTECT, related_name="risk_statements")
    case = models.ForeignKey(
        IntakeCase, models.PROTECT, null=True, blank=True, related_name="risk_statements"
    )  # the way in it was made for
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    suicide = models.TextField(blank=True)
    violence = models.TextField(blank=True)
    means = models.TextField(blank=True)
    protective = models.TextField(blank=True)
    action = models.TextField(blank=True)
    emergency = models.TextField(blank=True)  # imminent: who was called, when, and what came of it

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "risk_statement_error_paired"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(signature__isnull=True, entered_in_error_at__isnull=True),
                name="risk_statement_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | ~Q(level=""), name="risk_statement_signed_says_level"
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | ~Q(level="imminent") | ~Q(emergency=""),
                name="risk_statement_imminent_says_path",
            ),
        ]

    @property
    def word(self) -> str:
        """The level in two words."""
        return str(self.WORDS.get(self.level, ""))


class SafetyPlan(SignedPaper):
    """What helps when it gets hard, in the person's words under our own headings (rules/plan.py)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="safety_plans")
    warning_signs = models.TextField(blank=True)
    own_steps = models.TextField(blank=True)
    places_and_people = models.TextField(blank=True)
    people_to_ask = models.TextField(blank=True)
    professionals = models.TextField(blank=True)
    safer_surroundings = models.TextField(blank=True)
    reasons_to_live = models.TextField(blank=True)
    copy_given = models.BooleanField(_("The person has a copy"), default=False)
    review_on = models.DateField(_("Look at it again on"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "safety_plan_error_paired"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(signature__isnull=True, entered_in_error_at__isnull=True),
                name="safety_plan_one_draft",
            ),
        ]

    @property
    def texts(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in PLAN_KEYS}


class OutsideInstrument(Record):
    """An instrument that we may not ship (LOCUS, C-SSRS): date, rater, result, attachment; never its items."""

    class Name(models.TextChoices):
        LOCUS = "locus", "LOCUS"
        CALOCUS = "calocus", "CALOCUS-CASII"
        CSSRS = "c_ssrs", "C-SSRS"

    person = models.ForeignKey(Person, models.PROTECT, related_name="outside_instruments")
    name = models.CharField(_("instrument"), max_length=10, choices=Name.choices)
    done_on = models.DateField(_("done on"))
    rater = models.CharField(_("rater"), max_length=160)
    result = models.CharField(_("result"), max_length=200)
    attachment = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-done_on", "-id"]
        constraints = [paired("entered_in_error_at", "entered_in_error_by", "instrument_error_paired")]

    def __str__(self) -> str:
        return self.public_id
