from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, User
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record, paired


class Consent(Record):
    """A consent as 42 CFR 2.31 wants it: structured, rendered to a text, signed, revocable."""

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("Treatment")
        TELEHEALTH = "telehealth", _("Telehealth")
        TPO = "tpo", _("Treatment, payment and operations")
        RELEASE = "release", _("Release to a named person or office")
        PROCEEDINGS = "proceedings", _("Legal proceedings")
        CRIMINAL_JUSTICE = "criminal_justice", _("Criminal justice")
        COUNSELING_NOTES = "counseling_notes", _("Counseling notes")
        ALUMNI = "alumni", _("Contact after discharge")

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    discloser = models.CharField(_("who may share"), max_length=200, blank=True)
    information = models.TextField(_("what may be shared"), blank=True)
    recipient = models.CharField(_("with whom"), max_length=200, blank=True)
    recipient_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("for what"), max_length=300, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    expiry_event = models.CharField(max_length=200, blank=True)  # "end of treatment", "none"
    revocable_after = models.CharField(max_length=200, blank=True)  # criminal justice only (2.35)
    language = models.CharField(max_length=5, default="en")
    text_version = models.CharField(max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.CharField(max_length=40)  # an actor's id
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revocation_note = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            paired("revoked_at", "revoked_by", "consent_revocation_paired"),
            paired("declined_at", "declined_by", "consent_declined_paired"),
            models.CheckConstraint(
                condition=models.Q(signature__isnull=True) | models.Q(document__isnull=False),
                name="consent_signed_has_document",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class NoticeGiven(Record):
    """The admission notice of 42 CFR 2.22 (and other handouts) given to a person, by version."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    text_version = models.CharField(max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.public_id


class Disclosure(Record):
    """What was sent to whom, under which consent, with which notice (accounting, 42 CFR 2.25)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="disclosures")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="disclosures")
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    description = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    notice_version = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=40)  # consent, emergency, court order, …
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.public_id
