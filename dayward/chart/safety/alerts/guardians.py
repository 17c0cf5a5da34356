"""The guardians of a minor about whom an alert was raised: who they are, and whether they may know."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.chart.safety import library
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.rules import guardians as rules
from dayward.foundation.consent.queries import guardian_sees, guardians_of
from dayward.foundation.consent.rules.kinds import Information
from dayward.foundation.messaging.models import Message
from dayward.foundation.messaging.queries import Way, ways_to
from dayward.foundation.people.models import ContactPoint, Person
from dayward.foundation.people.queries import reached_by, today_at
from dayward.foundation.people.rules import age_on

Kind = AlertStep.Kind
SETTLE = (Kind.GUARDIAN_TOLD, Kind.GUARDIAN_NOT)
KNOWS = Information.SAFETY_PLAN  # what is told is how to keep somebody safe; never answers or scores


@dataclass(frozen=True)
class Guardian:
    """One guardian: how to reach them, and whether they may know by state settings or the person's consent."""

    person: Person
    may_know: bool
    phones: list[str]
    mail: Way | None


@dataclass(frozen=True)
class Guardians:
    """What an alert about a minor asks for."""

    lines: list[Guardian]
    settled: AlertStep | None

    @property
    def may_mail(self) -> bool:
        return any(line.may_know and line.mail is not None and line.mail.is_usable for line in self.lines)


def age_at(alert: Alert) -> int | None:
    person = alert.person
    if person.birth_date is None:
        return None
    return age_on(person.birth_date, today_at(person, alert.raised_at))


def policy_for(person: Person) -> rules.Policy:
    return rules.policy_of(library.guardian_policies(), person.site.state if person.site else "")


def asked_for(alert: Alert) -> bool:
    """Whether the alert is about somebody under age, and of a class that asks for a guardian. No query."""
    return rules.asks(policy_for(alert.person), age_at(alert), alert.risk_class)


def guardians(alert: Alert) -> Guardians | None:
    """Whom an alert about a minor asks for; None where it asks for nobody."""
    if not asked_for(alert):
        return None
    lines = [line_of(alert.person, each) for each in guardians_of(alert.person)]
    return Guardians(lines, settled_by(alert))


def settled_by(alert: Alert) -> AlertStep | None:
    """The last word about a guardian; when more was said since, they are thought of anew."""
    steps = alert.steps.filter(kind__in=SETTLE, at__gte=alert.class_since)
    return steps.select_related("staff").order_by("pk").last()


def line_of(person: Person, guardian: Person) -> Guardian:
    ways = ways_to(guardian)
    numbers = reached_by(guardian).exclude(kind=ContactPoint.Kind.EMAIL)
    return Guardian(
        guardian,
        guardian_sees(person, guardian, KNOWS),
        list(numbers.values_list("value", flat=True)),
        next((way for way in ways if way.channel == Message.Channel.EMAIL), None),
    )
