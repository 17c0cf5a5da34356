from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, Versioned, paired


class Need(Versioned):
    """Something around treatment that somebody looks after: housing, court, insurance … (S10-S14, 3.5)."""

    class Kind(models.TextChoices):
        APPOINTMENT = "appointment", _("Appointment elsewhere")
        INSURANCE = "insurance", _("Insurance")
        HOUSING = "housing", _("Housing")
        SAFE_HOME = "safe_home", _("Drug-free home")
        COURT = "court", _("Court or probation")
        TRANSPORT = "transport", _("Transport")
        CHILDCARE = "childcare", _("Childcare")
        FOOD = "food", _("Food")
        BENEFITS = "benefits", _("Benefits")
        EMPLOYMENT = "employment", _("Work or school")
        MEDICAL = "medical", _("Primary care or specialist")
        OTHER = "other", _("Something else")

    class Stage(models.TextChoices):
        """The loop of a referral: nothing is done until its result is known."""

        OPEN = "open", _("Open")
        MADE = "made", _("Asked for or booked")
        CONFIRMED = "confirmed", _("Confirmed")
        KEPT = "kept", _("Kept")
        SETTLED = "settled", _("Settled")
        DROPPED = "dropped", _("Not wanted any more")

    person = models.ForeignKey(Person, models.PROTECT, related_name="needs")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="needs")
    kind = models.CharField(_("about"), max_length=12, choices=Kind.choices)
    wanted = models.CharField(_("what is needed"), max_length=300)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.OPEN)
    with_whom = models.CharField(_("with whom"), max_length=200, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)  # a hearing, an appointment, a call
    owner = models.ForeignKey(StaffMember, models.PROTECT, related_name="needs")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=40)  # an actor's id
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["next_on", "id"]
        constraints = [
            paired("closed_at", "closed_by", "need_closed_paired"),
            models.CheckConstraint(
                condition=Q(stage__in=("settled", "dropped")) ^ Q(closed_at__isnull=True),
                name="need_closed_by_stage",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class NeedStep(Record):
    """What was done about a need, and the stage it led to. Never changed."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=10, choices=Need.Stage.choices)
    note = models.TextField(_("what was done"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["done_at", "id"]

    def __str__(self) -> str:
        return self.public_id


class OutsideMeeting(Record):
    """A 12-step or other mutual-help meeting outside (S18): logged, never clinical hours."""

    class Kind(models.TextChoices):
        TWELVE_STEP = "twelve_step", _("12-step meeting")
        SMART = "smart", _("Self-management group")
        FAITH = "faith", _("Faith-based group")
        PEER = "peer", _("Peer or family group")
        OTHER = "other", _("Another mutual-help meeting")

    person = models.ForeignKey(Person, models.PROTECT, related_name="outside_meetings")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    logged_at = models.DateTimeField(default=timezone.now)
    logged_by = models.CharField(max_length=40)  # an actor's id
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [paired("entered_in_error_at", "entered_in_error_by", "outside_meeting_error_paired")]

    def __str__(self) -> str:
        return self.public_id
