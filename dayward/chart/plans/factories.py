"""Plans and reviews made through the services, for tests and for looking at pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import Episode
from dayward.chart.plans import services
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.queries.plans import open_plan
from dayward.chart.plans.queries.reviews import sheet_of
from dayward.chart.plans.queries.tree import field_key, tree_of
from dayward.chart.plans.services.reviewing import texts_of as review_texts
from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.actors import Actor, person_actor
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.facts import together

TEXT = "Talked about together; in the person's words."


@dataclass(frozen=True)
class Team:
    """Three of the team with credentials that fit the three signatures."""

    therapist: StaffMember
    social_worker: StaffMember
    prescriber: StaffMember

    @property
    def actors(self) -> list[Actor]:
        return [actor_of(each) for each in (self.therapist, self.social_worker, self.prescriber)]


def make_team(person: Person) -> Team:
    def member(role: str, credential: str, function: str) -> StaffMember:
        site = person.site
        extra = {"site": site} if site else {}
        return make_treating(person, role, credential=credential, function=function, **extra)

    return Team(
        member("therapist", "psychologist", "primary_therapist"),
        member("case_manager", "social_worker", "case_manager"),
        member("prescriber", "psychiatrist", "prescriber"),
    )


@together()  # what is due is worked out once, at the end
def written_plan(*, actor: Actor, episode: Episode | None = None, at: datetime | None = None) -> Plan:
    """A draft in which nothing is missing."""
    plan = services.start_plan(actor=actor, episode=episode or make_episode(started=True), at=at)
    tree = tree_of(plan)
    texts = {key: text or TEXT for key, text in plan.texts.items()}
    for row in tree.goals:
        texts[field_key(row.goal, "words")] = row.goal.words or "I want my mornings back."
    for each in tree.objectives:
        texts[field_key(each, "text")] = each.text or "Walk half an hour on five days a week."
        texts[field_key(each, "target")] = each.target or "Five days in the log, two weeks in a row"
    services.save_plan(actor=actor, plan=plan, texts=texts, at=at)
    plan.refresh_from_db()
    return plan


@together()
def team_signed(plan: Plan, team: Team, at: datetime | None = None) -> Plan:
    """The version with the three signatures of the team."""
    for actor in team.actors:
        assert actor.staff is not None
        services.sign_as_team(actor=actor, plan=plan, typed_name=actor.staff.name, at=at)
    plan.refresh_from_db()
    return plan


def own_actor(person: Person) -> Actor:
    """The person in their own page."""
    user = User.objects.filter(person=person).first() or User.objects.create(
        email=f"{person.public_id}@example.org", person=person
    )
    return person_actor(user)


@together()
def signed_plan(*, episode: Episode, team: Team | None = None, at: datetime | None = None) -> Plan:
    """A version that holds."""
    people = team or make_team(episode.person)
    plan = open_plan(episode) or written_plan(actor=people.actors[0], episode=episode, at=at)
    team_signed(plan, people, at)
    services.sign_as_person(
        actor=own_actor(episode.person), plan=plan, typed_name=episode.person.legal_name, at=at
    )
    plan.refresh_from_db()
    return plan


@together()
def written_review(
    *, actor: Actor, plan: Plan, kind: str = "regular", at: datetime | None = None, **texts: str
) -> PlanReview:
    """A draft in which nothing is missing."""
    review = services.start_review(actor=actor, plan=plan, kind=kind, at=at)
    filled = {"summary": TEXT, "person_words": TEXT, "person_agrees": "yes", "level": "iop"}
    for key, text in review_texts(sheet_of(review)).items():
        if key.startswith(("note_", "why_")):
            filled[key] = TEXT
        elif key.startswith("progress_"):
            filled[key] = "progressing"
        elif key.startswith("rating_"):
            filled[key] = text or "support"
    services.save_review(actor=actor, review=review, texts={**filled, **texts}, at=at)
    review.refresh_from_db()
    return review
