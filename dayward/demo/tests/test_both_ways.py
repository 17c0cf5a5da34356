"""Ten people written with COPY and through the services: the same rows, table by table.

Left out by design: ids and public ids, counters of changes (`version`, `sequence`), instants of writing (acts of one
sitting are minutes apart in the one, and at once in the other), the planned next call, and where a prefilled text of
the assessment came from. Seats that were given back are compared as far as they are still booked.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models
from django.db.models import Q

from dayward.care.attendance import services as attendance
from dayward.care.attendance.models import RollCall, ServiceWeek
from dayward.care.schedule.models import Booking, Session
from dayward.demo import clinic, papers
from dayward.demo.catch_up import Keys, _hangs_on, _targets
from dayward.demo.facts import Case, History
from dayward.demo.ledger import SIGNED_LAST, AnyModel, Ledger, Writer
from dayward.demo.rows.everything import lay_out
from dayward.demo.seed import in_order, titles
from dayward.demo.simulation import Simulation, Size, last_day
from dayward.demo.tests.services_way import Diary, Replay, staff, stored
from dayward.demo.tests.tables import undone
from dayward.foundation.access.models import CareTeamMember, PortalKey
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.models import Person, User
from dayward.foundation.signing.models import Signature
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.services import refresh_all
from dayward.kernel.evidence import Evidence, providers
from dayward.kernel.facts import together

NOW = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
AHEAD = date(2026, 12, 5)  # the simulation gives nobody a seat after the end it knows of; a clinic would
BY_DESIGN = {"id", "public_id", "version", "sequence", "prefilled", "planned_for", "subject"}
COUNTED = {"computed_by", "rule_version"}  # by whom a week was counted: the seed, or who wrote the roll
WORKED_OUT: tuple[AnyModel, ...] = (ServiceWeek,)  # from the rows, by the rules
MEANT = {"came_in", "went_out"}  # instants that are not the time of writing
HANDLED = {"begin_episode", "start_treatment", "finish_first_week", "flag_at_risk", "clear_at_risk"}
Told = dict[str, list[str]]


@pytest.mark.django_db
def test_ten_people_written_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("week_one.checklist", "plan.signed"):
        monkeypatch.setitem(providers._items, key, lambda **_subject: Evidence(False))
    for name in ("week_one_done", "plan_holds"):
        monkeypatch.setattr(papers, name, lambda *_about: False)
    simulation = Simulation(7, NOW.date(), Size(weeks=6, run_up_weeks=3, share=0.12))
    history = simulation.run(last_day(NOW))
    ledger = lay_out(simulation, history, NOW, titles(), papers=False)
    ten = chosen(history, simulation.start)
    assert len(ten) == 10 and sum(case.steps[-1].target == "case_admitted" for case in ten) >= 3
    with undone():
        write(ledger)
        attendance.refresh_all(unlocked=True)
        refresh_all(alone=True)
        expected, owed = told(ledger, ten), dues(ten)
    without = reduced(ledger, ten)
    write(without)
    diary = Diary()
    courses = {course.key: course for course in history.courses}
    for case in ten:
        Replay(ledger, history, case, courses.get(case.key), diary, NOW).tell()
    close_group_rolls(diary, ledger, ten)
    with together():  # what is due is worked out once, at the end
        diary.run(NOW)
    found = told(ledger, ten)
    assert differences(expected, found) == {}
    assert dues(ten) == owed and len(owed) > 20 and "attendance.ServiceWeek" in expected
    assert sum(map(len, expected.values())) > 300


def differences(expected: Told, found: Told) -> dict[str, tuple[list[str], list[str]]]:
    """By table: what only COPY wrote, what only the services wrote."""
    return {
        label: (sorted(set(rows) - set(found.get(label, []))), sorted(set(found.get(label, [])) - set(rows)))
        for label, rows in expected.items()
        if found.get(label, []) != rows
    }


def chosen(history: History, start: date) -> list[Case]:
    """Who is here and still in treatment, then others, each with an end of their own."""
    courses = {course.key: course for course in history.courses}
    able = [case for case in history.cases if case.opened_at <= NOW and case.source != "referral_document"]
    here = [
        case
        for case in able
        if case.key in courses
        and {step.transition for step in courses[case.key].steps} <= HANDLED
        and courses[case.key].first_service
        and courses[case.key].starts_on >= start
        and not courses[case.key].moves
        and courses[case.key].ends_on > AHEAD
    ]
    ends = {case.steps[-1].target: case for case in able if case.key not in courses}
    rest = [*ends.values(), *(case for case in able if case.key not in courses)]
    return list(dict.fromkeys([*here[:5], *rest]))[:10]


def write(ledger: Ledger) -> None:
    writer = Writer()
    for model in in_order(ledger):
        writer.copy(model, ledger.rows(model))
    for model in SIGNED_LAST:
        writer.sign_last(model, ledger.rows(model))


def sessions_of(ledger: Ledger, ten: list[Case]) -> set[str]:
    """The group sessions in which the ten have a seat."""
    keys = {case.key for case in ten}
    seats, sessions = ledger.rows(Booking).values(), ledger.rows(Session)
    return {
        row["session"] for row in seats if row["person"] in keys and sessions[row["session"]].get("group")
    }


def reduced(ledger: Ledger, ten: list[Case]) -> Ledger:
    """The clinic without the ten, and without the rolls of the sessions that they sit in."""
    theirs: Keys = defaultdict(set)
    theirs[Person] = {name for case in ten for name in (case.key, f"{case.key}-relative")}
    keys = {case.key for case in ten}
    theirs[Session] = {row["session"] for row in ledger.rows(Booking).values() if row["person"] in keys}
    theirs[Session] -= sessions_of(ledger, ten)
    left = Ledger()
    for model in in_order(ledger):
        targets = _targets(model)
        for key, values in ledger.rows(model).items():
            if key in theirs[model] or _hangs_on(model, targets, values, theirs):
                theirs[model].add(key)
            elif model not in (Entry, PortalKey):
                left.add(model, key, **values)
    for key in sessions_of(ledger, ten):
        left.change(Session, key, status="planned")
        left.rows(RollCall).pop(key, None)
    return left


def close_group_rolls(diary: Diary, ledger: Ledger, ten: list[Case]) -> None:
    for key in sessions_of(ledger, ten):
        values = ledger.rows(RollCall).get(key, {})
        if values.get("closed_at"):
            diary.at(values["closed_at"], lambda key=key, values=values: close(key, values))  # type: ignore[misc]


def close(key: str, values: dict[str, Any]) -> None:
    attendance.close_roll(
        actor=staff(values["closed_by"]), session=stored(Session, key), now=values["closed_at"]
    )


# -- telling rows ----------------------------------------------------------------------------------------------


def told(ledger: Ledger, ten: list[Case]) -> Told:
    """Every row that belongs to the ten, table by table, without what differs by design."""
    people = Person.objects.filter(
        legal_family__in={case.person.family for case in ten},
        site__isnull=False,
    )
    names = {(case.person.given, case.person.family) for case in ten}
    relatives = {ledger.rows(Person).get(f"{case.key}-relative", {}).get("legal_given"): case for case in ten}
    mine = [
        one
        for one in people
        if (one.legal_given, one.legal_family) in names
        or (one.legal_given in relatives and one.birth_date is None)
    ]
    owned: dict[AnyModel, dict[Any, str]] = {Person: {one.pk: one.legal_name for one in mine}}
    accounts = User.objects.filter(person__in=mine).select_related("person")
    actors = {user.public_id: user.person.legal_name for user in accounts if user.person}
    found: Told = {}
    for model in (*in_order(ledger), *WORKED_OUT):
        if model not in (Entry, PortalKey):
            rows = _rows(model, owned)
            found[model._meta.label] = sorted(_tell(row, owned, actors) for row in rows)
    return {label: rows for label, rows in found.items() if rows}


def dues(ten: list[Case]) -> list[str]:
    """What is due of whom, and what was done in time: the rules' answer to the same facts."""
    rows = Due.objects.filter(person__legal_family__in={case.person.family for case in ten})
    names = {(case.person.given, case.person.family) for case in ten}
    return sorted(
        f"{row.person.legal_name}: {row.rule} {row.state} by {row.due_at:%Y-%m-%d} of {row.staff}"
        for row in rows.select_related("person", "staff")
        if (row.person.legal_given, row.person.legal_family) in names
    )


