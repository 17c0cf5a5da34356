from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.rules import terms as rules
from dayward.care.catalog.rules.counting import word_on
from dayward.foundation.organization.models import Site
from dayward.kernel.models import DAYS, Dated, Record, paired


class AgeGroup(models.TextChoices):
    ADULT = "adult", _("Adults")
    ADOLESCENT = "adolescent", _("Adolescents")


class Program(Record):
    """A program at a site. Its numbers differ between clinics, so all live in ProgramTerms."""

    class Stream(models.TextChoices):
        MENTAL_HEALTH = "mental_health", _("Mental health")
        SUBSTANCE_USE = "substance_use", _("Substance use")
        CO_OCCURRING = "co_occurring", _("Co-occurring")

    class PartTwo(models.TextChoices):
        """Whether 42 CFR Part 2 applies; a program not known to be outside is treated as inside."""

        INSIDE = "inside", _("Inside Part 2")
        OUTSIDE = "outside", _("Outside Part 2")
        UNKNOWN = "unknown", _("Not known: treated as inside")

    site = models.ForeignKey(Site, models.PROTECT, related_name="programs")
    name = models.CharField(max_length=120)
    stream = models.CharField(max_length=20, choices=Stream.choices)
    age_group = models.CharField(max_length=10, choices=AgeGroup.choices)
    part_two = models.CharField(max_length=10, choices=PartTwo.choices, default=PartTwo.UNKNOWN)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["site", "name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="program_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def under_part_two(self) -> bool:
        """Fail closed: unknown counts as inside (requirements 2.8)."""
        return self.part_two != self.PartTwo.OUTSIDE


class WeekStarts(models.TextChoices):
    """The values are those of `kernel.time.WeekDefinition`."""

    SUNDAY = "sunday", _("Sunday")
    MONDAY = "monday", _("Monday")
    ROLLING = "rolling", _("Rolling: seven days at a time from the first service")


class FloorTest(models.TextChoices):
    """Which figure of a week is held against the floor (requirements 2.0)."""

    DELIVERED = "delivered", _("Delivered hours")
    SCHEDULED = "scheduled", _("Scheduled hours")
    PRESCRIBED = "prescribed", _("Prescribed hours")


class LateRule(models.TextChoices):
    """What is credited to somebody who came later than is tolerated (requirements 5.2)."""

    ACTUAL = "actual", _("The minutes they were there")
    DENY = "deny", _("Nothing")


class UnitRule(models.TextChoices):
    """What makes units of delivered minutes, until a payer says so (requirements 5.4). Nothing here was billed."""

    PER_DIEM = "per_diem", _("One for each day that reaches the day's minimum")
    PER_SESSION = "per_session", _("One for each session")
    EIGHT_MINUTE = "eight_minute", _("15 minutes each, a rest of 8 counts")
    FULL_UNITS = "full_units", _("15 minutes each, only full ones")
    STARTED_UNITS = "started_units", _("15 minutes each, one that was started counts")
    TENTH_OF_HOUR = "tenth_of_hour", _("Tenths of an hour")
    WEEKLY_BUNDLE = "weekly_bundle", _("One for a week of nine services")


class ProgramTerms(Dated):
    """A program's own numbers (requirements 1.2), with effective dates. Minutes and days."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="terms")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)  # exclusive
    floor_minutes = models.PositiveIntegerField()  # per service week
    floor_reason = models.CharField(
        max_length=200, blank=True
    )  # why it is lower than usual for the age group
    php_floor_minutes = models.PositiveIntegerField(null=True, blank=True)  # None: as the floor above
    young_under_age = models.PositiveSmallIntegerField(null=True, blank=True)  # exclusive: DC has 21
    young_floor_minutes = models.PositiveIntegerField(null=True, blank=True)
    floor_test = models.CharField(max_length=10, choices=FloorTest.choices, default=FloorTest.DELIVERED)
    week_starts = models.CharField(max_length=7, choices=WeekStarts.choices, default=WeekStarts.SUNDAY)
    late_after_minutes = models.PositiveSmallIntegerField(default=15)
    late_rule = models.CharField(max_length=6, choices=LateRule.choices, default=LateRule.ACTUAL)
    presence_percent = models.PositiveSmallIntegerField(
        default=0
    )  # of a session's clinical minutes, at least
    breaks_count = models.BooleanField(default=False)
    day_minimum_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    day_minimum_services = models.PositiveSmallIntegerField(null=True, blank=True)
    largest_gap_days = models.PositiveSmallIntegerField(null=True, blank=True)  # Wyoming: 3
    carry_back_days = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # 0: a make-up counts in its own week
    unit_rule = models.CharField(max_length=14, choices=UnitRule.choices, default=UnitRule.PER_DIEM)
    prescribed_minutes = models.PositiveIntegerField()  # per week, the usual
    hours_day_min = models.DecimalField(max_digits=3, decimal_places=1, default=3)
    hours_day_max = models.DecimalField(max_digits=3, decimal_places=1, default=5)
    days_week_min = models.PositiveSmallIntegerField(default=3)
    days_week_max = models.PositiveSmallIntegerField(default=5)
    stay_min_days = models.PositiveSmallIntegerField()
    stay_target_days = models.PositiveSmallIntegerField()
    stay_max_days = models.PositiveSmallIntegerField()
    stay_is_hard = models.BooleanField(default=False)
    hold_max_days = models.PositiveSmallIntegerField(default=14)
    reopen_days = models.PositiveSmallIntegerField(default=0)  # 0: coming back is always a new episode
    severity_band = models.CharField(max_length=80, blank=True)  # A06: a setting, never a constant
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "program terms"
        ordering = ["program", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["program", "effective_from"], name="terms_once_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="terms_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(presence_percent__lte=100), name="terms_presence_is_a_share"),
            models.CheckConstraint(condition=Q(carry_back_days__lte=28), name="terms_carry_back_is_near"),
            models.CheckConstraint(
                condition=Q(young_under_age__isnull=True, young_floor_minutes__isnull=True)
                | Q(young_under_age__isnull=False, young_floor_minutes__isnull=False),
                name="terms_young_floor_has_age",
            ),
            ExclusionConstraint(
                name="terms_never_overlap",
                expressions=[
                    ("program", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def plain(self) -> rules.Terms:
        """The numbers as the rules read them."""
        return rules.Terms(
            age_group=self.program.age_group,
            floor_minutes=self.floor_minutes,
            prescribed_minutes=self.prescribed_minutes,
            hours_day_min=float(self.hours_day_min),
            hours_day_max=float(self.hours_day_max),
            days_week_min=self.days_week_min,
            days_week_max=self.days_week_max,
            stay_min_days=self.stay_min_days,
            stay_target_days=self.stay_target_days,
            stay_max_days=self.stay_max_days,
            hold_max_days=self.hold_max_days,
            php_floor_minutes=self.php_floor_minutes,
            young_under_age=self.young_under_age,
            young_floor_minutes=self.young_floor_minutes,
        )


class Track(Record):
    """A weekly timetable within a program: "Adult evening", with a cap per group."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="tracks")
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)  # "M/T/Th 17:30-21:00"
    part_of_day = models.CharField(max_length=10, blank=True)  # morning, afternoon, evening
    cap = models.PositiveSmallIntegerField(default=12)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["program", "name"]
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="track_name_once")]

    def __str__(self) -> str:
        return self.name


