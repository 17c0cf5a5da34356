"""Programs, numbers with dates, rooms, closures."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dayward.care.catalog import services
from dayward.care.catalog.models import Program, ProgramTerms, ServiceKind
from dayward.care.catalog.queries import closed_days, proposed_holidays, terms_on
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
ACTOR = system_actor("test")
NUMBERS: dict[str, Any] = {
    "floor_minutes": 540,
    "prescribed_minutes": 600,
    "stay_min_days": 42,
    "stay_target_days": 63,
    "stay_max_days": 84,
}


def make_program(name: str = "Adult evening") -> Program:
    return services.add_program(
        actor=ACTOR, site=make_site(), name=name, stream="mental_health", age_group="adult"
    )


def test_the_library_is_loaded_once_and_leaves_what_the_clinic_changed() -> None:
    services.load_library()
    assert ServiceKind.objects.count() == 28
    kind = ServiceKind.objects.get(key="medication-visit")
    assert not kind.counts
    services.edit_service_kind(actor=ACTOR, kind=kind, name="Medication check-up")
    services.set_counting(actor=ACTOR, kind=kind, effective_from=date(2026, 1, 1), counting="yes")
    assert services.load_library() == 0
    kept = ServiceKind.objects.get(key="medication-visit")
    assert kept.counts
    assert kept.name == "Medication check-up"


def test_what_counted_before_a_change_still_counts_as_it_did() -> None:
    services.load_library()
    kind = ServiceKind.objects.get(key="medication-visit")
    set_counting = partial(services.set_counting, actor=ACTOR, kind=kind)
    set_counting(effective_from=date(2026, 3, 1), counting="yes", reason="The payer's letter")
    set_counting(effective_from=date(2026, 6, 1), counting="no")
    kind.refresh_from_db()
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [kind.counting_on(day) for day in days] == ["payer", "yes", "yes", "no"]
    rows = list(kind.countings.values_list("effective_from", "counting"))
    assert [[day.isoformat(), word] for day, word in rows] == kind.dated
    entry = Entry.objects.filter(action="catalog.set_counting").latest("id")
    assert entry.detail["effective_from"] == "2026-06-01"


@pytest.mark.parametrize(
    ("day", "word", "sentence"),
    [
        (date(2026, 2, 1), "no", "newer word"),
        (date(2026, 3, 1), "yes", "holds on that day already"),
        (date(2026, 4, 1), "yes", "holds on that day already"),
    ],
)
def test_a_word_on_counting_goes_forward_and_says_something_new(day: date, word: str, sentence: str) -> None:
    services.load_library()
    kind = ServiceKind.objects.get(key="medication-visit")
    services.set_counting(actor=ACTOR, kind=kind, effective_from=date(2026, 3, 1), counting="yes")
    with pytest.raises(Refused, match=sentence):
        services.set_counting(actor=ACTOR, kind=kind, effective_from=day, counting=word)


def test_new_numbers_end_the_old_ones_on_their_day() -> None:
    program = make_program()
    services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 1, 1), **NUMBERS)
    later = {**NUMBERS, "prescribed_minutes": 720}
    services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 6, 1), **later)
    weekly = {day: terms_on(program, day) for day in (date(2025, 1, 1), date(2026, 5, 31), date(2026, 6, 1))}
    assert [row.prescribed_minutes if row else None for row in weekly.values()] == [600, 600, 720]


def test_numbers_for_the_same_day_replace_those_of_that_day() -> None:
    program = make_program()
    for minutes in (600, 660):
        numbers = {**NUMBERS, "prescribed_minutes": minutes}
        services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 1, 1), **numbers)
    assert [row.prescribed_minutes for row in ProgramTerms.objects.all()] == [660]


def test_numbers_before_newer_ones_are_refused() -> None:
    program = make_program()
    services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 6, 1), **NUMBERS)
    with pytest.raises(Refused, match="newer numbers"):
        services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 5, 1), **NUMBERS)


def test_a_low_floor_takes_a_reason() -> None:
    program = make_program()
    low = {**NUMBERS, "floor_minutes": 360}
    with pytest.raises(Refused, match="under 9 hours a week needs a reason"):
        services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 1, 1), **low)
    row = services.set_terms(
        actor=ACTOR, program=program, effective_from=date(2026, 1, 1), floor_reason="State waiver", **low
    )
    assert row.floor_reason == "State waiver"


def test_the_database_refuses_numbers_that_overlap() -> None:
    program = make_program()
    services.set_terms(actor=ACTOR, program=program, effective_from=date(2026, 1, 1), **NUMBERS)
    with pytest.raises(IntegrityError, match="terms_never_overlap"), transaction.atomic():
        ProgramTerms.objects.create(program=program, effective_from=date(2026, 3, 1), set_by="x", **NUMBERS)


def test_holidays_are_proposed_and_a_person_decides() -> None:
    site = make_site()
    found = {each.name: each for each in proposed_holidays(site, 2026)}
    thanksgiving = found["Thanksgiving Day"]
    assert thanksgiving.day == date(2026, 11, 26)
    assert not thanksgiving.closed
    services.close_days(
        actor=ACTOR, site=site, days=[(thanksgiving.day, thanksgiving.name)], reason="holiday"
    )
    assert closed_days(site, date(2026, 11, 1), date(2026, 11, 30)) == {date(2026, 11, 26)}
    assert {each.name for each in proposed_holidays(site, 2026) if each.closed} == {"Thanksgiving Day"}


def test_a_day_is_closed_once_and_may_be_closed_again_after_it_was_opened() -> None:
    site = make_site()
    day = [(date(2099, 1, 1), "New Year's Day")]
    (closure,) = services.close_days(actor=ACTOR, site=site, days=day, reason="holiday")
    with pytest.raises(Refused, match="closed then already"):
        services.close_days(actor=ACTOR, site=site, days=day, reason="holiday")
    services.withdraw_closure(actor=ACTOR, closure=closure)
    services.close_days(actor=ACTOR, site=site, days=day, reason="holiday")


def test_part_two_fails_closed() -> None:
    program = make_program()
    assert program.part_two == Program.PartTwo.UNKNOWN
    assert program.under_part_two
    services.edit_program(actor=ACTOR, program=program, name="A", stream=program.stream, part_two="outside")
    assert not program.under_part_two