def _rows(model: AnyModel, owned: dict[AnyModel, dict[Any, str]]) -> list[models.Model]:
    if model is Person:
        return list(Person.objects.filter(pk__in=owned[Person]))
    wanted = Q(pk__in=[])
    for one in model._meta.concrete_fields:
        if one.is_relation and one.related_model in owned:
            wanted |= Q(**{f"{one.attname}__in": list(owned[one.related_model])})  # type: ignore[index]
    rows = model._default_manager.filter(wanted)
    if model is Session:
        own = Booking.objects.filter(person__in=list(owned[Person]), session__group=None).values("session")
        rows = Session.objects.filter(wanted | Q(pk__in=own))
    if model is Booking:
        rows = Booking.objects.filter(wanted).exclude(~Q(status="booked") & Q(session__assessment=None))
    if model is ServiceWeek:  # those to come are counted in the night: nobody was there yet
        rows = ServiceWeek.objects.filter(wanted, start__lte=NOW.date())
    made = list(rows)
    owned[model] = {row.pk: _name(row) for row in made}
    return made


def _name(row: models.Model) -> str:
    during = getattr(row, "during", None) if not isinstance(row, CareTeamMember) else None
    return f"{row._meta.label} {during.lower.isoformat() if during else ''}"


def _tell(row: models.Model, owned: dict[AnyModel, dict[Any, str]], actors: dict[str, str]) -> str:
    parts = []
    for one in row._meta.concrete_fields:
        instant = isinstance(one, models.DateTimeField) and one.name not in MEANT
        if (
            one.name in BY_DESIGN | COUNTED
            or instant
            or (isinstance(row, CareTeamMember) and one.name == "during")
        ):
            continue
        parts.append(f"{one.name}={_plain(one, getattr(row, one.attname), owned, actors)}")
    return "; ".join(parts)


def _plain(
    one: models.Field[Any, Any], value: Any, owned: dict[AnyModel, dict[Any, str]], actors: dict[str, str]
) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or not one.is_relation:
        return actors.get(str(value), str(value))
    target: AnyModel = one.related_model  # type: ignore[assignment]
    if target is Signature:
        signed = Signature.objects.get(pk=value)
        return f"{signed.printed_name} {signed.credential} {signed.meaning} {signed.method} {signed.sha256}"
    if value in owned.get(target, {}):
        return owned[target][value]
    if target is Session:
        return _name(Session.objects.get(pk=value))
    other = target._default_manager.get(pk=value)
    return str(getattr(other, "public_id", value))


def test_the_staff_of_the_plan_is_unique() -> None:
    names = [(plan.given, plan.family) for plan in clinic.STAFF]
    assert len(set(names)) == len(names)
