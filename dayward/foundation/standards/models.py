from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.rules.pack import Harm, Unit
from dayward.kernel.models import DAYS, Record, paired

IN_ORDER = Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from"))
STANDING = Q(withdrawn_at__isnull=True)


class Dated(Record):
    """Holds from a day to another (exclusive); said by somebody, and taken back by somebody before it held."""

    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.CharField(max_length=40)  # an actor's id
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        begun = self.effective_from <= day and (self.effective_to is None or day < self.effective_to)
        return begun and self.withdrawn_at is None


class PackUse(Dated):
    """Whether a rule pack holds at a site or one program there; where nobody says so, it follows from the pack."""

    pack = models.CharField(max_length=40)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    program = models.CharField(max_length=16, blank=True)  # public id; "" for all of the site
    applies = models.BooleanField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["pack", "-effective_from"]
        constraints = [
            models.CheckConstraint(condition=IN_ORDER, name="pack_use_dates_in_order"),
            paired("withdrawn_at", "withdrawn_by", "pack_use_withdrawal_paired"),
            ExclusionConstraint(
                name="pack_use_one_at_a_time",
                expressions=[
                    ("pack", RangeOperators.EQUAL),
                    ("site", RangeOperators.EQUAL),
                    ("program", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=STANDING,
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class PolicyRule(Dated):
    """The clinic's own rule, or its own number for a rule of the program policy; read by `policies.plain`."""

    class Repeats(models.TextChoices):
        ONCE = "once", _("Once in a stay")
        EACH = "each", _("Each time")
        AGAIN = "again", _("Again and again: each time it is done, the clock begins anew")

    class Harms(models.TextChoices):
        LIFE = Harm.LIFE.value, _("Somebody may come to harm")
        CARE = Harm.CARE.value, _("The treatment suffers")
        RECORD = Harm.RECORD.value, _("The record or the license suffers")

    class Units(models.TextChoices):
        HOURS = Unit.HOURS.value, _("hours")
        DAYS = Unit.DAYS.value, _("calendar days")
        OPEN_DAYS = Unit.OPEN_DAYS.value, _("days on which the site is open")
        BUSINESS_DAYS = Unit.BUSINESS_DAYS.value, _("business days")
        MONTHS = Unit.MONTHS.value, _("months")
        TREATMENT_DAYS = Unit.TREATMENT_DAYS.value, _("treatment days")
        SESSIONS = Unit.SESSIONS.value, _("sessions")

    key = models.CharField(max_length=60)  # of the rule of the program policy, or "own.…"
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: every site
    asked = models.BooleanField(default=True)  # False: the rule of the program policy is no longer asked
    title = models.CharField(max_length=120)
    why = models.CharField(max_length=300)
    role = models.CharField(max_length=30, blank=True)
    harm = models.CharField(max_length=6, choices=Harms.choices, default=Harms.CARE)
    after = models.CharField(max_length=60, blank=True)
    done = models.CharField(max_length=60, blank=True)
    repeats = models.CharField(max_length=5, choices=Repeats.choices, default=Repeats.ONCE)
    outlives = models.BooleanField(default=False)
    within_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    within_unit = models.CharField(max_length=14, choices=Units.choices, blank=True)
    at_most_days = models.PositiveSmallIntegerField(null=True, blank=True)
    citation = models.CharField(max_length=200)

    class Meta:
        ordering = ["key", "-effective_from"]
        constraints = [
            models.CheckConstraint(condition=IN_ORDER, name="policy_rule_dates_in_order"),
            models.CheckConstraint(
                condition=Q(asked=False) | Q(within_amount__isnull=False), name="policy_rule_says_within"
            ),
            paired("withdrawn_at", "withdrawn_by", "policy_rule_withdrawal_paired"),
            ExclusionConstraint(
                name="policy_rule_one_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (Coalesce("site", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=STANDING,
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Due(Record):
    """An obligation with an instant and a source. Worked out from facts; only `services.refresh` writes it."""

    class State(models.TextChoices):
        OPEN = "open", _("Due")
        DONE = "done", _("Done")
        OVER = "over", _("No longer due")

    rule = models.CharField(max_length=60)
    pack = models.CharField(max_length=40)
    policy = models.ForeignKey(PolicyRule, models.PROTECT, null=True, blank=True, related_name="dues")
    role = models.CharField(max_length=30)  # of the rule: who has to see to it
    harm = models.PositiveSmallIntegerField(default=1)  # of the rule: 0 is the worst
    warns = models.BooleanField(default=False)  # not read at the source: it warns, and is never hard
    episode = models.BigIntegerField()  # primary key; the table is a layer above
    person = models.ForeignKey(Person, models.PROTECT, related_name="dues")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=40, blank=True)  # which of several of a rule
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    start_kind = models.CharField(max_length=60)
    start_at = models.DateTimeField()
    start_ref = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    hard_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "rule", "mark"], name="due_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="due_done_says_when",
            ),
            models.CheckConstraint(
                condition=Q(warns=False) | Q(hard_at__isnull=True), name="due_that_warns_is_never_hard"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "due_at"], condition=Q(state="open"), name="due_open_person"),
            models.Index(fields=["site", "due_at"], condition=Q(state="open"), name="due_open_site"),
            models.Index(fields=["staff", "due_at"], condition=Q(state="open"), name="due_open_staff"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ChartAudit(Record):
    """One night's look at every chart of a site: how many have a gap, and which gaps."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)  # an actor's id
    charts = models.PositiveIntegerField()  # with anything that was or is due
    charts_with_gaps = models.PositiveIntegerField()
    gaps = models.PositiveIntegerField()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["site", "-made_at"], name="chart_audit_newest")]

    def __str__(self) -> str:
        return self.public_id


class ChartAuditLine(Record):
    """What the night found by one rule."""

    audit = models.ForeignKey(ChartAudit, models.PROTECT, related_name="lines")
    rule = models.CharField(max_length=60)
    overdue = models.PositiveIntegerField()
    past_hard_line = models.PositiveIntegerField()
    dues: Any = ArrayField(models.BigIntegerField())  # primary keys: the gaps themselves

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "rule"], name="chart_audit_line_once")]

    def __str__(self) -> str:
        return self.public_id
