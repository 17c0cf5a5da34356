"""A group of eight documented on one page of a tablet: what is typed is kept, and all rows are signed at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dayward.chart.notes.factories import WORDS, WORK
from tests.fixtures.server import ClinicServer

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
NOT_DONE = re.compile(r"0 of (\d+) notes signed")
LOOK_BACK = 10  # days: some hold no sessions


@pytest.fixture
def tablet(clinic_server: ClinicServer, open_window: Window) -> tuple[Page, str]:
    """Somebody who leads groups and may sign, signed in on a tablet; and their name."""
    rows = json.loads((clinic_server.var / "demo-sign-ins.json").read_text(encoding="utf-8"))
    found = next(row for row in rows if row["role"] == "Clinical supervisor")
    page = open_window(width=1024, height=768).new_page()
    page.goto(f"{clinic_server.url}/account/sign-in/")
    page.get_by_label("Email").fill(found["email"])
    page.get_by_label("Password").fill(found["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    return page, str(found["name"])


def open_notes_of_a_group(page: Page, clinic: ClinicServer) -> int:
    """The newest session of a past day with most people and no note yet; how many were there."""
    today = datetime.now(tz=UTC).date()
    for back in range(1, LOOK_BACK):
        page.goto(f"{clinic.url}/attendance/?day={today - timedelta(days=back)}")
        links = page.get_by_role("link", name=NOT_DONE)
        sizes = [int(match.group(1)) for text in links.all_inner_texts() if (match := NOT_DONE.search(text))]
        fitting = [size for size in sizes if size <= len(WORDS)]
        if fitting:
            links.nth(sizes.index(max(fitting))).click()
            return max(fitting)
    raise AssertionError("no session of the last days waits for its notes")


def test_a_whole_group_on_one_page(tablet: tuple[Page, str], clinic_server: ClinicServer, axe: Axe) -> None:
    page, name = tablet
    there = open_notes_of_a_group(page, clinic_server)
    rows = page.locator(".dw-note-row:has(.dw-note-fields)")
    expect(rows).to_have_count(there)
    page.get_by_label("What the group worked on").or_(page.get_by_label("What was taught, and how")).or_(
        page.get_by_label("What it was about")
    ).or_(page.get_by_label("What was practiced, and what for")).first.fill(WORK["work"])
    for number in range(there - 1):
        fill(rows.nth(number), WORDS[number])
    fill(rows.nth(there - 1), WORDS[0])  # copied from the first
    expect(page.locator(".dw-draft")).to_contain_text("Draft saved at")
    axe(page)
    page.reload()
    expect(rows.first.locator("textarea").first).to_have_value(WORDS[0])

    sign(page, name)
    expect(page.get_by_text(re.compile("not ready|No row is ready")).first).to_be_visible()
    expect(page.get_by_text("It says the same as another person's row.").first).to_be_visible()
    axe(page)
    for row in rows.all():
        if (
            "the same as another" in row.inner_text()
            or row.locator("textarea").first.input_value() == WORDS[0]
        ):
            fill(row, f"{WORDS[-1]} {WORDS[-2]}")
            break
    sign(page, name)
    expect(page.get_by_text("All notes signed")).to_be_visible()
    axe(page)


def fill(row: Locator, words: str) -> None:
    """What one person's row says."""
    chosen = row.get_by_text("actively", exact=True)
    if chosen.count():
        chosen.first.click()
    row.locator("textarea").first.fill(words)


def sign(page: Page, name: str) -> None:
    page.get_by_label("Type your full name to sign").fill(name)
    page.get_by_role("button", name="Sign all that are ready").click()
    page.wait_for_load_state()
