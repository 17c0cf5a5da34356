from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase, Screening
from dayward.care.journey.rules.questions import BY_KEY
from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.schedule.times import time_range
from dayward.chart.assessments import library
from dayward.chart.assessments.models import (
    Allergy,
    Assessment,
    Diagnosis,
    LevelOfCare,
    ReportedMedication,
    Source,
)
from dayward.chart.assessments.rules import levels, sections
from dayward.chart.assessments.rules.prefill import Sent, Told
from dayward.chart.safety.models import RiskStatement
from dayward.foundation.people.models import Person
from dayward.kernel.evidence import Evidence, asked_about
from dayward.kernel.gathering import Reading, all_of, alone, first_of
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Rows:
    """The lists of one assessment."""

    diagnoses: list[Diagnosis]
    medications: list[ReportedMedication]
    allergies: list[Allergy]

    @property
    def own(self) -> list[Diagnosis]:
        """Made here, the primary one first."""
        return [row for row in self.diagnoses if row.source == Source.ASSESSMENT]

    @property
    def given(self) -> list[Diagnosis]:
        """Said by others and not taken over."""
        return [row for row in self.diagnoses if row.source != Source.ASSESSMENT]

    @property
    def codes(self) -> list[str]:
        return [row.icd_id for row in self.own if row.icd_id]


@dataclass(frozen=True)
class Allergies:
    """What is known about allergies, from anywhere in the chart."""

    rows: list[Allergy]

    @property
    def known(self) -> list[Allergy]:
        once = {row.text.strip().lower(): row for row in self.rows if not row.none_known}
        return list(once.values())

    @property
    def state(self) -> str:
        """ "some", "none" (asked, and there are none) or "unknown" (nobody asked)."""
        return "some" if self.known else "none" if self.rows else "unknown"


def assessments(person: Person) -> QuerySet[Assessment]:
    """The person's assessments, newest first."""
    rows = Assessment.objects.filter(person_id__in=person.all_ids)
    return rows.select_related("signature", "written_by", "saved_by", "case__site", "person").order_by(
        "-written_at", "-id"
    )


