"""Reading the small parts of C-CDA: codes, times, names, addresses, and text kept in the narrative."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from dayward.care.referrals.packet import Address, Coding, Identifier, Name, Telecom
from dayward.care.referrals.parsers.fhir_values import split_name
from dayward.care.referrals.parsers.notes import Notes, shown
from dayward.care.referrals.parsers.tree import Element
from dayward.care.referrals.parsers.values import (
    MOST_WORDS,
    clean,
    code_fits,
    from_hl7_time,
    readable,
    system_name,
)

TEMPLATE = "2.16.840.1.113883.10.20.22."
_TELECOM_KINDS = {"mailto": "email", "fax": "fax", "http": "url", "https": "url", "sms": "sms"}
_USES = {"H": "home", "HP": "home", "HV": "vacation", "MC": "mobile", "WP": "work"}
_IDENTIFIER_KINDS = {"2.16.840.1.113883.4.1": "SSN", "2.16.840.1.113883.4.6": "NPI"}
_NAME_USES = {"L": "legal", "P": "nickname", "": "", "C": "legal"}


class Narrative:
    """The words of a document by their ID, and the notes everybody writes to."""

    def __init__(self, root: Element, notes: Notes) -> None:
        self.notes = notes
        self._by_id: dict[str, Element] = {}
        self._words: dict[str, str] = {}
        for text in root.iter("text"):
            for element in text.iter():
                if key := element.get("ID") or element.get("id"):
                    self._by_id.setdefault(key, element)

    def words(self, element: Element | None) -> str:
        """The words an ED element holds or points at (<originalText>, <text>)."""
        if element is None:
            return ""
        reference = element.find("reference")
        key = (reference.get("value") or "").removeprefix("#") if reference is not None else ""
        if key and (found := self._words_of(key)):
            return found
        return clean(element.text)

    def _words_of(self, key: str) -> str:
        if key not in self._words:
            target = self._by_id.get(key)
            self._words[key] = self._target_words(target) if target is not None else ""
        return self._words[key]

    def _target_words(self, target: Element) -> str:
        if target.tag == "tr":  # a whole row says more than the name of the thing: take its first cell
            cells = [cell for cell in target if cell.tag in ("td", "th")]
            target = cells[0] if cells else target
        return clean(all_text(target))

    def moment(self, element: Element | None, where: str) -> str | None:
        """The time an element carries as its value."""
        if element is None or is_null(element):
            return None
        written = clean(element.get("value"))
        if not written:
            return None
        moment = from_hl7_time(written)
        if moment is None:
            self.notes.problem(f"{where}: “{shown(written)}” is not a date we can read; it was left out.")
        return moment

    def interval(self, element: Element | None, where: str) -> tuple[str | None, str | None]:
        """The start and end of an effectiveTime, which may also be one point in time."""
        if element is None:
            return None, None
        start = self.moment(element.find("low"), where) or self.moment(element, where)
        start = start or self.moment(element.find("center"), where)
        return start, self.moment(element.find("high"), where)

    def codings(self, element: Element | None) -> tuple[Coding, ...]:
        """The codes of a CD element, its own first, then its translations; none of what is marked as null."""
        return tuple(dict.fromkeys(self._codings(element)))

    def _codings(self, element: Element | None) -> Iterator[Coding]:
        if element is None:
            return
        for coded in (element, *element.iterfind("translation")):
            if (code := clean(coded.get("code"))) and not is_null(coded):
                system = coded.get("codeSystem") or coded.get("codeSystemName") or ""
                if not code_fits(code, system):
                    self.notes.problem(
                        f"“{shown(code)}” does not look like a {system_name(system)} code; check it."
                    )
                yield Coding(code, system_name(system), clean(coded.get("displayName")))

    def coded_words(self, element: Element | None) -> str:
        """A CD element in words: its display, its original text, or the display of a translation."""
        if element is None:
            return ""
        displays = [element.get("displayName"), self.words(element.find("originalText"))]
        displays += [translation.get("displayName") for translation in element.iterfind("translation")]
        return next((clean(display) for display in displays if clean(display)), "")


def all_text(element: Element) -> str:
    """The words inside an element, as far as anybody reads them."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(str(part))
        length += len(part)
        if length > 4 * MOST_WORDS:
            break
    return " ".join(parts)


def is_null(element: Element | None) -> bool:
    return element is not None and element.get("nullFlavor") is not None


