from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dayward.kernel.models import Record, paired


def valid_zone(name: str) -> None:
    """Refuse a name that the zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone, such as America/Chicago."), params={"name": name}
        )


class Organization(Record):
    """The clinic that runs this installation. There is one."""

    name = models.CharField(max_length=120)
    neutral_name = models.CharField(max_length=120)  # on mails, texts, calendars and letters to take away
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(models.Value(1), name="organization_only_one")]

    def __str__(self) -> str:
        return self.name


class Site(Record):
    """A place where treatment happens; it has a time zone, and a chain of audit entries."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, validators=[valid_zone])
    state = models.CharField(max_length=2)  # US state; picks rule packs and state settings
    phone = models.CharField(max_length=32, blank=True)
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    directions = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SettingQuerySet(models.QuerySet["Setting"]):
    def standing(self) -> SettingQuerySet:
        """Those that no later word for the same day has replaced."""
        return self.filter(replaced_at__isnull=True)


class Setting(Record):
    """A value that clinics, payers or states do differently, with effective dates.

    `key` is declared in code with its meaning and default (declared.py); `site` null is the whole organization.
    What was said for a day and then said differently for the same day stays, as replaced.
    """

    key = models.CharField(max_length=80)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="settings")
    value = models.JSONField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)  # exclusive
    source = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField(default=timezone.now, db_default=Now())
    set_by = models.CharField(
        max_length=40, default="", db_default=""
    )  # an actor's id; empty: before this was kept
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.CharField(max_length=40, null=True, blank=True)
    objects = SettingQuerySet.as_manager()

    class Meta:
        ordering = ["key", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "site", "effective_from"],
                name="setting_once_per_day",
                nulls_distinct=False,
                condition=models.Q(replaced_at__isnull=True),
            ),
            paired("replaced_at", "replaced_by", "setting_replacement_paired"),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gt=models.F("effective_from")),
                name="setting_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)
