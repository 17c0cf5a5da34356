"""Words and values both formats share: times, code systems, sexes, and what "none known" looks like."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from html import unescape

from dayward.care.referrals.packet import Coding

ICD10 = "ICD-10-CM"
ICD9 = "ICD-9-CM"
SNOMED = "SNOMED CT"
RXNORM = "RxNorm"
CVX = "CVX"

_SYSTEMS = {
    "2.16.840.1.113883.6.90": ICD10,
    "2.16.840.1.113883.6.3": ICD10,
    "2.16.840.1.113883.6.103": ICD9,
    "2.16.840.1.113883.6.96": SNOMED,
    "2.16.840.1.113883.6.88": RXNORM,
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.12.292": CVX,
    "2.16.840.1.113883.6.59": CVX,
    "2.16.840.1.113883.6.12": "CPT",
    "2.16.840.1.113883.4.9": "UNII",
    "2.16.840.1.113883.3.26.1.1": "NCI Thesaurus",
    "http://ncimeta.nci.nih.gov": "NCI Thesaurus",
    "2.16.840.1.113883.5.25": "Confidentiality",
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality": "Confidentiality",
    "2.16.840.1.113883.5.4": "ActCode",
    "http://terminology.hl7.org/CodeSystem/v3-ActCode": "ActCode",
    "http://hl7.org/fhir/sid/icd-10-cm": ICD10,
    "http://hl7.org/fhir/sid/icd-10": ICD10,
    "http://hl7.org/fhir/sid/icd-9-cm": ICD9,
    "http://snomed.info/sct": SNOMED,
    "http://www.nlm.nih.gov/research/umls/rxnorm": RXNORM,
    "http://loinc.org": "LOINC",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://hl7.org/fhir/sid/cvx": CVX,
    "http://www.ama-assn.org/go/cpt": "CPT",
    "http://fdasis.nlm.nih.gov": "UNII",
}


# The numbers behind the names of code systems that senders write out.
SYSTEM_NUMBERS = {
    "nci thesaurus": "2.16.840.1.113883.3.26.1.1",
    "snomed ct": "2.16.840.1.113883.6.96",
    "rxnorm": "2.16.840.1.113883.6.88",
    "loinc": "2.16.840.1.113883.6.1",
}


def system_name(system: str) -> str:
    """The name people know for a code system, else the address or number the source gave."""
    key = system.strip().removeprefix("urn:oid:")
    return _SYSTEMS.get(key, key)


_CODE_SHAPES = {
    SNOMED: re.compile(r"\d{6,18}"),
    RXNORM: re.compile(r"\d{1,8}"),
    "LOINC": re.compile(r"(?:LA|LP)?\d{1,8}-\d"),
    "NCI Thesaurus": re.compile(r"C\d{1,7}"),
    ICD10: re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE),
}


def code_fits(code: str, system: str) -> bool:
    """Whether a code has the shape that the codes of its system have; a system we do not know fits anything."""
    shape = _CODE_SHAPES.get(system_name(system))
    return shape is None or bool(shape.fullmatch(code))


MOST_WORDS = 2000


def clean(text: str | None) -> str:
    """Text with its white space put right, without what no database keeps, and no longer than anything we show.

    (A name of five megabytes that ten thousand entries repeat would otherwise fill the memory.)
    """
    return " ".join(storable(text[: 4 * MOST_WORDS]).split())[:MOST_WORDS] if text else ""


def storable(text: str) -> str:
    """Without NUL and without halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


_BLOCK = re.compile(
    r"<\s*(?:br|/p|/tr|/li|/div|/h\d|/table|/?paragraph|/item|/caption|/list)\b[^<>]*>", re.IGNORECASE
)
_CELL = re.compile(r"<\s*(?:/t[dh]|t[dh][^<>]*/)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MOST_MARKUP = 400_000
_MOST_TEXT = 50_000


def readable(markup: str) -> str:
    """The words of a narrative, a line for each row or paragraph."""
    plain = _TAG.sub("", _CELL.sub(" | ", _BLOCK.sub("\n", markup[:_MOST_MARKUP])))
    lines = (" ".join(line.split()).strip("| ") for line in storable(unescape(plain)).split("\n"))
    return "\n".join(line for line in lines if line)[:_MOST_TEXT]


# ---------------------------------------------------------------- times

_HL7_TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})?(?P<day>\d{2})?"
    r"(?:(?P<hour>\d{2})(?P<minute>\d{2})?(?P<second>\d{2})?(?:\.\d+)?)?(?P<zone>[+-]\d{4}|Z)?"
)
_ISO_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?(?P<zone>Z|[+-]\d{2}:\d{2})?)?)?)?"
)


# What some products write where they have no date.
_EMPTY_DATES = frozenset({"1899-12-30", "0001-01-01"})


def from_hl7_time(value: str) -> str | None:
    """An HL7 time (20130710214400.000-0500) in ISO form with the same precision; None when it is not one."""
    match = _HL7_TIME.fullmatch(value.strip())
    return _iso(match) if match else None


def from_iso_time(value: str) -> str | None:
    """A FHIR date or instant, checked against the calendar; None when it is not one."""
    match = _ISO_TIME.fullmatch(value.strip())
    return _iso(match) if match else None


def _iso(match: re.Match[str]) -> str | None:
    part = {name: number or "" for name, number in match.groupdict().items()}
    year, month, day = part["year"], part["month"], part["day"]
    if not month:
        return year if int(year) else None
    if not int(year) or not 1 <= int(month) <= 12:
        return None
    if not day:
        return f"{year}-{month}"
    if not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        return None
    date = f"{year}-{month}-{day}"
    if date in _EMPTY_DATES:
        return None
    return date + _clock(part) if part["hour"] else date


