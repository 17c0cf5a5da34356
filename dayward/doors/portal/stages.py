"""Where somebody is on their way: it decides which pages are theirs."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.http import HttpRequest

from dayward.care.journey.models import Episode, IntakeCase
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, any_of, both

_KEPT = "_portal_stage"


class Stage(StrEnum):
    GUEST = "guest"  # a relative or guardian: nothing here is about them
    COMING = "coming"  # on the way in
    IN_CARE = "in_care"
    AFTER = "after"  # treatment has ended: forms, letters, help, aftercare and alumni remain


def stage_of(person: Person) -> Stage:
    """By the episode under way, an open intake, or an episode that ended; one statement."""
    ids = person.all_ids
    episodes = Episode.objects.filter(person_id__in=ids)
    (in_care, ended), coming = alone(
        both(
            both(any_of(episodes.filter(ended_at__isnull=True)), any_of(episodes)),
            any_of(IntakeCase.objects.open().filter(person_id__in=ids)),
        )
    )
    if in_care:
        return Stage.IN_CARE
    if coming:
        return Stage.COMING
    return Stage.AFTER if ended else Stage.GUEST


def stage_of_request(request: HttpRequest) -> Stage | None:
    """Of who is signed in to their own page; None for everybody else. Read once a request."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.person is None:
        return None
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, stage_of(user.person))
    stage: Stage = getattr(request, _KEPT)
    return stage


def within(*stages: Stage) -> Callable[[HttpRequest], bool]:
    """For a link that only some of the stages have."""
    return lambda request: stage_of_request(request) in stages
