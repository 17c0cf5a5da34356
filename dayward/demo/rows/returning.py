"""Somebody who comes back: the facts of the second way in have a key of their own, the person is the same."""

from __future__ import annotations

from dayward.care.journey.models import Episode, IntakeCase
from dayward.chart.safety.models import SafetyPlan
from dayward.demo.ledger import AnyModel, Ledger, Values, columns
from dayward.demo.rows.clinic import user_id
from dayward.demo.special import AGAIN_KEY
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.people.models import Address, ContactPoint, Person, User
from dayward.revenue.coverage.models import Coverage

#: Asked the first time, and not again.
KNOWN: tuple[AnyModel, ...] = (Person, ContactPoint, Address, Coverage)


def same_person(key: str) -> str:
    """The key of the person behind a case or an episode."""
    return key.removesuffix(AGAIN_KEY)


def join_people(ledger: Ledger) -> None:
    """Give what was written under a second key to the person who was here before, and link their episodes."""
    again = [key for key in ledger.rows(Person) if key.endswith(AGAIN_KEY)]
    for key in again:
        for known in KNOWN:
            ledger.rows(known).pop(key, None)
        ledger.rows(User).pop(f"person-{key}", None)
        _link(ledger, key)
    if again:
        actors = {user_id(f"person-{key}"): user_id(f"person-{same_person(key)}") for key in again}
        for model in ledger.tables:
            _rename(model, ledger.rows(model), actors)


def _link(ledger: Ledger, key: str) -> None:
    before = same_person(key)
    if before not in ledger.rows(Episode):
        return
    ledger.change(IntakeCase, key, previous_episode=before)
    if key in ledger.rows(Episode):
        ledger.change(Episode, key, previous=before)
    plan, earlier = f"{key}-first", f"{before}-first"
    if {plan, earlier} <= ledger.rows(SafetyPlan).keys():
        ledger.change(SafetyPlan, plan, supersedes=earlier)
    team = ledger.rows(CareTeamMember)
    for member in [name for name in team if name.startswith(f"{key}-intake-")]:
        was = member.replace(key, before)
        if was in team and team[was]["during"].upper is None:  # has been in the team since then
            del team[member]


def _rename(model: AnyModel, rows: dict[str, Values], actors: dict[str, str]) -> None:
    people = {column.name for column in columns(model) if column.target in (Person, User)}
    for values in rows.values():
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = same_person(value) if name in people else actors.get(value, value)
