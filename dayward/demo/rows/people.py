"""People, how to reach them, who belongs to them, who pays, and their own hours."""

from __future__ import annotations

from datetime import time, timedelta

from dayward.care.schedule.models import OwnHours
from dayward.demo import clinic, names
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Someone, Step
from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import user_id
from dayward.foundation.people.models import Address, ContactPoint, Person, Relationship
from dayward.revenue.coverage.models import Coverage


def add_person(ledger: Ledger, case: Case) -> None:
    """The person of a case, with a phone number."""
    person = case.person
    by_name = {"legal_given": person.given, "legal_family": person.family, "chosen_name": person.chosen}
    ledger.add(
        Person, case.key, **by_name, pronouns=person.pronouns, birth_date=person.birth_date, sex=person.sex,
        language=person.language, site=person.site, created_at=case.opened_at,
    )  # fmt: skip
    safe = case.steps[0].by != "" or len(case.steps) > 1
    ledger.add(ContactPoint, case.key, person=case.key, kind="mobile", value=person.phone, may_call=True,
               may_leave_message=safe, may_text=safe, preferred=True)  # fmt: skip


def add_details(ledger: Ledger, dice: Dice, case: Case, by: str) -> None:
    """What is written down of somebody who is assessed: address, relatives, payer, own hours."""
    person = case.person
    place = clinic.site(person.site)
    ledger.add(Address, case.key, person=case.key, street=person.street, city=place.city, state=place.state,
               zip_code=person.zip_code, may_mail=dice.chance(0.7))  # fmt: skip
    _relative(ledger, dice, case)
    ledger.add(
        Coverage, case.key, person=case.key, payer=person.payer, recorded_at=case.steps[1].at,
        recorded_by=user_id(by), member_id=f"EX{dice.whole(100000, 999999)}", estimate_given=True,
    )  # fmt: skip


def add_own_hours(ledger: Ledger, case: Case, step: Step) -> None:
    """Work, school and children, as the screening asked."""
    for number, block in enumerate(case.own_hours):
        ledger.add(
            OwnHours, f"{case.key}-{number}", person=case.key, kind=block.kind, weekdays=list(block.weekdays),
            starts=time.fromisoformat(block.starts), ends=time.fromisoformat(block.ends), note=block.note,
            from_day=step.at.date(), told_at=step.at, told_by=user_id(step.by),
        )  # fmt: skip


def _relative(ledger: Ledger, dice: Dice, case: Case) -> None:
    """Somebody to call in an emergency; for a person under age a guardian."""
    key, person = f"{case.key}-relative", case.person
    teen = clinic.track(case.track).age[1] < 18
    given = dice.pick(names.GIVEN_FEMALE + names.GIVEN_MALE)
    born = person.birth_date - timedelta(days=11300) if teen else None  # asked of a guardian only
    ledger.add(Person, key, legal_given=given, legal_family=person.family, language=person.language,
               birth_date=born, site=person.site, created_at=case.steps[1].at)  # fmt: skip
    ledger.add(ContactPoint, key, person=key, kind="mobile", value=_other_phone(person), may_call=True,
               preferred=True)  # fmt: skip
    kind = "parent" if teen else dice.pick(("partner", "parent", "sibling", "friend"))
    ledger.add(Relationship, key, person=case.key, relative=key, kind=kind, is_guardian=teen,
               is_emergency_contact=True, lives_together=teen or kind == "partner")  # fmt: skip


def _other_phone(person: Someone) -> str:
    return person.phone[:-2] + f"{(int(person.phone[-2:]) + 37) % 100:02d}"
