"""What was said about a setting, also what was said differently for the same day, stays readable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dayward.foundation.organization import services
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Setting
from dayward.foundation.organization.queries import settings_on
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused

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
