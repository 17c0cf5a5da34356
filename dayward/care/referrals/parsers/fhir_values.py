"""Tolerant reading of FHIR values: a wrong type becomes a sentence, never an error.

Lists of one and single values are read alike, because older versions of FHIR and the XML form of it differ there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dayward.care.referrals.packet import Address, Coding, Identifier, Name, Telecom
from dayward.care.referrals.parsers.notes import Notes, shown
from dayward.care.referrals.parsers.values import clean, code_fits, day_of, from_iso_time, system_name

_NULL_SYSTEMS = ("v3-NullFlavor", "data-absent-reason", "2.16.840.1.113883.5.1008")


class Node:
    """One FHIR object, knowing where it stands so that it can say what is broken."""

    __slots__ = ("data", "notes", "where")

    def __init__(self, data: Mapping[str, Any], where: str, notes: Notes) -> None:
        self.data = data
        self.where = where
        self.notes = notes

    def __bool__(self) -> bool:
        return bool(self.data)

    def _broken(self, key: str) -> None:
        self.notes.problem(f"{self.where}: “{key}” is not written as FHIR says; it was left out.")

    def _values(self, key: str) -> list[Any]:
        value = self.data.get(key)
        if value is None:
            return []
        return [item for item in value if item is not None] if isinstance(value, list) else [value]

    def nodes(self, key: str) -> list[Node]:
        found = []
        for value in self._values(key):
            if isinstance(value, dict):
                found.append(Node(value, self.where, self.notes))
            else:
                self._broken(key)
        return found

    def nodes_quietly(self, key: str) -> list[Node]:
        """Objects under a key that may also hold plain text (the name of a person or of an organization)."""
        return [Node(value, self.where, self.notes) for value in self._values(key) if isinstance(value, dict)]

    def node(self, key: str) -> Node:
        found = self.nodes(key)
        return found[0] if found else Node({}, self.where, self.notes)

    def texts(self, key: str) -> list[str]:
        found = []
        for value in self._values(key):
            if isinstance(value, str):
                found.append(clean(value))
            elif isinstance(value, int) and not isinstance(value, bool):
                found.append(str(value))
            else:
                self._broken(key)
        return [text for text in found if text]

    def long_text(self, key: str) -> str:
        """Text as it stands, however long: a narrative, or a file in base64."""
        return next((value for value in self._values(key) if isinstance(value, str)), "")

    def text(self, key: str) -> str:
        return " ".join(self.texts(key))

    def flag(self, key: str) -> bool:
        """True only where the source says true."""
        return any(value is True or value == "true" for value in self._values(key))

    def moment(self, key: str) -> str | None:
        """A date or instant in ISO form, as precise as the source."""
        written = self.text(key)
        if not written:
            return None
        moment = from_iso_time(written)
        if moment is None:
            self.notes.problem(
                f"{self.where}: “{shown(written)}” is not a date we can read; it was left out."
            )
        return moment

    def start_and_end(self, key: str) -> tuple[str | None, str | None]:
        """The two ends of something written as …DateTime or …Period."""
        single = self.moment(f"{key}DateTime")
        period = self.node(f"{key}Period")
        return single or period.moment("start"), period.moment("end")

    def concept(self, key: str) -> Concept:
        return Concept(self.nodes_quietly(key), self.texts_if_plain(key))

    def texts_if_plain(self, key: str) -> list[str]:
        """Older versions write some concepts as a bare code; take it without complaint."""
        return [clean(value) for value in self._values(key) if isinstance(value, str)]


class Concept:
    """A CodeableConcept (or several, or bare Codings): its codes and its words."""

    __slots__ = ("codings", "text")

    def __init__(self, nodes: list[Node], plain: list[str]) -> None:
        self.codings = tuple(_codings(nodes))
        self.text = next(self._words(nodes, plain), "")

    def _words(self, nodes: list[Node], plain: list[str]) -> Iterator[str]:
        yield from (text for node in nodes if (text := node.text("text")))
        yield from (coding.display for coding in self.codings if coding.display)
        yield from plain

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(coding.code for coding in self.codings)

    @property
    def code(self) -> str:
        return self.codings[0].code if self.codings else self.text

    def __bool__(self) -> bool:
        return bool(self.codings or self.text)


def _codings(nodes: list[Node]) -> Iterator[Coding]:
    for node in nodes:
        bare = [node] if "code" in node.data and isinstance(node.data["code"], str) else []
        for coding in [*node.nodes("coding"), *bare]:
            system, code = coding.text("system"), coding.text("code")
            if code and not system.endswith(_NULL_SYSTEMS):
                if not code_fits(code, system):
                    node.notes.problem(
                        f"{node.where}: “{shown(code)}” does not look like a {system_name(system)} code."
                    )
                yield Coding(code, system_name(system), coding.text("display"))


# ---------------------------------------------------------------- people

_NAME_USES = {"official": "legal", "usual": "usual", "maiden": "maiden", "old": "old", "nickname": "nickname"}


def human_name(node: Node) -> Name:
    """A FHIR HumanName; one with only its text is taken apart at the comma or the last space."""
    family, given = node.text("family"), tuple(node.texts("given"))
    use = _NAME_USES.get(node.text("use"), node.text("use"))
    if use not in ("maiden", "nickname") and node.node("period").text("end"):
        use = "old"
    text = node.text("text")
    if text and not family and not given:
        family, given = split_name(text)
        node.notes.problem(
            f"{node.where}: the name stands only as “{shown(text)}”; check which part is the family name."
        )
    return Name(family, given, node.text("prefix"), node.text("suffix"), use, text)


def split_name(text: str) -> tuple[str, tuple[str, ...]]:
    """A name written in one piece: "Family, Given Middle" or "Given Middle Family"."""
    if "," in text:
        family, _, given = text.partition(",")
        return clean(family), tuple(given.split())
    *given_parts, family = text.split() or [""]
    return family, tuple(given_parts)


def telecoms(node: Node, key: str = "telecom") -> tuple[Telecom, ...]:
    found = []
    for item in node.nodes(key):
        if value := item.text("value"):
            value = value.removeprefix("tel:").removeprefix("mailto:")
            found.append(Telecom(value, item.text("system") or "phone", item.text("use")))
    return tuple(found)


def addresses(node: Node, key: str = "address") -> tuple[Address, ...]:
    found = []
    for item in node.nodes(key):
        address = Address(
            tuple(item.texts("line")),
            item.text("city"),
            item.text("state"),
            item.text("postalCode"),
            item.text("country"),
            item.text("use"),
        )
        if address != Address(use=address.use):
            found.append(address)
        elif text := item.text("text"):
            found.append(Address((text,), use=address.use))
    return tuple(found)


def identifiers(node: Node) -> tuple[Identifier, ...]:
    found = []
    for item in node.nodes("identifier"):
        if value := item.text("value"):
            found.append(Identifier(value, item.text("system"), item.concept("type").text))
    return tuple(found)


def birth_date(node: Node) -> str | None:
    """The birth date without a time of day."""
    return day_of(node.moment("birthDate")) or None
