"""A clinician asks a questionnaire in talk; one answer raises an alert; it is answered and closed. With axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
WRITTEN = {
    "Contact with the person": "Here in the room.",
    "Assessment used and findings": "ASQ; passive thoughts, no plan.",
    "What protects": "The sister.",
    "Access to means": "No firearms; medicines with the sister.",
    "What was done": "Safety plan gone through.",
    "What follows, and when risk is looked at again": "Tomorrow in the individual session.",
}


def choose(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("group", name=question)
    with page.expect_response(lambda response: response.url.endswith("/answer/")):
        group.get_by_text(answer, exact=True).click()


def test_from_a_question_to_a_closed_alert(
    clinic_server: ClinicServer, open_window: Window, axe: Axe
) -> None:
    page = open_window(width=1024).new_page()
    sign_in(page, clinic_server, "therapist")
    name = page.locator(".dw-user-name").inner_text().strip()
    page.goto(f"{clinic_server.url}/today/")
    person = an_adult(page, clinic_server.url)
    page.goto(f"{clinic_server.url}/measures/{person}/")
    axe(page)
    asking = page.locator(".dw-measure-ask", has=page.get_by_role("heading", name="PHQ-9"))
    asking.get_by_role("button", name="Here, in talk").click()
    page.wait_for_load_state()  # an answer is sent by the page's script
    ask(page, axe)
    page.goto(f"{clinic_server.url}/today/")
    expect(page.get_by_role("link", name="Open to view")).to_be_visible()
    axe(page)
    answer(page, axe, name)


def an_adult(page: Page, url: str) -> str:
    """The id of the first adult among my people: an alert of a minor asks about the guardian too."""
    rows = page.locator("#panel-my-people a.dw-row-link")
    for chart in [row.get_attribute("href") or "" for row in rows.all()]:
        page.goto(f"{url}{chart}")
        years = re.search(r"(\d+) years? old", page.locator(".dw-chart-line").first.inner_text())
        if years and int(years[1]) >= 18:
            return chart.strip("/").split("/")[-1]
    raise AssertionError("no adult among my people")


def ask(page: Page, axe: Axe) -> None:
    """Item 9 brings the four questions, a yes among them the fifth; the alert is there before the form ends."""
    choose(page, "Little interest", "Several days")
    expect(page.locator("#saved")).to_contain_text("Kept at")
    choose(page, "better off dead", "Several days")
    expect(page.get_by_role("heading", name="ASQ")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("An alert is open")
    choose(page, "wished you were dead", "Yes")
    choose(page, "killing yourself right now", "No")
    axe(page)
    for words in ("you or your family", "having thoughts about killing", "ever tried"):
        choose(page, words, "No")
    page.get_by_role("button", name="Finish and score").click()
    axe(page)


def answer(page: Page, axe: Axe, name: str) -> None:
    page.get_by_role("link", name="Open to view").click()
    axe(page)
    page.locator("a.dw-row-link").first.click()
    axe(page)
    page.get_by_role("button", name="I have seen it and take it up").click()
    page.get_by_label("In person", exact=True).check()
    page.get_by_role("button", name="I spoke with the person").click()
    page.get_by_role("link", name="Document and close").click()
    axe(page)
    page.get_by_label("No risk found").check()
    for label, text in WRITTEN.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Risk is looked at again on").fill("2030-01-04")
    page.get_by_label("Type your full name to sign").fill(name)
    page.get_by_role("button", name="Sign and close").click()
    expect(page.get_by_text("closed", exact=True).first).to_be_visible()
    axe(page)
