from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import Episode, Segment
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, BookingQuerySet, Enrollment, Group, Session
from dayward.care.schedule.queries.checks import limits_at, weeks_found
from dayward.care.schedule.queries.choices import minutes_of_choice
from dayward.care.schedule.queries.collisions import (
    as_held,
    held_by,
    own_hours_of,
    own_hours_sentence,
    person_sentence,
)
from dayward.care.schedule.queries.seat_checks import findings_of_seats
from dayward.care.schedule.rules.checks import Finding
from dayward.care.schedule.rules.own_hours import conflicts
from dayward.care.schedule.rules.seats import Fit, fit
from dayward.care.schedule.services.limits import ask_limits, keep_limits
from dayward.care.schedule.services.making import seat_enrolled, taken_seats
from dayward.care.schedule.services.refusals import (
    BELOW_FLOOR,
    OVER_CAP,
    OWN_HOURS,
    NeedsReason,
    explained,
    one_of_two,
)
from dayward.care.schedule.times import hull, when
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day
from dayward.ui.charts import hours


@dataclass(frozen=True)
class Choice:
    """A group and the weekdays of it the person will come on."""

    group: Group
    weekdays: frozenset[int]


@dataclass(frozen=True)
class EnrollReasons:
    over_cap: str = ""
    own_hours: str = ""
    below_floor: str = ""
    check: str = ""  # why it may be against a limit: how the days are spread, or how many are in a group


@one_of_two()
@transaction.atomic
def enroll(
    *,
    actor: Actor,
    segment: Segment,
    choices: Sequence[Choice],
    starts_on: date,
    reasons: EnrollReasons | None = None,
    now: datetime | None = None,
) -> list[Enrollment]:
    """Standing seats in groups from a day on, with their bookings up to the horizon.

    Refused where the person has something else. Own hours, a full group and a week under the floor take a reason.
    """
    said = reasons or EnrollReasons()
    chosen = [choice for choice in choices if choice.weekdays]
    person = segment.episode.person
    _refuse_bad_choices(segment, chosen, starts_on)
    sessions = _lock_sessions(chosen, starts_on, now or timezone.now())
    _refuse_collisions(segment, sessions)
    _ask_reasons(segment, chosen, sessions, starts_on, said)
    why = said.check or said.over_cap
    sizes = _sizes(sessions, person, why)
    made = [
        Enrollment.objects.create(
            segment=segment,
            person=person,
            group=choice.group,
            weekdays=sorted(choice.weekdays),
            starts_on=starts_on,
            over_cap_reason=said.over_cap,
            own_hours_reason=said.own_hours,
            below_floor_reason=said.below_floor,
            made_at=now or timezone.now(),
            made_by=actor.id,
        )
        for choice in chosen
    ]
    with explained():
        seat_enrolled(actor=actor, enrollments=made, sessions=sessions, now=now)
    for group, findings in sizes.items():
        keep_limits(actor=actor, site=segment.track.program.site, findings=findings, reason=why, group=group)
    _hold_spread(actor, segment, starts_on, said.check)
    record(
        actor=actor,
        action="schedule.enroll",
        person=person,
        subject=segment,
        site=segment.track.program.site,
        reason=said.below_floor or said.own_hours or said.over_cap or said.check,
        groups=[choice.group.public_id for choice in chosen],
        starts_on=starts_on.isoformat(),
    )
    return made


def _sizes(sessions: Sequence[Session], person: Person, reason: str) -> dict[Group, list[Finding]]:
    """What the groups would be against with one more in them, each limit once; Refused where nobody says why."""
    found: dict[Group, dict[str, Finding]] = defaultdict(dict)
    for session, findings in findings_of_seats(sessions, person).items():
        if session.group is not None:
            found[session.group] = {each.limit.key: each for each in findings} | found[session.group]
    by_group = {group: list(findings.values()) for group, findings in found.items()}
    ask_limits([each for findings in by_group.values() for each in findings], reason)
    return by_group


def _hold_spread(actor: Actor, segment: Segment, starts_on: date, reason: str) -> None:
    """Days too far apart, or too few of them, in the first whole week: where a state or payer says so."""
    site, person, day = segment.track.program.site, segment.episode.person, starts_on + timedelta(days=7)
    rows = weeks_found(site, day, limits_at(site, starts_on), people=[person.pk])
    found = [row.finding for row in rows]
    ask_limits(found, reason)
    keep_limits(actor=actor, site=site, findings=found, reason=reason, person=person)


