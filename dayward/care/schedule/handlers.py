"""What this package does about events from below, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta

from django.utils.translation import gettext as _

from dayward.care.catalog.events import Closes, DayClosed, DayReopened
from dayward.care.catalog.models import Closure
from dayward.care.journey.events import (
    AssessmentBooked,
    AssessmentReleased,
    EpisodeEnded,
    HoldChanged,
    OwnHoursTold,
    SegmentChanged,
)
from dayward.care.journey.models import AssessmentSlot, Episode, Segment
from dayward.care.schedule.models import Booking, Enrollment, Group, Session
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.services import (
    Block,
    Choice,
    EnrollReasons,
    cancel_session,
    end_enrollments_of,
    enroll,
    extend_series,
    hold_assessment,
    pause,
    reinstate_session,
    release_assessment,
    resume,
    tell_own_hours,
)
from dayward.care.schedule.services.enrolling import free_seats
from dayward.care.schedule.services.series import series_of
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


def closes(event: Closes) -> None:
    """A room in which sessions are planned, or a track whose groups meet, is still used."""
    if event.kind == "room":
        planned = Session.objects.ahead().standing().filter(room=event.pk)
        count, names = (
            planned.count(),
            _names(planned.exclude(group=None).values_list("group__name", flat=True)),
        )
        if count:
            words = {"n": count, "names": names or "–"}
            raise Refused(_("%(n)d sessions are planned in it (%(names)s). Move them first.") % words)
    if event.kind == "servicekind":
        meeting = Group.objects.filter(service=event.pk).exclude(closed_on__lte=event.day)
        if names := _names(meeting.values_list("name", flat=True)):
            raise Refused(_("Groups of it still meet: %(names)s. Close them first.") % {"names": names})
    if event.kind == "track":
        meeting = Group.objects.filter(track=event.pk).exclude(closed_on__lte=event.day)
        if names := _names(meeting.values_list("name", flat=True)):
            raise Refused(_("Groups of it still meet: %(names)s. Close them first.") % {"names": names})


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def own_hours_told(event: OwnHoursTold) -> None:
    """The screening asked when the person has work, school or children."""
    blocks = [
        Block(
            frozenset(block.weekdays),
            time.fromisoformat(block.starts),
            time.fromisoformat(block.ends),
            block.kind,
            block.note,
        )
        for block in event.blocks
    ]
    person = Person.objects.get(pk=event.person_id)
    tell_own_hours(actor=event.actor, person=person, blocks=blocks, from_day=event.from_day)


def episode_ended(event: EpisodeEnded) -> None:
    """Standing seats end; single sessions to come too, unless another episode is open."""
    episode = Episode.objects.select_related("person").get(pk=event.episode_id)
    reason = _("Treatment ended")
    for segment in episode.segments.all():
        end_enrollments_of(
            actor=event.actor, segment=segment, on=event.last_day + timedelta(days=1), reason=reason
        )
    if Episode.objects.filter(person=episode.person, ended_at__isnull=True).exclude(pk=episode.pk).exists():
        return
    rest = Booking.objects.filter(person=episode.person)
    free_seats(actor=event.actor, bookings=rest, kind=Booking.Ended.ENROLLMENT, reason=reason)


def segment_changed(event: SegmentChanged) -> None:
    """Seats of earlier stretches end where the new one starts; those on weekdays that stay go along."""
    older = Segment.objects.filter(episode=event.episode_id).exclude(pk=event.segment_id)
    staying = _staying(event) if event.keep else []
    for segment in older:
        end_enrollments_of(
            actor=event.actor, segment=segment, on=event.starts_on, reason=_("The track or days changed")
        )
    if staying:
        _go_along(event, staying)


def _staying(event: SegmentChanged) -> list[Enrollment]:
    rows = Enrollment.objects.standing(event.starts_on).filter(segment__episode=event.episode_id)
    kept = event.keep or frozenset()
    return [row for row in rows.select_related("group") if kept & set(row.weekdays)]


def _go_along(event: SegmentChanged, staying: list[Enrollment]) -> None:
    """The seats they had, on the days that stay; what was explained when they got them still holds."""
    segment = Segment.objects.select_related("episode__person", "track__program__site").get(
        pk=event.segment_id
    )
    kept = event.keep or frozenset()
    choices = [Choice(row.group, frozenset(row.weekdays) & kept) for row in staying]
    decided = segment.reason[:200] or _("Fewer days, as the team decided")
    reasons = EnrollReasons(
        over_cap=next((row.over_cap_reason for row in staying if row.over_cap_reason), ""),
        own_hours=next((row.own_hours_reason for row in staying if row.own_hours_reason), ""),
        below_floor=decided,
        check=decided,
    )
    enroll(actor=event.actor, segment=segment, choices=choices, starts_on=event.starts_on, reasons=reasons)


def hold_changed(event: HoldChanged) -> None:
    """A hold frees the seats to come; its end takes them again where there is room."""
    episode = Episode.objects.select_related("person").get(pk=event.episode_id)
    if event.ended_on is None:
        pause(actor=event.actor, episode=episode, since=event.starts_on)
    else:
        resume(actor=event.actor, episode=episode, since=event.ended_on)


def assessment_booked(event: AssessmentBooked) -> None:
    """The time is taken on the week of clinician and person."""
    slot = AssessmentSlot.objects.select_related("case__site", "case__person", "clinician").get(
        pk=event.slot_id
    )
    hold_assessment(actor=event.actor, slot=slot)


def assessment_released(event: AssessmentReleased) -> None:
    """Moved, cancelled or missed: the time is free again."""
    slot = AssessmentSlot.objects.select_related("case__person").get(pk=event.slot_id)
    release_assessment(actor=event.actor, slot=slot, reason=slot.get_status_display())


def day_closed(event: DayClosed) -> None:
    """The sessions of the day are canceled; those somebody was at already stay."""
    closure = Closure.objects.select_related("site").get(pk=event.closure_id)
    span = days_span(closure.day, closure.day, closure.site.zone)
    on_day = Session.objects.filter(site=closure.site, status=Session.Status.PLANNED)
    for session in on_day.filter(during__startswith__gte=span.start, during__startswith__lt=span.end):
        try:
            cancel_session(actor=event.actor, session=session, reason=closure.name, closure=closure)
        except Refused:
            continue


def day_reopened(event: DayReopened) -> None:
    """Sessions canceled for the closure come back where room and clinician are still free."""
    closure = Closure.objects.select_related("site").get(pk=event.closure_id)
    for session in Session.objects.filter(closure=closure, status=Session.Status.CANCELLED):
        try:
            reinstate_session(actor=event.actor, session=session)
        except Refused:
            continue
    for series in series_of(closure.site_id):
        if series.made_until and series.made_until >= closure.day:
            extend_series(actor=event.actor, series=series, until=series.made_until)
