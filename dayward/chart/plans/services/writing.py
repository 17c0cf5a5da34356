"""Writing a version: begin with what is known, save what is typed, carry a version on into the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.plans import library
from dayward.chart.plans.models import DischargeCriterion, Intervention, Objective, Part, Plan
from dayward.chart.plans.queries.beginning import Offer, first_words, offers_for, usual_interventions
from dayward.chart.plans.queries.plans import last_signed, newest_plan, open_plan
from dayward.chart.plans.queries.tree import GoalRow, Tree, field_key, texts_of, tree_of
from dayward.chart.plans.services.common import locked_draft, under_way
from dayward.chart.plans.services.parts import problem_from
from dayward.chart.plans.services.values import read_value
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused


@dataclass(frozen=True)
class Chosen:
    """With what a new plan begins: keys of `queries.beginning.Offer`; None takes all that fit."""

    offers: Collection[str] | None = None


@transaction.atomic
def start_plan(
    *, actor: Actor, episode: Episode, chosen: Chosen | None = None, at: datetime | None = None
) -> Plan:
    """The episode's open version; a first one begins with diagnoses, the timetable and the person's first goals."""
    under_way(Episode.objects.select_for_update(of=("self",)).get(pk=episode.pk))
    found = open_plan(episode)
    if found is not None:
        return found
    if newest_plan(episode) is not None:
        raise Refused(_("This person has a plan. A review can change it."))
    now, before = at or timezone.now(), last_signed(episode)
    if before is not None:  # the one after it was entered in error
        plan = copy_version(actor, before, set(), now, supersedes=before)
    else:
        plan = _new_version(actor, episode, now, number=_next_number(episode))
        _fill(plan, chosen or Chosen())
    record(actor=actor, action="plans.start", person=plan.person, subject=plan, number=plan.number)
    return plan


def _new_version(actor: Actor, episode: Episode, now: datetime, **fields: Any) -> Plan:
    staff = author(actor)
    return Plan.objects.create(
        person=episode.person,
        episode=episode,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
        **fields,
    )


def _next_number(episode: Episode) -> int:
    return 1 + (
        Plan.objects.filter(episode=episode).order_by("-number").values_list("number", flat=True).first() or 0
    )


def _fill(plan: Plan, chosen: Chosen) -> None:
    """What is known already, so that only the person's own words are left to write."""
    offers = [each for each in offers_for(plan.episode) if _taken(each, chosen)]
    known, begins = first_words(plan.episode), library.beginning()
    for number, offer in enumerate(offers):
        problem_from(plan, offer, words=known.goal if number == 0 else "")
    lessons = [each.starter.education for each in offers if each.starter]
    plan.strengths, plan.barriers, plan.family = known.strengths, known.barriers, known.family
    plan.education = "\n".join(dict.fromkeys(_(text) for text in lessons))
    plan.therapy, plan.medication = _(begins.therapy), _(begins.medication)
    plan.transition = _(begins.transition)
    plan.save()
    for position, doing in enumerate(usual_interventions(plan.episode)):
        Intervention.objects.create(plan=plan, position=position, **doing)
    for position, text in enumerate(begins.criteria):
        DischargeCriterion.objects.create(plan=plan, position=position, text=_(text))


def _taken(offer: Offer, chosen: Chosen) -> bool:
    return offer.fits if chosen.offers is None else offer.key in chosen.offers


@transaction.atomic
def save_plan(
    *,
    actor: Actor,
    plan: Plan,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    draft = locked_draft(plan)
    tree = tree_of(draft)
    stored = texts_of(tree)
    mine = {key: text for key, text in texts.items() if key in stored}
    began = {key: fingerprint(text) for key, text in stored.items()} if base is None else base
    merged = merge(began, mine, stored)
    if merged.changed:
        _write(tree, merged)
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save()
        parts = sorted({key.split("-")[0] for key in merged.changed})
        record(actor=actor, action="plans.save", person=draft.person, subject=draft, parts=parts)
    return merged


def _write(tree: Tree, merged: Merged) -> None:
    changed = set(merged.changed)
    for key in changed & set(tree.plan.texts):
        setattr(tree.plan, key, merged.texts[key])
    for part in tree.parts:
        names = [name for name in part.TEXTS if field_key(part, name) in changed]
        for name in names:
            setattr(part, name, read_value(tree, part, name, merged.texts[field_key(part, name)]))
        if names:
            part.save(update_fields=names)


@transaction.atomic
def revise_plan(*, actor: Actor, plan: Plan, without: Iterable[str] = (), at: datetime | None = None) -> Plan:
    """A new version that begins with the words of one that holds, left out the threads of met objectives."""
    episode = under_way(Episode.objects.select_for_update(of=("self",)).get(pk=plan.episode_id))
    found = open_plan(episode)
    if found is not None:
        return found
    new = copy_version(actor, plan, set(without), at or timezone.now(), supersedes=plan)
    record(actor=actor, action="plans.revise", person=new.person, subject=new, number=new.number)
    return new


def copy_version(
    actor: Actor, plan: Plan, without: set[str], now: datetime, *, supersedes: Plan | None
) -> Plan:
    """The same words in a new draft; objectives keep their thread through all versions."""
    number = _next_number(plan.episode)
    new = _new_version(actor, plan.episode, now, number=number, supersedes=supersedes, **plan.texts)
    tree, objectives = tree_of(plan), dict[int, Objective]()
    for row in tree.problems:
        problem = _copy(row.problem, new)
        for goal in row.goals:
            _copy_goal(goal, new, problem, without, objectives)
    for doing in tree.interventions:
        _copy(doing, new, objective=objectives.get(doing.objective_id or 0))
    for criterion in tree.criteria:
        _copy(criterion, new)
    return new


def _copy_goal(
    row: GoalRow, plan: Plan, problem: Part, without: set[str], objectives: dict[int, Objective]
) -> None:
    """A goal whose every objective is met stays behind with them."""
    kept = [each for each in row.objectives if each.thread not in without]
    if row.objectives and not kept:
        return
    goal = _copy(row.goal, plan, problem=problem)
    for each in kept:
        objectives[each.pk] = _copy(each, plan, goal=goal)


def _copy(part: Any, plan: Plan, **fields: Any) -> Any:
    skipped = {"id", "public_id", "plan", "removed_at", "removed_by", *fields}
    same = {
        field.attname: getattr(part, field.attname)
        for field in part._meta.concrete_fields
        if field.name not in skipped
    }
    return type(part).objects.create(plan=plan, **same, **fields)
