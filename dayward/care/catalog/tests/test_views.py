"""Programs, numbers, rooms and services on their pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dayward.care.catalog.models import Program, ProgramTerms, Room, ServiceKind, Track
from dayward.care.catalog.services import load_library
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import grant_role
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, STARTED

pytestmark = pytest.mark.django_db
NUMBERS: dict[str, Any] = {
    "effective_from": "2026-01-01",
    "prescribed_minutes": "9.75",
    "floor_minutes": "9",
    "floor_test": "delivered",
    "week_starts": "sunday",
    "late_after_minutes": "15",
    "late_rule": "actual",
    "presence_percent": "0",
    "unit_rule": "per_diem",
    "hours_day_min": "3",
    "hours_day_max": "5",
    "days_week_min": "3",
    "days_week_max": "5",
    "stay_min_days": "42",
    "stay_target_days": "63",
    "stay_max_days": "84",
    "hold_max_days": "14",
    "reopen_days": "0",
}


def browser(*roles: str) -> Client:
    client = Client()
    staff = make_staff_with(*roles, site=make_site())
    assert staff.user
    client.force_login(staff.user)
    return client


def made_program(client: Client) -> Program:
    data = {"name": "Evening", "stream": "substance_use", "age_group": "adult", "part_two": "unknown"}
    response = client.post(reverse("catalog:add_program"), data)
    program = Program.objects.get()
    assert response["Location"] == reverse("catalog:terms", args=[program.public_id])
    return program


def test_an_administrator_sets_up_a_program_from_nothing() -> None:
    client = browser("administrator")
    program = made_program(client)
    numbers = reverse("catalog:terms", args=[program.public_id])
    assert client.post(numbers, NUMBERS).status_code == 302
    assert ProgramTerms.objects.get().prescribed_minutes == 585
    client.post(reverse("catalog:add_track", args=[program.public_id]), {"name": "Mon/Tue/Thu", "cap": 12})
    client.post(reverse("catalog:add_room", args=[program.site.public_id]), {"name": "Cedar", "seats": 12})
    page = client.get(reverse("catalog:programs")).content.decode()
    assert all(word in page for word in ("Evening", "Mon/Tue/Thu", "Cedar", "9 h 45 min"))
    assert (Track.objects.get().cap, Room.objects.get().seats) == (12, 12)


def test_numbers_outside_the_usual_are_kept_and_said() -> None:
    client = browser("director")
    program = made_program(client)
    numbers = {**NUMBERS, "hours_day_max": "6", "prescribed_minutes": "9"}
    client.post(reverse("catalog:terms", args=[program.public_id]), numbers)
    page = client.get(reverse("catalog:program", args=[program.public_id])).content.decode()
    assert "Outside three to five hours a day" in page
    assert "Exactly the floor" in page


def test_a_low_floor_asks_why() -> None:
    client = browser("director")
    url = reverse("catalog:terms", args=[made_program(client).public_id])
    assert "needs a reason" in client.post(url, {**NUMBERS, "floor_minutes": "6"}).content.decode()
    reason = {"floor_minutes": "6", "floor_reason": "Waiver of the state"}
    assert client.post(url, {**NUMBERS, **reason}).status_code == 302


def test_what_counts_is_the_clinics_to_change() -> None:
    load_library()
    kind = ServiceKind.objects.get(key="medication-visit")
    data = {
        "name": "Check-up",
        "patient_name": kind.patient_name,
        "patient_name_es": kind.patient_name_es,
        "usual_minutes": 25,
        "max_people": 1,
    }
    assert (
        browser("therapist").post(reverse("catalog:edit_kind", args=[kind.public_id]), data).status_code
        == 403
    )
    browser("administrator").post(reverse("catalog:edit_kind", args=[kind.public_id]), data)
    kind.refresh_from_db()
    assert kind.name == "Check-up"


def test_whether_a_kind_counts_has_a_day_and_a_history() -> None:
    load_library()
    kind = ServiceKind.objects.get(key="medication-visit")
    url = reverse("catalog:counting", args=[kind.public_id])
    data = {"effective_from": "2026-03-01", "counting": "yes", "reason": "The payer's letter"}
    assert browser("therapist").post(url, data).status_code == 403
    client = browser("administrator")
    assert client.post(url, data).status_code == 302
    page = client.get(url).content.decode()
    assert "From Mar 1, 2026: Counts" in page
    assert "The payer&#x27;s letter" in page
    assert "since Mar 1, 2026" in client.get(reverse("catalog:kinds")).content.decode()
    again = client.post(url, {**data, "effective_from": "2026-02-01"})
    assert "There is a newer word already" in again.content.decode()


def test_pages_take_few_queries() -> None:
    load_library()
    client = browser("director")
    program = made_program(client)
    for name, args in (
        ("programs", []),
        ("kinds", []),
        ("program", [program.public_id]),
        ("terms", [program.public_id]),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"catalog:{name}", args=args)).status_code == 200
        assert len(queries) <= 15, name


def test_how_its_weeks_count_is_set_from_a_day_on_and_read_with_its_history() -> None:
    client = browser("administrator")
    program = made_program(client)
    numbers = reverse("catalog:terms", args=[program.public_id])
    client.post(numbers, NUMBERS)
    stricter = {
        **NUMBERS,
        "effective_from": "2026-06-01",
        "floor_test": "scheduled",
        "week_starts": "rolling",
        "late_rule": "deny",
        "presence_percent": "50",
        "day_minimum_minutes": "3",
        "young_under_age": "21",
        "young_floor_minutes": "6",
        "breaks_count": "on",
    }
    assert client.post(numbers, stricter).status_code == 302
    first, later = ProgramTerms.objects.order_by("effective_from")
    assert (first.floor_test, first.late_rule, first.effective_to) == (
        "delivered",
        "actual",
        later.effective_from,
    )
    assert (later.week_starts, later.day_minimum_minutes, later.young_floor_minutes) == ("rolling", 180, 360)
    page = client.get(reverse("catalog:program", args=[program.public_id])).content.decode()
    for words in ("Scheduled hours", "Floor under 21", "nothing is credited", "over 15 min late"):
        assert words in page


def test_a_floor_for_younger_people_needs_an_age_and_hours() -> None:
    client = browser("administrator")
    program = made_program(client)
    numbers = reverse("catalog:terms", args=[program.public_id])
    page = client.post(numbers, {**NUMBERS, "young_under_age": "21"}).content.decode()
    assert "A floor for younger people has an age and hours." in page
    assert not ProgramTerms.objects.exists()


KIND: dict[str, Any] = {
    "name": "Equine therapy",
    "patient_name": "With horses",
    "patient_name_es": "Con caballos",
    "form": "holistic",
    "bookable": "on",
    "counting": "no",
    "usual_minutes": "90",
    "max_people": "6",
}


def test_a_service_of_ones_own_is_added_changed_and_closed() -> None:
    load_library()
    client = browser("administrator")
    assert client.post(reverse("catalog:add_kind"), KIND).status_code == 302
    assert client.post(reverse("catalog:add_kind"), KIND).status_code == 200  # the name is taken
    kind = ServiceKind.objects.get(requirement="own")
    assert (kind.key, kind.documentable, kind.counts) == ("own-equine-therapy", False, False)
    page = reverse("catalog:edit_kind", args=[kind.public_id])
    client.post(page, {**KIND, "usual_minutes": "75"})
    shown = client.get(page).content.decode()
    assert "90 → 75" in shown
    assert "As it came" not in shown
    client.post(reverse("catalog:close_kind", args=[kind.public_id]))
    kind.refresh_from_db()
    assert kind.closed_on is not None
    assert "Not used any more" in client.get(reverse("catalog:kinds")).content.decode()
    client.post(reverse("catalog:close_kind", args=[kind.public_id]))
    kind.refresh_from_db()
    assert kind.closed_on is None


def test_what_came_otherwise_is_shown_beside_what_the_clinic_says() -> None:
    load_library()
    client, kind = browser("administrator"), ServiceKind.objects.get(key="group-therapy")
    page = reverse("catalog:edit_kind", args=[kind.public_id])
    told = {
        name: getattr(kind, name)
        for name in ("patient_name", "patient_name_es", "usual_minutes", "max_people")
    }
    client.post(page, {**told, "name": "Process group"})
    shown = client.get(page).content.decode()
    assert "As it came" in shown
    assert "Group therapy → Process group" in shown
    assert load_library() == 0
    kind.refresh_from_db()
    assert kind.name == "Process group"


def test_services_are_of_the_whole_house() -> None:
    """Whose right to set up is for one site leaves them alone."""
    load_library()
    kind, site = ServiceKind.objects.get(key="group-therapy"), make_site("Riverbend South")
    make_site("Riverbend East")
    staff = make_staff_with(site=site)
    grant_role(actor=SETUP, staff=staff, role="administrator", site=site, starts_on=STARTED)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    assert client.get(reverse("catalog:kinds")).status_code == 200
    for name in ("edit_kind", "counting", "close_kind"):
        assert client.post(reverse(f"catalog:{name}", args=[kind.public_id])).status_code == 404
    assert client.get(reverse("catalog:add_kind")).status_code == 404
