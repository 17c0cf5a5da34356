"""What one more person in a session would be against: its size, and people for each who leads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dayward.care.schedule.models import Session
from dayward.care.schedule.queries.checks import (
    limits_on,
    meeting_of,
    reason_for,
    reasons_of,
    with_credentials,
)
from dayward.care.schedule.queries.payers import payers_in, payers_of, paying_on
from dayward.care.schedule.rules.checks import Finding, check_meeting
from dayward.care.schedule.rules.limits import Check
from dayward.foundation.people.models import Person
from dayward.kernel.time import local_day

OF_SIZE = (Check.GROUP_MOST, Check.PER_LEADER)


def findings_of_seats(sessions: Sequence[Session], person: Person) -> dict[Session, tuple[Finding, ...]]:
    """Of each session what nobody has given a reason for yet, were the person in it; the first session first."""
    rows = list(
        with_credentials(Session.objects.filter(pk__in=[each.pk for each in sessions], cap__gt=1)).order_by(
            "during", "pk"
        )
    )
    if not rows:
        return {}
    days = {row: local_day(row.span.start, row.site.zone) for row in rows}
    held = limits_on(rows[0].site, days.values())
    of_size = {day: [each for each in limits if each.check in OF_SIZE] for day, limits in held.items()}
    found = {
        row: check_meeting(of_size[day], replace(meeting_of(row), taken=row.taken + 1))
        for row, day in days.items()
    }
    return _unexplained({row: findings for row, findings in found.items() if findings}, person)


def _unexplained(
    found: dict[Session, tuple[Finding, ...]], person: Person
) -> dict[Session, tuple[Finding, ...]]:
    asked = {row for row, findings in found.items() if any(each.limit.payers for each in findings)}
    paid, own = payers_in(asked), payers_of({person.pk})[person.pk] if asked else []
    reasons = reasons_of(found)
    left = {}
    for row, findings in found.items():
        payers = paid.get(row.pk, frozenset()) | paying_on(own, local_day(row.span.start, row.site.zone))
        left[row] = tuple(
            each
            for each in findings
            if each.limit.is_of_payers(payers) and reason_for(row, each.limit.key, reasons) is None
        )
    return {row: findings for row, findings in left.items() if findings}
