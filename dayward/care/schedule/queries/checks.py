"""What of a week is against a limit, with the reason somebody gave (rules/checks.py decides)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program
from dayward.care.catalog.queries import closed_days
from dayward.care.journey.models import Segment
from dayward.care.schedule import library
from dayward.care.schedule.models import (
    Booking,
    Group,
    LimitReason,
    Session,
    SessionQuerySet,
    SessionStaff,
)
from dayward.care.schedule.queries.payers import payers_in, payers_of_group
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.rules.checks import (
    Finding,
    Leader,
    Meeting,
    Planned,
    check_caseload,
    check_meeting,
    check_week,
)
from dayward.care.schedule.rules.fitting import minutes_on
from dayward.care.schedule.rules.limits import Check, Confidence, Limit, limits_for
from dayward.care.schedule.times import plain_day, read_breaks, to_span, when
from dayward.foundation.organization.models import Setting, Site
from dayward.foundation.organization.queries import said_on, settings_between
from dayward.foundation.people.models import Credential, Person, StaffMember
from dayward.kernel.spans import Span, Spans
from dayward.kernel.time import local_day, week_start

PREFIX = "schedule.limit."  # of the clinic's own numbers (organization.Setting)
OF_WEEKS = (Check.GAP, Check.SEPARATE_DAYS)
AROUND = timedelta(days=7)  # read before a week, so that a gap over its edge is seen
STILL_FILLING = timedelta(days=3)  # further ahead, a group of one may still become two
Booked = tuple[date, Span, Spans]
Limits = tuple[Limit, ...]


@dataclass(frozen=True)
class Found:
    """Something against a limit, where it is, and why it is so all the same."""

    finding: Finding
    sentence: str
    what: str  # a session with its time, or a program; a person's name only where the page may show it
    session: Session | None = None
    person: Person | None = None
    program: Program | None = None
    week: date | None = None
    reason: LimitReason | None = None

    @property
    def limit(self) -> Limit:
        return self.finding.limit


def limits_at(site: Site, day: date) -> Limits:
    """The limits that hold at a site on a day, with the clinic's own numbers; one query."""
    return limits_on(site, [day])[day]


def limits_on(site: Site, days: Collection[date]) -> dict[date, Limits]:
    """Those of each of these days; one query."""
    rows = settings_between(PREFIX, site, min(days), max(days))
    return {day: _limits(site, day, said_on(rows, day)) for day in set(days)}


def limits_between(site: Site, since: date, until: date) -> dict[date, Limits]:
    """Those of each day, the last one included; one query."""
    return limits_on(site, [since + timedelta(days=n) for n in range((until - since).days + 1)])


def _limits(site: Site, day: date, said: Mapping[str, Setting]) -> Limits:
    """A number of the clinic's own is told with the source that the clinic gave for it."""
    own = {key.removeprefix(PREFIX): row for key, row in said.items()}
    held = limits_for(
        library.packs(), state=site.state, day=day, own={key: row.value for key, row in own.items()}
    )
    return tuple(
        replace(limit, citation=own[limit.key].source)
        if limit.confidence is Confidence.POLICY and limit.key in own and own[limit.key].source
        else limit
        for limit in held
    )


def in_words(finding: Finding) -> str:
    """The sentence in the reader's language, days as people write them."""
    words = {
        name: plain_day(date.fromisoformat(value)) if name in ("after", "before") else value
        for name, value in finding.words.items()
    }
    return _(finding.message) % words


# -- sessions --------------------------------------------------------------------------------------------------


def with_credentials(sessions: SessionQuerySet) -> SessionQuerySet:
    """With all that the checks ask of a few sessions, in three more queries; for a week of a site
    `many_with_credentials`.
    """
    leading = _leading().select_related("staff__supervisor")
    leading = leading.prefetch_related("staff__credentials", "staff__supervisor__credentials")
    joined = sessions.with_taken().select_related("service", "group__track__program", "site")
    return joined.prefetch_related(Prefetch("leaders", leading, to_attr="leading"))


def many_with_credentials(sessions: SessionQuerySet, site: Site) -> list[Session]:
    """The same for a week of a site, in six queries: its groups and leaders are few and come again with each session,
    so each is read once."""
    staff = StaffMember.objects.select_related("supervisor").prefetch_related(
        "credentials", "supervisor__credentials"
    )
    leading = Prefetch("leaders", _leading().prefetch_related(Prefetch("staff", staff)), to_attr="leading")
    groups = Prefetch("group", Group.objects.select_related("track__program"))
    found = list(
        sessions.filter(site=site).with_taken().select_related("service").prefetch_related(groups, leading)
    )
    for row in found:
        row.site = site
    return found


def leading_of(session: Session) -> list[SessionStaff]:
    """Who leads a session that was read so."""
    leading: list[SessionStaff] = session.__dict__["leading"]
    return leading


