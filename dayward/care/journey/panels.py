"""What other pages show of this package: the person's way in the chart, the pipeline on Today."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from dayward.care.journey.models import Episode, IntakeCase
from dayward.care.journey.permissions import ALUMNI, FOLLOW, INTAKE, PIPELINE
from dayward.care.journey.queries.alumni import events
from dayward.care.journey.queries.cases import pipeline
from dayward.care.journey.queries.first_week import IN_CARE, LISTED, STANDING, read_first_week
from dayward.care.journey.queries.steps import state_label
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.panels import Panel, chart_header, chart_panels, today_panels
from dayward.kernel.prepared import Among, Prepared, Slot

EVENTS = 4  # shown on Today
_PERSONS = Among("person", Slot("people"))
_ADMITTED = Prepared(lambda: Episode.objects.filter(_PERSONS).select_related("program", "person"))
_OPENED = Prepared(lambda: IntakeCase.objects.filter(_PERSONS).select_related("site", "person"))


def way(request: StaffRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """Cases and episodes of the person, the newest first."""
    people = person.all_ids
    episodes, cases = yield from both(_ADMITTED.reading(people=people), _OPENED.reading(people=people))
    found = [
        {
            "is_episode": True,
            "row": episode,
            "title": episode.program.name,
            "state": state_label(episode.state),
            "since": episode.admitted_at,
        }
        for episode in episodes
    ]
    found += [
        {
            "is_episode": False,
            "row": case,
            "title": "",
            "state": state_label(case.state),
            "since": case.opened_at,
        }
        for case in cases
    ]
    return {"rows": sorted(found, key=lambda each: each["since"], reverse=True)} if found else None


def standing(request: StaffRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """Always visible on a chart: where the person stands, and the flag."""
    episode = yield from STANDING.first(people=person.all_ids)
    if episode is None:
        return None
    return {"episode": episode, "state": state_label(episode.state)}


def getting_started(request: StaffRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """The first-week list, until it is done."""
    episode = yield from IN_CARE.first(people=person.all_ids)
    if episode is None or episode.state not in LISTED:
        return None
    week = yield from read_first_week(episode)
    return {"week": week, "episode": episode} if not week.all_done else None


def waiting_now(request: StaffRequest) -> dict[str, Any] | None:
    """How many wait for what; for those who work the pipeline."""
    theirs = request.powers.bound(INTAKE, site="site")
    lanes = pipeline(request.powers.places(INTAKE), now=timezone.now(), within=theirs)
    counts = [
        {"lane": lane, "total": len(lane.lines), "late": sum(line.urgency == "late" for line in lane.lines)}
        for lane in lanes
    ]
    return {"rows": counts}


def alumni_events(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """What the alumni may come to next; for who looks after them alone, not for everybody who may."""
    if request.may(INTAKE):
        return None
    rows = events(request.powers.places(ALUMNI)).filter(starts_at__gt=timezone.now(), cancelled_at=None)
    return {"events": (yield from all_of(rows.select_related("site").order_by("starts_at")[:EVENTS]))}


def register() -> None:
    """Called by `apps.py`."""
    title = gettext_noop("Way through the program")
    chart_panels.register(
        "journey", Panel("journey", title, "journey/panels/way.html", way, PIPELINE, order=520)
    )
    started = gettext_noop("The first week")
    chart_panels.register(
        "first_week",
        Panel("first_week", started, "journey/panels/first_week.html", getting_started, FOLLOW, order=30),
    )
    chart_header.register(
        "journey", Panel("journey", title, "journey/panels/standing.html", standing, PIPELINE, order=10)
    )
    coming = gettext_noop("Alumni events")
    today_panels.register(
        "alumni",
        Panel("alumni", coming, "journey/panels/alumni.html", alumni_events, ALUMNI, 30, "journey:alumni"),
    )
    waiting = gettext_noop("Intake: who is waiting")
    today_panels.register(
        "journey", Panel("journey", waiting, "journey/panels/today.html", waiting_now, INTAKE, order=20)
    )
