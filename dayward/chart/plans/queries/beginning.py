"""What a new plan can begin with: diagnoses, starters, the timetable, the person's first words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import AdmissionItem, Episode, Screening
from dayward.care.schedule.models import Booking
from dayward.chart.assessments.models import Assessment, Diagnosis, Source
from dayward.chart.plans import library
from dayward.chart.plans.queries.plans import open_stretch
from dayward.chart.plans.rules.starters import Starter, in_order, starter_for
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.queries import care_team
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.time import local_day

LONGEST_WEEKS, USUAL_WEEKS = 26, 8
BARRIERS = ("F02", "F04", "F09")  # coming regularly, on time, who helps


# What a plan begins with where the timetable has nothing of the kind: form, service, times a week.
USUAL = (
    ("group", "group-therapy", Decimal(3)),
    ("education", "psychoeducation", Decimal(1)),
    ("individual", "individual-therapy", Decimal(1)),
    ("medication", "medication-visit", Decimal("0.5")),
)
# Who answers for services of one person; a group's is whoever leads it.
FUNCTIONS: dict[str, str] = {
    "individual": CareTeamMember.Function.PRIMARY_THERAPIST,
    "family": CareTeamMember.Function.PRIMARY_THERAPIST,
    "medication": CareTeamMember.Function.PRESCRIBER,
    "case_management": CareTeamMember.Function.CASE_MANAGER,
}


@dataclass(frozen=True)
class Offer:
    """A problem one click away: a diagnosis with the starter that fits it, or a starter alone."""

    key: str
    title: str
    icd: IcdCode | None
    starter: Starter | None
    fits: bool  # begins with it unless told otherwise


def offers_for(episode: Episode) -> list[Offer]:
    """Diagnoses of the signed assessment first, then every starter in order."""
    starters = library.starters()
    found = [_from_diagnosis(row, starters) for row in _diagnoses(episode)]
    used = {each.starter.key for each in found if each.starter}
    codes = [each.icd.code for each in found if each.icd]
    ordered = in_order(codes, episode.program.stream, starters.values())
    found += [
        Offer(f"starter:{each.key}", _(each.title), None, each, fits=not found and number == 0)
        for number, each in enumerate(ordered)
        if each.key not in used
    ]
    return found


def _from_diagnosis(row: Diagnosis, starters: dict[str, Starter]) -> Offer:
    assert row.icd is not None
    title = f"{row.icd.code} {row.icd.title}"
    return Offer(
        f"icd:{row.icd.code}", title, row.icd, starter_for(row.icd.code, starters.values()), fits=True
    )


def _diagnoses(episode: Episode) -> list[Diagnosis]:
    """Own diagnoses of the newest signed assessment, the primary one first."""
    newest = (
        Assessment.objects.filter(
            person_id__in=episode.person.all_ids, signature__isnull=False, entered_in_error_at__isnull=True
        )
        .order_by("-signature__signed_at", "-id")
        .values("pk")[:1]
    )
    rows = Diagnosis.objects.filter(
        assessment__in=newest, source=Source.ASSESSMENT, entered_in_error_at__isnull=True
    )
    return list(rows.select_related("icd").order_by("rank", "id"))


@dataclass(frozen=True)
class FirstWords:
    """What the person and the assessment have said already."""

    goal: str
    strengths: str
    barriers: str
    family: str


def first_words(episode: Episode) -> FirstWords:
    """The goals written at admission, strengths and supports of the assessment, barriers of the screening."""
    case = episode.case_id
    goals = AdmissionItem.objects.filter(case=case, kind=AdmissionItem.Kind.FIRST_GOALS).first()
    rows = Assessment.objects.filter(
        person_id__in=episode.person.all_ids, signature__isnull=False, entered_in_error_at__isnull=True
    )
    assessment = rows.order_by("-signature__signed_at", "-id").first()
    said = assessment.sections if assessment else {}
    return FirstWords(
        goal=goals.note if goals else "",
        strengths=str(said.get("strengths", "")),
        barriers=_barriers(case),
        family=str(said.get("supports", "")),
    )


def _barriers(case: int | None) -> str:
    """Notes that the screening left beside whether the person can come regularly and live close enough."""
    screening = Screening.objects.filter(case=case).first()
    if screening is None:
        return ""
    lines = [
        str(given.get("note", ""))
        for key, given in screening.answers.items()
        if isinstance(given, dict) and key in BARRIERS
    ]
    return "\n".join(line for line in lines if line)


def usual_interventions(episode: Episode) -> list[dict[str, Any]]:
    """From the timetable: each kind with its minutes and how often a week; a medication visit, and one-on-one."""
    kinds = {row.key: row for row in ServiceKind.objects.in_use().filter(documentable=True)}
    by_pk, weeks = {row.pk: row for row in kinds.values()}, weeks_of(episode)
    rows = [
        (by_pk[service], minutes, Decimal(times))
        for (service, minutes), times in _timetable(episode).items()
        if service in by_pk
    ]
    there = {service.form for service, _minutes, _times in rows}
    rows += [
        (kinds[key], kinds[key].usual_minutes, often)
        for form, key, often in USUAL
        if form not in there and key in kinds
    ]
    team = {row.function: row.staff for row in care_team(episode.person)}
    return [
        {
            "service": service,
            "minutes": minutes,
            "per_week": often,
            "weeks": weeks,
            "responsible": team.get(FUNCTIONS.get(service.form, "")),
        }
        for service, minutes, often in rows
    ]


def _timetable(episode: Episode) -> Counter[tuple[int, int]]:
    """How often the person is booked in the week that begins with the next booking: (service, minutes) -> times."""
    rows = Booking.objects.standing().filter(
        person_id__in=episode.person.all_ids,
        during__startswith__gte=max(episode.admitted_at, timezone.now() - WEEK),
    )
    ahead = list(rows.order_by("during").values_list("session__service", "during")[:80])
    if not ahead:
        return Counter()
    until = ahead[0][1].lower + WEEK
    return Counter(
        (service, int((during.upper - during.lower).total_seconds() // 60))
        for service, during in ahead
        if during.lower < until
    )


WEEK = timedelta(days=7)


def weeks_of(episode: Episode) -> int:
    """How many weeks the stay usually lasts."""
    site = episode.program.site
    terms = terms_on(episode.program, local_day(timezone.now(), site.zone))
    return min(max(1, round(terms.stay_target_days / 7)), LONGEST_WEEKS) if terms else USUAL_WEEKS


def prescribed_minutes(episode: Episode) -> int:
    """What the present stretch of treatment prescribes a week (N05)."""
    stretch = open_stretch(episode)
    return stretch.prescribed_minutes if stretch else 0