def _leading() -> QuerySet[SessionStaff]:
    return SessionStaff.objects.filter(status=SessionStaff.Status.LEADS)


def leader_of(staff: StaffMember, day: date) -> Leader:
    """A member of staff as the checks see them on a day."""
    held, expired = _credentials(staff.credentials.all(), day)
    supervisor = staff.supervisor
    over = _credentials(supervisor.credentials.all(), day)[0] if supervisor else None
    return Leader(staff.name, held, expired, over)


def _credentials(rows: Iterable[Credential], day: date) -> tuple[frozenset[str], frozenset[str]]:
    known = list(rows)
    expired = frozenset(row.kind for row in known if row.expires_on is not None and row.expires_on < day)
    return frozenset(row.kind for row in known) - expired, expired


def meeting_of(session: Session) -> Meeting:
    """A session read `with_credentials`."""
    day = local_day(session.span.start, session.site.zone)
    leading = leading_of(session)
    return _meeting(
        session.service.form,
        session.taken,
        [leader_of(row.staff, day) for row in leading],
        session.group,
        group=session.group_id is not None or session.cap > 1,
    )


def _meeting(
    form: str, taken: int, leaders: Sequence[Leader], of: Group | None, *, group: bool = True
) -> Meeting:
    program = of.track.program if of and of.track else None
    age, stream = (program.age_group, program.stream) if program else ("", "")
    return Meeting(form, taken, tuple(leaders), age, stream, group=group)


def _of_who_pays(rows: Sequence[tuple[Session, Finding]]) -> list[tuple[Session, Finding]]:
    """What a payer says counts only where it pays for somebody in the session."""
    known = payers_in({session for session, finding in rows if finding.limit.payers})
    return [
        (session, finding)
        for session, finding in rows
        if finding.limit.is_of_payers(known.get(session.pk, frozenset()))
    ]


def findings_of_leaders(
    session_like: Group | Session, leaders: Iterable[StaffMember], day: date
) -> tuple[Finding, ...]:
    """What speaks against these who would lead it."""
    group = session_like if isinstance(session_like, Group) else session_like.group
    people = StaffMember.objects.filter(pk__in=[each.pk for each in leaders])
    rows = people.select_related("supervisor").prefetch_related("credentials", "supervisor__credentials")
    would = [leader_of(row, day) for row in rows]
    meeting = _meeting(session_like.service.form, 0, would, group)
    found = check_meeting(limits_at(session_like.site, day), meeting)
    return tuple(
        each for each in found if each.limit.check in (Check.LEADS, Check.SUPERVISED, Check.LICENSED)
    )


def findings_of_cap(group: Group, cap: int, day: date) -> tuple[Finding, ...]:
    """What speaks against a group of this size, were all seats taken by people whom those pay who pay now."""
    found = check_meeting(limits_at(group.site, day), _meeting(group.service.form, cap, (), group))
    sizes = [each for each in found if each.limit.check is Check.GROUP_MOST]
    payers = payers_of_group(group, day) if any(each.limit.payers for each in sizes) else frozenset()
    return tuple(each for each in sizes if each.limit.is_of_payers(payers))


def found_in_sessions(sessions: Iterable[Session], limits: Mapping[date, Limits]) -> list[Found]:
    """Of those that stand, read `with_credentials`, in the order of time, each against the limits of its own day; one
    query for the reasons."""
    filled = timezone.now() + STILL_FILLING
    rows = [
        (session, finding)
        for session in sessions
        if session.status != Session.Status.CANCELLED
        for finding in check_meeting(
            limits[local_day(session.span.start, session.site.zone)], meeting_of(session)
        )
        if finding.limit.check is not Check.GROUP_LEAST or session.span.start < filled
    ]
    rows = _of_who_pays(rows)
    reasons = reasons_of({session for session, _finding in rows})
    return [
        Found(
            finding,
            in_words(finding),
            _("%(title)s, %(when)s")
            % {"title": session.title, "when": when(session.span, session.site.zone)},
            session=session,
            reason=reason_for(session, finding.limit.key, reasons),
        )
        for session, finding in rows
    ]


def reasons_of(sessions: Collection[Session]) -> list[LimitReason]:
    if not sessions:
        return []
    return list(
        LimitReason.objects.standing()
        .named()
        .filter(
            Q(session__in=[each.pk for each in sessions])
            | Q(series__in={each.series_id for each in sessions if each.series_id})
            | Q(group__in={each.group_id for each in sessions if each.group_id})
        )
    )


def reason_for(session: Session, key: str, reasons: Iterable[LimitReason]) -> LimitReason | None:
    """Its own, else its series', else its group's."""
    mine = [
        row
        for row in reasons
        if row.limit == key
        and (
            row.session_id == session.pk
            or (row.series_id is not None and row.series_id == session.series_id)
            or (row.group_id is not None and row.group_id == session.group_id)
        )
    ]
    return min(mine, key=lambda row: (row.session_id is None, row.series_id is None), default=None)


