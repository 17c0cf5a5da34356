"""After discharge: the calls, the appointments, who is followed, and what is next with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import (
    AftercareCall,
    AftercareCase,
    DischargePlan,
    Episode,
    FollowUpAppointment,
)
from dayward.care.journey.queries.leaving import Shown, shown
from dayward.care.journey.queries.steps import state_label
from dayward.care.journey.rules import calls
from dayward.care.journey.rules.leaving import TITLES
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.access.queries import Whose
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import ContactPoint, Person, StaffMember
from dayward.foundation.people.queries import reached_by
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import Owed, dues_for
from dayward.kernel.gathering import all_of, alone, both

CALLS = "aftercare.call_"
OWN_PLAN = ("early_signs", "what_helps", "who_helps", "crisis")


@dataclass(frozen=True)
class Try:
    """One try, and who made it."""

    call: AftercareCall
    by: str


@dataclass(frozen=True)
class CallLine:
    """One call of the schedule: when it is due, whether it is made, and each try."""

    slot: str
    title: str
    due_at: datetime | None
    late: bool
    made_at: datetime | None
    tries: tuple[Try, ...]


@dataclass(frozen=True)
class AftercarePage:
    case: AftercareCase | None
    state: str
    is_open: bool
    calls: tuple[CallLine, ...]
    next_slot: str
    appointments: tuple[Shown, ...]
    points: tuple[ContactPoint, ...]
    own_plan: tuple[tuple[str, str], ...]


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
    """Calls, dues, appointments and numbers in one read, and who made the calls in another."""
    case = getattr(episode, "aftercare", None)
    owed = Due.objects.filter(episode=episode.pk, rule__startswith=CALLS).exclude(state=Due.State.OVER)
    visits = FollowUpAppointment.objects.filter(episode=episode).order_by("at", "id")
    numbers = reached_by(episode.person)
    plans = DischargePlan.objects.filter(episode=episode)
    (tries, dues), ((appointments, points), plan) = alone(
        both(
            both(all_of(calls_of(episode)), all_of(owed)),
            both(both(all_of(visits), all_of(numbers)), all_of(plans)),
        )
    )
    lines = _call_lines(tries, dues, _names({call.made_by for call in tries}))
    return AftercarePage(
        case=case,
        state=state_label(case.state) if case else "",
        is_open=case is not None and case.state in open_states(Machine.AFTERCARE),
        calls=lines,
        next_slot=calls.next_slot([line.slot for line in lines if line.made_at]),
        appointments=tuple(shown(episode, None, appointments)),
        points=tuple(points),
        own_plan=_own_plan(plan[0]) if plan else (),
    )


def _own_plan(plan: DischargePlan) -> tuple[tuple[str, str], ...]:
    """What the person wrote for hard days: at hand for whoever calls."""
    return tuple((_(TITLES[key]), getattr(plan, key)) for key in OWN_PLAN if getattr(plan, key))


def calls_of(episode: Episode) -> QuerySet[AftercareCall]:
    """Every try after the discharge, those entered in error too; not of an end that was undone."""
    rows = AftercareCall.objects.filter(episode=episode, slot__in=list(calls.AFTERCARE))
    return rows.filter(made_at__gte=F("episode__ended_at")).order_by("made_at", "id")


def _call_lines(
    tries: Iterable[AftercareCall], dues: Iterable[Due], names: dict[str, str]
) -> tuple[CallLine, ...]:
    due = {row.rule.removeprefix(CALLS).removesuffix("_alumni"): row for row in dues}
    by_slot: dict[str, list[AftercareCall]] = defaultdict(list)
    for call in tries:
        by_slot[call.slot].append(call)
    return tuple(_call_line(slot, by_slot[slot], due.get(slot), names) for slot in calls.AFTERCARE)


def _call_line(slot: str, tries: list[AftercareCall], due: Due | None, names: dict[str, str]) -> CallLine:
    standing = [call for call in tries if call.withdrawn_at is None]
    place = calls.settled_by([call.outcome for call in standing])
    return CallLine(
        slot=slot,
        title=_(calls.AFTERCARE[slot]),
        due_at=due.due_at if due else None,
        late=due is not None and due.state == Due.State.OPEN and due.due_at < timezone.now(),
        made_at=standing[place].made_at if place is not None else None,
        tries=tuple(Try(call, names.get(call.made_by, "")) for call in tries),
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


class OpenCase(NamedTuple):
    """A case whose aftercare is open: of which episode, and whose."""

    key: int
    episode: int
    person: Whose


class NextCall(NamedTuple):
    """A case (by key), and when its next call is due."""

    key: int
    at: datetime | None


def open_cases(sites: Collection[Site]) -> list[OpenCase]:
    """Everybody whose aftercare is open at these sites. There are more of them with every year: no more is read of
    them than a list asks for that shows only some.
    """
    cases = AftercareCase.objects.filter(
        state__in=open_states(Machine.AFTERCARE), episode__program__site__in=sites
    )
    rows = cases.values_list("pk", "episode", "episode__person", "episode__person__site")
    return [OpenCase(key, episode, Whose(person, site)) for key, episode, person, site in rows]


def next_calls(cases: Collection[OpenCase]) -> list[NextCall]:
    """The most urgent first."""
    owed = Due.objects.filter(
        episode__in=[case.episode for case in cases], state=Due.State.OPEN, rule__startswith=CALLS
    )
    due = dict(owed.order_by().values_list("episode").annotate(Min("due_at")))
    found = [NextCall(case.key, due.get(case.episode)) for case in cases]
    return sorted(found, key=lambda call: (call.at is None, call.at or timezone.now(), call.key))


def late_calls(calls_ahead: Iterable[NextCall], now: datetime) -> int:
    """Of how many the next call is late."""
    return sum(call.at is not None and call.at < now for call in calls_ahead)


def followed(keys: Collection[int]) -> list[FollowedLine]:
    """What is next for each of these cases, the most urgent first; four queries."""
    rows = AftercareCase.objects.filter(pk__in=keys)
    shown = list(rows.select_related("episode__person", "episode__program__site"))
    episodes = [case.episode_id for case in shown]
    due: dict[int, Owed] = {}
    for item in dues_for(people=[case.episode.person for case in shown], prefix=CALLS):
        due.setdefault(item.due.episode, item)
    visits: dict[int, FollowUpAppointment] = {}
    for row in FollowUpAppointment.objects.filter(episode__in=episodes, settled_at__isnull=True).order_by(
        "-at"
    ):
        visits[row.episode_id] = row
    last = {
        call.episode_id: call
        for call in AftercareCall.objects.filter(
            episode__in=episodes,
            slot__in=list(calls.AFTERCARE),
            withdrawn_at__isnull=True,
            made_at__gte=F("episode__ended_at"),
        ).order_by("made_at")
    }
    now = timezone.now()
    lines = [
        _followed(case, due.get(case.episode_id), visits.get(case.episode_id), last.get(case.episode_id), now)
        for case in shown
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
