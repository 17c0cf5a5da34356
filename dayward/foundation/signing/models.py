from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.models import Record


class Signature(Record):
    """Somebody signed exactly these bytes. Never changes (a trigger refuses).

    The subject is named by kind and public id, since signed things live in packages above.
    """

    class Method(models.TextChoices):
        SESSION = "session", _("Signed in")
        LINK = "link", _("Own phone, by link or code")
        TABLET = "tablet", _("Clinic's tablet")

    subject_kind = models.CharField(max_length=40)  # "assessments.assessment"
    subject = models.CharField(max_length=16)  # public id
    meaning = models.CharField(max_length=40)  # "author", "patient", "guardian", "cosigner"
    sha256 = models.CharField(max_length=64)  # of the text that was signed
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="signatures")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="signatures")
    printed_name = models.CharField(max_length=200)
    credential = models.CharField(max_length=120, blank=True)  # as it was that day
    method = models.CharField(max_length=10, choices=Method.choices)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject"], name="signature_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(staff__isnull=False) ^ models.Q(person__isnull=False),
                name="signature_staff_or_person",
            )
        ]

    def __str__(self) -> str:
        return self.public_id
