"""What statements, plans and the closing of an alert have in common."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dayward.foundation.people.models import StaffMember
from dayward.foundation.signing.papers import Signable
from dayward.kernel.models import Versioned


class SignedPaper(Versioned, Signable):
    """What a clinician writes, saves as a draft and signs; a later one comes beside it, never over it."""

    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id
