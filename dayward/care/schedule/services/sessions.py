from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Closure, Room, ServiceKind
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, Modality, Session, SessionStaff
from dayward.care.schedule.queries.checks import findings_of_leaders
from dayward.care.schedule.queries.collisions import Wanted, held_by, person_sentence, resource_collisions
from dayward.care.schedule.registries import attended_among
from dayward.care.schedule.services.limits import ask_limits, keep_limits
from dayward.care.schedule.services.refusals import explained, one_of_two
from dayward.care.schedule.times import read_breaks as stored_breaks
from dayward.care.schedule.times import shifted, store_breaks, to_range
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.facts import changed, together
from dayward.kernel.spans import Span, Spans, clip
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Place:
    """When and where a session is."""

    span: Span
    room: Room | None
    modality: str = Modality.IN_PERSON
    join_link: str = ""


def _refuse_bad_place(place: Place, site: Site) -> None:
    if place.span.start >= place.span.end:
        raise Refused(_("It ends before it starts."))
    if place.modality == Modality.IN_PERSON and place.room is None:
        raise Refused(_("Choose a room, or make it telehealth."))
    if place.room and place.room.site_id != site.pk:
        raise Refused(_("That room is at another site."))


def refuse_closed_day(site: Site, span: Span) -> None:
    """Nothing is planned for a day on which the site is closed; what took place on one is still written down."""
    day = local_day(span.start, site.zone)
    closure = Closure.objects.standing().filter(site=site, day=day).first()
    if closure and span.start > timezone.now():
        words = {"site": site.name, "day": date_format(day, "D, M j"), "why": closure.name}
        raise Refused(_("%(site)s is closed on %(day)s (%(why)s).") % words)


@one_of_two()
@transaction.atomic
def add_session(
    *,
    actor: Actor,
    site: Site,
    service: ServiceKind,
    place: Place,
    leaders: tuple[StaffMember, ...],
    title: str = "",
    cap: int = 1,
    topic: str = "",
    breaks: Spans = (),
    check_reason: str = "",
) -> Session:
    """One meeting outside any series. The title never names a person."""
    _refuse_bad_place(place, site)
    refuse_closed_day(site, place.span)
    session = Session(
        site=site,
        service=service,
        title=title or service.name,
        topic=topic,
        during=to_range(place.span),
        breaks=store_breaks(clip(breaks, place.span)),
        room=place.room,
        modality=place.modality,
        join_link=place.join_link,
        cap=cap,
        changed_by=actor.id,
    )
    staff = frozenset(leader.pk for leader in leaders)
    wanted = [Wanted(place.span, place.room.pk if place.room else None, staff)]
    with explained(lambda: resource_collisions(wanted, site.zone)):
        session.save()
        SessionStaff.objects.bulk_create(
            SessionStaff(session=session, staff=leader, during=session.during) for leader in leaders
        )
    _hold_leaders(actor, session, leaders, check_reason)
    record(actor=actor, action="schedule.add_session", subject=session, site=site, reason=check_reason)
    return session


def _hold_leaders(actor: Actor, session: Session, leaders: tuple[StaffMember, ...], reason: str) -> None:
    """Who may not lead it by their credentials is refused, or takes a reason."""
    day = local_day(session.span.start, session.site.zone)
    found = findings_of_leaders(session, leaders, day)
    ask_limits(found, reason)
    keep_limits(actor=actor, site=session.site, findings=found, reason=reason, session=session)


def _locked(session: Session, version: int | None = None) -> Session:
    """The session as it is now, for us alone until the transaction ends."""
    row = Session.objects.select_for_update(of=("self",)).select_related("site", "room").get(pk=session.pk)
    if version is not None and row.version != version:
        raise Conflict()
    return row


def _refuse_attended(session: Session) -> None:
    if attended_among([session.pk]):
        raise Refused(
            _("Somebody was there already: the session stays as it is. Attendance is corrected on the roll.")
        )


@one_of_two()
@transaction.atomic
def edit_session(
    *, actor: Actor, session: Session, version: int, place: Place, topic: str | None = None
) -> Session:
    """Move this one session, or change its room: the series leaves it alone from then on."""
    session = _locked(session, version)
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session is canceled. Bring it back first."))
    _refuse_bad_place(place, session.site)
    if place.span != session.span:
        _refuse_attended(session)
    if not _same_day(session, place):  # one that was brought back on a closed day may change its hour
        refuse_closed_day(session.site, place.span)
    _refuse_small_room(session, place)
    moved_by, earliest = place.span.start - session.span.start, min(place.span.start, session.span.start)
    session.breaks = store_breaks(clip(shifted(stored_breaks(session.breaks), moved_by), place.span))
    session.during, session.room = to_range(place.span), place.room
    session.modality, session.join_link = place.modality, place.join_link
    session.topic = session.topic if topic is None else topic
    session.by_hand = True
    with explained(lambda: _session_collisions(session, place)):
        release_pull_outs({session.pk: place.span})
        _touch(session, actor, timezone.now())
        session.save()
    seats_changed(actor, session.bookings.standing().values_list("person_id", flat=True), earliest)
    record(actor=actor, action="schedule.edit_session", subject=session, site=session.site)
    return session


