"""Letters, papers and needs made through the services, for tests and for looking at pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from dayward.care.journey.factories import make_episode, make_program
from dayward.care.journey.models import Episode
from dayward.chart.casework.models import Letter, Need, Summary
from dayward.chart.casework.services import letters, needs, summaries
from dayward.foundation.audit.actors import Actor
from dayward.foundation.consent.factories import make_offer, make_signed
from dayward.foundation.consent.models import Consent
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at

EMPLOYER = "Harborline Logistics"
JUDGE = "County Court, Part 4"


def admitted_ago(episode: Episode, **ago: float) -> Episode:
    """The same stay, begun that long ago."""
    Episode.objects.filter(pk=episode.pk).update(admitted_at=timezone.now() - timedelta(**ago))
    episode.refresh_from_db()
    return episode


def another_stay(episode: Episode, **ago: float) -> Episode:
    """A stay of the same person in a program of its own, begun that long ago and not ended."""
    program, then = make_program(name="Evening"), timezone.now() - timedelta(days=5)
    return admitted_ago(make_episode(person=episode.person, program=program, at=then), **ago)


def filled(person: Person, **changes: Any) -> letters.Filled:
    """A letter about the last four weeks, handed to the person unless told otherwise."""
    today: date = today_at(person)
    values: dict[str, Any] = {
        "kind": "work",
        "route": "person",
        "since": today - timedelta(days=28),
        "until": today,
    }
    return letters.Filled(**(values | changes))


def written_letter(*, actor: Actor, episode: Episode, at: datetime | None = None, **changes: Any) -> Letter:
    """A letter that waits for its signature."""
    person = episode.person
    return letters.begin(actor=actor, person=person, episode=episode, filled=filled(person, **changes), at=at)


def signed_letter(*, actor: Actor, episode: Episode, at: datetime | None = None, **changes: Any) -> Letter:
    """A letter that is signed and still here."""
    letter = written_letter(actor=actor, episode=episode, at=at, **changes)
    return letters.sign(actor=actor, letter=letter, typed_name=name_of(actor), at=at)


def release_to(
    person: Person,
    recipient: str = EMPLOYER,
    *,
    purpose: str = "work_school",
    information: tuple[str, ...] = ("attendance",),
    kind: str = "release",
) -> Consent:
    """A consent by which something may go to somebody, signed by the person."""
    offer = make_offer(person, kind, recipient=recipient, information=list(information), purposes=[purpose])
    return make_signed(offer)


def name_of(actor: Actor) -> str:
    assert actor.staff is not None
    return actor.staff.name


TEXT = "Written with the person."


def written_summary(
    *, actor: Actor, episode: Episode, kind: str = "discharge", at: datetime | None = None, **texts: str
) -> Summary:
    """A draft in which nothing is missing."""
    draft = summaries.start(actor=actor, person=episode.person, kind=kind, episode=episode, at=at)
    filled_in = dict.fromkeys(("reason", "course", "condition", "recommendations"), TEXT) | texts
    summaries.save(actor=actor, summary=draft, texts=filled_in, at=at)
    draft.refresh_from_db()
    return draft


def signed_summary(
    *, actor: Actor, episode: Episode, kind: str = "discharge", at: datetime | None = None, **texts: str
) -> Summary:
    """A summary, or with `kind="transfer"` and a `recipient` a packet, that is signed."""
    draft = written_summary(actor=actor, episode=episode, kind=kind, at=at, **texts)
    return summaries.sign(actor=actor, summary=draft, typed_name=name_of(actor), at=at)


def open_need(*, actor: Actor, person: Person, at: datetime | None = None, **changes: Any) -> Need:
    """A hearing next week, unless told otherwise."""
    values: dict[str, Any] = {
        "kind": "court",
        "wanted": "Hearing, Part 4",
        "with_whom": JUDGE,
        "next_on": today_at(person) + timedelta(days=7),
    }
    wanted = needs.Wanted(**(values | changes))
    return needs.open_need(actor=actor, person=person, wanted=wanted, at=at)
