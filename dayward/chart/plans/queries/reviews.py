"""A review with everything it looks at: objectives, dimensions, criteria, hours, scores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.attendance.queries import week_of
from dayward.care.journey.models import Episode
from dayward.chart.assessments import library as criteria_library
from dayward.chart.assessments.queries import levels_of
from dayward.chart.measures import library as measures
from dayward.chart.measures.queries import ScorePoint, course_of
from dayward.chart.plans.models import (
    DischargeCriterion,
    Goal,
    Objective,
    ObjectiveProgress,
    Plan,
    PlanReview,
    PlanSignature,
)
from dayward.chart.plans.queries.plans import ORDER, standing_objectives
from dayward.chart.plans.rules import review as rules
from dayward.chart.plans.rules.team import AGREED
from dayward.foundation.people.models import Person
from dayward.foundation.standards.queries import by_when
from dayward.kernel.time import local_day

MOST_WEEKS = 8
NEXT_REVIEW = "plan.review"  # the rule of the standards that says when


@dataclass(frozen=True)
class StepRow:
    """One objective in a review; `before` is what the last signed review said."""

    objective: Objective
    progress: str
    note: str
    before: ObjectiveProgress | None

    @property
    def goal(self) -> Goal:
        return self.objective.goal

    @property
    def key(self) -> str:
        return self.objective.public_id

    def get_progress_display(self) -> str:
        return str(dict(ObjectiveProgress.Progress.choices).get(self.progress, ""))


@dataclass(frozen=True)
class Sheet:
    """A review and all that stands beside it."""

    review: PlanReview
    steps: list[StepRow]
    dimensions: list[rules.Dimension]
    scale: dict[str, str]
    criteria: list[tuple[DischargeCriterion, str]]

    @property
    def plain(self) -> rules.Review:
        """As the rules read it."""
        row = self.review
        return rules.Review(
            steps=tuple(
                rules.Step(each.key, each.objective.text, each.progress, each.note) for each in self.steps
            ),
            dimensions=tuple(self.dimensions),
            summary=row.summary,
            person_words=row.person_words,
            person_agrees=row.person_agrees,
            level=row.level,
            next_review_on=row.next_review_on,
            step_down=row.kind == PlanReview.Kind.STEP_DOWN,
            stable_since=row.stable_since,
            signature_wanted=not row.changes_plan and bool(self.to_ask_again),
        )

    @property
    def to_ask_again(self) -> list[PlanSignature]:
        """Whose word is neither a signature nor a yes, and who was not asked since this review began."""
        return [
            row
            for row in self.review.plan.not_signed
            if row.outcome not in AGREED and row.signature.signed_at < self.review.written_at
        ]


def reviews_of(person: Person) -> QuerySet[PlanReview]:
    """Every review, newest first."""
    rows = PlanReview.objects.filter(person_id__in=person.all_ids)
    return rows.select_related(
        "signature", "written_by", "saved_by", "person__site", "plan", "episode__program__site"
    ).order_by("-written_at", "-id")


def review_draft(episode: Episode) -> PlanReview | None:
    """The one being written."""
    rows = PlanReview.objects.filter(
        episode=episode, signature__isnull=True, entered_in_error_at__isnull=True
    )
    return rows.select_related("plan", "person__site", "episode__program__site").first()


def last_review(episode: Episode) -> PlanReview | None:
    """The newest signed one."""
    rows = PlanReview.objects.filter(
        episode=episode, signature__isnull=False, entered_in_error_at__isnull=True
    )
    return rows.select_related("signature").order_by("-signature__signed_at", "-id").first()


def sheet_of(review: PlanReview) -> Sheet:
    """Five queries."""
    said = {row.objective_id: row for row in ObjectiveProgress.objects.filter(review=review)}
    objectives = list(standing_objectives().filter(plan=review.plan).order_by(*ORDER))
    before = _before(review, objectives)
    steps = [
        StepRow(
            each,
            said[each.pk].progress if each.pk in said else "",
            said[each.pk].note if each.pk in said else "",
            before.get(each.thread),
        )
        for each in objectives
    ]
    rows = DischargeCriterion.objects.filter(plan=review.plan, removed_at__isnull=True)
    criteria = [(row, str(review.criteria_met.get(row.public_id, ""))) for row in rows]
    return Sheet(review, steps, dimensions_of(review), scale_of(review.criteria_set), criteria)


def _before(review: PlanReview, objectives: Iterable[Objective]) -> dict[str, ObjectiveProgress]:
    """By thread, what the last signed review before this one said."""
    rows = ObjectiveProgress.objects.filter(
        objective__thread__in=[each.thread for each in objectives],
        review__signature__isnull=False,
        review__entered_in_error_at__isnull=True,
    ).exclude(review=review)
    if review.signature is not None:
        rows = rows.filter(review__signature__signed_at__lt=review.signature.signed_at)
    ordered = rows.select_related("review__signature", "objective").order_by("review__signature__signed_at")
    return {row.objective.thread: row for row in ordered}


def dimensions_of(review: PlanReview) -> list[rules.Dimension]:
    criteria = criteria_library.criteria_sets()[review.criteria_set]
    said: dict[str, dict[str, str]] = review.ratings
    return [
        rules.Dimension(
            each.key,
            _(each.name),
            each.rated,
            said.get(each.key, {}).get("rating", ""),
            said.get(each.key, {}).get("why", ""),
        )
        for each in criteria.dimensions
    ]


def scale_of(criteria_set: str) -> dict[str, str]:
    return {rating.key: _(rating.label) for rating in criteria_library.criteria_sets()[criteria_set].scale}


def ratings_now(person: Person, episode: Episode) -> tuple[str, dict[str, Any], str]:
    """Criteria set, ratings and level that a new review begins with: the last review's, else the signed decision's."""
    last = last_review(episode)
    if last is not None:
        return last.criteria_set, last.ratings, last.level
    signed = levels_of(person).filter(signature__isnull=False, entered_in_error_at__isnull=True).first()
    if signed is not None:
        return signed.criteria_set, signed.ratings.get(signed.criteria_set, {}), signed.actual
    population = episode.program.age_group
    fitting = [each for each in criteria_library.criteria_sets().values() if population in each.populations]
    return max(fitting, key=lambda each: each.edition).key, {}, ""


def since_when(plan: Plan) -> datetime:
    """From when hours are looked at: the last signed review, else the day the plan was first signed."""
    last = last_review(plan.episode)
    if last is not None and last.signature is not None:
        return last.signature.signed_at
    assert plan.signature is not None
    return plan.signature.signed_at


def hours_since(person: Person, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """Each week since then: minutes delivered and prescribed, as attendance counts them; at most the last eight."""
    zone = person.site.zone if person.site else None
    if zone is None:
        return []
    last, day = local_day(now, zone), local_day(since, zone)
    first, found = max(day, last - timedelta(weeks=MOST_WEEKS - 1)), []
    while first <= last:
        week = week_of(person, first, now=now)
        found.append(
            {
                "week": week.start.isoformat(),
                "minutes": week.delivered_minutes,
                "scheduled": week.scheduled_minutes,
                "prescribed": week.prescribed,
            }
        )
        first = week.start + timedelta(days=7)
    return found


def scores_since_baseline(person: Person) -> list[dict[str, Any]]:
    """By questionnaire: the first score and the newest, in numbers and words."""
    return scores_in_words(course_of(person))


def scores_in_words(points: Iterable[ScorePoint]) -> list[dict[str, Any]]:
    """The same of given points, the oldest first."""
    found: dict[str, dict[str, Any]] = {}
    for point in points:
        if point.total is None:
            continue
        row = found.setdefault(point.instrument, {"first": point.total, "first_on": point.day.isoformat()})
        row |= {"now": point.total, "on": point.day.isoformat()}
    for key, row in found.items():
        names = {
            "name": measures.instruments()[key].name if key in measures.instruments() else key,
            "first": row["first"],
            "now": row["now"],
            "since": date_format(date.fromisoformat(row["first_on"])),
        }
        row["words"] = _("%(name)s: %(first)d on %(since)s, %(now)d now") % names
    return list(found.values())


def next_review_day(person: Person, now: datetime) -> date | None:
    """The day the standards give for the review after one signed now."""
    zone = person.site.zone if person.site else None
    return local_day(by_when(NEXT_REVIEW, now, zone) - timedelta(seconds=1), zone) if zone else None