def _touch(session: Session, actor: Actor, now: datetime) -> None:
    session.version += 1
    session.sequence += 1
    session.changed_at, session.changed_by = now, actor.id


def _same_day(session: Session, place: Place) -> bool:
    zone = session.site.zone
    return local_day(place.span.start, zone) == local_day(session.span.start, zone)


def _refuse_small_room(session: Session, place: Place) -> None:
    if place.room is None or place.modality != Modality.IN_PERSON or place.room == session.room:
        return
    taken = session.bookings.standing().count()
    if taken > place.room.seats:
        words = {"room": place.room, "seats": place.room.seats, "taken": taken}
        raise Refused(_("%(room)s has %(seats)d seats, and %(taken)d people are booked.") % words)


def _session_collisions(session: Session, place: Place) -> list[str]:
    """Rooms and clinicians by name; of the people only how many, the viewer may not know them."""
    leaders = session.leaders.filter(status=SessionStaff.Status.LEADS).values_list("staff_id", flat=True)
    room = place.room.pk if place.room else None
    found = resource_collisions([Wanted(place.span, room, frozenset(leaders), session.pk)], session.site.zone)
    people = set(session.bookings.standing().values_list("person_id", flat=True))
    busy = sum(bool(rows) for rows in held_by(people, place.span, without=[session.pk]).values())
    if busy:
        found.append(_("%(count)d of the people booked have something else then.") % {"count": busy})
    return found


def release_pull_outs(moves: Mapping[int, Span]) -> None:
    """Visits that no longer lie inside the session they were pulled out of stand alone from now on."""
    inside = Booking.objects.standing().filter(pulled_out_of__session__in=list(moves))
    loose = [
        each.pk
        for each in inside.select_related("pulled_out_of", "session")
        if each.pulled_out_of and not moves[each.pulled_out_of.session_id].holds(each.session.span)
    ]
    if loose:
        Booking.objects.filter(pk__in=loose).update(pulled_out_of=None)
    _release_from_their_container(moves)


def _release_from_their_container(moves: Mapping[int, Span]) -> None:
    """A visit that itself moves out of the session around it stands alone."""
    rows = Booking.objects.standing().filter(session__in=list(moves), pulled_out_of__isnull=False)
    loose = [
        each.pk
        for each in rows.select_related("pulled_out_of__session")
        if each.pulled_out_of and not each.pulled_out_of.session.span.holds(moves[each.session_id])
    ]
    if loose:
        Booking.objects.filter(pk__in=loose).update(pulled_out_of=None)


# -- cancelling and bringing back ------------------------------------------------------------------------------


@one_of_two()
@transaction.atomic
def cancel_session(*, actor: Actor, session: Session, reason: str, closure: Closure | None = None) -> Session:
    """The program cancels: everybody booked sees it, their seats are kept should it come back."""
    session = _locked(session)
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session is canceled already."))
    if not reason.strip():
        raise Refused(_("Say why; people who are booked will ask."))
    _refuse_attended(session)
    call_off(actor, session, reason.strip(), Booking.Ended.PROGRAM, timezone.now(), closure)
    _visit_changed(session)
    record(actor=actor, action="schedule.cancel_session", subject=session, site=session.site, reason=reason)
    return session


def drop_session(*, actor: Actor, session: Session, now: datetime) -> None:
    """A session that the timetable no longer has; part of an edit, which leaves the audit entry."""
    session.series_day = None
    call_off(actor, session, _("The timetable changed"), Booking.Ended.TIMETABLE, now, None)


def call_off(
    actor: Actor, session: Session, reason: str, kind: Booking.Ended, now: datetime, closure: Closure | None
) -> None:
    bookings = session.bookings.standing()
    people = set(bookings.values_list("person_id", flat=True))
    with explained():
        Booking.objects.standing().filter(pulled_out_of__in=bookings).update(pulled_out_of=None)
        bookings.update(
            status=Booking.Status.CANCELLED,
            cancelled_at=now,
            cancelled_by=actor.id,
            cancel_kind=kind,
            cancel_reason=reason,
            sequence=F("sequence") + 1,
        )
    session.leaders.filter(status=SessionStaff.Status.LEADS).update(status=SessionStaff.Status.CANCELLED)
    session.status, session.cancel_reason, session.closure = Session.Status.CANCELLED, reason, closure
    session.cancelled_at, session.cancelled_by = now, actor.id
    _touch(session, actor, now)
    session.save()
    seats_changed(actor, people, session.span.start)


