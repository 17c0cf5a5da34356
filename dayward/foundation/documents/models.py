from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.people.models import Person, User
from dayward.kernel.models import Record, paired


class File(models.Model):
    """Bytes by their hash, in PostgreSQL so that backups and several machines have them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(Record):
    """A file with what it is, whose it is and where it came from."""

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("Referral document")
        CONSENT = "consent", _("Signed consent")
        NOTICE = "notice", _("Notice")
        OUTSIDE = "outside", _("Result from outside")
        LETTER = "letter", _("Letter")
        SUMMARY = "summary", _("Summary")
        CERTIFIED = "certified", _("Physician certification")
        OTHER = "other", _("Other")

    file = models.ForeignKey(File, models.PROTECT, related_name="documents")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255, blank=True)
    media_type = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.CharField(max_length=40)  # an actor's id
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-received_at"]
        constraints = [paired("entered_in_error_at", "entered_in_error_by", "document_error_paired")]

    def __str__(self) -> str:
        return self.public_id
