from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dayward.foundation.people.models import StaffMember
from dayward.kernel.models import Record, paired


class Handing(Record):
    """The person has a signed paper: staff gave it to them, or they took it from their own page (`taken_by`).

    To themselves it is no disclosure. One taken back stays readable.
    """

    summary = models.ForeignKey(
        "casework.Summary", models.PROTECT, null=True, blank=True, related_name="handings"
    )
    letter = models.ForeignKey(
        "casework.Letter", models.PROTECT, null=True, blank=True, related_name="handings"
    )
    handed_at = models.DateTimeField(default=timezone.now)
    handed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    taken_by = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # an actor's id: the person themselves
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            paired("taken_back_at", "taken_back_by", "handing_taken_back_paired"),
            models.UniqueConstraint(
                fields=["summary"], condition=Q(taken_back_at__isnull=True), name="handing_once"
            ),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(taken_back_at__isnull=True), name="handing_letter_once"
            ),
            models.CheckConstraint(
                condition=Q(summary__isnull=True) ^ Q(letter__isnull=True), name="handing_of_one_paper"
            ),
            models.CheckConstraint(
                condition=Q(handed_by__isnull=True) ^ Q(taken_by=""), name="handing_by_staff_or_person"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