class ServiceKindQuerySet(models.QuerySet["ServiceKind"]):
    def in_use(self) -> ServiceKindQuerySet:
        """Those that are not closed: what may be chosen for something new."""
        return self.filter(closed_on=None)


class ServiceKind(Record):
    """What can be scheduled and documented (S01-S28); loaded from `library/` and owned by the clinic."""

    class Form(models.TextChoices):
        GROUP = "group", _("Group")
        INDIVIDUAL = "individual", _("Individual")
        FAMILY = "family", _("Family")
        MEDICATION = "medication", _("Medication visit")
        ASSESSMENT = "assessment", _("Assessment")
        EDUCATION = "education", _("Education")
        CASE_MANAGEMENT = "case_management", _("Case management")
        PEER = "peer", _("Peer support")
        HOLISTIC = "holistic", _("Holistic practice")
        OUTSIDE = "outside", _("Outside meeting")

    class Counts(models.TextChoices):
        """Whether its minutes count towards the weekly floor (requirements 5.1), until a payer says otherwise."""

        YES = "yes", _("Counts")
        NO = "no", _("Does not count")
        PAYER = "payer", _("Depends on the payer: not counted until one says so")

    key = models.CharField(max_length=40, unique=True)  # "group-therapy"
    requirement = models.CharField(max_length=8)  # "S04"
    name = models.CharField(max_length=120)
    patient_name = models.CharField(max_length=120)  # in plain words
    patient_name_es = models.CharField(max_length=120)
    form = models.CharField(max_length=20, choices=Form.choices)
    bookable = models.BooleanField(default=True)
    documentable = models.BooleanField(default=True)
    clinical = models.BooleanField(default=True)  # its first delivery starts the episode's clocks
    counting = models.CharField(max_length=5, choices=Counts.choices)  # before the first of `countings`
    dated = models.JSONField(  # `countings` again, for reads: [["2026-11-22", "yes"]]
        default=list, db_default=models.Value([], models.JSONField())
    )
    usual_minutes = models.PositiveSmallIntegerField(default=60)
    max_people = models.PositiveSmallIntegerField(default=1)
    closed_on = models.DateField(null=True, blank=True)  # nothing new of it from then on
    objects = ServiceKindQuerySet.as_manager()

    OWN = "own"  # stands in the place of the requirement where the clinic made it

    class Meta:
        ordering = ["requirement", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        return self.requirement == self.OWN

    @property
    def can_be_booked(self) -> bool:
        return self.bookable and self.closed_on is None

    def counting_on(self, day: date) -> str:
        return word_on(day, self.counting, self.dated)

    def counts_on(self, day: date) -> bool:
        """Whether the minutes of that day count while no payer has said otherwise."""
        return self.counting_on(day) == self.Counts.YES

    @property
    def counts(self) -> bool:
        """Whether minutes of now count; for what is planned."""
        return self.counts_on(timezone.localdate())

    def plain_name(self, language: str) -> str:
        """What it is called on a patient's page."""
        return self.patient_name_es if language.startswith("es") else self.patient_name


class KindCounting(Dated):
    """From a day on minutes of a kind count towards the floor, or do not. What was counted before stays."""

    kind = models.ForeignKey(ServiceKind, models.PROTECT, related_name="countings")
    effective_from = models.DateField()
    counting = models.CharField(max_length=5, choices=ServiceKind.Counts.choices)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="kind_counting_once_per_day")
        ]

    def __str__(self) -> str:
        return self.public_id


class KindEdit(Record):
    """The clinic changed how it uses a kind: each field with what it was and became. Never changed."""

    kind = models.ForeignKey(ServiceKind, models.PROTECT, related_name="edits")
    changes = models.JSONField()  # {"usual_minutes": [60, 50]}
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id

    class Meta:
        ordering = ["kind", "made_at"]

    def __str__(self) -> str:
        return self.public_id


class Room(Record):
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    seats = models.PositiveSmallIntegerField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["site", "name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return self.name


class ClosureQuerySet(models.QuerySet["Closure"]):
    def standing(self) -> ClosureQuerySet:
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Closure(Record):
    """A day on which a site is closed: a holiday, weather, something else."""

    class Reason(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        WEATHER = "weather", _("Weather")
        OTHER = "other", _("Other")

    site = models.ForeignKey(Site, models.PROTECT, related_name="closures")
    day = models.DateField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, null=True, blank=True)
    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day"], condition=Q(withdrawn_at__isnull=True), name="closure_once_per_day"
            ),
            paired("withdrawn_at", "withdrawn_by", "closure_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.name
