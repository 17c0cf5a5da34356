from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import AftercareCall, Episode
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.safety.papers import SignedPaper
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record, paired

ACTOR_LENGTH = 40  # an actor's id


class Alert(Record):
    """What was said and somebody must act on, with a named person. Made with it; closed by documentation.

    It was said in a questionnaire (`administration`) or in a call (`call`).
    """

    class Class(models.TextChoices):
        ACUTE = "acute", _("Act now")
        SAME_DAY = "same_day", _("Today")
        REVIEW = "review", _("Within a day")
        WATCH = "watch", _("Team's list")

    person = models.ForeignKey(Person, models.PROTECT, related_name="alerts")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="alerts")
    risk_class = models.CharField(max_length=10, choices=Class.choices)
    administration = models.ForeignKey(
        Administration, models.PROTECT, null=True, blank=True, related_name="alerts"
    )  # where the chain of questionnaires began
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="+")
    call = models.ForeignKey(AftercareCall, models.PROTECT, null=True, blank=True, related_name="+")
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )  # closed before, and something new was said
    named = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="alerts")
    named_because = models.CharField(max_length=20, blank=True)
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.CharField(max_length=ACTOR_LENGTH)
    class_since = models.DateTimeField(default=timezone.now)  # from when the times of this class count
    acknowledge_until = models.DateTimeField(null=True, blank=True)
    contact_until = models.DateTimeField(null=True, blank=True)
    close_until = models.DateTimeField(null=True, blank=True)
    rings_next = models.DateTimeField(null=True, blank=True)  # when the timer looks again
    level = models.PositiveSmallIntegerField(default=0)  # how far it went up the ladder
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(fields=["rings_next"], condition=Q(closed_at__isnull=True), name="alert_rings"),
            models.Index(fields=["person", "-raised_at"], name="alert_of_person"),
        ]
        constraints = [
            paired("acknowledged_at", "acknowledged_by", "alert_acknowledged_paired"),
            paired("contacted_at", "contacted_by", "alert_contacted_paired"),
            paired("closed_at", "closed_by", "alert_closed_paired"),
            models.UniqueConstraint(
                fields=["administration"],
                condition=Q(closed_at__isnull=True),
                name="alert_one_open_of_a_chain",
            ),
            models.UniqueConstraint(
                fields=["call"], condition=Q(closed_at__isnull=True), name="alert_one_open_of_a_call"
            ),
            models.CheckConstraint(
                condition=Q(administration__isnull=False, call__isnull=True)
                | Q(administration__isnull=True, call__isnull=False, answer__isnull=True),
                name="alert_says_where_it_was_told",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(risk_class="watch") | Q(rings_next__isnull=False),
                name="alert_open_has_a_timer",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AlertStep(Record):
    """What happened with an alert, in order. Rows are only ever added."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("Raised")
        RAISED_AGAIN = "raised_again", _("More was said")
        LOWERED = "lowered", _("Class by the second questionnaire")
        TOLD = "told", _("Told by mail")
        NOT_TOLD = "not_told", _("Mail did not leave")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        TRIED = "tried", _("Tried to reach")
        CONTACTED = "contacted", _("Contact with the person")
        GUARDIAN_TOLD = "guard_told", _("Guardian told")
        GUARDIAN_TRIED = "guard_tried", _("Tried to reach the guardian")
        GUARDIAN_NOT = "guard_not", _("Guardian not told")
        GUARDIAN_MAIL = "guard_mail", _("Neutral mail to the guardian")
        ESCALATED = "escalated", _("Went on to")
        SIGNED = "signed", _("Documentation signed")
        CLOSED = "closed", _("Closed")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=ACTOR_LENGTH)
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    risk_class = models.CharField(max_length=10, choices=Alert.Class.choices)
    how = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.public_id


class AlertTest(Record):
    """One daily test of the way of alerts at a site: is somebody named, does it go on, does the timer ring in time,
    does mail leave? Its made-up answer is taken back at once: no row of a person stays."""

    class Mail(models.TextChoices):
        SENT = "sent", _("Left")
        NONE = "none", _("No mail leaves from here")
        FAILED = "failed", _("Did not leave")

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=ACTOR_LENGTH)
    named = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    goes_on_to = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    rings_at = models.DateTimeField(null=True, blank=True)
    rang_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=6, choices=Mail.choices, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["site", "-started_at"], name="alert_test_newest")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def passed(self) -> bool:
        return self.done_at is not None and not self.failure


class AlertClosing(SignedPaper):
    """The documentation that closes an alert: a draft until it is signed, cosigned where a trainee wrote it."""

    class Level(models.TextChoices):
        NONE = "none", _("No risk found")
        ELEVATED = "elevated", _("Elevated: a safety plan is needed")
        IMMINENT = "imminent", _("Imminent: emergency path now")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="closings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="alert_closings")
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    contact = models.TextField(blank=True)
    findings = models.TextField(blank=True)
    protective = models.TextField(blank=True)
    means = models.TextField(blank=True)
    actions = models.TextField(blank=True)
    reassess = models.TextField(blank=True)
    reassess_on = models.DateField(null=True, blank=True)
    needs_cosign = models.BooleanField(default=False)
    cosignature = models.OneToOneField(
        Signature, models.PROTECT, null=True, blank=True, related_name="cosigned_alert_closing"
    )

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "alert_closing_error_paired"),
            models.UniqueConstraint(
                fields=["alert"], condition=Q(entered_in_error_at__isnull=True), name="alert_closing_one"
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | ~Q(level=""), name="alert_closing_says_level"
            ),
        ]
