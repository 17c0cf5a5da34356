"""The sections of a C-CDA document, known by template or by code, and the statements inside their entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dayward.care.referrals.parsers.ccda_xml import first_text, is_null, templates
from dayward.care.referrals.parsers.notes import shown
from dayward.care.referrals.parsers.tree import Element
from dayward.care.referrals.parsers.values import clean

# Kind of section: (templates without their common beginning, LOINC codes, the words for its source).
KINDS: dict[str, tuple[frozenset[str], frozenset[str], str]] = {
    "problems": (frozenset({"2.5", "2.5.1"}), frozenset({"11450-4"}), "problem list"),
    "history": (frozenset({"2.20"}), frozenset({"11348-0"}), "past history"),
    "admission diagnosis": (frozenset({"2.43"}), frozenset({"46241-6", "42347-5"}), "admission diagnosis"),
    "discharge diagnosis": (frozenset({"2.24"}), frozenset({"11535-2", "78375-3"}), "discharge diagnosis"),
    "assessment": (frozenset({"2.8", "2.9"}), frozenset({"51848-0", "51847-2"}), "assessment"),
    "health concerns": (frozenset({"2.58"}), frozenset({"75310-3"}), "health concern"),
    "medications": (frozenset({"2.1", "2.1.1"}), frozenset({"10160-0"}), "medication list"),
    "discharge medications": (
        frozenset({"2.11", "2.11.1"}),
        frozenset({"10183-2", "75311-1"}),
        "discharge medications",
    ),
    "admission medications": (frozenset({"2.44", "2.44.1"}), frozenset({"42346-7"}), "admission medications"),
    "administered medications": (frozenset({"2.38"}), frozenset({"29549-3"}), "given during the stay"),
    "allergies": (frozenset({"2.6", "2.6.1"}), frozenset({"48765-2"}), "allergies"),
    "encounters": (frozenset({"2.22", "2.22.1"}), frozenset({"46240-8"}), "encounters"),
    "procedures": (frozenset({"2.7", "2.7.1"}), frozenset({"47519-4"}), "procedures"),
    "immunizations": (frozenset({"2.2", "2.2.1"}), frozenset({"11369-6"}), "immunizations"),
    "payers": (frozenset({"2.18"}), frozenset({"48768-6"}), "payers"),
    "social history": (frozenset({"2.17"}), frozenset({"29762-2"}), "social history"),
}


@dataclass(frozen=True, slots=True)
class SectionOf:
    element: Element
    kind: str
    title: str
    code: str

    @property
    def source(self) -> str:
        return KINDS[self.kind][2] if self.kind else ""

    @property
    def place(self) -> str:
        return f"Section “{self.title}”"

    def entries(self) -> list[Element]:
        return [entry for entry in self.element.iterfind("entry") if not is_null(entry)]


def sections_of(root: Element) -> list[SectionOf]:
    """Every section, sections within sections too."""
    return [_section(element) for element in root.iterfind("component/structuredBody//section")]


def _section(element: Element) -> SectionOf:
    coded = element.find("code")
    code = clean(coded.get("code")) if coded is not None else ""
    title = first_text(element, "title") or (clean(coded.get("displayName")) if coded is not None else "")
    kind = next((name for name, (numbers, _, _) in KINDS.items() if numbers & templates(element)), "")
    if not kind:
        kind = next((name for name, (_, codes, _) in KINDS.items() if code in codes), "")
    return SectionOf(element, kind, shown(title or kind or "without a title", 120), code)


def statements(entry: Element, tag: str, *numbers: str, strict: bool = False) -> Iterator[Element]:
    """The statements of one kind in an entry, found through the acts and organizers wrapped around them.

    A statement counts by its template, or, because some products leave templates out, by standing where such a
    statement stands without claiming to be something else (a severity, a status, a comment …). Where a section may
    hold anything, only the template counts (``strict``).
    """
    todo = list(entry)
    while todo:
        element = todo.pop(0)
        claimed = templates(element)
        silent = not strict and not any(number.startswith("4.") for number in claimed)
        if element.tag == tag and (silent or claimed & set(numbers)):
            yield element
        elif element.tag in ("act", "organizer"):
            for link in element:
                if link.tag in ("entryRelationship", "component"):
                    todo.extend(child for child in link if child.tag in (tag, "act", "organizer"))


def concern_of(statement: Element) -> Element | None:
    """The act around a statement that says whether it is still a concern."""
    link = statement.getparent()
    act = link.getparent() if link is not None else None
    return act if act is not None and act.tag == "act" else None
