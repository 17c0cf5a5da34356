"""A group of eight documented on one page of a tablet: what is typed is kept, and all rows are signed at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dayward.chart.notes.factories import WORDS, WORK
from dayward.demo.clinic import STAFF
from dayward.demo.rows.clinic import email
from tests.drafting import type_and_keep
from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = pytest.mark.browser

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
EIGHT = 8
SCENE = """
from datetime import time, timedelta
from django.utils import timezone
from dayward.care.attendance.services import mark_present
from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.factories import actor_of
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span
from dayward.kernel.time import at
leader = StaffMember.objects.get(user__email=LEADER)
site = leader.sites.first()
day = timezone.now().astimezone(site.zone).date() - timedelta(days=1)
span = Span(at(day, time(21), site.zone), at(day, time(22), site.zone))
session = schedule.add_session(
    actor=actor_of(leader), site=site, service=ServiceKind.objects.get(key="group-therapy"),
    place=schedule.Place(span, None, "telehealth"), leaders=(leader,), title="Evening group of eight", cap=12)
there = 0
for episode in Episode.objects.filter(ended_at=None, program__site=site, admitted_at__lt=span.start).order_by("id"):
    try:
        why = schedule.Reasons(own_hours="asked for it")
        seat = schedule.book(actor=actor_of(leader), person=episode.person, session=session, reasons=why)
    except Refused:
        continue
    mark_present(actor=actor_of(leader), booking=seat)
    there += 1
    if there == 8:
        break
print(day, session.public_id, there)
"""


@pytest.fixture
def tablet(clinic_server: ClinicServer, open_window: Window) -> tuple[Page, str, str]:
    """Somebody who leads groups and may sign, signed in on a tablet; with their name and mail address."""
    page = open_window(width=1024, height=768).new_page()
    found = sign_in(page, clinic_server, "supervisor")
    name = next(f"{plan.given} {plan.family}" for plan in STAFF if email(plan) == found["email"])
    return page, name, found["email"]


def group_of_eight(clinic: ClinicServer, leader: str) -> tuple[str, str]:
    """Yesterday's evening group of the clinic, with eight people on its roll; its day and its public id."""
    said = clinic.run("django", "--", "shell", "-v", "0", "-c", f"LEADER = {leader!r}\n{SCENE}")
    day, session, people = said.split()[-3:]
    assert people == "8", said
    return day, session


def test_a_whole_group_on_one_page(
    tablet: tuple[Page, str, str], clinic_server: ClinicServer, axe: Axe
) -> None:
    page, name, email = tablet
    day, session = group_of_eight(clinic_server, email)
    page.goto(f"{clinic_server.url}/attendance/sessions/?day={day}&mine")
    page.get_by_role("link", name="0 of 8 notes signed Evening group of eight").click()
    rows = page.locator(".dw-note-row:has(.dw-note-fields)")
    expect(rows).to_have_count(EIGHT)
    page.wait_for_load_state()
    page.get_by_label("What the group worked on").fill(WORK["work"])
    for number in range(EIGHT - 1):
        fill(rows.nth(number), WORDS[number])
    copied = rows.nth(EIGHT - 1)
    choose(copied)
    type_and_keep(page, copied.locator("textarea").first, WORDS[0])  # from the first row
    expect(page.locator(".dw-draft")).to_contain_text("Draft saved at")
    axe(page)
    page.reload()
    expect(copied.locator("textarea").first).to_have_value(WORDS[0])

    sign(page, name)  # six are ready; the two that are alike say so
    expect(page.get_by_text("It says the same as another person's row.").first).to_be_visible()
    expect(rows).to_have_count(2)
    axe(page)
    fill(rows.last, WORDS[EIGHT - 1])
    sign(page, name)
    expect(page.get_by_text("All notes signed")).to_be_visible()
    axe(page)
    page.goto(f"{clinic_server.url}/attendance/sessions/?day={day}&mine")
    expect(page.get_by_role("link", name="Notes signed Evening group of eight")).to_be_visible()
    assert session in page.content()


def fill(row: Locator, words: str) -> None:
    """What one person's row says."""
    choose(row)
    row.locator("textarea").first.fill(words)


def choose(row: Locator) -> None:
    """How they took part, and the objective where several could be meant and none was chosen for us."""
    chosen = row.get_by_label("actively")
    if chosen.count():
        chosen.first.check()
    objective = row.get_by_label("Objective", exact=True)
    if objective.count() and not objective.input_value():
        objective.select_option(index=1)


def sign(page: Page, name: str) -> None:
    page.get_by_label("Type your full name to sign").fill(name)
    page.get_by_role("button", name="Sign all that are ready").click()
    page.wait_for_load_state()