def with_diagnoses(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Each with its own diagnoses as `found`: a list of code, title and note, in the same query."""
    own = Diagnosis.objects.filter(
        assessment=OuterRef("pk"), source=Source.ASSESSMENT, entered_in_error_at__isnull=True
    )
    lines = own.order_by("rank").values(line=JSONObject(code="icd_id", title="icd__title", note="note"))
    return rows.annotate(found=ArraySubquery(lines))


def assessment_of(case: IntakeCase) -> Assessment | None:
    """The one in use: an amendment when there is one, otherwise the first."""
    return alone(read_assessment(case))


def read_assessment(case: IntakeCase) -> Reading[Assessment | None]:
    rows = Assessment.objects.filter(case=case, entered_in_error_at__isnull=True)
    return first_of(rows.select_related("signature", "person", "case").order_by("-id"))


def read_signed(case: IntakeCase) -> Reading[Assessment | None]:
    """The newest signed one of this way in."""
    return _SIGNED.first(case=case.pk)


_SIGNED = Prepared(
    lambda: (
        Assessment.objects.filter(
            case=Slot("case"), entered_in_error_at__isnull=True, signature__isnull=False
        )
        .select_related("signature")
        .order_by("-id")[:1]
    )
)


def read_diagnoses(assessment: Assessment) -> Reading[list[Diagnosis]]:
    """Made in it, the primary one first."""
    return Rows((yield from _DIAGNOSES.reading(assessment=assessment.pk)), [], []).own


_DIAGNOSES = Prepared(
    lambda: (
        Diagnosis.objects.filter(assessment=Slot("assessment"), entered_in_error_at__isnull=True)
        .select_related("icd")
        .defer("icd__words")
    )
)


def rows_of(assessment: Assessment) -> Rows:
    """Three queries; what was entered in error is left out."""
    return Rows(
        list(assessment.diagnoses.filter(entered_in_error_at__isnull=True).select_related("icd")),
        list(assessment.medications.filter(entered_in_error_at__isnull=True)),
        list(assessment.allergies.filter(entered_in_error_at__isnull=True)),
    )


def gaps_of(assessment: Assessment, rows: Rows) -> tuple[sections.Gap, ...]:
    """What it still lacks before it can be signed."""
    lists = sections.Lists(
        diagnoses=len(rows.own),
        headings=tuple(row.icd.code for row in rows.own if row.icd and not row.icd.billable),
        medications=len(rows.medications),
        no_medications=assessment.no_medications,
        not_asked=tuple(row.text for row in rows.medications if not row.taking),
        allergies=len(rows.allergies),
    )
    return sections.gaps(library.sections(), assessment.sections, lists)


def read_allergies(person: Person) -> Reading[Allergies]:
    """From every assessment that was not amended, and what was learned beside them."""
    return Allergies((yield from _ALLERGIES.reading(people=person.all_ids)))


def _allergies() -> QuerySet[Allergy]:
    standing = Allergy.objects.filter(Among("person", Slot("people")), entered_in_error_at__isnull=True)
    current = Q(assessment__isnull=True) | Q(
        assessment__amended_by__isnull=True, assessment__entered_in_error_at__isnull=True
    )
    return standing.filter(current).select_related("recorded_by")


_ALLERGIES = Prepared(_allergies)


def allergies_of(person: Person) -> Allergies:
    return alone(read_allergies(person))


def levels_of(person: Person) -> QuerySet[LevelOfCare]:
    rows = LevelOfCare.objects.filter(person_id__in=person.all_ids)
    return rows.select_related("signature", "written_by", "saved_by", "case").order_by("-written_at", "-id")


@dataclass(frozen=True)
class Proved:
    """What is signed beside the assessment, for the steps on top of its pages."""

    risk: bool
    level: bool


def read_proved(case: IntakeCase) -> Reading[Proved]:
    signed = {"case": OuterRef("pk"), "signature__isnull": False, "entered_in_error_at__isnull": True}
    rows = IntakeCase.objects.filter(pk=case.pk).values_list(
        Exists(RiskStatement.objects.filter(**signed)), Exists(LevelOfCare.objects.filter(**signed))
    )
    return Proved(*(yield from all_of(rows))[0])


def level_draft(case: IntakeCase) -> LevelOfCare | None:
    rows = LevelOfCare.objects.filter(case=case, signature__isnull=True, entered_in_error_at__isnull=True)
    return rows.select_related("person", "case__program").first()


def signed_level(case: IntakeCase) -> LevelOfCare | None:
    """The newest signed decision of this way in."""
    return _signed_levels(case).first()


def _signed_levels(case: IntakeCase) -> QuerySet[LevelOfCare]:
    rows = LevelOfCare.objects.filter(case=case, signature__isnull=False, entered_in_error_at__isnull=True)
    return rows.select_related("signature").order_by("-signature__signed_at", "-id")


def decision(row: LevelOfCare) -> levels.Decision:
    """The row as the rules read it."""
    rated = row.ratings.get(row.criteria_set, {})
    return levels.Decision(
        ratings={key: item.get("rating", "") for key, item in rated.items()},
        grounds={key: item.get("why", "") for key, item in rated.items()},
        recommended=row.recommended,
        actual=row.actual,
        difference_kind=row.difference_kind,
        difference_reason=row.difference_reason,
    )


def told(case: IntakeCase) -> Told | None:
    """What the screening wrote down, one line for each answer."""
    screening = Screening.objects.filter(case=case).first()
    if screening is None:
        return None
    lines = {key: _answer_line(key, given) for key, given in screening.answers.items() if key in BY_KEY}
    lines |= {"support": screening.support, "prior_treatment": screening.prior_treatment}
    lines["living"] = str(screening.get_living_display()) if screening.living else ""
    lines["own_hours"] = "\n".join(_hours_line(block) for block in screening.own_hours)
    day = date_format(local_day(screening.saved_at, case.site.zone))
    return Told(lines, _("Screening of %(day)s") % {"day": day})


def _answer_line(key: str, given: object) -> str:
    answer = given if isinstance(given, dict) else {"answer": given}
    words = {"yes": _("Yes."), "no": _("No."), "unsure": _("Not sure.")}
    said, note = words.get(str(answer.get("answer", "")), ""), str(answer.get("note", "") or "")
    return f"{_(BY_KEY[key].text)} {said} {note}".strip() if said or note else ""


def _hours_line(block: dict[str, Any]) -> str:
    """School: Monday, Friday, 8:10 AM–2:50 PM (late on Fridays)"""
    days = ", ".join(str(WEEKDAYS[day - 1]) for day in block["weekdays"])
    times = time_range(time.fromisoformat(block["starts"]), time.fromisoformat(block["ends"]))
    kind = str(block["kind"]).replace("_", " ").capitalize()
    note = f" ({block['note']})" if block.get("note") else ""
    return f"{kind}: {days}, {times}{note}"


def sent(case: IntakeCase) -> list[Sent]:
    """What the accepted referrals of this way in say, the newest first."""
    rows = ReferralDocument.objects.filter(case=case, state=State.ACCEPTED).order_by("-id")
    return [Sent(row.understood(), _source(row)) for row in rows]


def _source(row: ReferralDocument) -> str:
    """ "Discharge summary, Lakeview Hospital"."""
    return ", ".join(part for part in (row.kind or _("Referral"), row.sender) if part)


def biopsychosocial_signed(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `assessment.biopsychosocial_signed`."""
    case = _case(id)
    page = reverse("assessments:open", args=[case.person.public_id])
    if (yield from read_signed(case)) is None:
        return Evidence(False, _("The biopsychosocial assessment is not signed."), url=page)
    return Evidence(True, _("The biopsychosocial assessment is signed."), url=page)


def diagnosis_qualified(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `assessment.diagnosis_qualified`: signing is refused to those whose credential does not allow it."""
    case = _case(id)
    page = reverse("assessments:open", args=[case.person.public_id])
    found = yield from read_signed(case)
    own = (yield from read_diagnoses(found)) if found else []
    if found is None or found.signature is None or not own:
        return Evidence(False, _("No diagnosis is signed by somebody whose credential allows it."), url=page)
    words = {
        "code": own[0].icd_id,
        "name": found.signature.printed_name,
        "credential": found.signature.credential,
    }
    return Evidence(True, _("%(code)s, signed by %(name)s (%(credential)s).") % words, url=page)


def level_recommended(*, kind: str, id: int) -> Evidence:
    """Evidence `level.recommended`."""
    case = _case(id)
    page = reverse("assessments:level", args=[case.person.public_id])
    found = signed_level(case)
    if found is None:
        return Evidence(False, _("No level of care is recommended and signed."), url=page)
    return Evidence(
        True, _("Recommended: %(level)s.") % {"level": _(levels.LABELS[found.recommended])}, url=page
    )


def difference_explained(*, kind: str, id: int) -> Evidence:
    """Evidence `level.difference_explained`."""
    case = _case(id)
    page = reverse("assessments:level", args=[case.person.public_id])
    found = signed_level(case)
    if found is None:
        return Evidence(False, _("The level of care is not signed."), url=page)
    if levels.unexplained(decision(found)):
        return Evidence(False, _("The levels differ and no reason is given."), url=page)
    same = found.recommended == found.actual
    return Evidence(True, _("The levels are the same.") if same else found.difference_reason, url=page)


def is_this_program(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `level.is_this_program`."""
    case = _case(id)
    page = reverse("assessments:level", args=[case.person.public_id])
    found = yield from first_of(_signed_levels(case))
    if found is None:
        return Evidence(False, _("The level of care is not signed."), url=page)
    words = {"level": _(levels.LABELS[found.actual])}
    if found.actual != levels.THIS_PROGRAM:
        return Evidence(
            False, _("The decided level is %(level)s, not intensive outpatient.") % words, url=page
        )
    return Evidence(True, _("The decided level is %(level)s.") % words, url=page)


def _case(key: int) -> IntakeCase:
    asked: IntakeCase | None = asked_about("case", key)
    return asked or IntakeCase.objects.select_related("person", "site").get(pk=key)
