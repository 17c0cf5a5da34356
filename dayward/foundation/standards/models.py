from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.models import Record


class Due(Record):
    """An obligation with an instant and a source. Worked out from facts; only `services.refresh` writes it."""

    class State(models.TextChoices):
        OPEN = "open", _("Due")
        DONE = "done", _("Done")
        OVER = "over", _("No longer due")

    rule = models.CharField(max_length=60)
    pack = models.CharField(max_length=40)
    role = models.CharField(max_length=30)  # of the rule: who has to see to it
    episode = models.BigIntegerField()  # primary key; the table is a layer above
    person = models.ForeignKey(Person, models.PROTECT, related_name="dues")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=40, blank=True)  # which of several of a rule
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    start_kind = models.CharField(max_length=60)
    start_at = models.DateTimeField()
    start_ref = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    hard_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "rule", "mark"], name="due_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="due_done_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "due_at"], condition=Q(state="open"), name="due_open_person"),
            models.Index(fields=["site", "due_at"], condition=Q(state="open"), name="due_open_site"),
            models.Index(fields=["staff", "due_at"], condition=Q(state="open"), name="due_open_staff"),
        ]

    def __str__(self) -> str:
        return self.public_id
