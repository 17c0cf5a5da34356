"""A treatment plan with a real browser: a therapist begins it, writes the person's words, signs; on a phone too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drafting import type_and_keep
from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = pytest.mark.browser

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


def plan_of_somebody(clinic: ClinicServer, page: Page, number: int) -> str:
    """Signed in as a supervisor, who opens every chart: the plan of the person so far down those without one."""
    sign_in(page, clinic, "supervisor")
    page.goto(f"{clinic.url}/census/")
    links = page.locator("main a[href^='/charts/']").all()
    plans = [clinic.url + (link.get_attribute("href") or "").replace("/charts/", "/plans/") for link in links]
    without = (plan for plan in dict.fromkeys(plans) if _has_none(page, plan))
    return next(itertools.islice(without, number, None))


def _has_none(page: Page, plan: str) -> bool:
    """Whether no plan was written yet: then the first page offers what it may begin with."""
    page.goto(f"{plan}start/")
    return page.locator("input[value^='starter:']").count() > 0


def begin(page: Page, plan: str) -> None:
    """A draft with one starter."""
    page.goto(f"{plan}start/")
    ticked = page.locator("input[name=offer]:checked")
    while ticked.count():
        ticked.first.uncheck()
    page.locator("input[value='starter:daily-life'], input[value^='starter:']").first.check()
    page.get_by_role("button", name="Begin the plan").click()
    page.wait_for_url("**/edit/")


def test_a_plan_is_written_and_signed(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    page = open_window(width=1440).new_page()
    plan = plan_of_somebody(clinic_server, page, 0)
    page.goto(f"{plan}start/")
    axe(page)
    begin(page, plan)
    axe(page)
    goal = page.get_by_label("Goal, in the person's words").first
    type_and_keep(page, goal, "Sleep at night, and see my sister.")
    expect(page.locator(".dw-draft")).to_contain_text("Draft saved at")
    page.get_by_role("button", name="Add an objective").first.click()
    page.wait_for_url(re.compile(r"#objective-"))
    added = page.locator(".dw-objective").last
    added.get_by_label("Objective", exact=True).fill("Go to bed by eleven on five nights.")
    added.get_by_label("Reached when").fill("Five of seven nights in the log")
    for name in ("Strengths to build on", "What could get in the way"):
        box = page.get_by_label(name)
        if not box.input_value():
            box.fill("Talked about together.")
    page.get_by_role("button", name="Go on to sign").click()
    page.wait_for_url(re.compile(r"/sign/"))
    expect(page.locator(".dw-signed-text")).to_contain_text("Sleep at night, and see my sister.")
    axe(page)
    signer = page.locator("#id_typed_name")
    signer.fill("Somebody Else")
    page.get_by_role("button", name="Sign the plan").click()
    expect(page.get_by_text("Type your own name to sign:").first).to_be_visible()
    said = page.get_by_text("Type your own name to sign:").first.inner_text()
    signer.fill(said.split(": ", 1)[1].rstrip("."))
    page.get_by_role("button", name="Sign the plan").click()
    expect(page.locator("#panel-signatures")).to_contain_text("signed")
    page.get_by_text("The person does not sign").click()
    axe(page)
    page.goto(plan)
    expect(page.locator("#panel-plan")).to_contain_text("signatures missing")
    axe(page)


def test_a_plan_is_written_on_a_phone(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    page = open_window(width=390, height=844).new_page()
    plan = plan_of_somebody(clinic_server, page, 1)
    begin(page, plan)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    rows = page.locator(".dw-line").count()
    page.locator(".dw-line button").last.click()
    expect(page.get_by_text("Taken off the plan.")).to_be_visible()
    expect(page.locator(".dw-line")).to_have_count(rows - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".dw-line")).to_have_count(rows)
    other = page.context.new_page()
    other.goto(page.url)
    type_and_keep(page, page.get_by_label("What could get in the way"), "The bus on Mondays.")
    expect(page.locator(".dw-draft")).to_contain_text("Draft saved at")
    other.get_by_label("What could get in the way").fill("Child care.")
    expect(other.locator("#clash")).to_contain_text("Somebody else is writing here too.")
    other.get_by_role("button", name="Save draft").last.click()
    both = other.locator(".dw-conflict")
    expect(both).to_contain_text("The bus on Mondays.")
    expect(both).to_contain_text("Child care.")
