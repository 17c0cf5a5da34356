from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Room
from dayward.care.catalog.queries import closed_days
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, Enrollment, Group, Modality, Series, Session, SessionStaff
from dayward.care.schedule.queries.checks import findings_of_leaders
from dayward.care.schedule.queries.collisions import Wanted, held_by, person_sentence, resource_collisions
from dayward.care.schedule.registries import attended_among
from dayward.care.schedule.rules import recurrence
from dayward.care.schedule.rules.edits import EditPlan, Scope, SessionFact, plan_edit
from dayward.care.schedule.rules.recurrence import ClockPair, Meeting, Rhythm
from dayward.care.schedule.services.limits import ask_limits, keep_limits
from dayward.care.schedule.services.making import HORIZON, make_sessions, missing_meetings, rhythm_of
from dayward.care.schedule.services.refusals import explained, one_of_two
from dayward.care.schedule.services.sessions import drop_session, release_pull_outs
from dayward.care.schedule.times import hull, store_breaks, store_clocks, to_range
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Shape:
    """Everything about a series that an edit may change."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    room: Room | None
    facilitators: tuple[StaffMember, ...]
    breaks: tuple[ClockPair, ...] = ()
    modality: str = Modality.IN_PERSON
    last_day: date | None = None

    def rhythm(self, first_day: date) -> Rhythm:
        return Rhythm(self.weekdays, self.starts, self.ends, first_day, self.last_day, self.breaks)


def _problem_sentence(key: str) -> str:
    return {
        "weekdays": _("Choose at least one day of the week."),
        "ends_before_start": _("It ends before it starts."),
        "last_before_first": _("The last day is before the first."),
        "breaks": _("A break lies inside the session, and ends after it starts."),
    }[key]


def refuse_bad_shape(shape: Shape, group: Group, first_day: date) -> None:
    """Refused for what makes no sense, before anything is looked up."""
    problem = recurrence.problem(shape.rhythm(first_day))
    if problem:
        raise Refused(_problem_sentence(problem))
    if shape.room and shape.room.site_id != group.site_id:
        raise Refused(_("That room is at another site."))
    if shape.modality == Modality.IN_PERSON and shape.room is None:
        raise Refused(_("Choose a room, or make it telehealth."))


def _today(group: Group, now: datetime) -> date:
    return local_day(now, group.site.zone)


@one_of_two()
@transaction.atomic
def start_series(
    *,
    actor: Actor,
    group: Group,
    first_day: date,
    shape: Shape,
    now: datetime | None = None,
    until: date | None = None,
    check_reason: str = "",
) -> Series:
    """Give a group a weekly rhythm; its sessions exist up to the horizon, and a job keeps it ahead."""
    refuse_bad_shape(shape, group, first_day)
    series = Series.objects.create(
        group=group,
        weekdays=sorted(shape.weekdays),
        starts=shape.starts,
        ends=shape.ends,
        breaks=store_clocks(shape.breaks),
        first_day=first_day,
        last_day=shape.last_day,
        room=shape.room,
        modality=shape.modality,
    )
    series.facilitators.set(shape.facilitators)
    _hold_leaders(actor, series, shape.facilitators, first_day, check_reason)
    today = _today(group, now or timezone.now())
    made = _extend(actor, series, since=first_day, until=until or max(today, first_day) + HORIZON)
    record(
        actor=actor,
        action="schedule.start_series",
        subject=series,
        site=group.site,
        reason=check_reason,
        sessions=made,
    )
    return series


def _hold_leaders(
    actor: Actor, series: Series, leaders: Iterable[StaffMember], day: date, reason: str
) -> None:
    """Who may not lead it by their credentials is refused, or takes a reason."""
    found = findings_of_leaders(series.group, leaders, day)
    ask_limits(found, reason)
    keep_limits(actor=actor, site=series.group.site, findings=found, reason=reason, series=series)


@one_of_two()
@transaction.atomic
def extend_series(*, actor: Actor, series: Series, until: date, now: datetime | None = None) -> int:
    """Make the sessions that are missing from today to `until`; says how many."""
    since = max(series.first_day, _today(series.group, now or timezone.now()))
    made = _extend(actor, series, since=since, until=until)
    if made:
        record(
            actor=actor,
            action="schedule.extend_series",
            subject=series,
            site=series.group.site,
            sessions=made,
        )
    return made


def _extend(actor: Actor, series: Series, *, since: date, until: date) -> int:
    wanted = missing_meetings(series, since=since, until=until)
    leaders = tuple(series.facilitators.all())
    if wanted:
        with explained(lambda: _in_the_way(series, wanted, leaders)):
            make_sessions(actor=actor, series=series, wanted=wanted, leaders=leaders)
    if series.made_until is None or series.made_until < until:
        series.made_until = until
        series.save(update_fields=["made_until"])
    return len(wanted)


def _in_the_way(series: Series, wanted: Iterable[Meeting], leaders: Sequence[StaffMember]) -> list[str]:
    staff = frozenset(leader.pk for leader in leaders)
    return resource_collisions(
        [Wanted(each.span, series.room_id, staff) for each in wanted], series.group.site.zone
    )


# -- edits -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Consequence:
    """What an edit of a series would do, before it happens."""

    plan: EditPlan
    since: date
    collisions: tuple[str, ...]
    people_moved: int
    people_collisions: tuple[tuple[int, str], ...]  # person id, sentence: shown only where the chart is open
    seats_lost: int  # bookings in sessions that would go


def facts(series: Series, since: date) -> list[SessionFact]:
    """The series' sessions from a day on, as the rule reads them."""
    rows = list(series.sessions.filter(series_day__gte=since))
    attended = attended_among([row.pk for row in rows])
    return [
        SessionFact(
            row.pk,
            row.series_day or since,
            row.during.lower,
            attended=row.pk in attended,
            by_hand=row.by_hand,
            cancelled=row.status == Session.Status.CANCELLED,
        )
        for row in rows
    ]


