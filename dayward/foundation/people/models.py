from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import day_at
from dayward.kernel.models import Record, Versioned, new_public_id, paired
from dayward.kernel.prepared import Prepared, Slot


class Sex(models.TextChoices):
    """Administrative sex, as payers and documents ask for it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    OTHER = "other", _("Another language")


# From any row of a group said to be one person to all of them; the first is the one that is read.
_SAME = """
WITH RECURSIVE up AS (
    SELECT id, same_as_id FROM people_person WHERE id = %s
    UNION ALL SELECT p.id, p.same_as_id FROM people_person p JOIN up ON p.id = up.same_as_id
), down AS (
    SELECT id, 0 AS depth FROM up WHERE same_as_id IS NULL
    UNION ALL SELECT p.id, depth + 1 FROM people_person p JOIN down ON p.same_as_id = down.id
)
SELECT id FROM down ORDER BY depth, id
"""


_NAMED = Prepared(
    lambda: (
        Person.objects.select_related("site")
        .filter(public_id=Slot("public_id"))
        .annotate(read_for_others=Person.objects.others_read_as("pk"))
    )
)


class PersonManager(models.Manager["Person"]):
    """`Person.objects`."""

    def canonical(self, public_id: str) -> Person:
        """The person to read for this id: a duplicate leads to the one it is the same as."""
        found: Any = next(iter(_NAMED.rows(public_id=public_id)), None)
        if found is None:
            raise Person.DoesNotExist
        return self.read_as(found, for_others=found.read_for_others)

    def others_read_as(self, reference: str) -> models.Exists:
        """An annotation: whether other rows are said to be the same as the person there."""
        return models.Exists(self.filter(same_as=models.OuterRef(reference)))

    def read(self) -> models.QuerySet[Person]:
        """Those to be found: not the duplicate of another, not written down by mistake."""
        return self.filter(same_as__isnull=True, entered_in_error_at__isnull=True)

    def read_as(self, person: Person, *, for_others: bool) -> Person:
        """The person to read for this row; nearly always itself, without a query."""
        if person.same_as_id is None and not for_others:
            person.all_ids = [person.pk]
            return person
        first = person.all_ids[0]
        if first == person.pk:
            return person
        found = self.get(pk=first)
        found.all_ids = person.all_ids
        return found


class Person(Versioned):
    """Anybody who is not staff: a patient, a relative, a guardian, a contact.

    Whether a person is a patient is itself protected, and follows from an intake case or episode.
    Nobody is merged away: a duplicate says `same_as`, and reading follows it.
    """

    legal_given = models.CharField(_("legal first name"), max_length=100, blank=True)
    legal_middle = models.CharField(_("middle names"), max_length=100, blank=True)
    legal_family = models.CharField(_("legal last name"), max_length=100, blank=True)
    suffix = models.CharField(_("suffix"), max_length=20, blank=True)
    chosen_name = models.CharField(_("chosen name"), max_length=100, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    gender = models.CharField(_("gender, in their words"), max_length=80, blank=True)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    interpreter_needed = models.BooleanField(default=False)
    contact_note = models.TextField(_("how to contact safely"), blank=True)
    deceased_on = models.DateField(null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="people")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    created_at = models.DateTimeField(default=timezone.now)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["birth_date"], name="person_birth_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(same_as__isnull=True) | ~models.Q(same_as=models.F("id")),
                name="person_not_same_as_self",
            ),
            paired("entered_in_error_at", "entered_in_error_by", "person_error_paired"),
        ]

    def __str__(self) -> str:
        return self.public_id  # never a name: this is what reaches logs

    @property
    def called(self) -> str:
        """The name to address the person by: chosen given name (or legal) and family name."""
        given = self.chosen_name or self.legal_given
        return " ".join(part for part in (given, self.legal_family) if part) or self.public_id

    @cached_property
    def all_ids(self) -> list[int]:
        """The keys of every row said to be this person, the one that is read first."""
        with connection.cursor() as cursor:
            cursor.execute(_SAME, [self.pk])
            return [row[0] for row in cursor.fetchall()] or [self.pk]

    @property
    def legal_name(self) -> str:
        parts = (self.legal_given, self.legal_middle, self.legal_family, self.suffix)
        return " ".join(part for part in parts if part)


class ContactPoint(Record):
    """A phone number or mail address, and what is safe to do with it."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Email")

    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254)
    may_call = models.BooleanField(_("safe to call"), default=False)
    may_leave_message = models.BooleanField(_("safe to leave a message"), default=False)
    may_text = models.BooleanField(_("safe to text"), default=False)
    may_email = models.BooleanField(_("safe to email"), default=False)
    note = models.CharField(_("what to know"), max_length=200, blank=True)
    preferred = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-preferred", "id"]
        indexes = [models.Index(fields=["value"], name="contact_value")]

    def __str__(self) -> str:
        return self.public_id


