"""What the chart shows of the plan: goals, objectives with their progress, what is missing, the next review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dayward.care.journey.models import Episode
from dayward.chart.plans import library, permissions
from dayward.chart.plans.models import Objective, ObjectiveProgress, Plan, PlanReview, PlanSignature
from dayward.chart.plans.queries.plans import ORDER, present_first, standing_objectives
from dayward.chart.plans.rules import team
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.foundation.standards.models import Due
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Panel
from dayward.kernel.prepared import Among, Prepared, Slot


def panel(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """The version that holds and the one being written or signed, in one query."""
    rows = yield from TOLD.reading(people=person.all_ids)
    holds = next((row for row in rows if row.is_active), None)
    coming = next((row for row in rows if not row.completed_at), None)
    shown: Any = holds or (coming if coming and coming.is_signed else None)
    return {
        "person": person,
        "plan": shown,
        "coming": coming,
        "goals": goals_of(shown.told_objectives) if shown else [],
        "not_signed": not_signed(holds) if holds else [],
        "unsigned": unsigned(coming) if coming and coming.is_signed else [],
        "due": due_of(shown) if shown and shown.is_active else None,
        "may_write": request.may(permissions.WRITE) and not any(row.episode.ended_at for row in rows),
    }


def _told() -> QuerySet[Any]:
    """Versions that are not set aside, with objectives, signatures, last review and next due beside each."""
    people = Among("person", Slot("people"))
    standing = (
        Plan.objects.filter(
            people,
            entered_in_error_at__isnull=True,
            superseded_at__isnull=True,
            episode=Subquery(present_first(Episode.objects.filter(people)).values("pk")[:1]),
        )
        .select_related("saved_by", "episode")
        .order_by("-written_at", "-id")
    )
    signed = PlanSignature.objects.filter(plan=OuterRef("pk")).order_by("pk")
    reviews = PlanReview.objects.filter(
        plan=OuterRef("pk"), signature__isnull=False, entered_in_error_at__isnull=True
    ).order_by("-signature__signed_at")
    dues = Due.objects.filter(episode=OuterRef("episode_id"), rule="plan.review", state=Due.State.OPEN)
    return standing.annotate(
        told_objectives=ArraySubquery(_objectives()),
        said=ArraySubquery(signed.values(row=JSONObject(role="role", outcome="outcome"))),
        reviewed=Subquery(
            reviews.values(
                row=JSONObject(
                    at="signature__signed_at", planned="next_review_on", by="signature__printed_name"
                )
            )[:1]
        ),
        due_at=Subquery(dues.order_by("due_at").values("due_at")[:1]),
    )[:4]


TOLD = Prepared(_told)


def _objectives() -> QuerySet[Objective, Any]:
    """Each with its goal, and with what the last signed review said of its thread."""
    progress = ObjectiveProgress.objects.filter(
        objective__thread=OuterRef("thread"),
        review__signature__isnull=False,
        review__entered_in_error_at__isnull=True,
    ).order_by("-review__signature__signed_at")
    rows = standing_objectives().filter(plan=OuterRef("pk")).order_by(*ORDER)
    return rows.annotate(now=Subquery(progress.values("progress")[:1])).values(
        row=JSONObject(
            goal="goal__words",
            problem=F("goal__problem__title"),
            code=F("goal__problem__icd_id"),
            text="text",
            target="target",
            due="due_on",
            now="now",
        )
    )


def goals_of(objectives: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The flat rows, gathered by goal."""
    found: list[dict[str, Any]] = []
    words = dict(ObjectiveProgress.Progress.choices)
    for row in objectives:
        if not found or found[-1]["words"] != row["goal"] or found[-1]["problem"] != row["problem"]:
            found.append(
                {"words": row["goal"], "problem": row["problem"], "code": row["code"], "objectives": []}
            )
        due = datetime.fromisoformat(row["due"]).date() if row["due"] else None
        found[-1]["objectives"].append(row | {"due": due, "word": words.get(row["now"] or "", "")})
    return found


def unsigned(plan: Any) -> list[str]:
    """Signatures of the team that are missing, and the person's while nothing is said of it."""
    signed = {row["role"] for row in plan.said if row["outcome"] == "signed"}
    missing = [gettext(seat.title) for key, seat in library.seats().items() if key not in signed]
    if not {row["role"] for row in plan.said} & {"patient", "guardian"}:
        missing.append(gettext("Person"))
    return missing


def not_signed(plan: Any) -> list[dict[str, str]]:
    """Who of the person's side declined or could not sign, and did not since."""
    said: dict[str, list[str]] = {}
    for row in plan.said:
        said.setdefault(row["role"], []).append(row["outcome"])
    words = {role: team.word_of(said.get(role, ())) for role in (team.PATIENT, team.GUARDIAN)}
    labels = dict(PlanSignature.Outcome.choices)
    return [
        {"role": role, "word": str(labels[word])}
        for role, word in words.items()
        if word and word not in team.AGREED
    ]


def due_of(plan: Any) -> dict[str, Any] | None:
    """When the next review is due, by the standards; late or not."""
    if plan.due_at is None:
        return None
    return {"at": plan.due_at, "late": plan.due_at < timezone.now()}


PANEL = Panel("plan", _("Treatment plan"), "plans/panel.html", panel, permissions.READ, 50, "plans:chart")
