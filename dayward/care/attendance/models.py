from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.schedule.models import Booking, Modality, Session
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, paired


class IntervalQuerySet(models.QuerySet["Interval"]):
    def standing(self) -> IntervalQuerySet:
        """Rows that no correction replaced and that say: was there."""
        return self.filter(voided=False, replaced_by__isnull=True)


class Interval(Record):
    """From when to when a person was there. Never rounded; a correction is a new row that replaces one."""

    class Source(models.TextChoices):
        ROLL_CALL = "roll", _("Roll call")
        KIOSK = "kiosk", _("Check-in tablet")
        TELEHEALTH = "telehealth_log", _("Telehealth log")
        CORRECTION = "correction", _("Correction")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="intervals")
    session = models.ForeignKey(Session, models.PROTECT, related_name="intervals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="intervals")
    came_in = models.DateTimeField()
    went_out = models.DateTimeField(null=True, blank=True)  # open until the end
    out_at = models.DateTimeField(null=True, blank=True)  # when the out time was written down
    out_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    modality = models.CharField(max_length=10, choices=Modality.choices)
    location = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=14, choices=Source.choices)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reason = models.CharField(max_length=200, blank=True)
    voided = models.BooleanField(default=False)  # a correction that says: was not there
    left_early_reason = models.CharField(max_length=200, blank=True)
    objects = IntervalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(went_out__isnull=True) | Q(went_out__gte=F("came_in")),
                name="interval_in_before_out",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="interval_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(voided=False) | Q(replaces__isnull=False), name="interval_void_replaces"
            ),
            paired("out_at", "out_by", "interval_out_paired"),
        ]
        indexes = [models.Index(fields=["person", "came_in"], name="interval_person_in")]

    def __str__(self) -> str:
        return self.public_id


class Absence(Record):
    """Somebody expected who did not come, with the class and the reason."""

    class Kind(models.TextChoices):
        EXCUSED = "excused", _("Excused")
        UNEXCUSED = "unexcused", _("No-show")
        NOT_ADMITTED = "not_admitted", _("Came too late, not admitted")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(withdrawn_at__isnull=True), name="absence_one_standing"
            ),
            paired("withdrawn_at", "withdrawn_by", "absence_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class RollCall(Record):
    """Who opened and who closed the roll of a session. What counts are the rows somebody confirmed."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="roll")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [paired("closed_at", "closed_by", "roll_closing_paired")]

    def __str__(self) -> str:
        return self.public_id
