"""One line about one file: what became of it and what was found. The command prints it as JSON."""

from __future__ import annotations

from typing import Any

from dayward.care.referrals import distinct
from dayward.care.referrals.outcome import Accepted, RefusedDocument
from dayward.care.referrals.packet import Packet, Patient


def summary(result: Accepted | RefusedDocument, *, file: str) -> dict[str, Any]:
    """The line of the import command for one file."""
    if isinstance(result, RefusedDocument):
        return {
            "file": file,
            "outcome": "refused",
            "reason": result.reason,
            "patient": None,
            "found": {},
            "labels": [],
            "problems": [result.sentence],
        }
    packet = result.packet
    return {
        "file": file,
        "outcome": "accepted",
        "patient": patient_line(packet.patient),
        "found": found(packet),
        "labels": [{"code": label.code, "where": label.where} for label in packet.labels],
        "problems": list(packet.problems),
    }


def patient_line(patient: Patient) -> dict[str, str | None]:
    """Legal family name, first given name, birth date as precise as the source, sex."""
    name = patient.name
    return {
        "family": (name.family or None) if name else None,
        "given": (name.given[0] if name.given else None) if name else None,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
    }


def found(packet: Packet) -> dict[str, int]:
    """How many distinct entries of each kind the document holds."""
    return {
        "conditions": distinct.count(packet.diagnoses, distinct.diagnosis_keys),
        "medications": distinct.count(packet.medications, distinct.medication_keys),
        "allergies": distinct.count(packet.allergies, distinct.allergy_keys),
        "encounters": distinct.count(packet.encounters, distinct.encounter_keys),
        "procedures": distinct.count(packet.procedures, distinct.procedure_keys),
        "immunizations": distinct.count(packet.immunizations, distinct.immunization_keys),
        "care_team": len(packet.care_team),
        "coverage": len(packet.coverage),
    }
