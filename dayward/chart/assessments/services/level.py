from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import library, queries
from dayward.chart.assessments.models import LevelOfCare
from dayward.chart.assessments.rules import levels
from dayward.chart.assessments.services.progress import advance
from dayward.chart.assessments.services.wording import level_text
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.rules.qualification import Act
from dayward.chart.safety.services import author, credential_for
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import refuse_gaps, sign_paper
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

PLAIN = ("recommended", "actual", "difference_kind", "difference_reason")


@transaction.atomic
def start_level(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> LevelOfCare:
    """The open draft of this way in; a new one begins with the words of the decision before."""
    IntakeCase.objects.select_for_update().get(pk=case.pk)
    draft = queries.level_draft(case)
    if draft is not None:
        return draft
    staff, now, before = author(actor), at or timezone.now(), queries.signed_level(case)
    fields = {} if before is None else {name: getattr(before, name) for name in ("ratings", *PLAIN)}
    row = LevelOfCare.objects.create(
        person=case.person,
        case=case,
        criteria_set=before.criteria_set if before else default_criteria(case),
        population=population_of(case),
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
        **fields,
    )
    record(actor=actor, action="assessments.start_level", person=case.person, subject=row, site=case.site)
    return row


def population_of(case: IntakeCase) -> str:
    """The program's age group; adults where no program is chosen yet."""
    return case.program.age_group if case.program else "adult"


def default_criteria(case: IntakeCase) -> str:
    """The newest criteria set for the age group."""
    fitting = [each for each in library.criteria_sets().values() if population_of(case) in each.populations]
    return max(fitting, key=lambda each: each.edition).key


def fields_of(row: LevelOfCare) -> dict[str, str]:
    """The draft as the form's texts: `rating_<dimension>`, `why_<dimension>` and the levels."""
    said = queries.decision(row)
    texts = {name: str(getattr(row, name)) for name in PLAIN}
    for dimension in library.criteria_sets()[row.criteria_set].dimensions:
        texts[f"why_{dimension.key}"] = said.grounds.get(dimension.key, "")
        if dimension.rated:
            texts[f"rating_{dimension.key}"] = said.ratings.get(dimension.key, "")
    return texts


def _locked(row: LevelOfCare) -> LevelOfCare:
    rows = LevelOfCare.objects.select_for_update(of=("self",)).select_related("person", "case__site")
    now = rows.get(pk=row.pk)
    if now.is_signed:
        raise Refused(_("This decision is signed. Decide anew: it will stand beside it."))
    return now


@transaction.atomic
def use_criteria(*, actor: Actor, level: LevelOfCare, criteria_set: str) -> None:
    """Work with another criteria set; what was written for the other one is kept."""
    draft = _locked(level)
    if criteria_set not in library.criteria_sets():
        raise Refused(_("Choose one of the criteria sets."))
    draft.criteria_set = criteria_set
    draft.version += 1
    draft.save(update_fields=["criteria_set", "version"])
    record(
        actor=actor, action="assessments.use_criteria", person=draft.person, subject=draft, set=criteria_set
    )


@transaction.atomic
def save_level(
    *,
    actor: Actor,
    level: LevelOfCare,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed, part by part; what two people changed comes back with both texts."""
    draft = _locked(level)
    stored = fields_of(draft)
    mine = {key: text for key, text in texts.items() if key in stored}
    _check_choices(draft, mine)
    began = {key: fingerprint(text) for key, text in stored.items()} if base is None else base
    merged = merge(began, mine, stored)
    if merged.changed:
        _write(draft, merged.texts)
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save()
        changed = list(merged.changed)
        record(
            actor=actor, action="assessments.save_level", person=draft.person, subject=draft, parts=changed
        )
    return merged


def _check_choices(draft: LevelOfCare, mine: Mapping[str, str]) -> None:
    scale = {rating.key for rating in library.criteria_sets()[draft.criteria_set].scale}
    allowed: dict[str, Any] = {
        "recommended": levels.ORDER,
        "actual": levels.ORDER,
        "difference_kind": dict(levels.DIFFERENCES),
    }
    for key, value in mine.items():
        choices = scale if key.startswith("rating_") else allowed.get(key)
        if value and choices is not None and value not in choices:
            raise Refused(_("Choose one of what is offered."))


def _write(draft: LevelOfCare, texts: Mapping[str, str]) -> None:
    for name in PLAIN:
        setattr(draft, name, texts[name])
    dimensions = library.criteria_sets()[draft.criteria_set].dimensions
    draft.ratings = draft.ratings | {
        draft.criteria_set: {
            each.key: {"rating": texts.get(f"rating_{each.key}", ""), "why": texts[f"why_{each.key}"]}
            for each in dimensions
        }
    }


@transaction.atomic
def sign_level(
    *,
    actor: Actor,
    level: LevelOfCare,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> tuple[str, ...]:
    """Sign the decision. Comes back with what the way in still waits for."""
    staff, now, draft = author(actor), at or timezone.now(), _locked(level)
    criteria = library.criteria_sets()[draft.criteria_set]
    refuse_gaps(levels.gaps(criteria, draft.population, queries.decision(draft)))
    if draft.recommended == draft.actual:
        draft.difference_kind = draft.difference_reason = ""
    credential = credential_for(staff=staff, act=Act.LEVEL, day=local_day(now, draft.case.site.zone))
    sign_paper(
        actor=actor,
        paper=draft,
        about=draft.person,
        text=level_text(draft),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )
    waits_for = advance(actor=actor, case=draft.case, at=at)
    record(
        actor=actor, action="assessments.sign_level", person=draft.person, subject=draft, level=draft.actual
    )
    return waits_for
