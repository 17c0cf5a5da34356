"""The timer: who is told next while an act is owed. Only acts end it; nothing here closes an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.safety.alerts import queries
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.alerts.services.common import add_step, let_know, locked, save_and_arm, state_of
from dayward.chart.safety.rules import escalation
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.messaging.queries import mail_leaves
from dayward.foundation.people.models import StaffMember

TIMER, HEARTBEAT = system_actor("safety.timer"), system_actor("safety.heartbeat")
SILENT = timedelta(minutes=2)  # so long after its time a timer that said nothing is one that stopped
Kind = AlertStep.Kind


@transaction.atomic
def ring(*, alert_id: int, at: datetime | None = None, actor: Actor = TIMER) -> AlertStep | None:
    """It is time: go on to the next person if the act is still owed; None when it is not."""
    now, alert = at or timezone.now(), locked(Alert(pk=alert_id))
    if not alert.is_open or alert.rings_next is None or alert.rings_next > now:
        return None
    waits = escalation.waits_for(state_of(alert))
    alert.level = min(alert.level + 1, escalation.HIGHEST)
    staff = _next(alert, now)
    save_and_arm(alert, now)
    step = AlertStep.objects.create(
        alert=alert,
        kind=Kind.ESCALATED,
        at=now,
        by=actor.id,
        staff=staff,
        risk_class=alert.risk_class,
        how=waits.value,
    )
    let_know(step)
    record(
        actor=actor,
        action="safety.escalate_alert",
        person=alert.person,
        subject=alert,
        level=alert.level,
        waits=waits.value,
    )
    return step


def _next(alert: Alert, now: datetime) -> StaffMember | None:
    """Somebody not told before; when everybody was, the director (or whoever stands first) is told again."""
    steps = alert.steps.filter(kind__in=queries.TELLING, staff__isnull=False)
    told = {alert.named_id or 0, *steps.values_list("staff", flat=True)}
    candidates = queries.candidates(alert.person, now)
    chosen = escalation.next_person(candidates, alert.level, {pk for pk in told if pk})
    chosen = chosen or escalation.next_person(candidates, alert.level, set())
    return StaffMember.objects.get(pk=chosen.staff) if chosen else None


def heartbeat(*, at: datetime | None = None) -> int:
    """Look for alerts whose time has passed without a ring, and ring for them; says how many there were."""
    now = at or timezone.now()
    silent = Alert.objects.filter(closed_at__isnull=True, rings_next__lt=now - SILENT)
    rung = [ring(alert_id=pk, at=now, actor=HEARTBEAT) for pk in silent.values_list("pk", flat=True)]
    rung += [_ring_stranded(alert, now) for alert in _armed(now) if _is_stranded(alert, now)]
    return sum(step is not None for step in rung)


def _armed(now: datetime) -> QuerySet[Alert]:
    return Alert.objects.filter(closed_at__isnull=True, rings_next__gt=now + SILENT)


def _is_stranded(alert: Alert, now: datetime) -> bool:
    """After the clock was set back; told of again no more often than such an alert is told of anyhow."""
    assert alert.rings_next is not None
    state, soon = state_of(alert), now + SILENT  # clocks of two machines are never quite the same
    if not escalation.is_stranded(state, alert.raised_at, alert.rings_next, soon):
        return False
    since = now - escalation.AGAIN[alert.risk_class]
    return not alert.steps.filter(kind=Kind.ESCALATED, at__gt=since, at__lte=now).exists()


@transaction.atomic
def _ring_stranded(alert: Alert, now: datetime) -> AlertStep | None:
    Alert.objects.filter(pk=alert.pk).update(rings_next=now)
    return ring(alert_id=alert.pk, at=now, actor=HEARTBEAT)


@transaction.atomic
def tell(*, step_id: int, at: datetime | None = None) -> AlertStep | None:
    """A mail without name, score or diagnosis; whether it left is a step of its own."""
    step = AlertStep.objects.select_related("alert__person", "staff__user").get(pk=step_id)
    alert, staff, now = step.alert, step.staff, at or timezone.now()
    if not alert.is_open or staff is None:
        return None
    address = staff.user.email if staff.user else ""
    if not address or not mail_leaves():
        return add_step(alert, Kind.NOT_TOLD, actor=TIMER, at=now, staff=staff)
    subject, body = words(alert.risk_class)
    send_mail(subject, body, None, [address])
    done = add_step(alert, Kind.TOLD, actor=TIMER, at=now, staff=staff)
    record(actor=TIMER, action="safety.alert_mailed", person=alert.person, subject=alert)
    return done


def words(risk_class: str) -> tuple[str, str]:
    """Subject and body: somebody else may read them over the shoulder."""
    if risk_class in (Alert.Class.ACUTE, Alert.Class.SAME_DAY):
        return _("Urgent task"), _("Urgent task in Dayward, open to view.")
    return _("Task"), _("A task waits in Dayward, open to view.")
