"""After discharge: the calls, the appointments, who is followed, and what is next with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCall, AftercareCase, Episode, FollowUpAppointment
from dayward.care.journey.queries.leaving import Shown, shown
from dayward.care.journey.queries.steps import state_label
from dayward.care.journey.rules import calls
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import ContactPoint, Person, StaffMember
from dayward.foundation.standards.queries import Owed, dues_for, dues_of_episode


@dataclass(frozen=True)
class CallLine:
    """One call of the schedule: when it is due, whether it is made, and each try."""

    slot: str
    title: str
    due_at: datetime | None
    late: bool
    made_at: datetime | None
    tries: tuple[AftercareCall, ...]


@dataclass(frozen=True)
class AftercarePage:
    case: AftercareCase | None
    state: str
    is_open: bool
    calls: tuple[CallLine, ...]
    next_slot: str
    appointments: tuple[Shown, ...]
    points: tuple[ContactPoint, ...]
    names: dict[str, str]


def followed_episode(person: Person) -> Episode | None:
    """The episode whose end is followed: the newest that was discharged."""
    return (
        Episode.objects.filter(person_id__in=person.all_ids, state="discharged")
        .exclude(discharge_type="DECEASED")
        .select_related("person", "program__site", "aftercare")
        .order_by("-ended_at", "-id")
        .first()
    )


def aftercare_page(episode: Episode) -> AftercarePage:
    case = getattr(episode, "aftercare", None)
    tries = calls_of(episode)
    appointments = FollowUpAppointment.objects.filter(episode=episode).order_by("at", "id")
    lines = _call_lines(tries, dues_of_episode(episode.pk, "aftercare.call_"))
    settled = [line.slot for line in lines if line.made_at]
    return AftercarePage(
        case=case,
        state=state_label(case.state) if case else "",
        is_open=case is not None and case.state in open_states(Machine.AFTERCARE),
        calls=lines,
        next_slot=calls.next_slot(settled),
        appointments=tuple(shown(episode, None, appointments)),
        points=tuple(ContactPoint.objects.filter(person_id__in=episode.person.all_ids)),
        names=_names({each for call in tries for each in (call.made_by, call.withdrawn_by) if each}),
    )


def calls_of(episode: Episode, slots: Iterable[str] = tuple(calls.AFTERCARE)) -> list[AftercareCall]:
    """Every try, those entered in error too."""
    rows = AftercareCall.objects.filter(episode=episode, slot__in=list(slots))
    return list(rows.select_related("case").order_by("made_at", "id"))


def _call_lines(tries: Iterable[AftercareCall], owed: Iterable[Owed]) -> tuple[CallLine, ...]:
    due = {item.rule.key.removeprefix("aftercare.call_").removesuffix("_alumni"): item for item in owed}
    by_slot: dict[str, list[AftercareCall]] = defaultdict(list)
    for call in tries:
        by_slot[call.slot].append(call)
    now = timezone.now()
    return tuple(_call_line(slot, by_slot[slot], due.get(slot), now) for slot in calls.AFTERCARE)


def _call_line(slot: str, tries: list[AftercareCall], owed: Owed | None, now: datetime) -> CallLine:
    standing = [call for call in tries if call.withdrawn_at is None]
    place = calls.settled_by([call.outcome for call in standing])
    return CallLine(
        slot=slot,
        title=_(calls.AFTERCARE[slot]),
        due_at=owed.due.due_at if owed else None,
        late=owed is not None and owed.is_late(now),
        made_at=standing[place].made_at if place is not None else None,
        tries=tuple(tries),
    )


def _names(users: Collection[str]) -> dict[str, str]:
    rows = StaffMember.objects.filter(user__public_id__in=users).select_related("user")
    return {row.user.public_id: row.name for row in rows if row.user}


@dataclass(frozen=True)
class FollowedLine:
    """Somebody in aftercare, with what is next."""

    case: AftercareCase
    person: Person
    state: str
    next_title: str
    next_at: datetime | None
    late: bool
    appointment: FollowUpAppointment | None  # the next one, or the last whose end nobody knows
    last_call: AftercareCall | None


def followed(sites: Collection[Site], *, alumni_only: bool = False) -> list[FollowedLine]:
    """Everybody whose aftercare is open at these sites, the most urgent first; four queries."""
    states = ["alumni"] if alumni_only else list(open_states(Machine.AFTERCARE))
    cases = list(
        AftercareCase.objects.filter(state__in=states, episode__program__site__in=sites)
        .select_related("episode__person", "episode__program__site")
        .order_by("id")
    )
    episodes = [case.episode_id for case in cases]
    due: dict[int, Owed] = {}
    for item in dues_for(site=sites, prefix="aftercare.call_"):
        due.setdefault(item.due.episode, item)
    visits: dict[int, FollowUpAppointment] = {}
    for row in FollowUpAppointment.objects.filter(episode__in=episodes, settled_at__isnull=True).order_by(
        "-at"
    ):
        visits[row.episode_id] = row
    last = {
        call.episode_id: call
        for call in AftercareCall.objects.filter(episode__in=episodes, withdrawn_at__isnull=True).order_by(
            "made_at"
        )
    }
    now = timezone.now()
    lines = [
        _followed(case, due.get(case.episode_id), visits.get(case.episode_id), last.get(case.episode_id), now)
        for case in cases
    ]
    return sorted(lines, key=lambda line: (line.next_at is None, line.next_at or now, line.case.pk))


def _followed(
    case: AftercareCase,
    owed: Owed | None,
    visit: FollowUpAppointment | None,
    last: AftercareCall | None,
    now: datetime,
) -> FollowedLine:
    return FollowedLine(
        case=case,
        person=case.episode.person,
        state=state_label(case.state),
        next_title=_(owed.rule.title) if owed else "",
        next_at=owed.due.due_at if owed else None,
        late=owed is not None and owed.is_late(now),
        appointment=visit,
        last_call=last,
    )
