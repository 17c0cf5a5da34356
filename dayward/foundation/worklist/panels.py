"""What is due on Today and on the chart."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import Person
from dayward.foundation.standards.owners import with_owner
from dayward.foundation.standards.queries import open_dues, ready, with_rules
from dayward.foundation.worklist import permissions, queries
from dayward.foundation.worklist.lines import chart_lines, read_lines
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Context, Panel, chart_panels, today_panels
from dayward.kernel.prepared import Among, Prepared, Slot

ON_TODAY, IN_CHART, IN_TABLE, OWNERS = 6, 6, 8, 5


def due(request: StaffRequest) -> Reading[Context]:
    """One's own, what is late first; two steps and the audit entry of the names it shows."""
    now = timezone.now()
    found = yield from queries.read_mine(request.powers, now, ahead=queries.NEAR)
    every = yield from read_lines(found, request.powers, now=now)
    lines = [line for line in every if line.is_shown]
    shown = lines[:ON_TODAY]
    audit_list(request, [person for line in shown for person in line.people])
    if not lines and request.may(permissions.OVERSEE):
        return None
    return {
        "lines": shown,
        "rest": len(lines) - len(shown),
        "late": sum(line.standing.is_late for line in lines),
    }


def due_by_owner(request: StaffRequest) -> Reading[Context]:
    """For those who answer for everybody's work: who owes how much, and how long."""
    if request.may(permissions.AUDIT):
        return None
    sites, within = queries.overseen(request.powers)
    rows = yield from queries.read_by_owner(sites, within=within)
    return {"rows": rows[:OWNERS], "rest": len(rows[OWNERS:])}


def due_by_rule(request: StaffRequest) -> dict[str, Any]:
    """For who checks that rules are kept: what is overdue, by rule."""
    sites, within = queries.overseen(request.powers)
    rows = [row for row in queries.by_rule(sites, within=within) if row.age.overdue]
    return {
        "rows": rows[:IN_TABLE],
        "rest": len(rows[IN_TABLE:]),
        "total": sum(row.age.overdue for row in rows),
    }


NEAR_OF_PERSON = Prepared(
    lambda: ready(
        with_owner(open_dues().filter(Among("person", Slot("people")), due_at__lt=Slot("until")), Slot("now"))
    )
)


def of_person(request: ChartRequest, person: Person) -> Reading[Context]:
    """In the chart: what is late or near for this person, whoever owes it. One query."""
    now = timezone.now()
    rows = yield from NEAR_OF_PERSON.reading(people=person.all_ids, now=now, until=now + queries.NEAR)
    lines = chart_lines(with_rules(rows), request, now)
    return {"lines": lines[:IN_CHART], "rest": len(lines[IN_CHART:]), "person": person} if lines else None


def register() -> None:
    """Called by `apps.py`."""
    for panel in (DUE, BY_OWNER, BY_RULE):
        today_panels.register(panel.key, panel)
    chart_panels.register("due", OF_PERSON)


DUE = Panel("due", _("Due"), "worklist/today_panel.html", due, permissions.SEE, order=15)
BY_OWNER = Panel(
    "due_by_owner",
    _("Due, by who owes it"),
    "worklist/owners_panel.html",
    due_by_owner,
    permissions.OVERSEE,
    order=25,
)
BY_RULE = Panel(
    "due_by_rule",
    _("Overdue, by rule"),
    "worklist/rules_panel.html",
    due_by_rule,
    permissions.AUDIT,
    order=16,
)
OF_PERSON = Panel(
    "due",
    _("Due"),
    "worklist/chart_panel.html",
    of_person,
    permissions.SEE,
    order=10,
    url_name="worklist:person",
)
