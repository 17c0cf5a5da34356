"""What a version of the plan is made of: problem, goal, objective, intervention, criteria."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import ServiceKind
from dayward.chart.plans.models.plan import Plan
from dayward.foundation.people.models import StaffMember
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.models import Record, new_public_id, paired


class Part(Record):
    """A row of a version. In a draft it can be taken off and put back; once signed it never changes."""

    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    KEY: ClassVar[str] = ""  # first word of the part's texts in a form
    TEXTS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.public_id


class Problem(Part):
    """What the plan is about, tied to a diagnosis where there is one: the first link of the golden thread."""

    KEY, TEXTS = "problem", ("title", "statement")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="problems")
    icd = models.ForeignKey(IcdCode, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("Problem"), max_length=200, blank=True)
    statement = models.TextField(_("How it shows in this person's life"), blank=True)

    class Meta(Part.Meta):
        constraints = [paired("removed_at", "removed_by", "plan_problem_removed_paired")]


class Goal(Part):
    """What the person wants, in their words."""

    KEY, TEXTS = "goal", ("words",)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="goals")
    words = models.TextField(_("Goal, in the person's words"), blank=True)

    class Meta(Part.Meta):
        constraints = [paired("removed_at", "removed_by", "plan_goal_removed_paired")]


class Objective(Part):
    """A step towards a goal that can be seen to be reached, and by when. `thread` is the same in every version."""

    KEY, TEXTS = "objective", ("text", "target", "measure", "due_on")

    class Measure(models.TextChoices):
        PHQ9 = "phq-9", _("PHQ-9")
        GAD7 = "gad-7", _("GAD-7")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="objectives")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="objectives")
    thread = models.CharField(max_length=16, default=new_public_id, db_index=True)
    text = models.TextField(_("Objective"), blank=True)
    target = models.CharField(_("Reached when"), max_length=200, blank=True)
    measure = models.CharField(_("Followed by"), max_length=20, choices=Measure.choices, blank=True)
    due_on = models.DateField(_("By"), null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [paired("removed_at", "removed_by", "plan_objective_removed_paired")]


class Intervention(Part):
    """What is done: type, amount, frequency and duration (2.1), by whom, and for which objective (none: for all)."""

    KEY = "intervention"
    TEXTS = ("service", "method", "minutes", "per_week", "weeks", "responsible", "objective", "if_missed")

    class IfMissed(models.TextChoices):
        """What may stand in for a session of several people that was missed (requirements 5.3)."""

        ALONE = "alone", _("A seat in a group, or a session of their own")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="interventions")
    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="+")
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="interventions"
    )
    method = models.CharField(_("How"), max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    per_week = models.DecimalField(
        _("How often"), max_digits=4, decimal_places=2, default=Decimal(1)
    )  # 0.5: every two weeks
    weeks = models.PositiveSmallIntegerField(_("Weeks"), null=True, blank=True)
    responsible = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Who")
    )  # none: whoever leads the session
    if_missed = models.CharField(
        _("A missed one is made up for by"),
        max_length=5,
        choices=IfMissed.choices,
        blank=True,
        default="",
        db_default="",
    )  # empty: a seat in a group

    class Meta(Part.Meta):
        constraints = [paired("removed_at", "removed_by", "plan_intervention_removed_paired")]


class DischargeCriterion(Part):
    """How we will know that the person is ready to leave, agreed from the start (CTS.03.01.03 EP2)."""

    KEY, TEXTS = "criterion", ("text",)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="criteria")
    text = models.CharField(_("Ready to leave when"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name_plural = "discharge criteria"
        constraints = [paired("removed_at", "removed_by", "plan_criterion_removed_paired")]
