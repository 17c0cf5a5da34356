from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.schedule.models import Booking
from dayward.chart.assessments.models import ReportedMedication
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.papers import Signable
from dayward.kernel.models import Record, paired


class Medication(Record):
    """Something the person takes, or took. How it is taken now follows from the changes; both are written together."""

    class Status(models.TextChoices):
        TAKING = "taking", _("Takes it")
        HELD = "held", _("Held for now")
        STOPPED = "stopped", _("Stopped")

    person = models.ForeignKey(Person, models.PROTECT, related_name="medications")
    name = models.CharField(_("medication"), max_length=200)  # as on the label, with strength
    route = models.CharField(_("route"), max_length=40, blank=True)
    indication = models.CharField(_("for what"), max_length=200, blank=True)
    ours = models.BooleanField(default=True)  # this program prescribes it; else somebody outside does
    outside_prescriber = models.CharField(_("prescribed by"), max_length=160, blank=True)
    reported = models.OneToOneField(
        ReportedMedication, models.PROTECT, null=True, blank=True, related_name="taken_over"
    )
    dose = models.CharField(_("dose"), max_length=120)
    frequency = models.CharField(_("how often"), max_length=120)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.TAKING)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)  # the first day without it
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-started_on", "name"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "medication_row_error_paired"),
            models.CheckConstraint(
                condition=Q(status="stopped") ^ Q(ended_on__isnull=True), name="medication_ended_when_stopped"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="medication_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def taken(self) -> str:
        """Dose and how often, in a line."""
        return ", ".join(filter(None, (self.dose, self.route, self.frequency)))


class MedicationChange(Signable):
    """A start, a stop, another dose. One of ours is signed; one made elsewhere is written down as told."""

    class Kind(models.TextChoices):
        START = "start", _("Started")
        UP = "up", _("Raised")
        DOWN = "down", _("Lowered")
        HOLD = "hold", _("Held")
        RESUME = "resume", _("Resumed")
        STOP = "stop", _("Stopped")

    medication = models.ForeignKey(Medication, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField(_("from"))
    dose_before = models.CharField(max_length=120, blank=True)
    frequency_before = models.CharField(max_length=120, blank=True)
    dose = models.CharField(_("dose"), max_length=120, blank=True)
    frequency = models.CharField(_("how often"), max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    target_symptom = models.CharField(_("what it is to help with"), max_length=200, blank=True)
    side_effects = models.CharField(_("side effects"), max_length=300, blank=True)
    next_look_on = models.DateField(_("look again on"), null=True, blank=True)
    switched_with = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "medication_change_error_paired"),
            models.CheckConstraint(condition=~Q(reason=""), name="medication_change_says_why"),
        ]

    def __str__(self) -> str:
        return self.public_id


class MedicationCheck(Record):
    """What the person reports at a visit or on the phone: adherence and side effects since the last look."""

    class Burden(models.TextChoices):
        NONE = "none", _("No side effects")
        MILD = "mild", _("Mild, bearable")
        TROUBLING = "troubling", _("Troubling")
        SEVERE = "severe", _("Severe")

    person = models.ForeignKey(Person, models.PROTECT, related_name="medication_checks")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("day"))
    adherence = models.PositiveSmallIntegerField(_("doses taken, in percent"), null=True, blank=True)
    burden = models.CharField(_("side effects"), max_length=10, choices=Burden.choices, blank=True)
    side_effects = models.CharField(_("which"), max_length=300, blank=True)
    note = models.TextField(_("what the person says"), blank=True)
    monitoring_on = models.DateField(_("prescription monitoring program looked up on"), null=True, blank=True)
    naloxone_offered = models.BooleanField(_("naloxone offered"), default=False)
    next_look_on = models.DateField(_("look again on"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "medication_check_error_paired"),
            models.CheckConstraint(
                condition=Q(adherence__isnull=True) | Q(adherence__lte=100), name="adherence_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Reconciliation(Record):
    """The three lists were gone through on admission, on a change of level or at discharge; as they stood then."""

    class Occasion(models.TextChoices):
        ADMISSION = "admission", _("Admission")
        STEP = "step", _("Change of level")
        DISCHARGE = "discharge", _("Discharge")

    person = models.ForeignKey(Person, models.PROTECT, related_name="reconciliations")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    lines = models.JSONField(default=list)  # [{"name", "outside", "told", "ours"}]
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.public_id
