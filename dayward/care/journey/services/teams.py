"""Care teams end some time after nothing is left to do: nobody keeps a chart for years because nobody closed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dayward.care.catalog.models import Program
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.queries.policy import policy_on
from dayward.care.journey.rules.leaving import days_of_team, team_ends
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.services import end_care_team
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.models import Site
from dayward.foundation.people.queries import same_rows, whose_of
from dayward.foundation.standards.queries import open_dues
from dayward.kernel.time import local_day

KEEPER = system_actor("journey.teams")


@dataclass(frozen=True)
class Left:
    """Something of a person that is over: since when, and for how many days the team stays after it."""

    since: datetime
    days: int


def end_teams(now: datetime | None = None) -> int:
    """Ends who is still on the team of somebody who left for long (`rules.leaving.team_ends`) and of whom nothing is
    owed; how many. Each leaves an entry in the trail, and who needs the chart again is added again. The same twice
    changes nothing.
    """
    at = now or timezone.now()
    standing = CareTeamMember.objects.at(at).filter(during__endswith=None)
    rows = list(standing.select_related("person", "staff"))
    whose = whose_of({row.person_id for row in rows}, dict(same_rows()))
    over = _over(whose, at)
    outlived = [row for row in rows if _outlived(row, over[whose[row.person_id]], at)]
    for row in outlived:
        end_care_team(actor=KEEPER, member=row, at=at)
    return len(outlived)


def _outlived(member: CareTeamMember, over: Collection[Left], at: datetime) -> bool:
    began = member.during.lower
    return bool(over) and all(team_ends(began, left.since, left.days) <= at for left in over)


def _over(whose: Mapping[int, int], at: datetime) -> Mapping[int, Collection[Left]]:
    """By person, what they left; nothing of whom something is under way or owed."""
    busy = {whose[person] for person in _under_way(whose)}
    found: dict[int, list[Left]] = defaultdict(list)
    for person, left in _left(whose, at):
        if whose[person] not in busy:
            found[whose[person]].append(left)
    return found


def _under_way(people: Collection[int]) -> Iterator[int]:
    """Who is on the way in, treated, or owed something. Aftercare is not under way by itself: it goes on as long as a
    call is owed, and its last word may never be said.
    """
    yield from IntakeCase.objects.open().filter(person__in=people).values_list("person", flat=True)
    yield from Episode.objects.filter(person__in=people, ended_at=None).values_list("person", flat=True)
    yield from open_dues().filter(person__in=people).values_list("person", flat=True)


def _left(people: Collection[int], at: datetime) -> Iterator[tuple[int, Left]]:
    """Ways in, treatments and follow-ups with the moment they ended or last changed."""
    sites = {site.pk: site for site in Site.objects.all()}
    days = {pk: policy_on(site).team_days for pk, site in sites.items()}
    cases = IntakeCase.objects.filter(person__in=people)
    for person, since, site in cases.values_list("person", "state_since", "site"):
        yield person, Left(since, days[site])
    again = {
        program.pk: terms.reopen_days if (terms := terms_on(program, local_day(at, program.site.zone))) else 0
        for program in Program.objects.select_related("site").prefetch_related("terms")
    }
    episodes = Episode.objects.filter(person__in=people)
    for person, ended_at, site, program in episodes.values_list(
        "person", "ended_at", "program__site", "program"
    ):
        if ended_at:
            yield person, Left(ended_at, days_of_team(days[site], again[program]))
    calls = AftercareCase.objects.filter(episode__person__in=people)
    for person, since, site in calls.values_list("episode__person", "state_since", "episode__program__site"):
        yield person, Left(since, days[site])
