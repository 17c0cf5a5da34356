from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import IntakeCase
from dayward.care.referrals import wire
from dayward.care.referrals.packet import Packet
from dayward.foundation.documents.models import Document
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, User
from dayward.kernel.models import Versioned, paired


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    SET_ASIDE = "set_aside", _("Set aside")


class ReferralDocument(Versioned):
    """A referral that was understood, what was understood of it, and what somebody decided about it.

    The same bytes are one row at each site, however often they come. The original stays in `documents`.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="referrals")
    document = models.OneToOneField(Document, models.PROTECT, related_name="referral")
    sha256 = models.CharField(max_length=64)
    packet = models.JSONField()
    # Taken from the packet for lists, which would otherwise read every packet whole.
    kind = models.CharField(max_length=120, blank=True)
    sender = models.CharField(max_length=200, blank=True)
    patient_name = models.CharField(max_length=200, blank=True)
    born = models.CharField(max_length=10, blank=True)
    restricted = models.BooleanField(default=False)
    problem_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="referrals")
    case = models.ForeignKey(IntakeCase, models.PROTECT, null=True, blank=True, related_name="referrals")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_reason = models.CharField(max_length=300, blank=True)
    filed = models.JSONField(default=dict)  # what accepting wrote, for its undo (filing.py: Filed)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["site", "state"], name="referral_site_state")]
        constraints = [
            models.UniqueConstraint(fields=["sha256", "site"], name="referral_once_at_a_site"),
            paired("decided_at", "decided_by", "referral_decided_paired"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, decided_at__isnull=True)
                | Q(state__in=[State.ACCEPTED, State.SET_ASIDE], decided_at__isnull=False),
                name="referral_decided",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACCEPTED, person__isnull=False, case__isnull=False)
                | Q(~Q(state=State.ACCEPTED), person__isnull=True, case__isnull=True),
                name="referral_accepted_names_person_and_case",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SET_ASIDE) | ~Q(set_aside_reason=""),
                name="referral_set_aside_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def understood(self) -> Packet:
        """What the document says."""
        return wire.from_plain(self.packet)
