from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import Episode
from dayward.chart.casework.models.handings import Handing
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.papers import Signable
from dayward.kernel.models import Versioned, paired


class Letter(Versioned, Signable):
    """A letter for work, school or court from attendance: asked for, written, signed, handed over or sent."""

    class Kind(models.TextChoices):
        WORK = "work", _("Work")
        SCHOOL = "school", _("School")
        COURT = "court", _("Court")

    class Route(models.TextChoices):
        PERSON = "person", _("Handed to the person")
        OTHER = "other", _("Sent to somebody else")

    person = models.ForeignKey(Person, models.PROTECT, related_name="letters")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="letters")
    kind = models.CharField(_("for"), max_length=8, choices=Kind.choices)
    route = models.CharField(_("goes to"), max_length=8, choices=Route.choices, default=Route.PERSON)
    recipient = models.CharField(_("to whom"), max_length=200, blank=True)
    since = models.DateField(_("first day"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    hours = models.BooleanField(_("say the hours of each day"), default=True)
    times_ahead = models.BooleanField(_("say the weekly times to come"), default=False)
    sentence = models.TextField(_("a sentence of your own"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=40)  # an actor's id: the person, or a member of staff
    asked_note = models.CharField(_("what it is needed for"), max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    disclosure = models.OneToOneField(
        Disclosure, models.PROTECT, null=True, blank=True, related_name="letter"
    )
    done_at = models.DateTimeField(null=True, blank=True)  # sent; that the person has it is a Handing
    done_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    declined_reason = models.CharField(max_length=300, blank=True)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            paired("done_at", "done_by", "letter_done_paired"),
            paired("entered_in_error_at", "entered_in_error_by", "letter_error_paired"),
            models.CheckConstraint(
                condition=Q(signature__isnull=True)
                | Q(document__isnull=False, since__isnull=False, until__isnull=False),
                name="letter_signed_is_written",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(signature__isnull=False), name="letter_done_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="letter_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(route="person") | Q(disclosure__isnull=False),
                name="letter_sent_is_disclosed",
            ),
            models.CheckConstraint(
                condition=Q(disclosure__isnull=True) | Q(route="other"), name="letter_handed_is_no_disclosure"
            ),
            models.CheckConstraint(
                condition=Q(declined_reason="") | Q(signature__isnull=True),
                name="letter_declined_is_not_written",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def handing(self) -> Handing | None:
        """That the person has it, unless that was taken back."""
        return next((row for row in self.handings.all() if row.taken_back_at is None), None)

    @property
    def state(self) -> str:
        """asked, signed, done, declined or error"""
        if self.entered_in_error_at:
            return "error"
        if self.declined_reason:
            return "declined"
        if self.signature_id is None:
            return "asked"
        return "done" if self.done_at or self.handing else "signed"

    @property
    def word(self) -> str:
        """The state in a few words."""
        words = {
            "asked": _("Written, not signed yet") if self.since else _("Asked for"),
            "signed": _("Signed, not handed over yet"),
            "done": self._done_word,
            "declined": _("Not written"),
            "error": _("Entered in error"),
        }
        return str(words[self.state])

    @property
    def _done_word(self) -> str:
        if self.route == self.Route.OTHER:
            return str(_("Sent"))
        return str(
            _("Taken from their own page") if self.handing and self.handing.taken_by else _("Handed over")
        )