def consequence(
    series: Series, *, scope: Scope, pivot: date, shape: Shape, now: datetime | None = None
) -> Consequence:
    """Plan an edit without doing it."""
    group, instant = series.group, now or timezone.now()
    refuse_bad_shape(shape, group, pivot if scope is Scope.FOLLOWING else series.first_day)
    today = _today(group, instant)
    since = max(series.first_day, today) if scope is Scope.ALL else max(pivot, today)
    until = series.made_until or today + HORIZON
    closed = closed_days(group.site, since, until)
    plan = plan_edit(
        facts(series, since),
        shape.rhythm(since),
        group.site.zone,
        since=since,
        until=until,
        now=instant,
        closed=closed,
    )
    staff = frozenset(leader.pk for leader in shape.facilitators)
    room = shape.room.pk if shape.room else None
    spans = [(move.meeting.span, move.session) for move in plan.moves] + [
        (new.span, None) for new in plan.new
    ]
    collisions = resource_collisions(
        [Wanted(span, room, staff, session) for span, session in spans], group.site.zone
    )
    return Consequence(plan, since, tuple(collisions), *_people_in(series, plan))


def _people_in(series: Series, plan: EditPlan) -> tuple[int, tuple[tuple[int, str], ...], int]:
    """How many people move, who of them has something else then, how many seats go."""
    spans = {move.session: move.meeting.span for move in plan.moves}
    moving = list(Booking.objects.standing().filter(session__in=spans).select_related("person"))
    lost = Booking.objects.standing().filter(session__in=plan.gone).count()
    if not moving:
        return 0, (), lost
    people = {each.person_id for each in moving}
    held = held_by(people, hull(spans.values()), without=[*spans, *plan.gone])
    zone = series.group.site.zone
    sentences = {
        (each.person_id, person_sentence(each.person, other, zone))
        for each in moving
        for other in held[each.person_id]
        if other.session.span.overlaps(spans[each.session_id])
    }
    return len(people), tuple(sorted(sentences)), lost


@one_of_two()
@transaction.atomic
def edit_series(
    *,
    actor: Actor,
    series: Series,
    version: int,
    scope: Scope,
    pivot: date,
    shape: Shape,
    now: datetime | None = None,
    check_reason: str = "",
) -> Series:
    """Change a series from a day on (`following`) or as a whole (`all`).

    Sessions keep their identity, so seats and calendars follow; what was attended, begun, cancelled or
    changed by hand stays. One session alone is `edit_session`.
    """
    series = (
        Series.objects.select_for_update(of=("self",)).select_related("group__site", "room").get(pk=series.pk)
    )
    if series.version != version:
        raise Conflict()
    foreseen = consequence(series, scope=scope, pivot=pivot, shape=shape, now=now)
    known = set(series.facilitators.all())
    target = _split(series, foreseen.since, shape) if scope is Scope.FOLLOWING else series
    _reshape(target, shape)
    new = [each for each in shape.facilitators if each not in known]
    _hold_leaders(actor, target, new, foreseen.since, check_reason)
    leaders = tuple(shape.facilitators)

    def why() -> list[str]:
        people = [
            _("%(count)d people have something else then.")
            % {"count": len({p for p, _s in foreseen.people_collisions})}
        ]
        return list(foreseen.collisions) + (people if foreseen.people_collisions else [])

    with explained(why):
        _carry_out(actor, target, foreseen.plan, leaders, now or timezone.now())
    record(
        actor=actor,
        action="schedule.edit_series",
        subject=target,
        site=target.group.site,
        reason=check_reason,
        scope=scope.value,
        moved=len(foreseen.plan.moves),
        made=len(foreseen.plan.new),
        cancelled=len(foreseen.plan.gone),
    )
    return target


