"""The first week, planned steps, and what is settled before somebody leaves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models.episodes import Episode, Segment
from dayward.care.journey.models.lengths import ACTOR_LENGTH
from dayward.foundation.people.models import StaffMember
from dayward.kernel.models import Record, Versioned, paired


class WeekOneItem(Record):
    """Something of the first-week list was done (W01-W04); one taken back stays, and another may follow."""

    class Kind(models.TextChoices):
        ORIENTATION = "orientation", _("Shown around, and told how the days go")
        HANDBOOK = "handbook", _("Handbook and expectations gone through")
        SCHEDULE = "schedule_given", _("Schedule handed out")
        BUDDY = "buddy", _("Somebody to sit with")
        GOALS = "goals", _("At least two goals in the person's own words")
        CHALLENGES = "challenges", _("What could get in the way")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="week_one_items")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField(blank=True)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.CharField(max_length=ACTOR_LENGTH)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        ordering = ["done_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind"], condition=Q(withdrawn_at__isnull=True), name="week_one_item_once"
            ),
            paired("withdrawn_at", "withdrawn_by", "week_one_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class TaperStep(Record):
    """A planned step to fewer days (F14): so many days a week from a day on."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="taper_steps")
    starts_on = models.DateField()
    level = models.CharField(max_length=5, choices=Segment.Level.choices)
    days_per_week = models.PositiveSmallIntegerField()
    prescribed_minutes = models.PositiveIntegerField()
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = models.CharField(max_length=ACTOR_LENGTH)
    segment = models.OneToOneField(
        Segment, models.PROTECT, null=True, blank=True, related_name="planned_as"
    )  # the step was taken
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "starts_on"],
                condition=Q(dropped_at__isnull=True, segment__isnull=True),
                name="taper_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(days_per_week__gte=1, days_per_week__lte=7), name="taper_days_of_a_week"
            ),
            paired("dropped_at", "dropped_by", "taper_drop_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class DischargePlan(Versioned):
    """What is settled before somebody leaves (T21, S23-S25): the texts are the parts of rules/leaving.py."""

    class Family(models.TextChoices):
        TOLD = "told", _("Told, under the person's consent")
        UNWANTED = "unwanted", _("The person does not want it")
        NOBODY = "nobody", _("There is nobody to tell")

    episode = models.OneToOneField(Episode, models.PROTECT, related_name="discharge_plan")
    planned_for = models.DateField()
    criteria = models.TextField(blank=True)
    gains = models.TextField(blank=True)
    medication_supply = models.TextField(blank=True)
    prescriber_after = models.TextField(blank=True)
    early_signs = models.TextField(blank=True)
    what_helps = models.TextField(blank=True)
    who_helps = models.TextField(blank=True)
    crisis = models.TextField(blank=True)
    housing = models.TextField(blank=True)
    legal = models.TextField(blank=True)
    insurance = models.TextField(blank=True)
    supports = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    supports_note = models.TextField(blank=True)
    family = models.CharField(max_length=10, choices=Family.choices, blank=True)
    family_note = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.CharField(max_length=ACTOR_LENGTH)
    copy_given_at = models.DateTimeField(null=True, blank=True)  # CARF 2.D: copies are given
    copy_given_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        constraints = [paired("copy_given_at", "copy_given_by", "discharge_plan_copy_paired")]

    def __str__(self) -> str:
        return self.public_id


class FollowUpAppointment(Record):
    """An appointment after discharge, until it is known whether it was kept: made, confirmed, attended."""

    class Kind(models.TextChoices):
        THERAPY = "therapy", _("Therapy")
        PRESCRIBER = "prescriber", _("Prescriber")
        PRIMARY_CARE = "primary_care", _("Primary care")
        PROGRAM = "program", _("Another program")
        CASE_WORK = "case_work", _("Housing, court or benefits")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        MADE = "made", _("Made")
        CONFIRMED = "confirmed", _("Confirmed")
        ATTENDED = "attended", _("Kept")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Canceled")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="follow_up_appointments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.MADE)
    result = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=ACTOR_LENGTH)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["made", "confirmed"]) ^ Q(settled_at__isnull=False),
                name="follow_up_settled_when_known",
            ),
            paired("confirmed_at", "confirmed_by", "follow_up_confirmed_paired"),
            paired("settled_at", "settled_by", "follow_up_settled_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.MADE, self.State.CONFIRMED)


class AftercareCall(Record):
    """A call along the way: day 3 and day 7, and those after discharge. One taken back stays readable."""

    class Mode(models.TextChoices):
        PHONE = "phone", _("Phone call")
        TEXT = "text", _("Text message")
        VIDEO = "video", _("Video call")
        VISIT = "visit", _("In person")
        LETTER = "letter", _("Letter")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached the person")
        LEFT_MESSAGE = "left_message", _("Left a neutral message")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number or address")
        DECLINED = "declined", _("Does not want this call")
        SENT = "sent", _("Sent")

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="calls")
    slot = models.CharField(max_length=8)  # rules/calls.py
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.PHONE)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    how = models.TextField(blank=True)  # how they are, in their words
    warning_signs = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    handed_back = models.TextField(blank=True)  # what was done about the signs
    case = models.ForeignKey(
        "journey.IntakeCase", models.PROTECT, null=True, blank=True, related_name="+"
    )  # the way back in that was opened
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=ACTOR_LENGTH)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["episode", "slot"], name="call_of_episode")]
        constraints = [
            models.CheckConstraint(
                condition=Q(warning_signs=[]) | ~Q(handed_back=""), name="call_signs_are_answered"
            ),
            paired("withdrawn_at", "withdrawn_by", "call_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id


class AlumniEvent(Record):
    """A group or an outing for alumni (S26)."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Alumni group")
        SOCIAL = "social", _("Get-together")
        SPORT = "sport", _("Sport or outdoors")
        SERVICE = "service", _("Volunteering")
        LEARNING = "learning", _("Talk or workshop")

    site = models.ForeignKey("organization.Site", models.PROTECT, related_name="alumni_events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    led_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=ACTOR_LENGTH)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=ACTOR_LENGTH, null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="alumni_event_times_in_order"
            ),
            paired("cancelled_at", "cancelled_by", "alumni_event_cancel_paired"),
        ]

    def __str__(self) -> str:
        return self.title


class AlumniAttendance(Record):
    """Somebody means to come to an event, and whether they came."""

    class Answer(models.TextChoices):
        COMING = "coming", _("Is coming")
        CAME = "came", _("Came")
        ABSENT = "absent", _("Did not come")
        WITHDREW = "withdrew", _("Is not coming")

    event = models.ForeignKey(AlumniEvent, models.PROTECT, related_name="attendances")
    aftercare = models.ForeignKey("journey.AftercareCase", models.PROTECT, related_name="attendances")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by = models.CharField(max_length=ACTOR_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "aftercare"], name="alumni_attendance_once"),
        ]

    def __str__(self) -> str:
        return self.public_id