def templates(element: Element) -> frozenset[str]:
    """The C-CDA template numbers an element claims, without their common beginning ("4.4", "2.5.1")."""
    return frozenset(
        (template.get("root") or "").strip().removeprefix(TEMPLATE)
        for template in element.iterfind("templateId")
    )


def children(element: Element, *names: str) -> list[Element]:
    return [child for child in element if child.tag in names]


def first_text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return clean(found.text) if found is not None and not is_null(found) else ""


def section_text(section: Element) -> str:
    text = section.find("text")
    return readable(etree.tostring(text, encoding="unicode")) if text is not None else ""


# ---------------------------------------------------------------- people


def person_name(element: Element) -> Name | None:
    """An HL7 name. A name "given at birth" is an old name; "call me" is what the person prefers to be called."""
    if is_null(element):
        return None
    families = _parts(element, "family")
    birth = [text for text, marks in families if "BR" in marks]
    now = [text for text, marks in families if "BR" not in marks]
    givens = _parts(element, "given")
    called = [text for text, marks in givens if "CL" in marks]
    given = tuple(text for text, marks in givens if "CL" not in marks)
    text = clean(element.text)
    family = " ".join(now or birth)
    if text and not family and not given:
        family, given = split_name(text)
    born_with = any("BR" in marks for _, marks in givens) or bool(birth and not now)
    name = Name(
        family=family,
        given=given or tuple(called[:1]),
        prefix=" ".join(text for text, _ in _parts(element, "prefix")),
        suffix=" ".join(text for text, _ in _parts(element, "suffix")),
        use="maiden" if born_with else _name_use(element),
        text=text,
        preferred=" ".join(called),
    )
    return name if name.full else None


def _name_use(element: Element) -> str:
    if element.find("validTime/high") is not None and not is_null(element.find("validTime/high")):
        return "old"
    return _NAME_USES.get((element.get("use") or "").split(" ")[0], "other")


def _parts(name: Element, tag: str) -> list[tuple[str, frozenset[str]]]:
    found = []
    for part in name.iterfind(tag):
        text = clean(all_text(part))
        if text and not is_null(part):
            found.append((text, frozenset((part.get("qualifier") or "").split())))
    return found


def names_of(element: Element) -> list[Name]:
    return [name for child in element.iterfind("name") if (name := person_name(child))]


def organization_name(element: Element | None) -> str:
    """The name of an organization; some products repeat it."""
    if element is None:
        return ""
    return next(
        (clean(all_text(name)) for name in element.iterfind("name") if not is_null(name) and all_text(name)),
        "",
    )


def telecoms(element: Element) -> tuple[Telecom, ...]:
    found = []
    for telecom in element.iterfind("telecom"):
        written = clean(telecom.get("value"))
        if not written or is_null(telecom):
            continue
        scheme, colon, rest = written.partition(":")
        if not colon or not re.fullmatch(r"[a-zA-Z]+", scheme):
            scheme, rest = ("mailto", written) if "@" in written else ("tel", written)
        kind = _TELECOM_KINDS.get(scheme.lower(), "phone")
        if value := clean(written if kind == "url" else rest):
            found.append(Telecom(value, kind, _use_of(telecom)))
    return tuple(found)


def _use_of(element: Element) -> str:
    use = (element.get("use") or "").split(" ")[0]
    return _USES.get(use, use.lower())


def addresses(element: Element) -> tuple[Address, ...]:
    found = []
    for addr in element.iterfind("addr"):
        lines = tuple(clean(line.text) for line in addr.iterfind("streetAddressLine") if clean(line.text))
        parts = {tag: first_text(addr, tag) for tag in ("city", "state", "postalCode", "country")}
        if is_null(addr) or not (lines or any(parts.values())):
            continue
        found.append(
            Address(
                lines,
                parts["city"],
                parts["state"],
                parts["postalCode"],
                parts["country"],
                _use_of(addr),
            )
        )
    return tuple(found)


def identifiers(element: Element) -> tuple[Identifier, ...]:
    found = []
    for identifier in element.iterfind("id"):
        root, extension = clean(identifier.get("root")), clean(identifier.get("extension"))
        if (root or extension) and not is_null(identifier):
            kind = identifier.get("assigningAuthorityName") or _IDENTIFIER_KINDS.get(root, "")
            found.append(Identifier(extension or root, root if extension else "", kind))
    return tuple(found)
