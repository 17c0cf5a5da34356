"""Notes made through the services, for tests and for looking at pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from dayward.care.attendance.factories import present, seat
from dayward.care.journey.factories import make_episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, kind, make_room
from dayward.care.schedule.models import Booking, Session
from dayward.chart.notes import services
from dayward.chart.notes.models import Note
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.facts import together
from dayward.kernel.spans import Span
from dayward.kernel.time import at as clock_at

NINE = time(9)
WORK = {"work": "Read three situations and practiced saying no in pairs."}
NO_PLAN = {"objective_reason": "The plan is not signed yet."}
WORDS = (
    "Said the evenings alone are the hardest and asked how others fill them.",
    "Practiced the call to an old friend, laughed, and wants to try it on Friday.",
    "Told of a week at the warehouse without a drink and of the foreman who noticed.",
    "Listened long, then named the quarrel at breakfast as the moment it turns.",
    "Brought a drawing of the bus route that passes no bar and showed it around.",
    "Doubts that breathing helps; tried it twice when pushed and slept through.",
    "Wept about the daughter's school play, stayed, thanked everybody at the end.",
    "Counted nine good mornings on the card and wondered what made the tenth bad.",
)


def make_clinician(role: str = "therapist", credential: str = "social_worker", **fields: Any) -> StaffMember:
    """Somebody who leads and may sign."""
    return make_staff_with(role, credential=credential, **fields)


def make_held(
    service: str = "group-therapy",
    *,
    leader: StaffMember | None = None,
    cap: int = 12,
    days_ago: int = 1,
    title: str = "",
) -> Session:
    """A session of an earlier day that is over."""
    site = make_site()
    day = timezone.now().astimezone(site.zone).date() - timedelta(days=days_ago)
    start = clock_at(day, NINE, site.zone)
    return schedule.add_session(
        actor=SETUP,
        site=site,
        service=kind(service),
        place=schedule.Place(Span(start, start + timedelta(hours=1)), make_room(site)),
        leaders=(leader or make_clinician(site=site),),
        title=title,
        cap=cap,
    )


def make_there(session: Session, person: Person | None = None, **names: Any) -> Booking:
    """Somebody in treatment who was there."""
    whom = person or make_person(site=session.site, **names)
    with together():  # what is due is worked out once
        if not whom.episodes.exists():
            make_episode(person=whom, started=True, at=session.span.start - timedelta(days=30))
        booking = seat(session, whom)
        present(booking)
    return booking


def make_draft(booking: Booking, actor: Actor, texts: Mapping[str, str] | None = None) -> Note:
    """What somebody wrote about the person."""
    note = services.start_note(actor=actor, booking=booking)
    services.save_note(actor=actor, note=note, texts={**NO_PLAN, **(texts or {})})
    note.refresh_from_db()
    return note


def make_signed(booking: Booking, actor: Actor, texts: Mapping[str, str]) -> Note:
    """A signed note of a session, whose own text is written if it was not."""
    if booking.session.cap > 1:
        services.save_shared(actor=actor, session=booking.session, texts=WORK)
    note = make_draft(booking, actor, texts)
    assert actor.staff is not None
    return services.sign_note(actor=actor, note=note, typed_name=actor.staff.name)
