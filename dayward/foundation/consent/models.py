from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, User
from dayward.foundation.signing.models import Signature
from dayward.kernel.models import Record, paired


class FormText(Record):
    """A clinic's own words for a form or the notice, from a day on.

    Never changed: other words are another version, and what was signed keeps those it was signed with.
    """

    kind = models.CharField(max_length=20)  # a kind of consent, or the notice
    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    english = models.TextField()
    spanish = models.TextField()
    statements: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=20), default=list)
    source = models.CharField(max_length=200)
    counsel = models.CharField(max_length=200, blank=True)  # who of counsel read it, and when
    anew = models.BooleanField(default=False)  # whoever signed older words signs these too
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        ordering = ["kind", "effective_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "version"], name="form_text_version_once"),
            models.UniqueConstraint(
                fields=["kind", "effective_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="form_text_once_per_day",
            ),
            paired("withdrawn_at", "withdrawn_by", "form_text_withdrawal_paired"),
        ]

    def __str__(self) -> str:
        return self.version


class Consent(Record):
    """A consent as 42 CFR 2.31 wants it: structured, rendered to a text, signed, revocable.

    Offered rows may still be edited; a trigger refuses any change of a signed one but its revocation,
    the day of the event that ends it, and the second signature.
    """

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("Treatment")
        TELEHEALTH = "telehealth", _("Care by video")
        TPO = "tpo", _("Treatment, payment and operations")
        RELEASE = "release", _("Release to one person or office")
        PROCEEDINGS = "proceedings", _("Court case")
        CRIMINAL_JUSTICE = "criminal_justice", _("Court, probation or parole")
        COUNSELING_NOTES = "counseling_notes", _("Counseling notes")
        ALUMNI = "alumni", _("Contact after discharge")

    class Signers(models.TextChoices):
        PATIENT = "patient", _("the person")
        GUARDIAN = "guardian", _("a guardian")
        BOTH = "both", _("the person and a guardian")

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    discloser = models.CharField(_("who may share"), max_length=200)
    information: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=20), verbose_name=_("what may be shared"), default=list, blank=True
    )
    recipient = models.CharField(_("with whom"), max_length=200, blank=True)
    recipient_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    purposes: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=20), verbose_name=_("for what"), default=list, blank=True
    )
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    expiry_event = models.CharField(max_length=20, blank=True)  # rules.kinds.ExpiryEvent
    irrevocable_until = models.DateField(null=True, blank=True)  # criminal justice only (2.35)
    irrevocable_event = models.CharField(max_length=20, blank=True)
    signers = models.CharField(max_length=8, choices=Signers.choices, default=Signers.PATIENT)
    language = models.CharField(max_length=5, default="en")  # of the text that was signed
    text_version = models.CharField(max_length=40)
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.CharField(max_length=40)  # an actor's id
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    second_signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="+")
    event_on = models.DateField(null=True, blank=True)  # the day the event happened by which it ends
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revocation_note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["person", "kind"], name="consent_person_kind")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            paired("revoked_at", "revoked_by", "consent_revocation_paired"),
            paired("declined_at", "declined_by", "consent_declined_paired"),
            paired("withdrawn_at", "withdrawn_by", "consent_withdrawn_paired"),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(document__isnull=False),
                name="consent_signed_has_document",
            ),
            models.CheckConstraint(
                condition=Q(second_signature__isnull=True) | Q(signature__isnull=False),
                name="consent_second_after_first",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(declined_at__isnull=True, withdrawn_at__isnull=True),
                name="consent_signed_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(irrevocable_until__isnull=True, irrevocable_event="")
                | Q(kind="criminal_justice"),
                name="consent_only_criminal_justice_binds",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(
                    kind__in=["treatment", "telehealth", "tpo", "alumni"],
                    signature__isnull=True,
                    declined_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
                name="consent_one_offer_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_complete(self) -> bool:
        """Whether all signatures it needs are there."""
        return self.signature_id is not None and (
            self.signers != Consent.Signers.BOTH or self.second_signature_id is not None
        )


class NoticeGiven(Record):
    """The admission notice of 42 CFR 2.22 given to a person, by version; the signature is for its receipt."""

    PATIENT_NOTICE = "patient_notice"

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    text_version = models.CharField(max_length=40)
    language = models.CharField(max_length=5, default="en")
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.CharField(max_length=40)  # an actor's id
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "notices given"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(document__isnull=False),
                name="notice_signed_has_document",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(signature__isnull=True), name="notice_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Disclosure(Record):
    """What was sent to whom, under which consent, with which notice (accounting, 42 CFR 2.25)."""

    class Basis(models.TextChoices):
        CONSENT = "consent", _("Consent (2.31)")
        EMERGENCY = "emergency", _("Medical emergency (2.51)")
        COURT_ORDER = "court_order", _("Court order (2.61-2.67)")
        CHILD_ABUSE = "child_abuse", _("Report of child abuse or neglect (2.12)")
        MINOR_DANGER = "minor_danger", _("Danger to a minor's life, to the guardian (2.14)")
        PATIENT = "patient", _("To the person themselves (2.23)")

    person = models.ForeignKey(Person, models.PROTECT, related_name="disclosures")
    basis = models.CharField(max_length=12, choices=Basis.choices)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="disclosures")
    recipient = models.CharField(_("to whom"), max_length=200)
    recipient_class = models.CharField(max_length=12, default="named")  # rules.kinds.RecipientClass
    purpose = models.CharField(_("for what"), max_length=20)  # rules.kinds.Purpose
    information: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=20), default=list)
    description = models.TextField(_("what was sent, in a sentence"))
    circumstances = models.TextField(_("nature of the emergency, or the order"), blank=True)
    content_sha256 = models.CharField(max_length=64)
    notice_version = models.CharField(max_length=40, blank=True)  # of the statements of 2.32
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=40)  # an actor's id

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["person", "-made_at"], name="disclosure_person")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(basis="consent") ^ Q(consent__isnull=True), name="disclosure_rests_on_consent"
            ),
            models.CheckConstraint(
                condition=Q(notice_version="") | Q(basis="consent"),
                name="disclosure_notice_goes_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(basis__in=["emergency", "court_order"]) | ~Q(circumstances=""),
                name="disclosure_says_why_without_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
