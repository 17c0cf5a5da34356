from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from dayward.foundation.organization.models import Site
from dayward.kernel.models import new_public_id


class Entry(models.Model):
    """One thing somebody did or read. Append-only: the database refuses any change (migration 0002).

    `detail` names fields and public ids, never their values. `person_id` points up by public id
    so that a chart's readers can be listed.
    """

    class Kind(models.TextChoices):
        VIEW = "view"
        CHANGE = "change"
        SIGN_IN = "sign_in"
        REFUSED = "refused"
        EXPORT = "export"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+", db_constraint=True)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    action = models.CharField(max_length=80)  # "journey.admit", "chart.view"
    actor_kind = models.CharField(max_length=10)  # staff, person, system, public
    actor = models.CharField(max_length=40)  # public id of the user, or the name of a job
    person = models.CharField(max_length=16, blank=True)  # public id of the person concerned
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=40, blank=True)  # public id
    reason = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["person", "-at"], name="audit_person_at"),
            models.Index(fields=["actor", "-at"], name="audit_actor_at"),
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(  # what is done about nobody's chart: few beside the looks
                fields=["-at"],
                condition=models.Q(person="", kind__in=["change", "sign_in"]),
                name="audit_house_at",
            ),
            GinIndex(fields=["detail"], opclasses=["jsonb_path_ops"], name="audit_detail"),  # lists of people
        ]

    def __str__(self) -> str:
        return self.public_id


class Link(models.Model):
    """The chain: one row per entry, written by a trigger when its transaction commits, one chain per site.

    `digest` = sha256(previous digest || the entry's canonical text). The application cannot write here.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.BigIntegerField()  # site id, or 0 for entries of no site
    position = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="link")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_link"
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_link_position")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.position}"