def _refuse_bad_choices(segment: Segment, choices: Sequence[Choice], starts_on: date) -> None:
    if not choices:
        raise Refused(_("Choose at least one group and day."))
    if segment.ends_on is not None:
        raise Refused(_("This stretch of treatment has ended."))
    if segment.episode.ended_at is not None:
        raise Refused(_("This episode has ended."))
    if starts_on < segment.starts_on:
        raise Refused(_("Enrollment starts on %(day)s at the earliest.") % {"day": segment.starts_on})
    standing = {
        each.group_id: set(each.weekdays)
        for each in Enrollment.objects.standing(starts_on).filter(person=segment.episode.person)
    }
    for choice in choices:
        if standing.get(choice.group.pk, set()) & choice.weekdays:
            raise Refused(
                _("The person has a seat in “%(group)s” on such a day already.") % {"group": choice.group}
            )


def _lock_sessions(choices: Sequence[Choice], starts_on: date, now: datetime) -> list[Session]:
    """The sessions to come of the chosen groups on the chosen days, locked so that the count of seats is true.

    Who begins today has no seat in what was over before they had one.
    """
    rows = (
        Session.objects.select_for_update(of=("self",))
        .filter(group__in=[choice.group.pk for choice in choices], series_day__gte=starts_on)
        .filter(status=Session.Status.PLANNED)
        .select_related("site", "room")
        .order_by("pk")
    )
    days = {choice.group.pk: choice.weekdays for choice in choices}
    return [
        row
        for row in rows
        if row.group_id
        and row.series_day
        and row.series_day.isoweekday() in days[row.group_id]
        and not (row.span.end <= now and starts_on == local_day(now, row.site.zone))
    ]


def _refuse_collisions(segment: Segment, sessions: Sequence[Session]) -> None:
    """What the person has already stands in the way, unless it lies inside one of the groups."""
    if not sessions:
        raise Refused(_("These groups have no sessions on those days."))
    person, zone = segment.episode.person, segment.track.program.site.zone
    held = held_by([person.pk], hull(session.span for session in sessions))[person.pk]
    known = as_held(held)
    by_id = {each.pk: each for each in held}
    against = [
        by_id[one.id]
        for session in sessions
        if (found := fit(session.span, known))[0] not in (Fit.FREE, Fit.AROUND)
        for one in found[1]
    ]
    twice = _overlapping(sessions)
    if against or twice:
        raise Refused(
            reasons=[*twice, *dict.fromkeys(person_sentence(person, each, zone) for each in against)]
        )


def _overlapping(sessions: Sequence[Session]) -> list[str]:
    """Chosen groups that meet at the same time."""
    ordered = sorted(sessions, key=lambda session: session.span)
    clashing = [(a, b) for a, b in pairwise(ordered) if a.span.overlaps(b.span)]
    pairs = dict.fromkeys((a.title, b.title) for a, b in clashing)
    return [_("“%(one)s” and “%(other)s” meet at the same time.") % {"one": a, "other": b} for a, b in pairs]


def _ask_reasons(
    segment: Segment,
    choices: Sequence[Choice],
    sessions: Sequence[Session],
    starts_on: date,
    said: EnrollReasons,
) -> None:
    person, zone = segment.episode.person, segment.track.program.site.zone
    against = conflicts(own_hours_of(person), [session.span for session in sessions], zone)
    if against and not said.own_hours.strip():
        sentences = [own_hours_sentence(person, span, busy, zone) for span, busy in against]
        raise NeedsReason(OWN_HOURS, sentences[:5])
    taken = taken_seats([session.pk for session in sessions])
    full = [session for session in sessions if taken[session.pk] >= session.places]
    if full and not said.over_cap.strip():
        words = [{"title": each.title, "when": when(each.span, zone)} for each in full[:5]]
        raise NeedsReason(OVER_CAP, [_("“%(title)s” on %(when)s is full.") % each for each in words])
    _ask_floor(segment, choices, starts_on, said.below_floor)