def _clock(part: dict[str, str]) -> str:
    hour, minute, second = (part[name] or "00" for name in ("hour", "minute", "second"))
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60:
        return ""
    zone = part["zone"]
    if zone and zone != "Z" and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"T{hour}:{minute}:{second}{zone}"


def day_of(moment: str | None) -> str:
    """The day (or month or year) a moment falls on, as written in the source."""
    return (moment or "")[:10]


# ---------------------------------------------------------------- sex

_SEXES = {
    "m": "male",
    "male": "male",
    "248153007": "male",
    "la2-8": "male",
    "f": "female",
    "female": "female",
    "248152002": "female",
    "la3-6": "female",
    "un": "other",
    "other": "other",
    "o": "other",
    "undifferentiated": "other",
    "unknown": "unknown",
    "unk": "unknown",
    "u": "unknown",
}


def sex_of(code: str) -> str | None:
    """male, female, other or unknown; None when the code is not one for a sex."""
    return _SEXES.get(code.strip().lower())


# ---------------------------------------------------------------- "none known"

_NONE_KNOWN_CODES = frozenset(
    {
        "716186003",  # no known allergy
        "409137002",  # no known drug allergy
        "428607008",  # no known environmental allergy
        "429625007",  # no known food allergy
        "428197003",  # no known insect allergy
        "716184000",  # no known latex allergy
        "716220001",  # no known animal allergy
        "160244002",  # no known allergies (older)
        "160245001",  # no current problems or disability
        "787481004",  # no known medications
        "182849000",  # no drug therapy prescribed
        "182904002",  # drug treatment unknown
        "no-allergy-info",
        "no-known-allergies",
        "no-known-medication-allergies",
        "no-known-environmental-allergies",
        "no-known-food-allergies",
        "no-medication-info",
        "no-known-medications",
        "no-problem-info",
        "no-known-problems",
        "no-procedure-info",
        "no-known-procedures",
        "no-immunization-info",
        "no-known-immunizations",
    }
)
_NONE_KNOWN_TEXT = re.compile(
    r"(?!.*\b(?:but|except|other than)\b)(?:(?:no|not)\s+(?:\w+\s+){0,2}?"
    r"(?:known|current|active|recorded|reported|documented|information|data|record|on file|available)\b.*"
    r"|no\s+(?:drug\s+therapy|history of|significant|problems?|allerg\w+|medications?|meds|encounters?|"
    r"procedures?|immuni[sz]ations?|diagnos\w+|adverse\s+reactions?)\b.*"
    r"|(?:none|nil|nka|nkda|nkfa|n/?a|unknown|not known|denies(?: any)? \w+)"
    r"(?:\s+(?:known|recorded|reported|documented|on file))?)",
    re.IGNORECASE,
)
# Codes that say only what kind of thing is meant. Alone they name no problem and no substance.
KIND_ONLY = frozenset({"55607006", "64572001", "404684003", "282291009", "409586006", "ASSERTION"})


def says_none_known(text: str, codings: Iterable[Coding] = ()) -> bool:
    """Whether this entry only says that there is nothing, or nothing known, to report."""
    if any(coding.code in _NONE_KNOWN_CODES for coding in codings):
        return True
    return bool(_NONE_KNOWN_TEXT.fullmatch(clean(text).rstrip(".!")))


# ---------------------------------------------------------------- labels

LABEL_MEANINGS = {
    "U": "unrestricted",
    "L": "low confidentiality",
    "M": "moderate confidentiality",
    "N": "normal confidentiality",
    "R": "restricted",
    "V": "very restricted",
    "42CFRPART2": "protected by 42 CFR Part 2 (substance use treatment)",
    "ETH": "substance use information",
    "ETHUD": "alcohol use disorder information",
    "ALC": "alcohol use information",
    "SUD": "substance use disorder information",
    "OPIOIDUD": "opioid use disorder information",
    "DRGIS": "drug information",
    "PSY": "psychiatric information",
    "PSYTHPN": "psychotherapy notes",
    "BH": "behavioral health information",
    "MH": "mental health information",
    "HIV": "HIV information",
    "SDV": "sexual assault, abuse or domestic violence information",
    "SEX": "sexual health information",
    "STD": "sexually transmitted disease information",
    "NORDSCLCD": "may not be disclosed again without consent",
    "NORDSLCD": "may not be disclosed again without consent",
    "NODSCLCD": "may not be disclosed without consent",
    "NORDSCLW": "may not be disclosed again without written consent",
}
_PART2 = frozenset({"42CFRPART2", "ETH", "ETHUD", "ALC", "SUD", "OPIOIDUD", "DRGIS"})
_RESTRICTING = _PART2 | (frozenset(LABEL_MEANINGS) - {"U", "L", "M", "N"})


def label_meaning(code: str) -> str:
    """A security label in words; empty when the code is not one we know."""
    return LABEL_MEANINGS.get(code.strip().upper(), "")


def is_part2_label(code: str) -> bool:
    """Whether the label says that 42 CFR Part 2 protects what it stands on (requirements 2.8)."""
    return code.strip().upper() in _PART2


def is_restricting_label(code: str) -> bool:
    """Whether the label asks for more care than normal medical confidentiality."""
    return code.strip().upper() in _RESTRICTING
