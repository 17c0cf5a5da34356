from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record, paired

ACTOR_LENGTH = 40  # an actor's id


class Administration(Record):
    """One time that somebody was asked one instrument; with the versions of everything that was asked."""

    class Mode(models.TextChoices):
        SELF = "self", _("By the person, on a screen")
        INTERVIEW = "interview", _("In an interview")
        PHONE = "phone", _("By phone")

    person = models.ForeignKey(Person, models.PROTECT, related_name="administrations")
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="administrations"
    )  # None: on the way in
    instrument = models.CharField(max_length=20)  # a folder of library/
    version = models.CharField(max_length=20)
    text_version = models.CharField(max_length=20)
    scoring_version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )  # the ASQ names the questionnaire whose answer asked it
    asked_at = models.DateTimeField(null=True, blank=True)  # a member of staff asked the person to answer
    asked_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # never finished, and too old to go on with
    left_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["person", "instrument", "-finished_at"], name="administration_course")
        ]
        constraints = [
            paired("asked_at", "asked_by", "administration_asked_paired"),
            paired("started_at", "started_by", "administration_started_paired"),
            paired("finished_at", "finished_by", "administration_finished_paired"),
            paired("left_at", "left_by", "administration_left_paired"),
            paired("entered_in_error_at", "entered_in_error_by", "administration_error_paired"),
            models.UniqueConstraint(
                fields=["person", "instrument"],
                condition=Q(finished_at__isnull=True, left_at__isnull=True, entered_in_error_at__isnull=True),
                name="administration_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.left_at is None and self.entered_in_error_at is None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class Answer(Record):
    """One saved answer; a correction is a row more, and the latest row of an item counts. Never changed."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=10)
    value = models.SmallIntegerField(null=True, blank=True)  # None: would rather not say
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by = models.CharField(max_length=ACTOR_LENGTH)
    mode = models.CharField(max_length=10, choices=Administration.Mode.choices)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.public_id


class Score(Record):
    """What the answers came to when the questionnaire was finished. Never changed."""

    administration = models.OneToOneField(Administration, models.PROTECT, related_name="score")
    total = models.SmallIntegerField(null=True, blank=True)  # None: too few answers, or no number
    band = models.CharField(max_length=20, blank=True)
    answered = models.PositiveSmallIntegerField()
    prorated = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_id
