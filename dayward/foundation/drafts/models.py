from __future__ import annotations

from django.db import models
from django.utils import timezone

from dayward.foundation.people.models import Person, User
from dayward.kernel.models import Record


class Draft(Record):
    """What one writer typed into one form about one person (or nobody yet), in one open page."""

    class State(models.TextChoices):
        OPEN = "open"
        SENT = "sent"  # empty: it stays for a while, so that what arrives late is known as such
        THROWN = "thrown"  # its words stay as long as Undo may be asked for

    writer = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="drafts")
    tab = models.CharField(max_length=16)
    typed = models.JSONField(default=dict, blank=True)  # name -> values, as a form posts them
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "form", "person", "tab"], name="one_draft_of_a_page", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(typed={}), name="sent_draft_is_empty"
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="draft_kept_at")]

    def __str__(self) -> str:
        return self.public_id
