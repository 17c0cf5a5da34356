"""What the assessment begins with, so that nothing is typed twice (requirements 3.1, job 2).

Every value says where it comes from; the clinician changes, keeps or strikes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dayward.care.referrals.packet import Diagnosis, Encounter, Medication, Packet, Provider
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
    source: str = ""


@dataclass(frozen=True, slots=True)
class Prefill:
    """Texts and their sources by section; rows for the lists."""

    texts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    diagnoses: tuple[Row, ...] = ()
    medications: tuple[Row, ...] = ()
    allergies: tuple[Row, ...] = ()


def prefill(sections: Iterable[Section], told: Told | None, sent: Sequence[Sent] = ()) -> Prefill:
    """Texts from the screening and the referrals, and the referrals' lists, each thing once."""
    texts: dict[str, str] = {}
    sources: dict[str, list[str]] = {}
    for section in sections:
        found = [*_from_screening(section, told)]
        found += [piece for each in sent for piece in _from_referral(section, each)]
        if found:
            texts[section.key] = "\n\n".join(text for text, _source in found)
            sources[section.key] = list(dict.fromkeys(source for _text, source in found))
    return Prefill(
        texts,
        sources,
        _distinct(
            _named(_diagnosis(row), each)
            for each in sent
            for row in each.packet.diagnoses
            if _now(row.status)
        ),
        _distinct(
            _named(_medication(row), each)
            for each in sent
            for row in each.packet.medications
            if _now(row.status)
        ),
        _allergies(sent),
    )


def _now(status: str) -> bool:
    """Not known to be over."""
    return status.lower() not in OVER


def _named(row: Row, sent: Sent) -> Row:
    return replace(row, source=sent.source)


def _from_screening(section: Section, told: Told | None) -> list[tuple[str, str]]:
    if told is None:
        return []
    lines = [told.lines[key].strip() for key in section.told if told.lines.get(key, "").strip()]
    return [("\n".join(lines), told.source)] if lines else []


def _from_referral(section: Section, sent: Sent) -> list[tuple[str, str]]:
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


def _allergies(sent: Sequence[Sent]) -> tuple[Row, ...]:
    """What the referrals list; where one says that none are known and none lists any, that."""
    rows = _distinct(
        Row(row.text, detail=", ".join(row.reactions), source=each.source)
        for each in sent
        for row in each.packet.allergies
        if _now(row.status) and row.text.strip()
    )
    none = [each.source for each in sent if any("allerg" in what.lower() for what in each.packet.none_known)]
    return rows or tuple(Row("", none_known=True, source=source) for source in none[:1])


def _distinct(rows: Iterable[Row]) -> tuple[Row, ...]:
    """One row per code, or per wording where there is no code."""
    kept: dict[str, Row] = {}
    for row in rows:
        if row.text.strip() or row.code:
            kept.setdefault(row.code or row.text.strip().lower(), row)
    return tuple(kept.values())
