"""Writing a statement of risk with a real browser: drafts save themselves, two writers lose nothing, and the
emergency path is there the moment it is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drafting import type_and_keep
from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = pytest.mark.browser

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


@pytest.fixture
def therapist(clinic_server: ClinicServer, open_window: Window) -> Page:
    """Signed in, on the chart of one of their people."""
    page = open_window(width=390).new_page()
    sign_in(page, clinic_server, "therapist")
    page.goto(f"{clinic_server.url}/today/")
    page.locator("#panel-my-people a.dw-row-link").first.click()
    expect(page.locator(".dw-chart-facts")).to_be_visible()
    return page


def statement(chart: Page) -> str:
    """The address of the statement of this person."""
    return chart.url.replace("/charts/", "/safety/") + "risk/"


def test_imminent_risk_shows_what_to_do_at_once(therapist: Page, axe: Axe) -> None:
    therapist.goto(statement(therapist))
    path = therapist.get_by_text("They are not left alone.")
    expect(path).to_be_hidden()
    therapist.get_by_label("Imminent: emergency path now").check()
    expect(path).to_be_visible()
    expect(therapist.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    expect(therapist.get_by_label("The emergency path: what was done")).to_be_visible()
    axe(therapist)


def test_a_draft_saves_itself_and_two_writers_lose_nothing(therapist: Page) -> None:
    therapist.goto(statement(therapist))
    other = therapist.context.new_page()
    other.goto(therapist.url)
    type_and_keep(therapist, therapist.get_by_label("What protects"), "The dog, and the trip in May.")
    expect(therapist.locator(".dw-draft")).to_contain_text("Draft saved at")
    other.get_by_label("What protects").fill("Her sister.")
    expect(other.locator("#clash")).to_contain_text("Somebody else is writing here too.")
    other.get_by_role("button", name="Save draft").click()
    both = other.locator(".dw-conflict")
    expect(both).to_contain_text("The dog, and the trip in May.")
    expect(both).to_contain_text("Her sister.")
    therapist.reload()
    expect(therapist.get_by_label("What protects")).to_have_value("The dog, and the trip in May.")