@one_of_two()
@transaction.atomic
def reinstate_session(*, actor: Actor, session: Session) -> Session:
    """It takes place after all: leaders and seats come back, unless something else took their time."""
    session = _locked(session)
    if session.status != Session.Status.CANCELLED:
        raise Refused(_("This session is not canceled."))
    session.status, session.cancel_reason, session.closure = Session.Status.PLANNED, "", None
    session.cancelled_at, session.cancelled_by = None, None
    place = Place(session.span, session.room, session.modality)
    with explained(lambda: _session_collisions(session, place)):
        session.leaders.filter(status=SessionStaff.Status.CANCELLED).update(status=SessionStaff.Status.LEADS)
        _touch(session, actor, timezone.now())
        session.save()
        back = _seats_back(session)
    _visit_changed(session)
    seats_changed(actor, session.bookings.standing().values_list("person_id", flat=True), session.span.start)
    record(actor=actor, action="schedule.reinstate_session", subject=session, site=session.site, seats=back)
    return session


def _visit_changed(session: Session) -> None:
    """That a visit of one's own is booked is a fact that something waits for; a seat in a group is not."""
    if session.series_id is None:
        with together():
            for person in session.bookings.values_list("person_id", flat=True):
                changed(person)


def _seats_back(session: Session) -> int:
    """Bookings the cancellation took away return for those who are still free then."""
    lost = session.bookings.filter(status=Booking.Status.CANCELLED, cancel_kind=Booking.Ended.PROGRAM)
    held = held_by({each.person_id for each in lost}, session.span, without=[session.pk])
    free = [each.pk for each in lost if not held[each.person_id]]
    return Booking.objects.filter(pk__in=free).update(
        status=Booking.Status.BOOKED,
        cancelled_at=None,
        cancelled_by=None,
        cancel_kind="",
        cancel_reason="",
        sequence=F("sequence") + 1,
    )


# -- cover -----------------------------------------------------------------------------------------------------


@one_of_two()
@transaction.atomic
def cover(
    *, actor: Actor, session: Session, away: StaffMember, by: StaffMember, check_reason: str = ""
) -> SessionStaff:
    """A colleague leads this session instead; undo by covering back."""
    session = _locked(session)
    row = session.leaders.filter(staff=away, status=SessionStaff.Status.LEADS).first()
    if row is None:
        raise Refused(_("%(name)s does not lead this session.") % {"name": away.name})
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session is canceled."))
    wanted = [Wanted(session.span, None, frozenset([by.pk]), session.pk)]
    with explained(lambda: resource_collisions(wanted, session.site.zone)):
        row.status = SessionStaff.Status.COVERED
        row.sequence += 1
        row.save(update_fields=["status", "sequence"])
        new = _let_lead(session, by)
        _touch(session, actor, timezone.now())
        session.save(update_fields=["version", "sequence", "changed_at", "changed_by"])
    _hold_leaders(actor, session, (by,), check_reason)
    record(
        actor=actor,
        action="schedule.cover",
        subject=session,
        site=session.site,
        reason=check_reason,
        away=away.public_id,
        by=by.public_id,
    )
    return new


def _let_lead(session: Session, staff: StaffMember) -> SessionStaff:
    row = session.leaders.filter(staff=staff).first()
    if row is None:
        return SessionStaff.objects.create(session=session, staff=staff, during=session.during, is_cover=True)
    row.status = SessionStaff.Status.LEADS
    row.sequence += 1
    row.save(update_fields=["status", "sequence"])
    return row


@one_of_two()
@transaction.atomic
def add_leader(*, actor: Actor, session: Session, staff: StaffMember, check_reason: str = "") -> SessionStaff:
    """One more who leads this session."""
    session = _locked(session)
    wanted = [Wanted(session.span, None, frozenset([staff.pk]), session.pk)]
    with explained(lambda: resource_collisions(wanted, session.site.zone)):
        row = _let_lead(session, staff)
    _hold_leaders(actor, session, (staff,), check_reason)
    record(
        actor=actor,
        action="schedule.add_leader",
        subject=session,
        site=session.site,
        reason=check_reason,
        staff=staff.public_id,
    )
    return row


def people_in_the_way(session: Session, place: Place) -> list[tuple[int, str]]:
    """Who of those booked has something else at the new time; shown only where their chart is open."""
    rows = list(session.bookings.standing().select_related("person"))
    held = held_by({row.person_id for row in rows}, place.span, without=[session.pk])
    return [
        (row.person_id, person_sentence(row.person, other, session.site.zone))
        for row in rows
        for other in held[row.person_id]
        if other.pulled_out_of_id is None
    ]
