"""Codes that C-CDA documents use for statuses, kinds of allergy and kinds of visit."""

from __future__ import annotations

from dayward.care.referrals.packet import Coding

PLURALS = {
    "Diagnosis": "diagnoses",
    "Medication": "medications",
    "Allergy": "allergies",
    "Procedure": "procedures",
    "Immunization": "immunizations",
}
STATUSES = frozenset(
    {"new", "active", "held", "suspended", "completed", "aborted", "cancelled", "normal", "ordered"}
)
_INPATIENT_CODES = frozenset({"IMP", "ACUTE", "NONAC", "SS", "32485007", "183452005", "8715000"})
_INPATIENT_CPT = tuple(str(number) for number in (*range(99221, 99224), *range(99231, 99240)))


ALLERGY_TYPES = {
    "419199007": "allergy to a substance",
    "416098002": "drug allergy",
    "414285001": "food allergy",
    "419511003": "adverse reaction to a drug",
    "418038007": "adverse reaction to a substance",
    "418471000": "adverse reaction to food",
    "420134006": "adverse reaction",
    "59037007": "drug intolerance",
    "235719002": "food intolerance",
    "232347008": "environmental allergy",
    "426232007": "environmental allergy",
    "ALG": "allergy",
    "DALG": "drug allergy",
    "FALG": "food allergy",
    "EALG": "environmental allergy",
    "OINT": "intolerance",
    "DINT": "drug intolerance",
    "FINT": "food intolerance",
}


def visit_kind(codings: tuple[Coding, ...], words: str) -> str:
    codes = {coding.code for coding in codings}
    lower = words.lower()
    if (
        codes & _INPATIENT_CODES
        or codes & set(_INPATIENT_CPT)
        or "inpatient" in lower
        or "hospital admission" in lower
    ):
        return "inpatient"
    if "EMER" in codes or "emergency" in lower:
        return "emergency"
    if "OBSENC" in codes or "observation" in lower:
        return "observation"
    return "outpatient" if "AMB" in codes or "outpatient" in lower or "office" in lower else ""
