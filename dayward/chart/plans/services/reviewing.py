"""A review: begin with what stands, keep what is typed, sign it; a review that changes the plan makes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.assessments.rules import levels
from dayward.chart.plans.events import PlanReviewed
from dayward.chart.plans.models import ObjectiveProgress, Plan, PlanReview
from dayward.chart.plans.queries.plans import newest_plan
from dayward.chart.plans.queries.reviews import (
    Sheet,
    hours_since,
    next_review_day,
    ratings_now,
    review_draft,
    scores_since_baseline,
    sheet_of,
    since_when,
)
from dayward.chart.plans.rules import review as rules
from dayward.chart.plans.services.common import under_way
from dayward.chart.plans.services.values import read_day
from dayward.chart.plans.services.wording import review_text
from dayward.chart.plans.services.writing import revise_plan
from dayward.chart.safety import services as papers
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.rules.qualification import Act
from dayward.chart.safety.services import author, credential_for
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import refuse_gaps, sign_paper
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed
from dayward.kernel.time import local_day

PLAIN = ("summary", "person_words", "person_agrees", "level")
DAYS = ("next_review_on", "stable_since")


@transaction.atomic
def start_review(
    *, actor: Actor, plan: Plan, kind: str = PlanReview.Kind.REGULAR, at: datetime | None = None
) -> PlanReview:
    """The episode's open review; a new one begins with the dimensions and level as they were last rated."""
    episode = under_way(Episode.objects.select_for_update(of=("self",)).get(pk=plan.episode_id))
    found = review_draft(episode)
    if found is not None:
        return _as_kind(actor, found, kind)
    if not plan.is_active:
        raise Refused(_("Only a plan that everybody has signed can be reviewed."))
    staff, now = author(actor), at or timezone.now()
    criteria_set, ratings, level = ratings_now(plan.person, plan.episode)
    review = PlanReview.objects.create(
        person=plan.person,
        episode=plan.episode,
        plan=plan,
        kind=PlanReview.Kind(kind),
        criteria_set=criteria_set,
        ratings=ratings,
        level=level,
        next_review_on=next_review_day(plan.person, now),
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    record(actor=actor, action="plans.start_review", person=plan.person, subject=review, review=kind)
    return review


def _as_kind(actor: Actor, review: PlanReview, kind: str) -> PlanReview:
    """The open draft becomes a step-down review, or an ordinary one again; what is written stays."""
    if review.kind != kind:
        review.kind = PlanReview.Kind(kind)
        review.version += 1
        review.save(update_fields=["kind", "version"])
        record(actor=actor, action="plans.review_kind", person=review.person, subject=review, review=kind)
    return review


def texts_of(sheet: Sheet) -> dict[str, str]:
    """Every text of the review by the name of its field."""
    review = sheet.review
    texts = {name: str(getattr(review, name)) for name in PLAIN}
    for name in DAYS:
        day = getattr(review, name)
        texts[name] = day.isoformat() if day else ""
    texts["changes_plan"] = "yes" if review.changes_plan else ""
    for step in sheet.steps:
        texts |= {f"progress_{step.key}": step.progress, f"note_{step.key}": step.note}
    for each in sheet.dimensions:
        texts[f"why_{each.key}"] = each.why
        if each.rated:
            texts[f"rating_{each.key}"] = each.rating
    return texts | {f"criterion_{row.public_id}": said for row, said in sheet.criteria}


@transaction.atomic
def save_review(
    *,
    actor: Actor,
    review: PlanReview,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed, part by part; what two people changed comes back with both texts."""
    draft = _open(review)
    sheet = sheet_of(draft)
    stored = texts_of(sheet)
    mine = {key: text for key, text in texts.items() if key in stored}
    began = {key: fingerprint(text) for key, text in stored.items()} if base is None else base
    merged = merge(began, mine, stored)
    _check_choices(sheet, {key: merged.texts[key] for key in merged.changed})
    if merged.changed:
        _write(sheet, merged)
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save()
        record(actor=actor, action="plans.save_review", person=draft.person, subject=draft)
    return merged


def _open(review: PlanReview) -> PlanReview:
    rows = PlanReview.objects.select_for_update(of=("self",))
    found = rows.select_related("person__site", "plan__episode", "episode__program__site").get(pk=review.pk)
    if found.is_signed:
        raise Refused(_("This review is signed already. Begin a new one: it will stand beside it."))
    if found.entered_in_error_at:
        raise Refused(_("This draft was set aside as entered in error."))
    return found


def _check_choices(sheet: Sheet, mine: Mapping[str, str]) -> None:
    allowed: dict[str, object] = {
        "level": dict(levels.CHOICES),
        "person_agrees": PlanReview.Agrees.values,
        "progress": rules.PROGRESS,
        "rating": sheet.scale,
        "criterion": ("yes", "no"),
        "changes_plan": ("yes",),
    }
    for key, value in mine.items():
        choices = allowed.get(key) or allowed.get(key.split("_")[0])
        if value and choices is not None and value not in choices:  # type: ignore[operator]
            raise Refused(_("Choose one of what is offered."))


def _write(sheet: Sheet, merged: Merged) -> None:
    """Into the row (saved by the caller) and the rows of its objectives."""
    review, texts = sheet.review, merged.texts
    for name in PLAIN:
        setattr(review, name, texts[name])
    for name in DAYS:
        setattr(review, name, read_day(texts[name]))
    review.changes_plan = texts["changes_plan"] == "yes"
    review.ratings = {
        each.key: {"rating": texts.get(f"rating_{each.key}", ""), "why": texts[f"why_{each.key}"]}
        for each in sheet.dimensions
    }
    review.criteria_met = {
        row.public_id: texts[f"criterion_{row.public_id}"]
        for row, _said in sheet.criteria
        if texts[f"criterion_{row.public_id}"]
    }
    for step in sheet.steps:
        if {f"progress_{step.key}", f"note_{step.key}"} & set(merged.changed):
            values = {"progress": texts[f"progress_{step.key}"], "note": texts[f"note_{step.key}"]}
            ObjectiveProgress.objects.update_or_create(
                review=review, objective=step.objective, defaults=values
            )


@transaction.atomic
def sign_review(
    *,
    actor: Actor,
    review: PlanReview,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Plan | None:
    """Sign with hours and scores as they are now. Comes back with the new draft when the plan itself changes."""
    staff, now, draft = author(actor), at or timezone.now(), _open(review)
    day = local_day(now, draft.episode.program.site.zone)
    refuse_gaps(rules.gaps(sheet_of(draft).plain, day))
    credential = credential_for(staff=staff, act=Act.LEVEL, day=day)
    draft.hours = hours_since(draft.person, since_when(draft.plan), now)
    draft.scores = scores_since_baseline(draft.person)
    sheet = sheet_of(draft)
    sign_paper(
        actor=actor,
        paper=draft,
        about=draft.person,
        text=review_text(sheet),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )
    publish(PlanReviewed(draft.person_id, draft.episode_id, draft.pk, now, actor))
    met = [step.objective.thread for step in sheet.steps if step.progress == rules.MET]
    holds = newest_plan(draft.episode) or draft.plan  # a version may have been signed since the review began
    new = revise_plan(actor=actor, plan=holds, without=met, at=at) if draft.changes_plan else None
    changed(draft.person_id, "plan")
    record(actor=actor, action="plans.sign_review", person=draft.person, subject=draft, review=draft.kind)
    return new


@transaction.atomic
def set_review_aside(*, actor: Actor, review: PlanReview, reason: str, at: datetime | None = None) -> None:
    """A draft that is not wanted after all; it stays readable."""
    draft = _open(review)
    papers.enter_in_error(actor=actor, paper=draft, reason=reason, at=at)
    record(actor=actor, action="plans.set_review_aside", person=draft.person, subject=draft)
