"""Security labels in C-CDA: confidentiality codes, and the security observations of DS4P privacy annotations."""

from __future__ import annotations

from collections.abc import Iterator

from dayward.care.referrals.packet import SecurityLabel
from dayward.care.referrals.parsers.ccda_sections import SectionOf
from dayward.care.referrals.parsers.ccda_xml import Narrative, section_text
from dayward.care.referrals.parsers.notes import shown
from dayward.care.referrals.parsers.tree import Element
from dayward.care.referrals.parsers.values import label_meaning

_SECURITY_TYPES = frozenset({"2.16.840.1.113883.1.11.20457", "2.16.840.1.113883.1.11.20471"})
_CLINICAL = frozenset({"observation", "act", "substanceAdministration", "encounter", "procedure", "supply"})


def labels_of(root: Element, sections: list[SectionOf], narrative: Narrative) -> tuple[SecurityLabel, ...]:
    """Every label with what it stands on: the document, a section, or one entry of it."""
    titles = {section.element: section.title for section in sections}
    return tuple(dict.fromkeys(_labels(root, titles, narrative)))


def _labels(root: Element, titles: dict[Element, str], narrative: Narrative) -> Iterator[SecurityLabel]:
    for mark in root.iter("confidentialityCode"):
        for coding in narrative.codings(mark):
            yield SecurityLabel(coding.code, _place(mark, titles, narrative), coding.system, coding.display)
            if not label_meaning(coding.code):
                narrative.notes.problem(
                    f"The confidentiality is written as “{shown(coding.code)}”, which is no known code; "
                    "treat it as restricted."
                )
    for observation in root.iter("observation"):
        if _is_security(observation):
            for value in observation.iterfind("value"):
                for coding in narrative.codings(value):
                    yield SecurityLabel(
                        coding.code, _place(observation, titles, narrative), coding.system, coding.display
                    )


def _is_security(observation: Element) -> bool:
    code = observation.find("code")
    if code is None:
        return False
    name = (code.get("code") or "").upper()
    return code.get("codeSystem") in _SECURITY_TYPES or (name.startswith("SEC") and name.endswith("OBS"))


def _place(mark: Element, titles: dict[Element, str], narrative: Narrative) -> str:
    entry = ""
    for around in mark.iterancestors():
        if around.tag in _CLINICAL and not entry and not _is_security(around):
            entry = _entry_name(around, narrative)
        if around.tag == "section":
            section = f"section “{titles.get(around, '')}”"
            return f"{section}, {shown(entry, 120)}" if entry else section
    return "document"


def _entry_name(statement: Element, narrative: Narrative) -> str:
    product = statement.find("consumable/manufacturedProduct/manufacturedMaterial/code")
    for coded in (product, statement.find("value"), statement.find("code")):
        if words := narrative.coded_words(coded):
            return words
    return ""


def say_where_text_mentions_part2(sections: list[SectionOf], narrative: Narrative) -> None:
    """Many senders state 42 CFR Part 2 only in words; nobody should overlook it."""
    for section in sections:
        if "42 cfr" in section_text(section.element).lower():
            narrative.notes.problem(
                f"{section.place} speaks of 42 CFR (Part 2 protects substance use records); "
                "read it before sharing anything."
            )
