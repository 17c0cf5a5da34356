"""What happened: contacts, hand-offs and each step along the machine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models.cases import IntakeCase
from dayward.care.journey.models.episodes import AftercareCase, Episode
from dayward.care.journey.models.lengths import ACTOR_LENGTH, STATE_LENGTH
from dayward.kernel.models import Record


class ContactAttempt(Record):
    """A try to reach the person: for an inquiry, on the waitlist, or when somebody stays away."""

    class Mode(models.TextChoices):
        PHONE = "phone", _("Phone call")
        TEXT = "text", _("Text message")
        EMAIL = "email", _("Email")
        LETTER = "letter", _("Letter")
        VISIT = "visit", _("In person")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached the person")
        LEFT_MESSAGE = "left_message", _("Left a neutral message")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number or address")
        SENT = "sent", _("Sent")

    case = models.ForeignKey(
        IntakeCase, models.PROTECT, null=True, blank=True, related_name="contact_attempts"
    )
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="contact_attempts"
    )
    mode = models.CharField(max_length=10, choices=Mode.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) ^ Q(episode__isnull=False), name="attempt_of_case_or_episode"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Handoff(Record):
    """A warm hand-off to somebody else's care (T3, T9, T19): where, why, and who there knows."""

    class Route(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency: 911, 988 or an emergency room")
        WITHDRAWAL = "withdrawal", _("Withdrawal management (detox)")
        MEDICAL = "medical", _("Medical care")
        HIGHER = "higher", _("Higher level of care")
        LOWER = "lower", _("Lower level of care")
        ELSEWHERE = "elsewhere", _("Another program")

    class Reason(models.TextChoices):
        RISK = "risk", _("Immediate risk")
        NEEDS_MORE = "needs_more", _("Needs more care than we give")
        NEEDS_LESS = "needs_less", _("Needs less care than we give")
        AGE = "age", _("Outside our age group")
        GEOGRAPHY = "geography", _("Lives too far away")
        PAYER = "payer", _("Payer does not cover us")
        CAPACITY = "capacity", _("No seat in time")
        DECLINED = "declined", _("The person prefers another place")

    case = models.ForeignKey(IntakeCase, models.PROTECT, null=True, blank=True, related_name="handoffs")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="handoffs")
    route = models.CharField(max_length=12, choices=Route.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    target = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200)
    accepted = models.BooleanField(default=False)
    packet_note = models.CharField(max_length=300, blank=True)  # what was sent, how, under which consent
    wait_note = models.TextField(blank=True)  # safety while waiting
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) ^ Q(episode__isnull=False), name="handoff_of_case_or_episode"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Move(models.Model):
    """The table of rules/table.py as the database sees it: a trigger refuses any other move."""

    machine = models.CharField(max_length=10)
    source = models.CharField(max_length=STATE_LENGTH, blank=True)
    target = models.CharField(max_length=STATE_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "source", "target"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.machine}: {self.source} -> {self.target}"


class Transition(Record):
    """One step along the machine, with what proved it. Never changed (the application may only insert)."""

    case = models.ForeignKey(IntakeCase, models.PROTECT, null=True, blank=True, related_name="transitions")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="transitions")
    aftercare = models.ForeignKey(
        AftercareCase, models.PROTECT, null=True, blank=True, related_name="transitions"
    )
    key = models.CharField(max_length=40)
    from_state = models.CharField(max_length=STATE_LENGTH, blank=True)
    to_state = models.CharField(max_length=STATE_LENGTH)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=ACTOR_LENGTH)  # an actor's id
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)  # key -> was it there

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, episode__isnull=True, aftercare__isnull=True)
                | Q(case__isnull=True, episode__isnull=False, aftercare__isnull=True)
                | Q(case__isnull=True, episode__isnull=True, aftercare__isnull=False),
                name="transition_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.key


class PublicInquiryCount(models.Model):
    """How many public inquiries came from an address in an hour. The address is kept as a keyed hash."""

    hour = models.DateTimeField()
    address = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "address"], name="inquiry_count_once")]

    def __str__(self) -> str:
        return str(self.pk)
