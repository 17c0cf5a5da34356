"""At seven in the evening in California it is tomorrow by UTC: pages and rules mean the day on the clinic's wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.services import load_library
from dayward.care.journey.forms.intake import InquiryForm
from dayward.foundation.access import second_factor
from dayward.foundation.access import services as access
from dayward.foundation.access.backend import AccountBackend
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.queries import directory, staff_with_role, works_here
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import FormText
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.services import set_setting
from dayward.foundation.people.factories import SETUP, STARTED
from dayward.foundation.people.models import StaffMember
from dayward.foundation.people.services import update_staff
from dayward.revenue.coverage.models import Payer

EVENING = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)  # seven in the evening of March 4
TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A clinic on the west coast; the zone of the first site is that of a role for all of them."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    return make_site("Harbor West", time_zone="America/Los_Angeles", state="CA")


def client_of(role: str, site: Site) -> Client:
    staff, client = make_staff_with(role, site=site), Client()
    assert staff.user
    client.force_login(staff.user)
    return client


def _text(site: Site) -> tuple[str, str]:
    return "compliance", reverse("consent:write_text", args=["treatment"])


def _rule(site: Site) -> tuple[str, str]:
    return "compliance", reverse("standards:add")


def _counting(site: Site) -> tuple[str, str]:
    load_library()
    return "administrator", reverse("catalog:counting", args=[ServiceKind.objects.earliest("pk").public_id])


def _terms(site: Site) -> tuple[str, str]:
    payer = Payer.objects.create(name="Any", kind="commercial")
    return "administrator", reverse("coverage:terms", args=[payer.public_id])


def _role(site: Site) -> tuple[str, str]:
    return "administrator", reverse("access:member", args=[make_staff_with(site=site).public_id])


def _setting(site: Site) -> tuple[str, str]:
    return "administrator", reverse("staff:setting", args=["access.second_factor"])


@pytest.mark.parametrize(
    "page", [_text, _rule, _counting, _terms, _role, _setting], ids=lambda page: page.__name__
)
def test_a_form_begins_with_the_day_at_the_clinic(
    site: Site, page: Callable[[Site], tuple[str, str]]
) -> None:
    role, url = page(site)
    shown = client_of(role, site).get(url).content.decode()
    assert f'value="{TODAY}"' in shown
    assert str(TOMORROW) not in shown


def test_words_that_hold_from_today_are_not_of_the_past(site: Site) -> None:
    before = texts.current("treatment", TODAY)
    told = {
        "english": before.template("en"),
        "spanish": before.template("es"),
        "says": sorted(before.statements),
        "effective_from": TODAY.isoformat(),
        "source": "our counsel",
    }
    client_of("compliance", site).post(reverse("consent:write_text", args=["treatment"]), told)
    assert FormText.objects.get().effective_from == TODAY


def test_what_closes_today_closes_today(site: Site) -> None:
    load_library()
    kind = ServiceKind.objects.earliest("pk")
    client_of("administrator", site).post(reverse("catalog:close_kind", args=[kind.public_id]))
    kind.refresh_from_db()
    assert kind.closed_on == TODAY


def test_a_role_ends_with_today(site: Site) -> None:
    staff = make_staff_with("biller", site=site)
    held = staff.roles.get()
    client_of("administrator", site).post(reverse("access:end_role", args=[staff.public_id, held.public_id]))
    held.refresh_from_db()
    assert held.ends_on == TODAY


def test_nobody_is_born_tomorrow(site: Site) -> None:
    with timezone.override(site.zone):
        form = InquiryForm({"given": "Ada", "birth_date": TOMORROW.isoformat()}, sites=[site])
        assert "birth_date" in form.errors


def _left(site: Site, day: date) -> StaffMember:
    return update_staff(actor=SETUP, staff=make_staff_with("therapist", site=site), ended_on=day)


def test_the_last_day_is_worked_to_its_end(site: Site) -> None:
    midnight = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
    for day, at, works in (
        (TODAY, EVENING, True),
        (TODAY, midnight - timedelta(seconds=1), True),
        (TODAY, midnight, False),
        (TODAY - timedelta(days=1), EVENING, False),
        (TOMORROW, EVENING, True),
        (date(2024, 12, 31), EVENING, False),
        (date(2030, 1, 1), EVENING, True),
    ):
        assert _left(site, day).works_on(at) is works, (day, at)


def test_who_holds_a_role_to_the_end_of_today_is_listed_tonight(site: Site) -> None:
    staff = make_staff_with(site=site)
    access.grant_role(actor=SETUP, staff=staff, role="biller", starts_on=STARTED, ends_on=TODAY)
    with timezone.override(site.zone):
        assert staff in staff_with_role("biller")
        assert [role.key for row in directory(works_here()) for role in row.roles] == ["biller"]


def test_a_second_factor_is_asked_for_from_the_day_at_the_clinic(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff_with("therapist", site=site)
    set_setting(actor=SETUP, key=second_factor.KEY, value=True, since=TOMORROW)
    for hours, asked in ((0, False), (5, True)):  # seven in the evening, and midnight
        at = EVENING + timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        of_the_request = AccountBackend().get_user(staff.user_id)
        assert of_the_request is not None
        assert second_factor.must(of_the_request) is second_factor.must_today() is asked
