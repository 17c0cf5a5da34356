from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.people.models import Person
from dayward.kernel.models import Record


class Message(Record):
    """A mail or text that left the building, in neutral words: no program name, no health information.

    A body with a sign-in link is not kept once it has been sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")
        TEXT = "text", _("Text message")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    person = models.ForeignKey(Person, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.public_id
