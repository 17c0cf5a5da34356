"""What other pages show of this package: paper and case work on the chart, open needs on Today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from dayward.chart.casework.models import Letter, Need, OutsideMeeting, Summary
from dayward.chart.casework.permissions import READ, SUMMARIZE, WRITE
from dayward.chart.casework.queries import needs as need_queries
from dayward.foundation.access.queries import read_open_charts
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.consent.permissions import READ as READ_CONSENTS
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.panels import Panel, chart_panels, today_panels
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day

SHOWN, PEOPLE = 5, 5  # at once; the others of Today open on demand
LATELY = timedelta(days=30)
_THEIRS = Among("person", Slot("people"))
_STANDS = Q(entered_in_error_at__isnull=True)
_LETTERS = Prepared(lambda: Letter.objects.filter(_THEIRS, _STANDS).prefetch_related("handings")[:SHOWN])
_SUMMARIES = Prepared(lambda: Summary.objects.filter(_THEIRS, _STANDS).order_by("-written_at", "-id")[:SHOWN])
_NEEDS = Prepared(lambda: need_queries.in_order(Need.objects.filter(_THEIRS, closed_at__isnull=True)))
_MEETINGS = Prepared(lambda: OutsideMeeting.objects.filter(_THEIRS, _STANDS, on__gt=Slot("after")))


def papers(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """The newest letters, summaries and packets, without the papers they stand on."""
    people = person.all_ids
    letters, summaries = yield from both(_LETTERS.reading(people=people), _SUMMARIES.reading(people=people))
    return {
        "letters": letters,
        "summaries": summaries,
        "person": person,
        "may_write": request.may(WRITE),
        "may_summarize": request.may(SUMMARIZE),
        "may_account": request.may(READ_CONSENTS),
    }


def case_work(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """Open needs, the nearest day first, and how many meetings outside there were lately."""
    today = today_at(person)
    rows, meetings = yield from both(
        _NEEDS.reading(people=person.all_ids),
        _MEETINGS.reading(people=person.all_ids, after=today - LATELY),
    )
    return {
        "lines": need_queries.lines(rows, today),
        "meetings": len(meetings),
        "person": person,
        "may_write": request.may(WRITE),
    }


def open_needs(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """What I look after, by person, the nearest day first."""
    rows = yield from all_of(need_queries.open_needs_owned(request.staff))
    if not rows:
        return None
    people = yield from read_open_charts(request.powers, [row.person for row in rows], READ)
    zone = next((row.person.site.zone for row in rows if row.person.site), timezone.get_default_timezone())
    lines = need_queries.lines(rows, local_day(timezone.now(), zone))
    found = need_queries.by_person(lines, people)
    audit_list(request, [each.person for each in found])
    return {"people": found[:PEOPLE], "later": found[PEOPLE:], "all": len(found)} if found else None


def register() -> None:
    """Called by `apps.py`."""
    chart_panels.register(
        "papers",
        Panel("papers", _("Letters and summaries"), "casework/papers_panel.html", papers, READ, 80,
              "casework:letters"),
    )  # fmt: skip
    chart_panels.register(
        "casework",
        Panel("casework", _("Case work"), "casework/needs_panel.html", case_work, READ, 85, "casework:needs"),
    )
    today_panels.register(
        "open_needs",
        Panel("open_needs", _("Open needs by person"), "casework/today.html", open_needs, WRITE, order=17),
    )
