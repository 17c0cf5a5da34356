"""Care teams end some time after nothing is left to do: nobody keeps a chart for years because nobody closed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.queries.policy import policy_on
from dayward.care.journey.rules.leaving import team_ends
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.services import end_care_team
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.models import Site
from dayward.foundation.people.queries import same_rows, whose_of
from dayward.foundation.standards.queries import open_dues

KEEPER = system_actor("journey.teams")
FOLLOWED = "aftercare"  # alumni are followed while something is owed: calls go on for a year


def end_teams(now: datetime | None = None) -> int:
    """Ends who is still on the team of somebody who left for long (`rules.leaving.team_ends`) and of whom nothing is
    owed; how many. Each leaves an entry in the trail, and who needs the chart again is added again. The same twice
    changes nothing.
    """
    at = now or timezone.now()
    same = dict(same_rows())
    over = _over(same)
    days = {site.pk: policy_on(site).team_days for site in Site.objects.all()}
    standing = CareTeamMember.objects.at(at).filter(during__endswith=None)
    rows = list(standing.select_related("person", "staff"))
    whose = whose_of({row.person_id for row in rows}, same)
    outlived = [
        row
        for row in rows
        if (found := over.get(whose[row.person_id]))
        and team_ends(row.during.lower, found[0], days[found[1]]) <= at
    ]
    for row in outlived:
        end_care_team(actor=KEEPER, member=row, at=at)
    return len(outlived)


def _over(same: dict[int, int]) -> dict[int, tuple[datetime, int]]:
    """By person: since when nobody treats or follows them, and at which site they were last."""
    episodes = list(Episode.objects.values_list("person_id", "ended_at", "program__site_id"))
    follow_ups = list(AftercareCase.objects.values_list("episode__person_id", "state", "state_since"))
    cases = IntakeCase.objects.open().values_list("person_id", flat=True)
    owed = open_dues().values_list("person_id", flat=True)
    under_way = {person for person, ended_at, _site in episodes if ended_at is None}
    under_way |= {person for person, state, _since in follow_ups if state == FOLLOWED}
    under_way.update(cases, owed)
    whose = whose_of(_people(episodes, under_way), same)
    busy = {whose[person] for person in under_way}
    found: dict[int, tuple[datetime, int]] = {}
    for person, ended_at, site in episodes:
        who = whose[person]
        if ended_at is not None and who not in busy:
            found[who] = max(found.get(who, (ended_at, site)), (ended_at, site))
    for person, _state, since in follow_ups:
        if last := found.get(whose[person]):
            found[whose[person]] = (max(last[0], since), last[1])
    return found


def _people(episodes: Iterable[tuple[int, datetime | None, int]], under_way: Iterable[int]) -> set[int]:
    return {person for person, _ended_at, _site in episodes} | set(under_way)
