"""A late arrival, a pull-out, a holiday week and a correction, with a real browser; and a program's week."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
Scene = dict[str, Any]

# People of the made-up clinic with sessions of their own beside the timetable, by video, so that no room is taken.
SCENE = """
import json
from datetime import datetime, time, timedelta
from django.db.models import F
from django.utils import timezone
from dayward.care.attendance import services
from dayward.care.attendance.models import ServiceWeek
from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.factories import actor_of
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.models import Booking
from dayward.foundation.access.models import RoleAssignment
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day
staff = RoleAssignment.objects.filter(role="director").earliest("pk").staff
other = RoleAssignment.objects.filter(role="compliance").earliest("pk").staff
actor, site, now = actor_of(staff), staff.sites.order_by("pk").first(), timezone.now().replace(second=0, microsecond=0)
group, visit = ServiceKind.objects.get(key="process-group"), ServiceKind.objects.get(key="medication-check")

def free(span, but=()):
    busy = Booking.objects.standing().filter(during__overlap=(span.start, span.end)).values("person")
    rows = Episode.objects.filter(ended_at=None, first_service_on__isnull=False, program__site=site)
    return rows.exclude(person__in=busy).exclude(person__in=but).order_by("pk").first().person

def session(kind, span, leader, title):
    place = schedule.Place(span, None, "telehealth", "https://video.example.org/hours")
    return schedule.add_session(
        actor=actor, site=site, service=kind, place=place, leaders=(leader,), title=title, cap=8
    )

running = Span(now - timedelta(minutes=20), now + timedelta(hours=3))
late = free(running)
roll = session(group, running, staff, "Evening by video")
schedule.book(actor=actor, person=late, session=roll, reasons=schedule.Reasons(over_cap="", own_hours="Agreed"))

# After the hour at which clocks are changed.
early = datetime.combine(local_day(now, site.zone) - timedelta(days=2), time(4), tzinfo=site.zone)
around = Span(early, early + timedelta(hours=3))
inside = Span(early + timedelta(hours=1), early + timedelta(minutes=85))
pulled = free(around, but=[late])
for kind, span, leader, title in ((group, around, staff, "Early group"), (visit, inside, other, "Medication check")):
    seat = schedule.book(
        actor=actor, person=pulled, session=session(kind, span, leader, title),
        reasons=schedule.Reasons(own_hours="Agreed", pull_out=True),
    )
    services.mark_present(actor=actor_of(leader), booking=seat)

weeks = ServiceWeek.objects.filter(standing=True, episode__program__site=site, exempt_reason="", met=False)
back = weeks.filter(delivered_seconds__gt=0, start__lt=local_day(now, site.zone) - timedelta(days=7)).latest("start")
too_little = weeks.filter(scheduled_seconds__lt=F("floor_minutes") * 60)  # nobody else lost by a closed day
holiday = too_little.filter(start__lt=back.start).latest("start")
catalog.close_days(actor=actor, site=site, days=[(holiday.start, "Founders' Day")], reason="holiday")
print(json.dumps({
    "late": late.public_id, "roll": roll.public_id, "late_day": local_day(running.start, site.zone).isoformat(),
    "pulled": pulled.public_id, "pulled_day": local_day(early, site.zone).isoformat(),
    "holiday": holiday.person.public_id, "holiday_week": holiday.start.isoformat(),
    "corrected": back.person.public_id, "corrected_week": back.start.isoformat(),
}))
"""


@pytest.fixture(scope="module")
def scene(clinic_server: ClinicServer) -> Scene:
    said = clinic_server.run("django", "--", "shell", "-v", "0", "--no-imports", "-c", SCENE)
    found: Scene = json.loads(said.strip().splitlines()[-1])
    return found


@pytest.fixture
def page(clinic_server: ClinicServer, open_window: Window, scene: Scene) -> Page:
    """Signed in as the director."""
    found = open_window(width=1440).new_page()
    sign_in(found, clinic_server, "director")
    return found


def week(clinic: ClinicServer, person: str, day: str) -> str:
    return f"{clinic.url}/attendance/weeks/people/{person}/week/?day={day}"


def delivered(page: Page) -> int:
    """Minutes, as the page of the week says them."""
    words = page.locator(".dw-fact", has=page.get_by_text("Delivered", exact=True)).locator("dd").inner_text()
    return sum(int(n) * (60 if unit == "h" else 1) for n, unit in re.findall(r"(\d+) (h|min)", words))


def test_a_late_arrival_counts_the_minutes_that_are_left(
    clinic_server: ClinicServer, page: Page, scene: Scene, axe: Axe
) -> None:
    page.goto(f"{clinic_server.url}/attendance/sessions/{scene['roll']}/")
    page.get_by_role("button", name="Late").first.click()
    expect(page.locator("#toasts")).to_contain_text("came late")
    page.goto(week(clinic_server, scene["late"], scene["late_day"]))
    row = page.locator("tr", has_text="Evening by video")
    expect(row).to_contain_text("open")
    expect(page.locator("#panel-week")).to_contain_text("so far")  # nothing of a running week reads as final
    axe(page)


def test_a_pull_out_gives_its_minutes_to_the_visit(
    clinic_server: ClinicServer, page: Page, scene: Scene, axe: Axe
) -> None:
    page.goto(week(clinic_server, scene["pulled"], scene["pulled_day"]))
    expect(page.locator("tr", has_text="Early group")).to_contain_text("155 min")
    expect(page.locator("tr", has_text="Early group")).to_contain_text(
        "25 min belong to a session that began later"
    )
    axe(page)


def test_a_holiday_exempts_the_week_and_the_figure_stays(
    clinic_server: ClinicServer, page: Page, scene: Scene, axe: Axe
) -> None:
    page.goto(week(clinic_server, scene["holiday"], scene["holiday_week"]))
    expect(page.locator("#panel-week")).to_contain_text("The week is exempt: Founders' Day.")
    expect(page.locator("#panel-week")).to_contain_text("short of the floor")
    axe(page)


def test_a_correction_counts_the_week_anew_and_keeps_what_was_written(
    clinic_server: ClinicServer, page: Page, scene: Scene, axe: Axe
) -> None:
    address = week(clinic_server, scene["corrected"], scene["corrected_week"])
    page.goto(address)
    before = delivered(page)
    correct = page.get_by_role("link", name="Correct")
    page.locator("tr", has_text=re.compile(r"\b60 min"), has=correct).first.get_by_role(
        "link", name="Correct"
    ).click()
    came = page.get_by_label("Came")
    hour, minute = came.input_value().split(":")[:2]
    came.fill(
        f"{hour}:{int(minute) + 10:02}" if int(minute) < 50 else f"{int(hour) + 1:02}:{int(minute) - 50:02}"
    )
    page.get_by_label("Why it is corrected").fill("Came ten minutes late, says the sheet")
    page.get_by_role("button", name="Save the correction").click()
    page.wait_for_url("**/week/**")
    assert delivered(page) == before - 10
    expect(page.locator("main")).to_contain_text("corrected: Came ten minutes late, says the sheet")
    axe(page)


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_week_of_a_program_fits_and_opens_to_the_person(
    clinic_server: ClinicServer, page: Page, scene: Scene, axe: Axe, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{clinic_server.url}/attendance/weeks/?day={scene['corrected_week']}")
    expect(page.locator(".wk-strip").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    axe(page)
    page.emulate_media(media="print")
    expect(page.locator(".wk-strip").first).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("a.dw-row-link").first.click()
    page.wait_for_url("**/week/**")
    expect(page.locator("main")).to_contain_text("Why it counts like this")