class Address(Record):
    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    zip_code = models.CharField(max_length=12, blank=True)
    may_mail = models.BooleanField(_("safe to send mail"), default=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.public_id


class Identifier(Record):
    """A number somebody else knows the person by: a hospital's record number, a member id."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    label = models.CharField(max_length=100, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "system", "value"], name="identifier_once_per_person")
        ]
        indexes = [models.Index(fields=["value"], name="identifier_value")]

    def __str__(self) -> str:
        return self.public_id


class Relationship(Record):
    """`relative` is somebody's mother, partner, guardian, sponsor …"""

    class Kind(models.TextChoices):
        PARENT = "parent", _("Parent")
        PARTNER = "partner", _("Spouse or partner")
        CHILD = "child", _("Child")
        SIBLING = "sibling", _("Sibling")
        FRIEND = "friend", _("Friend")
        GUARDIAN = "guardian", _("Legal guardian")
        OTHER = "other", _("Someone else")

    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    relative = models.ForeignKey(Person, models.PROTECT, related_name="relative_of")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_guardian = models.BooleanField(default=False)
    is_emergency_contact = models.BooleanField(default=False)
    lives_together = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "relative", "kind"], name="relationship_once"),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("relative")), name="relationship_not_with_self"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the mail address is compared without case."""

    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account. Staff sign in with it; a patient's account has no password and is reached by link or code."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(person__isnull=False),
                name="user_is_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_full_name(self) -> str:
        """As shown to the user themselves."""
        staff: StaffMember | None = getattr(self, "staff", None)
        if staff:
            return staff.name
        return self.person.called if self.person else (self.email or "")


class StaffMember(Record):
    """Somebody who works here."""

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="staff")
    given = models.CharField(_("first name"), max_length=100)
    family = models.CharField(_("last name"), max_length=100)
    pronouns = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=100, blank=True)
    npi = models.CharField("NPI", max_length=10, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    supervisor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supervisees")
    sites = models.ManyToManyField(Site, related_name="staff")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["family", "given"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    def works_on(self, now: datetime) -> bool:
        """Whether they work here at that moment; the last day is worked, to its end at their sites."""
        if self.ended_on is None:
            return True
        if abs(self.ended_on - now.date()) > timedelta(days=1):
            return self.ended_on > now.date()
        sites: list[Site | None] = [*self.sites.all()]
        return any(day_at(site, now) <= self.ended_on for site in sites or [None])

    @property
    def initials(self) -> str:
        return f"{self.given[:1]}{self.family[:1]}".upper()


class Credential(Record):
    """What a member of staff may sign as; a license has a number, a state and a last day."""

    class Kind(models.TextChoices):
        PSYCHIATRIST = "psychiatrist", _("Psychiatrist (MD/DO)")
        NURSE_PRACTITIONER = "pmhnp", _("Psychiatric nurse practitioner")
        NURSE = "nurse", _("Registered nurse")
        PSYCHOLOGIST = "psychologist", _("Psychologist")
        SOCIAL_WORKER = "social_worker", _("Licensed clinical social worker")
        COUNSELOR = "counselor", _("Licensed professional counselor")
        MARRIAGE_FAMILY = "lmft", _("Marriage and family therapist")
        ADDICTION_COUNSELOR = "adc", _("Alcohol and drug counselor")
        PEER = "peer", _("Peer recovery specialist")
        TRAINEE = "trainee", _("Trainee under supervision")

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    license_number = models.CharField(max_length=40, blank=True)
    license_state = models.CharField(max_length=2, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.public_id
