"""What is due, who waits, who is followed: every list of work, on a phone and on a desk, looked at by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from dayward.foundation.access.roles import ROLES
from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in
from tests.test_pages_browser import _problems

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
PHONE, DESK, HEIGHT = 390, 1440, 900
# What each reader looks at; behind a ">" is a link to follow from the page before, if it is there.
LOOKED_AT = {
    "director": (
        "/today/",
        "/census/",
        "/census/?show=risk",
        "/due/team/",
        "/due/by-owner/",
        "> a[href*='/due/by-owner/']:not([href$='/by-owner/'])",
        "/intake/waitlist/",
        "/intake/aftercare/",
        "> main .dw-row-link",
        "/intake/alumni/",
        "> main a[href*='/intake/alumni/']",
    ),
    "compliance": (
        "/today/",
        "/due/by-rule/",
        "> a[href*='/due/by-rule/']:not([href$='/by-rule/'])",
    ),
    "therapist": (
        "/today/",
        "/due/",
        "/due/person/PERSON/",
        "/casework/PERSON/needs/",
        "/casework/PERSON/letters/",
        "/casework/PERSON/summaries/",
        "/intake/PERSON/first-week/",
        "/intake/PERSON/discharge-plan/",
    ),
    "case_manager": ("/today/", "/due/", "/due/team/", "/due/person/PERSON/"),
    "prescriber": ("/today/",),
    "facilitator": ("/today/",),
    "supervisor": ("/today/",),
    "alumni": ("/today/", "/due/", "/intake/aftercare/", "/intake/alumni/"),
}
SCENE = """
from datetime import timedelta
from django.utils import timezone
from dayward.care.journey import services
from dayward.care.journey.factories import actor_of
from dayward.foundation.access.models import RoleAssignment
staff = RoleAssignment.objects.filter(role="director").earliest("pk").staff
soon = timezone.now() + timedelta(days=3)
walk = services.Gathering("group", "Walk by the lake", soon, soon + timedelta(hours=2))
services.make_event(actor=actor_of(staff), site=staff.sites.first(), gathering=walk)
"""


@pytest.fixture(scope="module", autouse=True)
def event(clinic_server: ClinicServer) -> None:
    """Something that the alumni may come to."""
    clinic_server.run("django", "--", "shell", "-v", "0", "--no-imports", "-c", SCENE)


@pytest.mark.parametrize("role", LOOKED_AT)
def test_the_lists_of_a_role_are_accessible_and_fit(
    clinic_server: ClinicServer, open_window: Window, axe: Axe, role: str
) -> None:
    assert role in ROLES
    page = open_window(width=PHONE).new_page()
    sign_in(page, clinic_server, role)
    wrong = []
    for name in opened(page, clinic_server, role):
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong += [f"{width}: {problem}" for problem in _problems(page, name, axe)]
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    assert not wrong, "\n".join(wrong)


def opened(page: Page, clinic: ClinicServer, role: str) -> Iterator[str]:
    """Opens each page in turn, and tells its address."""
    person = ""
    for place in LOOKED_AT[role]:
        if place.startswith("> "):
            link = page.locator(place.removeprefix("> "))
            if not link.count():
                continue
            page.goto(clinic.url + (link.first.get_attribute("href") or ""))
        else:
            answer = page.goto(clinic.url + place.replace("PERSON", person))
            if answer and answer.status == 404:  # nothing of the kind for this person
                continue
            assert answer and answer.status == 200, f"{place} as {role}: {answer and answer.status}"
        if place == "/today/":
            person = first_person(page)
        yield page.url


def first_person(page: Page) -> str:
    """The public id of who comes next, of those the reader treats."""
    link = page.locator("#panel-my-people a.dw-row-link")
    address = link.first.get_attribute("href") if link.count() else ""
    return (address or "").strip("/").split("/")[-1]