def _ask_floor(segment: Segment, choices: Sequence[Choice], starts_on: date, reason: str) -> None:
    """A floor is a gate with an override reason (requirements 1.2)."""
    terms = terms_on(segment.track.program, starts_on)
    if terms is None or segment.level != Segment.Level.IOP:
        return
    weekly = minutes_of_choice(segment.episode.person, choices, starts_on)
    if weekly < terms.floor_minutes and not reason.strip():
        words = {"weekly": hours(weekly), "floor": hours(terms.floor_minutes)}
        raise NeedsReason(
            BELOW_FLOOR, [_("This week has %(weekly)s, and the program's floor is %(floor)s a week.") % words]
        )


# -- ending, pausing -------------------------------------------------------------------------------------------


@one_of_two()
@transaction.atomic
def end_enrollment(*, actor: Actor, enrollment: Enrollment, on: date, reason: str) -> Enrollment:
    """No seat from `on`; seats in sessions that have not begun are free again."""
    if enrollment.ends_on is not None and enrollment.ends_on <= on:
        raise Refused(_("This enrollment ends earlier already."))
    _end(actor, enrollment, on, reason)
    record(
        actor=actor,
        action="schedule.end_enrollment",
        person=enrollment.person,
        subject=enrollment,
        site=enrollment.group.site,
        reason=reason,
        on=on.isoformat(),
    )
    return enrollment


def _end(actor: Actor, enrollment: Enrollment, on: date, reason: str) -> None:
    enrollment.ends_on = max(on, enrollment.starts_on)
    enrollment.ended_at, enrollment.ended_by, enrollment.end_reason = timezone.now(), actor.id, reason
    enrollment.save(update_fields=["ends_on", "ended_at", "ended_by", "end_reason"])
    free_seats(
        actor=actor,
        kind=Booking.Ended.ENROLLMENT,
        reason=reason,
        bookings=Booking.objects.filter(enrollment=enrollment, session__series_day__gte=on),
    )


def free_seats(*, actor: Actor, bookings: BookingQuerySet, kind: Booking.Ended, reason: str) -> int:
    """Cancel those of `bookings` that stand and have not begun; visits inside stand alone."""
    rows = bookings.standing().ahead()
    people = set(rows.values_list("person_id", flat=True))
    with explained():
        Booking.objects.standing().filter(pulled_out_of__in=rows).update(pulled_out_of=None)
        count = rows.update(
            status=Booking.Status.CANCELLED,
            cancelled_at=timezone.now(),
            cancelled_by=actor.id,
            cancel_kind=kind,
            cancel_reason=reason[:200],
            sequence=F("sequence") + 1,
        )
    seats_changed(actor, people, timezone.now())
    return count


@one_of_two()
@transaction.atomic
def end_enrollments_of(*, actor: Actor, segment: Segment, on: date, reason: str) -> int:
    """All standing seats of a segment end."""
    rows = list(
        Enrollment.objects.standing(on).filter(segment=segment).select_related("person", "group__site")
    )
    for enrollment in rows:
        end_enrollment(actor=actor, enrollment=enrollment, on=on, reason=reason)
    return len(rows)


@one_of_two()
@transaction.atomic
def pause(*, actor: Actor, episode: Episode, since: date) -> int:
    """On hold: the seats to come are free for others; the enrollment stays."""
    count = free_seats(
        actor=actor,
        bookings=Booking.objects.filter(person=episode.person, enrollment__segment__episode=episode).filter(
            session__series_day__gte=since
        ),
        kind=Booking.Ended.HOLD,
        reason=_("On hold"),
    )
    record(actor=actor, action="schedule.pause", person=episode.person, subject=episode, bookings=count)
    return count


@one_of_two()
@transaction.atomic
def resume(*, actor: Actor, episode: Episode, since: date) -> int:
    """Back from a hold: seats in the sessions to come, where the group has room; the rest is shown as full."""
    enrollments = list(
        Enrollment.objects.standing(since).filter(segment__episode=episode).select_related("group", "segment")
    )
    sessions = list(
        Session.objects.ahead()
        .filter(group__in=[each.group_id for each in enrollments], status=Session.Status.PLANNED)
        .filter(series_day__gte=since)
        .select_related("room")
    )
    taken = taken_seats([session.pk for session in sessions])
    free = [session for session in sessions if taken[session.pk] < session.places]
    with explained():
        seated = seat_enrolled(actor=actor, enrollments=enrollments, sessions=free)
    record(
        actor=actor, action="schedule.resume", person=episode.person, subject=episode, bookings=seated.made
    )
    return seated.made
