"""What people do about an alert before they close it."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.alerts.services.common import add_step, locked, save_and_arm
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused

Kind = AlertStep.Kind


class How(models.TextChoices):
    """How somebody was reached."""

    IN_PERSON = "in_person", gettext_lazy("In person")
    PHONE = "phone", gettext_lazy("By phone")
    VIDEO = "video", gettext_lazy("By video")
    THROUGH = "through", gettext_lazy("Through somebody with them")


def _open(alert: Alert) -> Alert:
    found = locked(alert)
    if not found.is_open:
        raise Refused(_("This alert is closed. What is said from now on raises a new one."))
    return found


@transaction.atomic
def acknowledge(*, actor: Actor, alert: Alert, at: datetime | None = None) -> Alert:
    """Somebody has seen it and takes it up; the timer now waits for contact with the person."""
    staff, now, found = author(actor), at or timezone.now(), _open(alert)
    if found.acknowledged_at is not None:
        return found
    found.acknowledged_at, found.acknowledged_by = now, staff
    add_step(found, Kind.ACKNOWLEDGED, actor=actor, at=now)
    save_and_arm(found, now)
    record(actor=actor, action="safety.acknowledge_alert", person=found.person, subject=found)
    return found


@transaction.atomic
def try_contact(
    *, actor: Actor, alert: Alert, how: str, note: str = "", at: datetime | None = None
) -> AlertStep:
    """Tried, and not reached: it stands in the log, and the timer goes on."""
    author(actor)
    now, found = at or timezone.now(), _open(alert)
    step = add_step(found, Kind.TRIED, actor=actor, at=now, how=check_how(how), note=note)
    record(actor=actor, action="safety.try_contact", person=found.person, subject=found)
    return step


@transaction.atomic
def contact(*, actor: Actor, alert: Alert, how: str, note: str = "", at: datetime | None = None) -> Alert:
    """Somebody spoke with the person. Who does that has acknowledged the alert, too."""
    staff, now, found = author(actor), at or timezone.now(), _open(alert)
    if found.acknowledged_at is None:
        found.acknowledged_at, found.acknowledged_by = now, staff
        add_step(found, Kind.ACKNOWLEDGED, actor=actor, at=now)
    if found.contacted_at is None:
        found.contacted_at, found.contacted_by = now, staff
    add_step(found, Kind.CONTACTED, actor=actor, at=now, how=check_how(how), note=note)
    save_and_arm(found, now)
    record(actor=actor, action="safety.contact", person=found.person, subject=found)
    return found


def check_how(how: str) -> str:
    if how not in How.values:
        raise Refused(_("Say how: in person, by phone, by video, or through somebody with them."))
    return how
