"""What was said about a setting, also what was said differently for the same day, stays readable."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import ProgramTerms, ServiceKind
from dayward.care.catalog.services import load_library
from dayward.care.journey.factories import make_track
from dayward.foundation.organization import services
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Setting
from dayward.foundation.organization.queries import settings_on
from dayward.foundation.people.corrections import history_of
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused
from dayward.revenue.coverage import services as coverage

pytestmark = pytest.mark.django_db

KEY, DAY = "test.number", date(2026, 3, 2)
LATER = DAY + timedelta(days=30)


def say(value: int, since: date = DAY) -> Setting:
    return services.set_setting(actor=SETUP, key=KEY, value=value, since=since, site=make_site())


def held(day: date) -> object:
    return settings_on("test.", make_site(), day).get(KEY)


def test_said_again_for_the_same_day_replaces_and_keeps_what_was_said() -> None:
    first, second = say(1), say(2)
    first.refresh_from_db()
    assert (first.replaced_by, first.value) == (SETUP.id, 1)
    assert (second.set_by, held(DAY)) == (SETUP.id, 2)


def test_a_word_between_two_holds_until_the_next() -> None:
    for number, since in ((1, DAY), (3, LATER)):
        say(number, since)
    say(2, DAY + timedelta(days=10))
    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=10), LATER]
    assert [held(day) for day in days] == [None, 1, 2, 3]


def test_what_has_not_begun_can_be_taken_back_and_what_holds_cannot() -> None:
    now, later = say(1), say(2, LATER)
    services.withdraw_setting(actor=SETUP, setting=later, today=DAY)
    assert held(LATER) == 1
    with pytest.raises(Refused, match="does not stand"):
        services.withdraw_setting(actor=SETUP, setting=later, today=DAY)
    with pytest.raises(Refused, match="holds already"):
        services.withdraw_setting(actor=SETUP, setting=now, today=DAY)


# -- words with a day of their own ---------------------------------------------------------------------------------


def numbers(**more: Any) -> dict[str, Any]:
    row = make_track().program.terms.get()
    kept = {field.name for field in row._meta.fields} - {"id", "public_id", "program", "corrections"}
    told = {
        name: getattr(row, name) for name in kept - {"effective_from", "effective_to", "set_at", "set_by"}
    }
    return {"program": row.program, "effective_from": row.effective_from + timedelta(days=30), **told, **more}


def test_numbers_of_a_program_said_again_for_the_same_day_keep_what_they_were() -> None:
    said = numbers()
    first = catalog.set_terms(actor=SETUP, **said)
    second = catalog.set_terms(actor=SETUP, **{**said, "late_after_minutes": 7})
    assert second.pk == first.pk
    (told,) = history_of([ProgramTerms.objects.get(pk=first.pk)])
    (corrected,) = told.corrections
    assert corrected.changes == (("Late after minutes", "15", "7"),)


def test_whether_a_kind_counts_said_again_for_the_same_day_keeps_what_it_was() -> None:
    load_library()
    kind = ServiceKind.objects.filter(counting="yes").earliest("pk")
    other = next(word for word in ServiceKind.Counts.values if word not in ("yes", "no"))
    catalog.set_counting(actor=SETUP, kind=kind, effective_from=LATER, counting="no")
    catalog.set_counting(actor=SETUP, kind=kind, effective_from=LATER, counting=other, reason="State rule")
    (told,) = history_of(kind.countings.all())
    assert (told.row.counting, told.row.reason) == (other, "State rule")
    (corrected,) = told.corrections
    words = {word.value: str(word.label) for word in ServiceKind.Counts}
    assert ("Counting", words["no"], words[other]) in corrected.changes


def test_what_a_payer_asks_said_again_for_the_same_day_keeps_what_it_was() -> None:
    load_library()
    payer = coverage.find_or_add_payer(actor=SETUP, name="Example Health")
    for minutes in (540, 600):
        coverage.set_week_terms(
            actor=SETUP, payer=payer, effective_from=DAY, floor_minutes=minutes, citation="Contract"
        )
    (told,) = history_of(payer.week_terms.all())
    assert told.row.floor_minutes == 600
    assert [each.changes for each in told.corrections] == [(("Floor minutes", "540", "600"),)]
    kind = ServiceKind.objects.earliest("pk")
    for counts, citation in (("no", "Letter"), ("yes", "Later letter")):
        coverage.set_kind_terms(
            actor=SETUP, payer=payer, kind=kind, effective_from=DAY, counts=counts, citation=citation
        )
    (told_apart,) = history_of(payer.kind_terms.all())
    assert ("Citation", "Letter", "Later letter") in told_apart.corrections[0].changes
