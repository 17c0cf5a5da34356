"""Cases and episodes made through the services, for tests and for looking at pages; synthetic people only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from dayward.care.catalog.models import Program, ProgramTerms, Track
from dayward.care.journey import services
from dayward.care.journey.models import Episode, IntakeCase, Source
from dayward.care.journey.rules.questions import RISK_QUESTIONS
from dayward.care.journey.rules.screening import Answer
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.queries.working import subjects_of, told_about
from dayward.kernel.evidence import Evidence, EvidenceProvider, providers
from dayward.kernel.facts import Fact, together

CALM = {question.key: {"answer": Answer.NO.value} for question in RISK_QUESTIONS}


def actor_of(staff: StaffMember) -> Actor:
    assert staff.user is not None
    return staff_actor(staff.user)


def make_actor(*roles: str) -> Actor:
    """A member of staff who acts, intake coordinator unless told otherwise."""
    return actor_of(make_staff_with(*(roles or ("intake",))))


def told_of(*episodes: Episode | int | None, words: Collection[str] | None = None) -> list[Fact]:
    """What standards hear of these episodes: everything, or the facts of these words."""
    ids = {each.pk if isinstance(each, Episode) else each for each in episodes}
    people = Episode.objects.filter(pk__in=ids).values_list("person", flat=True)
    about = {each.episode: each for each in subjects_of(set(people)) if each.episode in ids}
    return [fact for some in told_about(about, words).values() for fact in some]


def make_program(site: Site | None = None, name: str = "Adult day", **terms: Any) -> Program:
    """A program with its numbers."""
    site = site or make_site()
    program, made = Program.objects.get_or_create(
        site=site, name=name, defaults={"stream": "mental_health", "age_group": "adult"}
    )
    if made:
        numbers = {
            "effective_from": date(2024, 1, 1),
            "floor_minutes": 540,
            "prescribed_minutes": 600,
            "stay_min_days": 42,
            "stay_target_days": 63,
            "stay_max_days": 180,
            "set_by": "setup",
            **terms,
        }
        ProgramTerms.objects.create(program=program, **numbers)
    return program


def make_track(program: Program | None = None, name: str = "Mornings") -> Track:
    track, _made = Track.objects.get_or_create(program=program or make_program(), name=name)
    return track


def make_case(
    *, actor: Actor | None = None, person: Person | None = None, site: Site | None = None, **fields: Any
) -> IntakeCase:
    """An inquiry by phone."""
    site = site or make_site()
    return services.open_inquiry(
        actor=actor or make_actor(),
        site=site,
        person=person or make_person(site=site),
        source=fields.pop("source", Source.PHONE),
        program=fields.pop("program", None) or make_program(site),
        **fields,
    )


def screened(case: IntakeCase, *, actor: Actor, at: datetime | None = None, **answers: str) -> IntakeCase:
    """The case after a screening without red flags, other answers as given."""
    told = {**CALM, **{key: {"answer": value} for key, value in answers.items()}}
    services.save_screening(actor=actor, case=case, told=services.Told(answers=told), version=0, at=at)
    services.finish_screening(actor=actor, case=case, at=at)
    case.refresh_from_db()
    return case


def assessment_booked(
    case: IntakeCase, *, actor: Actor, hours: int = 24, at: datetime | None = None
) -> IntakeCase:
    """The case with an assessment booked so many hours from now."""
    clinician = make_staff_with("therapist", site=case.site, credential="social_worker")
    slot = services.Slot(clinician, (at or timezone.now()) + timedelta(hours=hours))
    services.book_assessment(actor=actor, case=case, slot=slot, at=at)
    case.refresh_from_db()
    return case


@contextmanager
def proven(*keys: str, present: bool = True) -> Iterator[None]:
    """Within: these facts of packages above are there (or not), whatever their own provider says."""

    def provider(*, kind: str, id: int) -> Evidence:
        return Evidence(present)

    before = {key: providers._items.get(key) for key in keys}
    providers._items.update(dict.fromkeys(keys, provider))
    try:
        yield
    finally:
        _put_back(before)


def _put_back(before: dict[str, EvidenceProvider | None]) -> None:
    for key, item in before.items():
        if item is None:
            providers._items.pop(key, None)
        else:
            providers._items[key] = item


ASSESSED = (
    "assessment.biopsychosocial_signed",
    "assessment.diagnosis_qualified",
    "safety.risk_statement_signed",
    "safety.plan_if_positive",
)
DECIDED = ("level.recommended", "level.difference_explained", "level.is_this_program")
CONSENTED = ("consent.treatment", "consent.telehealth", "consent.patient_notice")


def level_decided(case: IntakeCase, *, actor: Actor, at: datetime | None = None) -> IntakeCase:
    """The case after assessment and level of care, as if the chart had proved both."""
    with proven(*ASSESSED, *DECIDED):
        services.record_assessment(actor=actor, case=case, at=at)
        services.decide_level(actor=actor, case=case, at=at)
    case.refresh_from_db()
    return case


def make_episode(
    *,
    actor: Actor | None = None,
    person: Person | None = None,
    program: Program | None = None,
    track: Track | None = None,
    starts_on: date | None = None,
    started: bool = False,
    at: datetime | None = None,
) -> Episode:
    """Somebody admitted by way of every step; `started`: with a first service on `starts_on` too.

    What is due is worked out once, at the end.
    """
    with together():
        return _admitted(actor, person, program, track, starts_on, started, at)


def _admitted(
    actor: Actor | None,
    person: Person | None,
    program: Program | None,
    track: Track | None,
    starts_on: date | None,
    started: bool,
    at: datetime | None,
) -> Episode:
    actor = actor or make_actor("intake", "therapist")
    program = program or (track.program if track else make_program())
    day = starts_on or day_here()
    case = make_case(actor=actor, person=person, site=program.site, program=program, at=at)
    screened(case, actor=actor, at=at)
    level_decided(assessment_booked(case, actor=actor, at=at), actor=actor, at=at)
    place = services.Place(track or make_track(program), 3, 600, day)
    with proven(*DECIDED, *CONSENTED):
        episode = services.admit(actor=actor, case=case, place=place, at=at)
    if started:
        with proven("service.first_delivered"):
            services.note_service(actor=actor, episode=episode, on=day, at=at)
        episode.refresh_from_db()
    return episode
