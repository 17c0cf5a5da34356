from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.chart.safety.models import SignedPaper
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person
from dayward.kernel.models import paired


class Summary(SignedPaper):
    """A paper assembled from the record with its gaps listed first: discharge summary, or packet for a step-up.

    `sections` is what was assembled at the moment of signing; until then the page assembles it anew each time.
    """

    class Kind(models.TextChoices):
        DISCHARGE = "discharge", _("Discharge summary")
        TRANSFER = "transfer", _("Transfer packet")

    person = models.ForeignKey(Person, models.PROTECT, related_name="summaries")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="summaries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(_("reason for treatment and for its end"), blank=True)
    course = models.TextField(_("course of treatment"), blank=True)
    condition = models.TextField(_("condition now"), blank=True)
    recommendations = models.TextField(_("what we recommend"), blank=True)
    sections = models.JSONField(default=list)  # as frozen when signed
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.CharField(_("to whom"), max_length=200, blank=True)  # of a packet
    disclosure = models.OneToOneField(
        Disclosure, models.PROTECT, null=True, blank=True, related_name="summary"
    )
    copy_given = models.BooleanField(_("The person has a copy"), default=False)

    class Meta:
        ordering = ["-written_at", "-id"]
        verbose_name_plural = "summaries"
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "summary_error_paired"),
            models.UniqueConstraint(
                fields=["episode", "kind"],
                condition=Q(signature__isnull=True, entered_in_error_at__isnull=True),
                name="summary_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(document__isnull=False),
                name="summary_signed_has_document",
            ),
        ]
