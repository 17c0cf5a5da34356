"""Coming back soon (T26): what the payer said, and the end that was undone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models.episodes import AdministrativeReason, DischargeType, Episode, Segment
from dayward.care.journey.models.lengths import ACTOR_LENGTH
from dayward.foundation.people.models import StaffMember
from dayward.kernel.models import Record, paired


class PayerWord(Record):
    """What the payer said about going on with an ended stay. Never changed: a later word stands beside it."""

    class Answer(models.TextChoices):
        YES = "yes", _("The payer allows it")
        NO = "no", _("The payer does not allow it")
        NONE = "none", _("There is no payer to ask")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="payer_words")
    answer = models.CharField(max_length=4, choices=Answer.choices)
    payer = models.CharField(max_length=120, blank=True)
    spoken_to = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    said_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)  # why nobody has to be asked, or why they said no
    same_reason = models.BooleanField()  # the person is back for what was treated before
    told_at = models.DateTimeField(default=timezone.now)
    told_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="none") | (~Q(payer="") & ~Q(spoken_to="")),
                name="payer_word_names_who_said_it",
            ),
            models.CheckConstraint(
                condition=~Q(answer="yes") | ~Q(reference=""), name="payer_word_yes_has_reference"
            ),
            models.CheckConstraint(
                condition=~Q(answer="none") | ~Q(reason=""), name="payer_word_none_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def allows(self) -> bool:
        return self.same_reason and self.answer in (self.Answer.YES, self.Answer.NONE)


class Reopening(Record):
    """An ended episode goes on: the end as it was, and the segment with which it goes on."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="reopenings")
    segment = models.OneToOneField(Segment, models.PROTECT, related_name="reopening")
    payer_word = models.OneToOneField(PayerWord, models.PROTECT, related_name="reopening")
    discharge_type = models.CharField(max_length=10, choices=DischargeType.choices)
    effective_end = models.DateField()
    end_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    administrative_reason = models.CharField(max_length=12, choices=AdministrativeReason.choices, blank=True)
    appeal_told_on = models.DateField(null=True, blank=True)
    director_signed_at = models.DateTimeField(null=True, blank=True)
    director_signed_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(default=timezone.now)
    reopened_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["id"]
        constraints = [paired("director_signed_at", "director_signed_by", "reopening_director_paired")]

    def __str__(self) -> str:
        return self.public_id
