from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import library, queries
from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, ReportedMedication, Source
from dayward.chart.assessments.rules.prefill import Prefill, Row, prefill
from dayward.chart.assessments.services.progress import advance
from dayward.chart.assessments.services.wording import assessment_text
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.rules.qualification import Act
from dayward.chart.safety.services import author, credential_for
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_paper
from dayward.foundation.terms import queries as terms
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed
from dayward.kernel.time import local_day


@transaction.atomic
def start_assessment(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> Assessment:
    """The assessment of this way in, begun from screening and referral if there is none."""
    IntakeCase.objects.select_for_update().get(pk=case.pk)
    found = queries.assessment_of(case)
    if found is not None:
        return found
    staff, now = author(actor), at or timezone.now()
    first = prefill(library.sections(), queries.told(case), queries.sent(case))
    assessment = Assessment.objects.create(
        person=case.person,
        case=case,
        sections=first.texts,
        prefilled=first.sources,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    _prefill_rows(assessment, first, staff, now)
    record(
        actor=actor,
        action="assessments.start",
        person=case.person,
        subject=assessment,
        site=case.site,
        prefilled=sorted(first.texts),
    )
    return assessment


def _prefill_rows(assessment: Assessment, first: Prefill, staff: StaffMember, now: datetime) -> None:
    common = {
        "person": assessment.person,
        "assessment": assessment,
        "source": Source.REFERRAL,
        "recorded_at": now,
        "recorded_by": staff,
    }
    known = terms.codes([row.code for row in first.diagnoses if row.code])
    for row in first.diagnoses:
        icd = known.get(row.code)
        text = row.text or (icd.title if icd else row.code)
        Diagnosis.objects.create(**common, **_from(row), icd=icd, text=text[:300], note=row.detail[:200])
    for row in first.medications:
        ReportedMedication.objects.create(
            **common, **_from(row), text=row.text[:300], rxnorm=row.code[:20], dose=row.detail[:200]
        )
    for row in first.allergies:
        Allergy.objects.create(
            **common, **_from(row), text=row.text[:300], reaction=row.detail[:200], none_known=row.none_known
        )


def _from(row: Row) -> dict[str, str]:
    return {"source_detail": row.source[:200]}


def locked_draft(assessment: Assessment) -> Assessment:
    """The draft as it is now, locked; Refused once it is signed."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("person__site", "case__site")
    now = rows.get(pk=assessment.pk)
    if now.is_signed:
        raise Refused(_("This assessment is signed. Write an amendment: it will stand beside it."))
    return now


@transaction.atomic
def save_assessment(
    *,
    actor: Actor,
    assessment: Assessment,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed, section by section; what two people changed comes back with both texts."""
    draft = locked_draft(assessment)
    stored = {section.key: draft.sections.get(section.key, "") for section in library.sections()}
    mine = {key: text for key, text in texts.items() if key in stored}
    began = {key: fingerprint(text) for key, text in stored.items()} if base is None else base
    merged = merge(began, mine, stored)
    if merged.changed:
        draft.sections = {key: text for key, text in merged.texts.items() if text}
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save(update_fields=["sections", "version", "saved_at", "saved_by"])
        record(
            actor=actor,
            action="assessments.save",
            person=draft.person,
            subject=draft,
            sections=list(merged.changed),
        )
    return merged


@transaction.atomic
def sign_assessment(
    *,
    actor: Actor,
    assessment: Assessment,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> tuple[str, ...]:
    """Sign it: from here on it never changes. Comes back with what the way in still waits for."""
    staff, now, draft = author(actor), at or timezone.now(), locked_draft(assessment)
    rows = queries.rows_of(draft)
    gaps = queries.gaps_of(draft, rows)
    if gaps:
        reasons = [
            f"{_(gap.sentence)} {_(gap.what)}".strip() if gap.what else _(gap.sentence) for gap in gaps
        ]
        raise Refused(_("Something is still missing before signing."), reasons=reasons)
    day = local_day(now, draft.case.site.zone)
    credential_for(staff=staff, act=Act.ASSESS, day=day)
    credential = credential_for(staff=staff, act=Act.DIAGNOSE, day=day, codes=rows.codes)
    sign_paper(
        actor=actor,
        paper=draft,
        about=draft.person,
        text=assessment_text(draft, rows),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )
    waits_for = advance(actor=actor, case=draft.case, at=at)
    changed(draft.person_id, "assessment")
    record(actor=actor, action="assessments.sign", person=draft.person, subject=draft, site=draft.case.site)
    return waits_for


@transaction.atomic
def amend_assessment(
    *, actor: Actor, assessment: Assessment, reason: str, at: datetime | None = None
) -> Assessment:
    """A new draft that begins with the words and lists of the signed one, and points back to it."""
    if not assessment.is_signed:
        raise Refused(_("This assessment is not signed yet; write in it."))
    if not reason.strip():
        raise Refused(_("Please say why it is amended."))
    following = Assessment.objects.filter(amends=assessment).first()
    if following is not None:
        return following
    staff, now = author(actor), at or timezone.now()
    amended = Assessment.objects.create(
        person=assessment.person,
        case=assessment.case,
        sections=assessment.sections,
        prefilled=assessment.prefilled,
        no_medications=assessment.no_medications,
        amends=assessment,
        amendment_reason=reason.strip()[:200],
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    _copy_rows(assessment, amended)
    record(actor=actor, action="assessments.amend", person=amended.person, subject=amended)
    return amended


def _copy_rows(old: Assessment, new: Assessment) -> None:
    rows = queries.rows_of(old)
    for row in (*rows.diagnoses, *rows.medications, *rows.allergies):
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name not in ("id", "public_id")
        }
        type(row)(**kept | {"assessment_id": new.pk}).save(force_insert=True)
