"""Which plan there is: the one that holds, the one being written, those before."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from dayward.care.journey.models import Episode, Segment
from dayward.chart.plans.models import Intervention, Objective, Plan, PlanSignature
from dayward.chart.plans.models.plan import HOLDS, OPEN
from dayward.foundation.consent.queries import wards_of
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, alone, first_of
from dayward.kernel.prepared import Among, Prepared, Slot


def plans_of(person: Person) -> QuerySet[Plan]:
    """Every version, newest first, with who signed it first."""
    rows = Plan.objects.filter(person_id__in=person.all_ids)
    return rows.select_related(
        "signature", "written_by", "saved_by", "episode__program__site", "person__site"
    ).order_by("-written_at", "-id")


def active_plan(person: Person) -> Plan | None:
    """The plan that holds in the present episode: signed by the person and the team, not superseded."""
    return plans_of(person).filter(HOLDS, episode=present_episode(person)).first()


def made_up_alone(person: Person, service: int) -> bool:
    """Whether the plan that holds lets a session of their own make up for a missed one of this kind."""
    held = Plan.objects.filter(HOLDS, person_id__in=person.all_ids, episode=present_episode(person))
    rows = Intervention.objects.filter(plan__in=held, service=service, removed_at__isnull=True)
    return rows.filter(if_missed=Intervention.IfMissed.ALONE).exists()


def episodes_of(person: Person) -> QuerySet[Episode]:
    """The one under way first, then the one that ended last: a plan of an earlier treatment holds no longer."""
    return present_first(Episode.objects.filter(person_id__in=person.all_ids))


def present_first(rows: QuerySet[Episode]) -> QuerySet[Episode]:
    """The one under way, then those that are over, the latest first."""
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-admitted_at", "-id")


def present_episode(person: Person) -> Subquery:
    """Its key, to be used inside another query."""
    return Subquery(episodes_of(person).values("pk")[:1])


def newest_plan(episode: Episode) -> Plan | None:
    """The version that holds in this episode."""
    return Plan.objects.filter(HOLDS, episode=episode).select_related("signature").first()


def last_signed(episode: Episode) -> Plan | None:
    """The last version that ever held and is not in error, also when a later one took its place."""
    return alone(read_last_signed(episode))


def read_last_signed(episode: Episode) -> Reading[Plan | None]:
    return _LAST_SIGNED.first(episode=episode.pk)


_LAST_SIGNED = Prepared(
    lambda: (
        Plan.objects.filter(
            episode=Slot("episode"), completed_at__isnull=False, entered_in_error_at__isnull=True
        )
        .select_related("episode__program__site")
        .order_by("-number")[:1]
    )
)


def open_plan(episode: Episode) -> Plan | None:
    """The version being written or signed in this episode; episode and person are those that are known already."""
    found = Plan.objects.filter(OPEN, episode=episode).select_related("signature").first()
    if found is not None:
        found.episode = episode
        if found.person_id == episode.person_id:
            found.person = episode.person
    return found


def current_episode(person: Person) -> Episode | None:
    """The episode under way, otherwise the last one."""
    return alone(read_current_episode(person))


_PRESENT = Prepared(
    lambda: present_first(
        Episode.objects.filter(Among("person", Slot("people"))).select_related(
            "program__site", "person__site", "case"
        )
    )[:1]
)


def read_current_episode(person: Person) -> Reading[Episode | None]:
    found = yield from _PRESENT.first(people=person.all_ids)
    if found is not None and found.person_id == person.pk:
        found.person = person  # who is the same as whom has been asked of this one
    return found


def open_stretch(episode: Episode) -> Segment | None:
    """The present stretch of treatment, for its prescribed minutes and days."""
    return alone(read_stretch(episode))


def read_stretch(episode: Episode) -> Reading[Segment | None]:
    rows = Segment.objects.filter(episode=episode).select_related("track")
    return first_of(rows.order_by("-starts_on", "-id"))


def objectives_of(person: Person) -> list[Objective]:
    """The objectives of the plan that holds, in its order: what notes are tied to."""
    rows = standing_objectives().filter(
        plan__episode=present_episode(person),
        plan__completed_at__isnull=False,
        plan__superseded_at__isnull=True,
        plan__entered_in_error_at__isnull=True,
    )
    return list(rows.order_by("-plan__completed_at", *ORDER))


ORDER = ("goal__problem__position", "goal__problem_id", "goal__position", "goal_id", "position", "id")


def standing_objectives() -> QuerySet[Objective]:
    """Those that nobody took off, nor what they stand under; with goal and problem."""
    rows = Objective.objects.filter(
        removed_at__isnull=True, goal__removed_at__isnull=True, goal__problem__removed_at__isnull=True
    )
    return rows.select_related("goal__problem")


def plans_to_sign(reader: Person) -> list[Plan]:
    """Versions whose words are frozen and that this person, or the guardian they are, has not signed yet."""
    people = [reader, *wards_of(reader)]
    ids = [key for each in people for key in each.all_ids]
    own = PlanSignature.objects.filter(
        plan=OuterRef("pk"),
        outcome=PlanSignature.Outcome.SIGNED,
        signature__person_id__in=reader.all_ids,
    )
    rows = Plan.objects.filter(OPEN, ~Exists(own), person_id__in=ids, signature__isnull=False)
    return list(rows.select_related("signature", "person__site", "episode__program__site"))
