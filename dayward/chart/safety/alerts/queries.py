from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dayward.chart.measures import queries as measures
from dayward.chart.measures.models import Administration
from dayward.chart.safety import queries as papers
from dayward.chart.safety.alerts.models import Alert, AlertClosing, AlertStep
from dayward.chart.safety.models import SafetyPlan
from dayward.chart.safety.permissions import READ
from dayward.chart.safety.rules import crisis
from dayward.chart.safety.rules.escalation import ANYBODY, DIRECTOR, PRIMARY, SUPERVISOR, TEAM, Candidate
from dayward.foundation.access.models import CareTeamMember, RoleAssignment
from dayward.foundation.access.powers import EVERYBODY, Powers
from dayward.foundation.access.queries import care_team, of_their_programs, read_open_charts
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of, alone, any_of, both
from dayward.kernel.prepared import Among, Prepared, Slot

Kind = AlertStep.Kind
TELLING = (Kind.RAISED, Kind.RAISED_AGAIN, Kind.ESCALATED)
URGENT = (Alert.Class.ACUTE, Alert.Class.SAME_DAY)
TREATS = (
    CareTeamMember.Function.THERAPIST,
    CareTeamMember.Function.PRESCRIBER,
    CareTeamMember.Function.NURSE,
)
DUTIES = {"supervisor": SUPERVISOR, "director": DIRECTOR, "therapist": ANYBODY, "prescriber": ANYBODY}


def candidates(person: Person, now: datetime) -> list[Candidate]:
    """Who may be named or told about this person: the team, then who has the duty at the person's site."""
    found = [
        Candidate(member.staff_id, PRIMARY if member.function == "primary_therapist" else TEAM)
        for member in care_team(person, now)
        if (member.function == "primary_therapist" or member.function in TREATS)
        and _is_here(member.staff, now)
    ]
    today = today_at(person, now)
    held = (
        RoleAssignment.objects.filter(Q(site__isnull=True) | Q(site=person.site), role__in=DUTIES)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)
        .select_related("staff__user")
        .order_by("staff_id")
    )
    return found + [
        Candidate(row.staff_id, DUTIES[row.role])
        for row in of_their_programs(held, person)
        if _is_here(row.staff, now)
    ]


def _is_here(staff: StaffMember, now: datetime) -> bool:
    return staff.works_on(now) and staff.user_id is not None


OPEN = Prepared(
    lambda: (
        Alert.objects.filter(Among("person", Slot("people")), closed_at__isnull=True)
        .select_related("named", "acknowledged_by")
        .order_by("raised_at")
    )
)


def read_open(person: Person) -> Reading[list[Alert]]:
    """What is open about this person, the longest first."""
    return OPEN.reading(people=person.all_ids)


def alerts_of(person: Person) -> QuerySet[Alert]:
    """Everything that was ever raised about this person, the newest first."""
    rows = Alert.objects.filter(person_id__in=person.all_ids)
    return rows.select_related(
        "named",
        "acknowledged_by",
        "contacted_by",
        "closed_by",
        "person__site",
        "administration",
        "call",
        "follows",
    )


def of(staff: Any) -> QuerySet[Alert]:
    """Open alerts that name somebody: at first, or on the way up the ladder."""
    told = AlertStep.objects.filter(alert=OuterRef("pk"), staff=staff, kind__in=TELLING)
    return Alert.objects.filter(Q(named=staff) | Q(Exists(told)), closed_at__isnull=True)


def names_in(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether an open alert about the person names this member of staff: it opens the chart."""
    return any_of(of(staff).filter(person_id__in=person.all_ids))


@dataclass(frozen=True)
class AlertLine:
    """An alert on a list; `person` only where the chart is open to the reader."""

    alert: Alert
    person: Person | None
    is_mine: bool
    late_since: datetime | None

    @property
    def is_urgent(self) -> bool:
        return self.alert.risk_class in URGENT


def lines(powers: Powers, alerts: Iterable[Alert], now: datetime | None = None) -> list[AlertLine]:
    """With names where they may be read: the chart is open, or the alert names the reader."""
    return alone(read_lines(powers, alerts, now))


def read_lines(
    powers: Powers, alerts: Iterable[Alert], now: datetime | None = None
) -> Reading[list[AlertLine]]:
    moment, rows = now or timezone.now(), list(alerts)
    if powers.staff is None or not rows:
        return []
    charts, mine = yield from both(
        read_open_charts(powers, [row.person for row in rows], READ),
        all_of(of(powers.staff).values_list("pk", flat=True)),
    )
    return [
        AlertLine(
            row,
            row.person if row.person_id in charts or row.pk in mine else None,
            row.pk in mine,
            _late_since(row, moment),
        )
        for row in sorted(rows, key=_urgency)
    ]


def _urgency(alert: Alert) -> tuple[int, datetime]:
    return list(Alert.Class.values).index(alert.risk_class), alert.raised_at


def owed_until(alert: Alert) -> datetime | None:
    """Until when the next act is owed."""
    if not alert.is_open:
        return None
    if alert.acknowledged_at is None and alert.contacted_at is None:
        return alert.acknowledge_until
    return alert.close_until if alert.contacted_at else alert.contact_until


def _late_since(alert: Alert, now: datetime) -> datetime | None:
    until = owed_until(alert)
    return until if until is not None and until < now else None


def all_open(sites: Iterable[Site], within: Q = EVERYBODY) -> QuerySet[Alert]:
    """Every open alert at these sites, and of people who have none yet; `within`: about whom."""
    rows = Alert.objects.filter(within, closed_at__isnull=True)
    rows = rows.filter(Q(person__site__in=list(sites)) | Q(person__site__isnull=True))
    return rows.select_related("person__site", "named", "acknowledged_by")


def lately_closed(sites: Iterable[Site], since: datetime, within: Q = EVERYBODY) -> QuerySet[Alert]:
    """Closed since a day; to see how alerts are answered."""
    rows = Alert.objects.filter(within, closed_at__gte=since)
    rows = rows.filter(Q(person__site__in=list(sites)) | Q(person__site__isnull=True))
    return rows.select_related("person__site", "named", "closed_by", "acknowledged_by")


def plan_since(alert: Alert) -> SafetyPlan | None:
    """The safety plan that holds, where it was signed after the alert was raised."""
    plan = papers.current_plan(alert.person)
    if plan is None or plan.signature is None or plan.signature.signed_at < alert.raised_at:
        return None
    return plan


def closing_of(alert: Alert) -> AlertClosing | None:
    rows = AlertClosing.objects.filter(alert=alert, entered_in_error_at__isnull=True)
    return rows.select_related("signature", "cosignature", "written_by", "saved_by", "person").first()


def crisis_card(administration: Administration) -> crisis.Card | None:
    """What the person reads after an answer: by the class of the open alert that it raised."""
    root = measures.root_of(administration)
    alert = Alert.objects.filter(administration=root, closed_at__isnull=True).first()
    return crisis.card(alert.risk_class) if alert else None
