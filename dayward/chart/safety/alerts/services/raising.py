"""What was said becomes an alert, in the transaction that writes it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dayward.care.journey.models import AftercareCall
from dayward.chart.measures import queries as measures
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.measures.rules.risk import ORDER, RiskClass, risk
from dayward.chart.safety.alerts import queries
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.alerts.services.common import add_step, let_know, save_and_arm, set_times
from dayward.chart.safety.alerts.services.guardian import mail_at_once
from dayward.chart.safety.events import AlertRaised
from dayward.chart.safety.rules import escalation
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.events import publish

Kind = AlertStep.Kind
WATCH_AGAIN = timedelta(days=7)  # at most one line a week on the team's list for one person


@transaction.atomic
def answered(*, actor: Actor, answer: Answer, at: datetime) -> Alert | None:
    """What a saved answer asks for: a new alert, a more urgent one, a less urgent one, or nothing."""
    root = measures.root_of(answer.administration)
    Administration.objects.select_for_update().get(pk=root.pk)
    found = risk(measures.told(root))
    if found is None:
        return None
    rows = Alert.objects.select_for_update(of=("self",)).select_related("person__site", "named")
    chain = list(rows.filter(administration=root).order_by("pk"))
    alert = next((row for row in chain if row.is_open), None)
    positive = answer.value != 0
    if alert is not None:
        return _more(actor, alert, found, answer, positive, at)
    if chain and not positive:  # closed with documentation, and nothing worse was said since
        return None
    follows = chain[-1] if chain else None
    return raise_alert(actor, _told(root, answer=answer, follows=follows), found, at)


@transaction.atomic
def told_in_a_call(*, actor: Actor, call: AftercareCall, now: bool, at: datetime) -> Alert:
    """Thoughts of suicide or harm, heard by whoever called: today, or at once where the danger is now.

    A call entered in error leaves its alert open, as a questionnaire does.
    """
    episode = call.episode
    new = Alert(person=episode.person, episode=episode, call=call)
    return raise_alert(actor, new, RiskClass.ACUTE if now else RiskClass.SAME_DAY, at)


@transaction.atomic
def withdrawn(*, actor: Actor, administration: Administration, at: datetime) -> Alert | None:
    """A second questionnaire was entered in error: an open alert that it lowered goes back up. None is closed."""
    root = Administration.objects.select_for_update().get(pk=measures.root_of(administration).pk)
    rows = Alert.objects.select_for_update(of=("self",)).select_related("person__site", "named")
    alert = rows.filter(administration=root, closed_at__isnull=True).first()
    found = risk(measures.told(root))
    if alert is None or found is None or ORDER.index(found) >= ORDER.index(RiskClass(alert.risk_class)):
        return None
    return _more(actor, alert, found, alert.answer, True, at)


def _told(root: Administration, *, answer: Answer | None = None, follows: Alert | None = None) -> Alert:
    return Alert(
        person=root.person, episode=root.episode, administration=root, answer=answer, follows=follows
    )


def raise_alert(actor: Actor, alert: Alert, risk_class: str, at: datetime, *, note: str = "") -> Alert:
    """A new alert that knows where it was told: its class, a named person and the timer."""
    chosen = escalation.named(queries.candidates(alert.person, at))
    alert.risk_class = RiskClass(risk_class).value
    alert.named_id = chosen.staff if chosen else None
    alert.named_because = chosen.because if chosen else ""
    alert.raised_at = alert.class_since = at
    alert.raised_by = actor.id
    set_times(alert)
    save_and_arm(alert, at)
    _tell(actor, alert, Kind.RAISED, at, note)
    mail_at_once(actor, alert, at)
    publish(AlertRaised(alert.person_id, alert.pk, alert.risk_class, at, actor))
    record(
        actor=actor, action="safety.raise_alert", person=alert.person, subject=alert, risk=alert.risk_class
    )
    return alert


def _tell(actor: Actor, alert: Alert, kind: AlertStep.Kind, at: datetime, note: str = "") -> None:
    step = AlertStep.objects.create(
        alert=alert, kind=kind, at=at, by=actor.id, staff=alert.named, risk_class=alert.risk_class, note=note
    )
    if alert.risk_class in escalation.TIMED:
        let_know(step)


def _more(
    actor: Actor, alert: Alert, found: RiskClass, answer: Answer | None, positive: bool, at: datetime
) -> Alert:
    """The chain goes on while its alert is open. More urgent: somebody must acknowledge it and speak with the person
    anew, from now on; who did before stands in the steps."""
    before = ORDER.index(RiskClass(alert.risk_class))
    if ORDER.index(found) < before:
        alert.risk_class, alert.class_since, alert.answer = found.value, at, answer
        alert.acknowledged_at = alert.acknowledged_by = None
        alert.contacted_at = alert.contacted_by = None
        _reclassify(actor, alert, Kind.RAISED_AGAIN, at)
    elif ORDER.index(found) > before:
        alert.risk_class, alert.class_since = found.value, alert.raised_at
        _reclassify(actor, alert, Kind.LOWERED, at)
    elif positive:
        _tell(actor, alert, Kind.RAISED_AGAIN, at)
        record(actor=actor, action="safety.raise_alert_again", person=alert.person, subject=alert)
    return alert


def _reclassify(actor: Actor, alert: Alert, kind: AlertStep.Kind, at: datetime) -> None:
    set_times(alert)
    save_and_arm(alert, at)
    if kind == Kind.RAISED_AGAIN:
        _tell(actor, alert, kind, at)
        mail_at_once(actor, alert, at)
    else:
        add_step(alert, kind, actor=actor, at=at)
    record(
        actor=actor,
        action="safety.reclassify_alert",
        person=alert.person,
        subject=alert,
        risk=alert.risk_class,
    )


@transaction.atomic
def worsened(*, actor: Actor, administration: Administration, at: datetime) -> Alert | None:
    """A reliably worse score puts the person on the team's list, once a week at most."""
    person = administration.person
    own = Alert.objects.filter(person_id__in=person.all_ids)
    lately = own.filter(risk_class=RiskClass.WATCH, raised_at__gt=at - WATCH_AGAIN)
    if own.filter(administration=administration).exists() or lately.exists():
        return None
    if own.filter(risk_class=RiskClass.WATCH, closed_at__isnull=True).exists():
        return None
    return raise_alert(actor, _told(administration), RiskClass.WATCH, at)
