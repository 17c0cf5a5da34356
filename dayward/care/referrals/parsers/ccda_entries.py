"""The entries of a C-CDA document: diagnoses, medications, allergies, visits, and the rest an intake needs."""

from __future__ import annotations

from collections.abc import Iterator

from dayward.care.referrals.packet import (
    Allergy,
    Coding,
    Coverage,
    Diagnosis,
    Encounter,
    Immunization,
    Medication,
    Procedure,
)
from dayward.care.referrals.parsers.ccda_codes import ALLERGY_TYPES, PLURALS, STATUSES, visit_kind
from dayward.care.referrals.parsers.ccda_sections import SectionOf, concern_of, statements
from dayward.care.referrals.parsers.ccda_xml import (
    Narrative,
    first_text,
    identifiers,
    is_null,
    organization_name,
    templates,
)
from dayward.care.referrals.parsers.notes import shown
from dayward.care.referrals.parsers.tree import Element
from dayward.care.referrals.parsers.values import (
    KIND_ONLY,
    SYSTEM_NUMBERS,
    clean,
    says_none_known,
    system_name,
)


class Entries:
    """Reads entries and explains each one that says nothing or is broken."""

    def __init__(self, narrative: Narrative) -> None:
        self.narrative = narrative
        self.notes = narrative.notes
        self.none_known: dict[str, None] = {}

    # ------------------------------------------------------------ what counts

    def stands(self, statement: Element, what: str) -> bool:
        """Whether a statement is to be read at all: not null, not entered in error."""
        if is_null(statement):
            self.notes.left_out(what, "marked as having no information")
            return False
        around = [statement, concern_of(statement)]
        if any(_status(element) == "nullified" for element in around if element is not None):
            self.notes.left_out(what, "marked by the sender as entered in error")
            return False
        return True

    def says_something(self, statement: Element, what: str, text: str, codings: tuple[Coding, ...]) -> bool:
        """Sorts out "none known", "does not have", and entries that name nothing."""
        negated = statement.get("negationInd") == "true"
        plain = clean(statement.findtext("text")) if statement.find("text") is not None else ""
        words = text or self.narrative.words(statement.find("text"))
        if says_none_known(words, codings) or (not codings and says_none_known(plain)):
            self._none(what, words or plain)
            return False
        if negated and (not codings or all(coding.code in KIND_ONLY for coding in codings)):
            self._none(what, "none known")
            return False
        if negated:
            self.notes.left_out(what, "says that the person does not have, take or get it")
            return False
        if not codings and not text:
            self.notes.left_out(what, "it does not say what it is (neither code nor words)")
            return False
        return True

    def _none(self, what: str, words: str) -> None:
        self.none_known.setdefault(PLURALS.get(what, what.lower()))
        self.notes.left_out(what, f"only says “{shown(words)}”")

    def check(self, statement: Element, what: str, place: str) -> None:
        """Says what is broken about an entry that was read all the same."""
        here = f"{place}: {what}"
        if not templates(statement):
            self.notes.problem(f"{here} does not name its template; it was read by where it stands.")
        if not identifiers(statement) and not any(is_null(mark) for mark in statement.iterfind("id")):
            self.notes.problem(f"{here} has no identifier.")
        status = statement.find("statusCode")
        if status is not None and not is_null(status) and _status(statement) not in STATUSES:
            self.notes.problem(
                f"{here} has the status “{shown(_status(statement))}”, which is no known status."
            )

    def _check_system(self, coded: Element | None, here: str) -> None:
        """A code whose system is named but numbered differently cannot be relied on."""
        codings = self.narrative.codings(coded)
        for coding in codings[:1]:
            name = coded.get("codeSystemName") if coded is not None else None
            number = SYSTEM_NUMBERS.get(clean(name).lower())
            if number and system_name(number) != coding.system:
                self.notes.problem(
                    f"{here}: the code “{shown(coding.code)}” names {name} but carries another system's number."
                )

    # ------------------------------------------------------------ diagnoses

    def diagnoses(self, section: SectionOf) -> Iterator[Diagnosis]:
        for entry in section.entries():
            for statement in statements(entry, "observation", "4.4", strict=section.kind == "assessment"):
                yield from self.diagnosis(statement, section.place, section.source)

    def diagnosis(self, statement: Element, place: str, source: str) -> Iterator[Diagnosis]:
        if not self.stands(statement, "Diagnosis"):
            return
        value = statement.find("value")
        codings = self.narrative.codings(value)
        words = self.narrative.coded_words(value) or self.narrative.words(statement.find("text"))
        if value is not None and not codings and not words:
            words = clean(value.text)
        if all(coding.code in KIND_ONLY for coding in codings):
            words, codings = self.narrative.words(statement.find("text")) or words, ()
        if not self.says_something(statement, "Diagnosis", words, codings):
            return
        name = words or codings[0].code
        self.check(statement, shown(name), place)
        onset, abatement = self.narrative.interval(statement.find("effectiveTime"), f"{place}: {shown(name)}")
        yield Diagnosis(name, codings, self._problem_status(statement, abatement), onset, abatement, source)

    def _problem_status(self, statement: Element, abatement: str | None) -> str:
        for link in statement.iterfind("entryRelationship/observation"):
            if templates(link) & {"4.6", "4.28"}:
                return self.narrative.coded_words(link.find("value")).lower()
        concern = concern_of(statement)
        if abatement or (concern is not None and _status(concern) == "completed"):
            return "resolved"
        return "active" if concern is not None and _status(concern) == "active" else ""

    # ------------------------------------------------------------ medications

    def medications(self, section: SectionOf) -> Iterator[Medication]:
        for entry in section.entries():
            for statement in statements(entry, "substanceAdministration", "4.16"):
                yield from self._medication(statement, section)

    def _medication(self, statement: Element, section: SectionOf) -> Iterator[Medication]:
        if not self.stands(statement, "Medication"):
            return
        codings, words = self._product(statement)
        own = self.narrative.codings(statement.find("code"))
        if not codings and says_none_known(self.narrative.coded_words(statement.find("code")), own):
            codings = own
        if not self.says_something(statement, "Medication", words, codings):
            return
        name = words or codings[0].code
        here = f"{section.place}: {shown(name)}"
        self.check(statement, shown(name), section.place)
        for tag in ("routeCode", "administrationUnitCode"):
            self._check_system(statement.find(tag), here)
        start, end = self._course(statement, here)
        yield Medication(name, codings, self._dose(statement), _status(statement), start, end, section.source)

    def _product(self, statement: Element) -> tuple[tuple[Coding, ...], str]:
        material = statement.find("consumable/manufacturedProduct/manufacturedMaterial")
        if material is None:
            return (), ""
        code = material.find("code")
        words = self.narrative.coded_words(code) or first_text(material, "name")
        return self.narrative.codings(code), words

    def _course(self, statement: Element, where: str) -> tuple[str | None, str | None]:
        for time in statement.iterfind("effectiveTime"):
            if time.find("period") is None and time.find("event") is None:
                start, end = self.narrative.interval(time, where)
                if start or end:
                    return start, end
        return None, None

    def _dose(self, statement: Element) -> str:
        amount = statement.find("doseQuantity")
        parts = []
        if amount is not None and amount.get("value"):
            unit = amount.get("unit") or ""
            parts.append(f"{amount.get('value')} {'' if unit == '1' else unit}".strip())
        if route := self.narrative.coded_words(statement.find("routeCode")):
            parts.append(route)
        for time in statement.iterfind("effectiveTime"):
            period = time.find("period")
            if period is not None and period.get("value"):
                parts.append(f"every {period.get('value')} {period.get('unit') or ''}".strip())
        return ", ".join(parts)

    # ------------------------------------------------------------ allergies

    def allergies(self, section: SectionOf) -> Iterator[Allergy]:
        for entry in section.entries():
            for statement in statements(entry, "observation", "4.7", "4.90"):
                yield from self._allergy(statement, section)

    def _allergy(self, statement: Element, section: SectionOf) -> Iterator[Allergy]:
        if not self.stands(statement, "Allergy"):
            return
        codings, words = self._substance(statement)
        value = statement.find("value")
        if says_none_known("", self.narrative.codings(value)):
            self._none("Allergy", self.narrative.coded_words(value) or "none known")
            return
        kind = self._allergy_kind(value)
        if not words and value is not None:  # some products name the substance only in the words of its type
            words = self.narrative.words(value.find("originalText"))
        if not codings and not words:
            codings = self._allergy_by_value(value)
            words = self.narrative.words(statement.find("text")) or (kind if codings else "")
        if not self.says_something(statement, "Allergy", words, codings):
            return
        name = words or codings[0].code
        self.check(statement, shown(name), section.place)
        onset, _ = self.narrative.interval(statement.find("effectiveTime"), f"{section.place}: {shown(name)}")
        yield Allergy(
            name, codings, kind, self._reactions(statement), self._problem_status(statement, None), onset
        )

    def _substance(self, statement: Element) -> tuple[tuple[Coding, ...], str]:
        for entity in statement.iterfind("participant/participantRole/playingEntity"):
            code = entity.find("code")
            words = self.narrative.coded_words(code) or first_text(entity, "name")
            if codings := self.narrative.codings(code):
                return codings, words
            if words:
                return (), words
        return (), ""

    def _allergy_kind(self, value: Element | None) -> str:
        known = [
            ALLERGY_TYPES[coding.code]
            for coding in self.narrative.codings(value)
            if coding.code in ALLERGY_TYPES
        ]
        return known[0] if known else clean(value.get("displayName")) if value is not None else ""

    def _allergy_by_value(self, value: Element | None) -> tuple[Coding, ...]:
        """Some products put the whole allergy ("allergy to penicillin") where its type belongs."""
        return tuple(coding for coding in self.narrative.codings(value) if coding.code not in ALLERGY_TYPES)

    def _reactions(self, statement: Element) -> tuple[str, ...]:
        found = []
        for observation in statement.iterfind("entryRelationship/observation"):
            if "4.9" in templates(observation):
                words = self.narrative.coded_words(observation.find("value"))
                found.append(words or self.narrative.words(observation.find("text")))
        return tuple(dict.fromkeys(word for word in found if word))

    # ------------------------------------------------------------ visits

    def encounters(self, section: SectionOf) -> Iterator[tuple[Encounter, frozenset[str], list[Diagnosis]]]:
        """Each visit with its identifiers and its diagnoses."""
        for entry in section.entries():
            for statement in statements(entry, "encounter", "4.49"):
                if not self.stands(statement, "Encounter") or statement.get("moodCode", "EVN") != "EVN":
                    continue
                visit = self._encounter(statement, section)
                if not (visit.codings or visit.text or visit.start or visit.end):
                    self.notes.left_out("Encounter", "marked as having no information")
                elif says_none_known(visit.text, visit.codings):
                    self._none("Encounter", visit.text)
                else:
                    names = frozenset(f"{item.system}|{item.value}" for item in identifiers(statement))
                    yield visit, names, self._visit_diagnoses(statement, section)

    def _encounter(self, statement: Element, section: SectionOf) -> Encounter:
        code = statement.find("code")
        codings = self.narrative.codings(code)
        words = self.narrative.coded_words(code) or self.narrative.words(statement.find("text"))
        self.check(statement, shown(words or "the visit"), section.place)
        start, end = self.narrative.interval(statement.find("effectiveTime"), section.place)
        return Encounter(
            text=words,
            codings=codings,
            kind=visit_kind(codings, words),
            facility=self._facility(statement),
            start=start,
            end=end,
            disposition=self.narrative.coded_words(statement.find("sdtc_dischargeDispositionCode")),
            reason=self._reason(statement),
            status=_status(statement),
        )

    def _facility(self, statement: Element) -> str:
        for participant in statement.iterfind("participant"):
            role = participant.find("participantRole")
            if (
                role is not None
                and (participant.get("typeCode") == "LOC" or role.get("classCode") == "SDLOC")
                and (name := first_text(role, "playingEntity/name"))
            ):
                return name
        for performer in statement.iterfind("performer/assignedEntity"):
            if name := organization_name(performer.find("representedOrganization")):
                return name
        return ""

    def _reason(self, statement: Element) -> str:
        for link in statement.iterfind("entryRelationship"):
            if link.get("typeCode") == "RSON" and (reason := link.find("observation")) is not None:
                return self.narrative.coded_words(reason.find("value"))
        return ""

    def _visit_diagnoses(self, statement: Element, section: SectionOf) -> list[Diagnosis]:
        found: list[Diagnosis] = []
        for link in statement.iterfind("entryRelationship/act"):
            code = link.find("code")
            if "4.80" in templates(link) or (code is not None and code.get("code") == "29308-4"):
                for problem in link.iterfind("entryRelationship/observation"):
                    found.extend(self.diagnosis(problem, section.place, "visit diagnosis"))
        return found

    # ------------------------------------------------------------ procedures, immunizations, payers

    def procedures(self, section: SectionOf) -> Iterator[Procedure]:
        for entry in section.entries():
            for tag, number in (("procedure", "4.14"), ("observation", "4.13"), ("act", "4.12")):
                for statement in statements(entry, tag, number):
                    code = statement.find("code")
                    codings, words = self.narrative.codings(code), self.narrative.coded_words(code)
                    if not self.stands(statement, "Procedure"):
                        continue
                    if self.says_something(statement, "Procedure", words, codings):
                        done, _ = self.narrative.interval(statement.find("effectiveTime"), section.place)
                        yield Procedure(words or codings[0].code, codings, done, _status(statement))

    def immunizations(self, section: SectionOf) -> Iterator[Immunization]:
        for entry in section.entries():
            for statement in statements(entry, "substanceAdministration", "4.52"):
                codings, words = self._product(statement)
                if self.stands(statement, "Immunization") and self.says_something(
                    statement, "Immunization", words, codings
                ):
                    given, _ = self._course(statement, section.place)
                    yield Immunization(words or codings[0].code, codings, given, _status(statement))

    def coverage(self, section: SectionOf) -> Iterator[Coverage]:
        for entry in section.entries():
            for policy in entry.iterfind("act//act"):
                if "4.61" not in templates(policy):
                    continue
                payer = next(
                    (name for party in policy.iterfind("performer/assignedEntity/representedOrganization")
                     if (name := organization_name(party))),
                    "",
                )  # fmt: skip
                member, relationship = self._member(policy)
                plan = self.narrative.coded_words(policy.find("code"))
                if payer or member or plan:
                    yield Coverage(payer or plan, member, plan, relationship, _status(policy))

    def _member(self, policy: Element) -> tuple[str, str]:
        for participant in policy.iterfind("participant"):
            role = participant.find("participantRole")
            if participant.get("typeCode") == "COV" and role is not None:
                member = next((item.value for item in identifiers(role) if item.system), "")
                return member, self.narrative.coded_words(role.find("code"))
        return "", ""


def _status(statement: Element) -> str:
    status = statement.find("statusCode")
    return clean(status.get("code")) if status is not None else ""
