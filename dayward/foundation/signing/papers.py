"""What every thing that is signed has in common; packages above build on it."""

from __future__ import annotations

from django.db import models

from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record


class Signable(Record):
    """A row that is signed once. A migration attaches `triggers.refuse_signed_change` to its table."""

    signature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    signed_text = models.TextField(blank=True)  # exactly what the signature's hash is of

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        return self.signature_id is not None
