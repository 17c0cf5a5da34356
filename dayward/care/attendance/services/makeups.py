"""Book a make-up: a seat in a session ahead, linked to the one that was missed (requirements 5.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.queries.makeups import MissedSession, missed_one
from dayward.care.attendance.registries import may_be_made_up_alone
from dayward.care.attendance.rules.makeups import SENTENCES, Missed, Obstacle, Offer, obstacles
from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import Segment
from dayward.care.schedule import services as schedule
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.collisions import held_by
from dayward.care.schedule.queries.seats import topic_of
from dayward.care.schedule.queries.week import clinical_minutes, days_span
from dayward.care.schedule.rules.fitting import minutes_on
from dayward.care.schedule.times import read_breaks, to_span
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day


@transaction.atomic
def book_make_up(
    *,
    actor: Actor,
    missed: Booking,
    session: Session,
    reasons: schedule.Reasons | None = None,
    now: datetime | None = None,
) -> Booking:
    """A seat in `session` that stands for the missed one. The missed one stays missed.

    Refused where anything of 5.3 stands against it: neither a full group nor a full day takes a reason here.
    """
    instant = now or timezone.now()
    Booking.objects.select_for_update(of=("self",)).get(pk=missed.pk)
    found = missed_one(missed.person, missed.public_id)
    if found is None:
        raise Refused(_("Nobody wrote down that this session was missed."))
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("site", "room", "service", "group")
        .get(pk=session.pk)
    )
    if session.span.start <= instant:
        raise Refused(_("This session has begun: a make-up is booked ahead."))
    if against := obstacles_of(found, session):
        raise Refused(reasons=[_(SENTENCES[each]) for each in against])
    return schedule.book(
        actor=actor,
        person=found.booking.person,
        session=session,
        reasons=reasons,
        makes_up_for=found.booking,
        now=now,
    )


@transaction.atomic
def book_make_up_visit(
    *,
    actor: Actor,
    missed: Booking,
    staff: StaffMember,
    place: schedule.Place,
    service: ServiceKind | None = None,
    reasons: schedule.Reasons | None = None,
    now: datetime | None = None,
) -> Booking:
    """A session of their own for one that was missed, with a clinician; of the same kind, if no other is named.

    In place of a session of several people only where the plan says so.
    """
    first = missed.session
    session = schedule.add_session(
        actor=actor,
        site=first.site,
        service=service or first.service,
        place=place,
        leaders=(staff,),
        check_reason=reasons.check if reasons else "",
    )
    return book_make_up(actor=actor, missed=missed, session=session, reasons=reasons, now=now)


def obstacles_of(missed: MissedSession, session: Session) -> tuple[Obstacle, ...]:
    """What stands against the session as a make-up for this one, as things are now."""
    first = missed.booking.session
    person, zone = missed.booking.person, session.site.zone
    day = local_day(session.span.start, zone)
    on_day = held_by([person.pk], days_span(day, day, zone))[person.pk]
    offer = Offer(
        span=session.span,
        day=day,
        topic=_topic(session),
        minutes=clinical_minutes(session),
        group=_of_several(session),
        seats_left=max(session.places - session.bookings.standing().count(), 0),
        day_left=_day_left(person, session, on_day),
        kind=session.service.key,
    )
    known = Missed(missed.day, _topic(first), _of_several(first), not missed.open, first.service.key)
    alone = known.group and not offer.group and may_be_made_up_alone(person, first.service_id)
    return obstacles(known, offer, busy=_busy(on_day, session.span), individual_allowed=alone)


def _topic(session: Session) -> str:
    """Where it has no topic, the kind of service stands for one."""
    return topic_of(session).casefold() or session.service.key


def _of_several(session: Session) -> bool:
    return session.service.form != ServiceKind.Form.INDIVIDUAL and (
        session.group_id is not None or session.cap > 1
    )


def _busy(rows: list[Booking], wanted: Span) -> list[Span]:
    return [span for row in rows if (span := to_span(row.during)).overlaps(wanted)]


def _day_left(person: Person, session: Session, on_day: list[Booking]) -> int | None:
    """Minutes until the most of a day in the person's program."""
    day = local_day(session.span.start, session.site.zone)
    stays = Segment.objects.filter(episode__person__in=person.all_ids, starts_on__lte=day)
    stay = stays.exclude(ends_on__lte=day).select_related("track__program").order_by("-starts_on").first()
    terms = terms_on(stay.track.program, day) if stay else None
    if terms is None:
        return None
    booked = [(day, to_span(row.during), read_breaks(row.session.breaks)) for row in on_day]
    return max(int(terms.hours_day_max * 60) - minutes_on(day, booked), 0)
