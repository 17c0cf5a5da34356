from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.models import ContactAttempt, Episode
from dayward.care.schedule.models import Booking, Session
from dayward.chart.plans.models import Objective
from dayward.foundation.consent.models import Consent
from dayward.foundation.people.models import Person, Relationship, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.papers import Signable
from dayward.kernel.models import Record, Versioned, paired


class NoteQuerySet(models.QuerySet["Note"]):
    def standing(self) -> NoteQuerySet:
        """Those nobody has taken back."""
        return self.filter(entered_in_error_at__isnull=True)

    def signed(self) -> NoteQuerySet:
        return self.standing().filter(signature__isnull=False)

    def drafts(self) -> NoteQuerySet:
        return self.standing().filter(signature__isnull=True)


class Note(Versioned, Signable):
    """What was done with one person and what came of it; signed, it never changes. An amendment is a new note."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notes")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="notes")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="notes")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="notes")
    service = models.ForeignKey(ServiceKind, models.PROTECT, null=True, blank=True, related_name="notes")
    template = models.CharField(max_length=40)  # a folder of the library
    happened_at = models.DateTimeField()  # when the service began
    minutes = models.PositiveSmallIntegerField(default=0)  # of a contact without a booking; never counted
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="notes"
    )  # of the plan that held then
    objective_reason = models.CharField(max_length=200, blank=True)  # why no objective is named
    parts = models.JSONField(default=dict)  # text by heading
    family_chosen = models.JSONField(default=list)  # of a draft: who is said to have been there
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    cosign_wanted = models.BooleanField(default=False)  # a supervisor's signature follows
    cosigner = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )  # asked
    cosignature = models.OneToOneField(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")
    amendment_reason = models.CharField(max_length=200, blank=True)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.CharField(max_length=200, blank=True)
    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["person", "-happened_at"], name="note_person_when")]
        constraints = [
            paired("entered_in_error_at", "entered_in_error_by", "note_error_paired"),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(booking__isnull=False, amends__isnull=True, entered_in_error_at__isnull=True),
                name="note_one_per_booking",
            ),
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(amends__isnull=False, entered_in_error_at__isnull=True),
                name="note_amended_once",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(amendment_reason=""), name="note_amendment_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(amends=F("id")), name="note_amends_another"
            ),
            models.CheckConstraint(
                condition=Q(cosignature__isnull=True) | Q(signature__isnull=False, cosign_wanted=True),
                name="note_cosigned_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(booking__isnull=True) | Q(session__isnull=False), name="note_booking_has_session"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def waits_for_cosigning(self) -> bool:
        return self.is_signed and self.cosign_wanted and self.cosignature_id is None

    @property
    def state(self) -> str:
        """error, draft, amended, unsigned by the supervisor (signed), cosigned, signed"""
        if self.entered_in_error_at:
            return "error"
        if not self.is_signed:
            return "draft"
        if self.__dict__.get("is_amended"):
            return "amended"
        return "cosigned" if self.cosignature_id else "signed"

    @property
    def what(self) -> str:
        """The kind of service, or that it was a contact."""
        return self.service.name if self.service else str(_("Contact"))


class GroupText(Versioned):
    """What is the same for everybody of a session; each signed note keeps the words it was signed with."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="group_text")
    parts = models.JSONField(default=dict)
    guests = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # how many from outside; names only by consent
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.public_id


class FamilyPresent(Record):
    """Somebody of the person's who was there, by the consent (or guardianship) that allowed it."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="family")
    relationship = models.ForeignKey(Relationship, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=200)  # what allowed it, in words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "name"], name="family_present_once")]

    def __str__(self) -> str:
        return self.public_id


class Outreach(Record):
    """A try to reach somebody who was not there, for the booking they missed."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="outreach")
    attempt = models.OneToOneField(ContactAttempt, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "outreach"

    def __str__(self) -> str:
        return self.public_id
