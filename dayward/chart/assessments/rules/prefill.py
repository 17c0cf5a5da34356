"""What the assessment begins with, so that nothing is typed twice (requirements 3.1, job 2).

Every value says where it comes from; the clinician changes, keeps or strikes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dayward.care.referrals.packet import Allergy, Diagnosis, Encounter, Medication, Packet, Provider
from dayward.chart.assessments.rules.sections import Section

ICD10CM = ("2.16.840.1.113883.6.90", "icd-10-cm")
RXNORM = ("2.16.840.1.113883.6.88", "rxnorm")
OVER = frozenset(
    {"resolved", "inactive", "remission", "stopped", "completed", "cancelled", "aborted", "entered-in-error"}
)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What the screening wrote down: lines by question or field, and a name for the source."""

    lines: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What an accepted referral says, and a name for the source."""

    packet: Packet
    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its words, its code when it has one, and what else the source says."""

    text: str
    code: str = ""
    detail: str = ""
    none_known: bool = False


@dataclass(frozen=True, slots=True)
class Prefill:
    """Texts and their sources by section; rows for the lists."""

    texts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    diagnoses: tuple[Row, ...] = ()
    medications: tuple[Row, ...] = ()
    allergies: tuple[Row, ...] = ()


def prefill(sections: Iterable[Section], told: Told | None, sent: Sent | None) -> Prefill:
    """Texts from screening and referral, and the referral's lists."""
    texts: dict[str, str] = {}
    sources: dict[str, list[str]] = {}
    for section in sections:
        found = [*_from_screening(section, told), *_from_referral(section, sent)]
        if found:
            texts[section.key] = "\n\n".join(text for text, _source in found)
            sources[section.key] = list(dict.fromkeys(source for _text, source in found))
    if sent is None:
        return Prefill(texts, sources)
    packet = sent.packet
    return Prefill(
        texts,
        sources,
        _distinct(_diagnosis(row) for row in packet.diagnoses if row.status.lower() not in OVER),
        _distinct(_medication(row) for row in packet.medications if row.status.lower() not in OVER),
        _allergies(packet),
    )


def _from_screening(section: Section, told: Told | None) -> list[tuple[str, str]]:
    if told is None:
        return []
    lines = [told.lines[key].strip() for key in section.told if told.lines.get(key, "").strip()]
    return [("\n".join(lines), told.source)] if lines else []


def _from_referral(section: Section, sent: Sent | None) -> list[tuple[str, str]]:
    if sent is None:
        return []
    texts = [clip(part.text) for part in sent.packet.sections if part.code and part.code in section.documents]
    if section.stays:
        texts.append("\n".join(filter(None, map(stay_line, sent.packet.encounters))))
    if section.team:
        texts.append("\n".join(dict.fromkeys(filter(None, map(provider_line, sent.packet.care_team)))))
    return [(text, sent.source) for text in texts if text.strip()]


def clip(text: str) -> str:
    """A long narrative ends at a word; the original stays readable beside it."""
    tidy = text.strip()
    return tidy if len(tidy) <= LONGEST else tidy[:LONGEST].rsplit(" ", 1)[0] + " …"


def stay_line(stay: Encounter) -> str:
    """A stay or visit of note in one line."""
    if stay.kind not in {"inpatient", "emergency", "observation"} and not stay.main:
        return ""
    days = " – ".join(day[:10] for day in (stay.start, stay.end) if day)
    name = ", ".join(dict.fromkeys(part for part in (stay.text or stay.kind, stay.facility) if part))
    return ": ".join(part for part in (days, name) if part) + (f" ({stay.reason})" if stay.reason else "")


def provider_line(provider: Provider) -> str:
    return ", ".join(
        part for part in (provider.name, provider.role, provider.organization, provider.phone) if part
    )


def _code(codings: Iterable[object], system: tuple[str, ...]) -> str:
    for coding in codings:
        name = str(getattr(coding, "system", "")).lower()
        if any(name.endswith(ending) for ending in system):
            return str(getattr(coding, "code", ""))
    return ""


def _diagnosis(row: Diagnosis) -> Row:
    return Row(row.text, _code(row.codings, ICD10CM), row.onset or "")


def _medication(row: Medication) -> Row:
    return Row(row.text, _code(row.codings, RXNORM), row.dose)


def _allergies(packet: Packet) -> tuple[Row, ...]:
    rows = _distinct(
        Row(row.text, detail=", ".join(row.reactions)) for row in packet.allergies if _holds(row)
    )
    if not rows and any("allerg" in what.lower() for what in packet.none_known):
        return (Row("", none_known=True),)
    return rows


def _holds(row: Allergy) -> bool:
    return row.status.lower() not in OVER and bool(row.text.strip())


def _distinct(rows: Iterable[Row]) -> tuple[Row, ...]:
    """One row per code, or per wording where there is no code."""
    kept: dict[str, Row] = {}
    for row in rows:
        if row.text.strip() or row.code:
            kept.setdefault(row.code or row.text.strip().lower(), row)
    return tuple(kept.values())