def sessions_found(site: Site, limits: Mapping[date, Limits]) -> list[Found]:
    """Of all sessions of a site in these days."""
    return found_in_sessions(checked_sessions(site, min(limits), max(limits)), limits)


def checked_sessions(site: Site, since: date, until: date) -> list[Session]:
    """The sessions of a site in days, with their rooms and all that the checks ask; the canceled ones too."""
    span = days_span(since, until, site.zone)
    rows = Session.objects.filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
    return many_with_credentials(rows.select_related("room").order_by("during", "title"), site)


# -- people's weeks --------------------------------------------------------------------------------------------


def weeks_found(
    site: Site, day: date, limits: Iterable[Limit], people: Collection[int] | None = None
) -> list[Found]:
    """Gaps and separate days in the service week of `day`; of everybody in intensive outpatient at the site."""
    asked = [limit for limit in limits if limit.check in OF_WEEKS]
    if not asked:
        return []
    start = week_start(day)
    segments = _segments(site, start, people)
    booked = _booked(site, {row.episode.person_id for row in segments}, start)
    closed = closed_days(site, start - AROUND, start + 2 * AROUND)
    reasons = {
        (row.limit, row.person_id): row
        for row in LimitReason.objects.standing().named().filter(person__in=booked)
        if row.week in (None, start)  # none: of the enrollment, as long as it lasts
    }
    found = []
    for segment in segments:
        person, program = segment.episode.person, segment.track.program
        planned = _planned(segment, booked[person.pk], start, closed)
        for finding in check_week(asked, planned, age=program.age_group, stream=program.stream):
            why = reasons.get((finding.limit.key, person.pk))
            found.append(
                Found(finding, in_words(finding), person.called, person=person, week=start, reason=why)
            )
    return found


def _segments(site: Site, start: date, people: Collection[int] | None) -> list[Segment]:
    rows = (
        Segment.objects.filter(track__program__site=site, level=Segment.Level.IOP)
        .filter(starts_on__lte=start + timedelta(days=6), episode__ended_at__isnull=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=start))
        .select_related("episode__person", "track__program")
        .order_by("pk")
    )
    return list(rows if people is None else rows.filter(episode__person__in=people))


def _booked(site: Site, people: Collection[int], start: date) -> dict[int, list[Booked]]:
    """Clinical sessions by person, with a week before and after."""
    span = days_span(start - AROUND, start + 2 * AROUND, site.zone)
    rows = (
        Booking.objects.standing()
        .filter(person__in=people, session__service__clinical=True)
        .filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
        .values_list("person_id", "during", "session__breaks")
    )
    found: dict[int, list[Booked]] = defaultdict(list)
    for person, during, breaks in rows:
        time = to_span(during)
        found[person].append((local_day(time.start, site.zone), time, read_breaks(breaks)))
    return found


def _planned(segment: Segment, booked: Sequence[Booked], start: date, closed: Collection[date]) -> Planned:
    minutes: Mapping[date, int] = {day: minutes_on(day, booked) for day, _span, _breaks in booked}
    ended = segment.ends_on - timedelta(days=1) if segment.ends_on else None
    began = segment.episode.first_service_on or segment.starts_on
    return Planned(start, minutes, frozenset(closed), began, ended)


# -- programs --------------------------------------------------------------------------------------------------


def caseloads_found(site: Site, day: date, limits: Iterable[Limit]) -> list[Found]:
    """People in each program for each counselor who leads sessions of it in that week."""
    asked = [limit for limit in limits if limit.check is Check.CASELOAD]
    if not asked:
        return []
    start = week_start(day)
    people: dict[int, set[int]] = defaultdict(set)
    programs: dict[int, Program] = {}
    for segment in _segments(site, start, None):
        programs[segment.track.program_id] = segment.track.program
        people[segment.track.program_id].add(segment.episode.person_id)
    counselors = _counselors(site, start)
    reasons = {
        (row.limit, row.program_id): row
        for row in LimitReason.objects.standing().named().filter(week=start, program__in=programs)
    }
    return [
        Found(finding, in_words(finding), program.name, program=program, week=start,
              reason=reasons.get((finding.limit.key, program.pk)))
        for program in programs.values()
        for finding in check_caseload(
            asked, people=len(people[program.pk]), counselors=len(counselors[program.pk]),
            age=program.age_group, stream=program.stream,
        )
    ]  # fmt: skip


def _counselors(site: Site, start: date) -> dict[int, set[int]]:
    span = days_span(start, start + timedelta(days=6), site.zone)
    rows = SessionStaff.objects.filter(
        status=SessionStaff.Status.LEADS,
        session__site=site,
        during__startswith__gte=span.start,
        during__startswith__lt=span.end,
        session__group__track__isnull=False,
    ).values_list("session__group__track__program", "staff_id")
    found: dict[int, set[int]] = defaultdict(set)
    for program, staff in rows:
        found[program].add(staff)
    return found
