"""Sessions that have begun, with people in them; for tests and for looking at pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from dayward.care.attendance import services
from dayward.care.journey.factories import actor_of
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, kind, make_room
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.spans import Span


def make_past_session(
    *,
    begun: timedelta = timedelta(hours=3),
    lasts: timedelta = timedelta(hours=2),
    leader: StaffMember | None = None,
) -> Session:
    """A group session that began a while ago."""
    site = make_site()
    now = timezone.now()
    if now.astimezone(site.zone).hour < 4:  # not over midnight: that would be two days, perhaps two weeks
        now -= timedelta(hours=5)
    start = (now - begun).replace(second=0, microsecond=0)
    return schedule.add_session(
        actor=SETUP,
        site=site,
        service=kind(),
        place=schedule.Place(Span(start, start + lasts), make_room(site)),
        leaders=(leader or make_staff_with("facilitator", site=site),),
        title="Coping skills",
        cap=12,
    )


def weeks_ago() -> date:
    """A day on which treatment can have begun so that no week of now is a first, partial one."""
    return timezone.now().date() - timedelta(days=21)


def leader_of(session: Session) -> Actor:
    """Whoever leads the session, as the one who acts."""
    return actor_of(session.leaders.get().staff)


def seat(session: Session, person: Person) -> Booking:
    return schedule.book(actor=SETUP, person=person, session=session)


def present(booking: Booking, came_in: datetime | None = None) -> None:
    """Confirm the row as the leader."""
    services.mark_present(actor=leader_of(booking.session), booking=booking, came_in=came_in)
