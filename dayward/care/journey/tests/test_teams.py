"""Care teams end by themselves some time after treatment and aftercare, and nobody else's do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey import jobs, services
from dayward.care.journey.factories import (
    assessment_booked,
    make_actor,
    make_case,
    make_episode,
    proven,
    screened,
)
from dayward.care.journey.models import Episode, IntakeCase
from dayward.care.journey.rules.policy import TEAM_DAYS, Policy
from dayward.foundation.access.factories import make_treating
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import my_people
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent.events import ConsentSigned
from dayward.foundation.organization.factories import day_here
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import StaffMember
from dayward.foundation.people.services import declare_same
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import open_dues
from dayward.kernel.events import publish

pytestmark = pytest.mark.django_db

LONG = timedelta(days=365)


@pytest.fixture
def actor() -> Actor:
    return make_actor("intake", "therapist", "director")


@pytest.fixture
def episode(actor: Actor) -> Episode:
    return make_episode(actor=actor, started=True)


@pytest.fixture
def therapist(episode: Episode) -> StaffMember:
    return make_treating(episode.person)


def ends(staff: StaffMember, at: datetime) -> bool:
    """Whether the night of that moment takes them off the team."""
    services.end_teams(at)
    return not my_people(Powers(staff, at)).exists()


def leave(actor: Actor, episode: Episode) -> None:
    """Without aftercare, and nothing is owed any more."""
    services.discharge(actor=actor, episode=episode, kind="DECL", reason="Wants to stop")
    settle(episode)


def settle(episode: Episode) -> None:
    Due.objects.filter(person=episode.person).update(state=Due.State.OVER)


def after(days: int) -> datetime:
    return timezone.now() + timedelta(days=days, minutes=1)


def test_who_is_treated_keeps_the_team(therapist: StaffMember) -> None:
    assert not ends(therapist, timezone.now() + LONG)


def test_the_team_ends_some_time_after_the_discharge(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    leave(actor, episode)
    assert not ends(therapist, after(TEAM_DAYS - 1))
    assert ends(therapist, after(TEAM_DAYS))
    entry = Entry.objects.filter(action="access.end_care_team", detail__staff=therapist.public_id).get()
    assert (entry.actor_kind, entry.person) == ("system", episode.person.public_id)
    assert services.end_teams(after(TEAM_DAYS + 1)) == 0


def test_it_stays_while_something_is_owed(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    services.discharge(actor=actor, episode=episode, kind="DECL", reason="Wants to stop")
    assert open_dues().filter(person=episode.person).exists()  # the discharge summary
    assert not ends(therapist, timezone.now() + LONG)


def test_it_stays_while_calls_are_owed_and_needs_no_last_word(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    case = services.discharge(actor=actor, episode=episode, kind="COMP").aftercare
    assert not ends(therapist, timezone.now() + LONG)
    settle(episode)
    case.refresh_from_db()
    assert case.state == "aftercare"
    assert not ends(therapist, after(TEAM_DAYS - 1))
    assert ends(therapist, after(TEAM_DAYS))


def test_it_stays_some_time_after_the_last_word_of_aftercare(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    case = services.discharge(actor=actor, episode=episode, kind="COMP").aftercare
    services.move_aftercare(
        actor=actor, case=case, key="end_aftercare", reason="Asked for no more calls", at=after(20)
    )
    settle(episode)
    assert not ends(therapist, after(TEAM_DAYS))
    assert ends(therapist, after(TEAM_DAYS + 20))


def test_who_was_assessed_and_never_came_is_left_too(actor: Actor) -> None:
    case = assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    therapist = make_treating(case.person)
    assert not ends(therapist, timezone.now() + LONG)
    services.close_case(actor=actor, case=case, how="withdraw", reason="Chose another clinic")
    Due.objects.filter(person=case.person).update(state=Due.State.OVER)
    assert not ends(therapist, after(TEAM_DAYS - 1))
    assert ends(therapist, after(TEAM_DAYS))


def test_it_stays_as_long_as_the_treatment_may_be_taken_up_again(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    ProgramTerms.objects.filter(program=episode.program).update(reopen_days=TEAM_DAYS + 30)
    leave(actor, episode)
    assert not ends(therapist, after(TEAM_DAYS + 30))
    assert ends(therapist, after(TEAM_DAYS + 31))


def test_of_alumni_it_stays_while_calls_are_owed(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    case = services.discharge(actor=actor, episode=episode, kind="COMP").aftercare
    with proven("consent.alumni_contact"):
        publish(ConsentSigned(episode.person.pk, "x", "alumni"))
    case.refresh_from_db()
    assert case.state == "alumni"
    assert not ends(therapist, timezone.now() + LONG)
    settle(episode)
    assert ends(therapist, after(TEAM_DAYS))


def test_who_joins_later_has_as_long(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    leave(actor, episode)
    member = CareTeamMember.objects.get(staff=therapist)
    member.during = type(member.during)(after(10), None)
    member.save(update_fields=["during"])
    assert not ends(therapist, after(TEAM_DAYS))
    assert ends(therapist, after(TEAM_DAYS + 10))


def test_who_came_back_keeps_the_team(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    leave(actor, episode)
    make_episode(actor=actor, person=episode.person, program=episode.program)
    assert not ends(therapist, timezone.now() + LONG)


def test_a_duplicate_is_the_person_it_is_read_as(actor: Actor, episode: Episode) -> None:
    double = make_person(site=episode.person.site, birth_date=episode.person.birth_date)
    therapist = make_treating(double)
    declare_same(actor=SETUP, duplicate=double, same_as=episode.person)
    assert not ends(therapist, timezone.now() + LONG)
    leave(actor, episode)
    assert ends(therapist, after(TEAM_DAYS))


def test_the_clinic_says_how_long(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    site = episode.program.site
    longer = Policy(team_days=TEAM_DAYS + 15)
    services.set_policy(actor=actor, site=site, policy=longer, since=day_here())
    leave(actor, episode)
    assert not ends(therapist, after(TEAM_DAYS))
    assert ends(therapist, after(TEAM_DAYS + 15))


def test_somebody_who_was_never_here_keeps_whoever_looks_after_them() -> None:
    assert not ends(make_treating(make_person()), timezone.now() + LONG)


def test_it_happens_by_night(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    leave(actor, episode)
    Episode.objects.filter(pk=episode.pk).update(ended_at=timezone.now() - timedelta(days=TEAM_DAYS + 1))
    IntakeCase.objects.filter(person=episode.person).update(
        state_since=timezone.now() - timedelta(days=TEAM_DAYS + 1)
    )
    CareTeamMember.objects.filter(staff=therapist).update(
        during=TimestamptzRange(timezone.now() - timedelta(days=TEAM_DAYS + 1), None)
    )
    assert jobs.end_teams_nightly(0) == 1
    assert not my_people(Powers(therapist)).exists()
