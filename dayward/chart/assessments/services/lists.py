"""The rows beside the texts: diagnoses, medications, allergies. Rows are never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, ReportedMedication, Source
from dayward.chart.assessments.services.assessment import locked_draft
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.errors import Refused


@transaction.atomic
def add_diagnosis(
    *, actor: Actor, assessment: Assessment, code: str, note: str = "", at: datetime | None = None
) -> Diagnosis:
    """A diagnosis found in this assessment; the first one is primary."""
    draft = locked_draft(assessment)
    icd = IcdCode.objects.filter(pk=code, current=True).first()
    if icd is None:
        raise Refused(_("Choose a code from the list."))
    if _own(draft).filter(icd=icd).exists():
        raise Refused(_("%(code)s is already on the list.") % {"code": icd.code})
    row = Diagnosis.objects.create(
        **_common(actor, draft.person, at),
        assessment=draft,
        source=Source.ASSESSMENT,
        icd=icd,
        text=icd.title,
        note=note.strip()[:200],
        rank=_next_rank(draft),
    )
    record(actor=actor, action="assessments.add_diagnosis", person=draft.person, subject=row)
    return row


@transaction.atomic
def take_over_diagnosis(*, actor: Actor, diagnosis: Diagnosis) -> Diagnosis:
    """Make a diagnosis that others gave one's own; where it came from stays written beside it."""
    draft = locked_draft(diagnosis.assessment)
    if diagnosis.icd is None:
        raise Refused(_("It has no ICD-10-CM code; search for the code and add it."))
    if diagnosis.source == Source.ASSESSMENT:
        return diagnosis
    if _own(draft).filter(icd=diagnosis.icd).exists():
        raise Refused(_("%(code)s is already on the list.") % {"code": diagnosis.icd.code})
    diagnosis.source, diagnosis.rank = Source.ASSESSMENT, _next_rank(draft)
    diagnosis.save(update_fields=["source", "rank"])
    record(actor=actor, action="assessments.take_over_diagnosis", person=draft.person, subject=diagnosis)
    return diagnosis


@transaction.atomic
def make_primary(*, actor: Actor, diagnosis: Diagnosis) -> None:
    """Put it first; the others follow in their order."""
    draft = locked_draft(diagnosis.assessment)
    others = [row for row in _own(draft) if row.pk != diagnosis.pk]
    _number([diagnosis, *others])
    record(actor=actor, action="assessments.make_primary", person=draft.person, subject=diagnosis)


@transaction.atomic
def add_medication(
    *,
    actor: Actor,
    assessment: Assessment,
    text: str,
    dose: str = "",
    reason: str = "",
    taking: str = "",
    at: datetime | None = None,
) -> ReportedMedication:
    """A medication the person tells of."""
    draft = locked_draft(assessment)
    if not text.strip():
        raise Refused(_("Write the name of the medication."))
    row = ReportedMedication.objects.create(
        **_common(actor, draft.person, at),
        assessment=draft,
        source=Source.TOLD,
        text=text.strip()[:300],
        dose=dose.strip()[:200],
        reason=reason.strip()[:200],
        taking=_taking(taking),
    )
    _set_no_medications(draft, value=False)
    record(actor=actor, action="assessments.add_medication", person=draft.person, subject=row)
    return row


@transaction.atomic
def ask_medication(*, actor: Actor, medication: ReportedMedication, taking: str) -> None:
    """Whether the person takes it."""
    draft = locked_draft(medication.assessment)
    medication.taking = _taking(taking)
    medication.save(update_fields=["taking"])
    record(actor=actor, action="assessments.ask_medication", person=draft.person, subject=medication)


def _taking(value: str) -> str:
    if value not in ("", *ReportedMedication.Taking.values):
        raise Refused(_("Choose yes, sometimes or no."))
    return value


@transaction.atomic
def say_no_medications(*, actor: Actor, assessment: Assessment, none: bool) -> None:
    """Asked, and the person takes none (or: that was a mistake)."""
    draft = locked_draft(assessment)
    if none and draft.medications.filter(entered_in_error_at__isnull=True).exists():
        raise Refused(_("There are medications on the list."))
    _set_no_medications(draft, value=none)
    record(
        actor=actor, action="assessments.say_no_medications", person=draft.person, subject=draft, none=none
    )


def _set_no_medications(draft: Assessment, *, value: bool) -> None:
    draft.no_medications = value
    draft.save(update_fields=["no_medications"])


@transaction.atomic
def add_allergy(
    *,
    actor: Actor,
    person: Person,
    text: str,
    reaction: str = "",
    assessment: Assessment | None = None,
    at: datetime | None = None,
) -> Allergy:
    """An allergy or intolerance; without an assessment it was learned on another day."""
    draft = locked_draft(assessment) if assessment else None
    if not text.strip():
        raise Refused(_("Write what the person is allergic to."))
    row = Allergy.objects.create(
        **_common(actor, person, at),
        assessment=draft,
        source=Source.TOLD,
        text=text.strip()[:300],
        reaction=reaction.strip()[:200],
    )
    _take_back_none(actor, person, draft, at)
    record(actor=actor, action="assessments.add_allergy", person=person, subject=row)
    return row


@transaction.atomic
def say_no_allergies(*, actor: Actor, assessment: Assessment, at: datetime | None = None) -> Allergy:
    """Asked, and none are known."""
    draft = locked_draft(assessment)
    rows = draft.allergies.filter(entered_in_error_at__isnull=True)
    none = rows.filter(none_known=True).first()
    if none is not None:
        return none
    if rows.exists():
        raise Refused(_("There are allergies on the list."))
    row = Allergy.objects.create(
        **_common(actor, draft.person, at), assessment=draft, source=Source.TOLD, none_known=True
    )
    record(actor=actor, action="assessments.say_no_allergies", person=draft.person, subject=row)
    return row


def _take_back_none(actor: Actor, person: Person, draft: Assessment | None, at: datetime | None) -> None:
    """With an allergy on the list, "none known" no longer holds."""
    Allergy.objects.filter(
        person=person, assessment=draft, none_known=True, entered_in_error_at__isnull=True
    ).update(entered_in_error_at=at or timezone.now(), entered_in_error_by=author(actor))


@transaction.atomic
def enter_in_error(
    *, actor: Actor, row: Diagnosis | ReportedMedication | Allergy, at: datetime | None = None
) -> None:
    """Take a row off the list; it is kept and counts no longer. A signed list is changed by an amendment."""
    draft = locked_draft(row.assessment) if row.assessment else None
    if row.entered_in_error_at:
        return
    row.entered_in_error_at, row.entered_in_error_by = at or timezone.now(), author(actor)
    row.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    if draft is not None and isinstance(row, Diagnosis):
        _number(list(_own(draft)))
    record(actor=actor, action="assessments.enter_in_error", person=row.person, subject=row)


def _own(draft: Assessment) -> Any:
    return draft.diagnoses.filter(source=Source.ASSESSMENT, entered_in_error_at__isnull=True)


def _next_rank(draft: Assessment) -> int:
    return (_own(draft).aggregate(last=Max("rank"))["last"] or 0) + 1


def _number(rows: list[Diagnosis]) -> None:
    for rank, row in enumerate(rows, start=1):
        if row.rank != rank:
            row.rank = rank
            row.save(update_fields=["rank"])


def _common(actor: Actor, person: Person, at: datetime | None) -> dict[str, Any]:
    return {"person": person, "recorded_at": at or timezone.now(), "recorded_by": author(actor)}
