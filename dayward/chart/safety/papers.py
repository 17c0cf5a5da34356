"""What statements, plans and the closing of an alert have in common."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dayward.foundation.people.models import StaffMember
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Versioned


class SignedPaper(Versioned):
    """What a clinician writes, saves as a draft and signs; a later one comes beside it, never over it."""

    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    signed_text = models.TextField(blank=True)  # exactly what the signature's hash is of
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_signed(self) -> bool:
        return self.signature_id is not None