def _split(series: Series, since: date, shape: Shape) -> Series:
    """The old series ends the day before; its sessions from then on belong to a new one."""
    if since <= series.first_day:
        return series
    new = Series.objects.create(
        group=series.group,
        weekdays=sorted(shape.weekdays),
        starts=shape.starts,
        ends=shape.ends,
        first_day=since,
        last_day=shape.last_day,
        made_until=series.made_until,
    )
    series.sessions.filter(series_day__gte=since).update(series=new)
    series.last_day = since - timedelta(days=1)
    series.version += 1
    series.save(update_fields=["last_day", "version"])
    return new


def _reshape(series: Series, shape: Shape) -> None:
    series.weekdays = sorted(shape.weekdays)
    series.starts, series.ends = shape.starts, shape.ends
    series.breaks = store_clocks(shape.breaks)
    series.room, series.modality, series.last_day = shape.room, shape.modality, shape.last_day
    series.version += 1
    series.save()
    series.facilitators.set(shape.facilitators)


def _carry_out(
    actor: Actor, series: Series, plan: EditPlan, leaders: Sequence[StaffMember], now: datetime
) -> None:
    sessions = series.sessions.in_bulk([move.session for move in plan.moves])
    starts = [each.span.start for each in sessions.values()] + [
        move.meeting.span.start for move in plan.moves
    ]
    release_pull_outs({move.session: move.meeting.span for move in plan.moves})
    for move in plan.moves:
        session = sessions[move.session]
        session.series_day = move.meeting.day
        session.during, session.breaks = to_range(move.meeting.span), store_breaks(move.meeting.breaks)
        session.room, session.modality = series.room, series.modality
        session.version += 1
        session.sequence += 1
        session.changed_at, session.changed_by = now, actor.id
    fields = "series_day during breaks room modality version sequence changed_at changed_by".split()
    Session.objects.bulk_update(sessions.values(), fields)
    _lead(sessions.values(), leaders)
    for gone in series.sessions.filter(pk__in=plan.gone):
        drop_session(actor=actor, session=gone, now=now)
    if starts:
        seated = Booking.objects.standing().filter(session__in=list(sessions))
        seats_changed(actor, seated.values_list("person_id", flat=True), min(starts))
    _carry_enrollments(series, plan)
    if plan.new:
        make_sessions(actor=actor, series=series, wanted=plan.new, leaders=leaders)


def _lead(sessions: Iterable[Session], leaders: Sequence[StaffMember]) -> None:
    """Those who lead from now on; who no longer does stays in the record as covered."""
    moved = [session.pk for session in sessions]
    wanted = {leader.pk for leader in leaders}
    rows = SessionStaff.objects.filter(session__in=moved)
    rows.filter(status=SessionStaff.Status.LEADS).exclude(staff__in=wanted).update(
        status=SessionStaff.Status.COVERED
    )
    rows.filter(staff__in=wanted).update(status=SessionStaff.Status.LEADS)
    there = set(rows.values_list("session_id", "staff_id"))
    SessionStaff.objects.bulk_create(
        SessionStaff(session=session, staff=leader, during=session.during)
        for session in sessions
        for leader in leaders
        if (session.pk, leader.pk) not in there
    )


def _carry_enrollments(series: Series, plan: EditPlan) -> None:
    """Whose standing seat was on Wednesdays sits on Thursdays when Wednesday became Thursday."""
    became = {move.old_day.isoweekday(): move.meeting.day.isoweekday() for move in plan.moves}
    changed = {old: new for old, new in became.items() if old != new}
    if not changed:
        return
    for enrollment in Enrollment.objects.running().filter(group=series.group):
        enrollment.weekdays = sorted({changed.get(day, day) for day in enrollment.weekdays})
        enrollment.save(update_fields=["weekdays"])


@one_of_two()
@transaction.atomic
def end_series(*, actor: Actor, series: Series, last_day: date) -> Series:
    """No meetings after `last_day`; sessions beyond it go."""
    series.last_day = last_day
    series.version += 1
    series.save(update_fields=["last_day", "version"])
    beyond = series.sessions.ahead().filter(series_day__gt=last_day, status=Session.Status.PLANNED)
    count = 0
    for session in beyond:
        drop_session(actor=actor, session=session, now=timezone.now())
        count += 1
    record(actor=actor, action="schedule.end_series", subject=series, site=series.group.site, cancelled=count)
    return series


def series_of(site_id: int) -> list[Series]:
    """Series of a site that go on."""
    rows = Series.objects.filter(group__site=site_id, group__closed_on__isnull=True)
    return list(rows.select_related("group__site", "group__service", "room").prefetch_related("facilitators"))


def shape_of(series: Series) -> Shape:
    """The series as it is now, to start an edit from."""
    rhythm = rhythm_of(series)
    return Shape(
        rhythm.weekdays,
        rhythm.starts,
        rhythm.ends,
        series.room,
        tuple(series.facilitators.all()),
        rhythm.breaks,
        series.modality,
        series.last_day,
    )
