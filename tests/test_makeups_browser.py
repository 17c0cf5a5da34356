"""A make-up with a real browser: what was missed is opened, a seat that fits is found and booked; on a phone too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in
from tests.widths import assert_fits

pytestmark = pytest.mark.browser

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


def weeks_of_everybody(clinic: ClinicServer, page: Page) -> list[str]:
    page.goto(f"{clinic.url}/census/")
    links = page.locator("main a[href^='/charts/']").all()
    charts = dict.fromkeys((link.get_attribute("href") or "") for link in links)
    return [clinic.url + chart.replace("/charts/", "/schedule/people/") for chart in charts]


def give_a_seat_back(clinic: ClinicServer, page: Page, skip: int) -> tuple[str, str]:
    """Somebody cannot come to a session ahead: their week, and the page of what they missed."""
    for week in weeks_of_everybody(clinic, page)[skip:]:
        page.goto(week)
        cannot = page.get_by_role("button", name="Cannot come").first
        if not cannot.count():
            continue
        cannot.click()
        expect(page.get_by_text("Canceled; the seat is free.")).to_be_visible()
        missed = page.get_by_role("link", name="Make-ups", exact=True).get_attribute("href") or ""
        page.goto(clinic.url + missed)
        find = page.get_by_role("link", name="Find a seat").first
        if not find.count():  # a visit of their own is booked again on another page
            continue
        find.click()
        page.wait_for_load_state()
        expect(page.get_by_role("heading", name="Find a make-up")).to_be_visible()
        if page.get_by_role("button", name="Book it").count():
            return week, clinic.url + missed
    raise AssertionError("nobody in the clinic has a session ahead and a seat that fits")


def test_a_make_up_is_found_booked_and_taken_back(
    clinic_server: ClinicServer, open_window: Window, axe: Axe
) -> None:
    page = open_window(width=1440).new_page()
    sign_in(page, clinic_server, "supervisor")  # who opens every chart
    week, missed = give_a_seat_back(clinic_server, page, 0)
    axe(page)
    expect(page.get_by_role("heading", name="Find a make-up")).to_be_visible()
    page.get_by_role("button", name="Book it").first.click()
    page.wait_for_url(missed)
    expect(page.get_by_text("Make-up booked")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Canceled; the seat is free.")).to_be_visible()
    page.goto(missed)
    expect(page.get_by_text("Make-up booked")).to_have_count(0)
    expect(page.get_by_role("link", name="Find a seat").first).to_be_visible()
    page.goto(week)
    axe(page)


def test_on_a_phone_it_is_one_column(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    page = open_window(width=390, height=844).new_page()
    sign_in(page, clinic_server, "supervisor")  # who opens every chart
    _week, missed = give_a_seat_back(clinic_server, page, 1)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Book it").first.click()
    page.wait_for_url(missed)
    made = page.get_by_text("Make-up booked")
    expect(made).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("main li", has=made).get_by_role("link").click()
    expect(page.locator("h1")).to_be_visible()
    axe(page)


def test_the_checks_of_a_week_read_well(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    page = open_window(width=390).new_page()
    sign_in(page, clinic_server, "supervisor")  # who opens every chart
    for path in ("/schedule/checks/", "/schedule/checks/limits/", "/schedule/checks/reasons/"):
        page.goto(clinic_server.url + path)
        expect(page.locator("h1")).to_be_visible()
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            axe(page)
