"""Small documents of our own, about people who do not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def bundle_bytes() -> bytes:
    return (HERE / "discharge_bundle.json").read_bytes()


def summary_bytes() -> bytes:
    return (HERE / "discharge_summary.xml").read_bytes()


def bundle(*resources: dict[str, Any], type: str = "collection") -> bytes:
    """A bundle around resources, as bytes."""
    return json.dumps(
        {"resourceType": "Bundle", "type": type, "entry": [{"resource": resource} for resource in resources]}
    ).encode()


PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"family": "Doe", "given": ["Jo"]}],
    "birthDate": "1990-01-01",
    "gender": "other",
}


def ccda(
    body: str = "", *, patient: str = "", header: str = "", root: str = 'xmlns="urn:hl7-org:v3"'
) -> bytes:
    """A C-CDA document around sections, as bytes."""
    patient = patient or (
        '<id root="1.2.3" extension="77"/><patient><name><given>Jo</given><family>Doe</family></name>'
        '<administrativeGenderCode code="F"/><birthTime value="19900101"/></patient>'
    )
    sections = f"<component><structuredBody>{body}</structuredBody></component>" if body else ""
    return (
        f'<ClinicalDocument {root} xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<templateId root="2.16.840.1.113883.10.20.22.1.2"/>'
        f"<recordTarget><patientRole>{patient}</patientRole></recordTarget>{header}{sections}</ClinicalDocument>"
    ).encode()


def section(code: str, entries: str, *, text: str = "", title: str = "A section", before: str = "") -> str:
    return (
        f'<component><section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title>'
        f"<text>{text}</text>{before}{entries}</section></component>"
    )
