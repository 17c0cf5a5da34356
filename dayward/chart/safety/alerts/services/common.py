"""What every act on an alert does: a step, a timer, what is due anew."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.rules import escalation
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.queries import by_when
from dayward.kernel.facts import changed


def set_times(alert: Alert) -> None:
    """Until when each act is owed, counted from `class_since`; the rule pack says how long."""
    for act in escalation.ACTS:
        timed = alert.risk_class in escalation.TIMED
        until = (
            by_when(f"alert.{act}.{alert.risk_class}", alert.class_since, zone_of(alert.person))
            if timed
            else None
        )
        setattr(alert, f"{act}_until", until)


def zone_of(person: Person) -> ZoneInfo:
    return person.site.zone if person.site else ZoneInfo("UTC")


def state_of(alert: Alert) -> escalation.State:
    return escalation.State(
        risk_class=alert.risk_class,
        acknowledge_until=alert.acknowledge_until,
        contact_until=alert.contact_until,
        close_until=alert.close_until,
        acknowledged=alert.acknowledged_at is not None,
        contacted=alert.contacted_at is not None,
        closed=alert.closed_at is not None,
    )


def add_step(
    alert: Alert,
    kind: AlertStep.Kind,
    *,
    actor: Actor,
    at: datetime,
    staff: StaffMember | None = None,
    how: str = "",
    note: str = "",
) -> AlertStep:
    return AlertStep.objects.create(
        alert=alert,
        kind=kind,
        at=at,
        by=actor.id,
        staff=staff or actor.staff,
        risk_class=alert.risk_class,
        how=how,
        note=note.strip(),
    )


def save_and_arm(alert: Alert, now: datetime) -> None:
    """Keep the alert, wind up its timer, and let what is due follow: all in the caller's transaction."""
    alert.rings_next = escalation.next_ring(state_of(alert), now)
    alert.save()
    if alert.rings_next is not None:
        # By name: the job calls the services. An earlier ring finds that it is not time yet, and does nothing.
        ringing = app.configure_task("safety.ring", queue="alerts", schedule_at=alert.rings_next)
        ringing.defer(alert_id=alert.pk)
    changed(alert.person_id, "alert")


def let_know(step: AlertStep) -> None:
    """A mail without a name to whom the step names; a job sends it after this transaction."""
    if step.staff_id is not None:
        app.configure_task("safety.tell", queue="alerts").defer(step_id=step.pk)


def locked(alert: Alert) -> Alert:
    """The alert as it is now, held until the transaction ends."""
    return (
        Alert.objects.select_for_update(of=("self",)).select_related("person__site", "named").get(pk=alert.pk)
    )
