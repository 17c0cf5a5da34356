"""Without a mouse: every list answers to j, k and Enter, and Tab comes by everything, is seen, and is held nowhere.

One browser and one session for each test; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Window = Callable[..., BrowserContext]
LISTS = (
    "/today/",
    "/census/",
    "/due/team/",
    "/due/by-owner/",
    "/due/by-rule/",
    "/intake/",
    "/intake/aftercare/",
    "/intake/alumni/",
    "/schedule/groups/",
    "/schedule/seats/",
    "/schedule/staff/",
    "/programs/",
    "/programs/services/",
    "/standards/",
    "/standards/policy/",
    "/access/staff/",
    "/setup/settings/",
    "/consents/texts/",
    "/coverage/payers/",
)
# Which row has the focus, of those that open something; -1: none.
ROW = """() => [...document.querySelectorAll("#main :is(.dw-list > li, .dw-table > tbody > tr, [data-item])")]
    .filter((row) => row.offsetParent !== null && row.querySelector("a[href], button, summary, input, select"))
    .findIndex((row) => row.contains(document.activeElement))"""
ROWS = ROW.replace(".findIndex((row) => row.contains(document.activeElement))", ".length")


def test_every_list_answers_to_j_k_and_enter(clinic_server: ClinicServer, open_window: Window) -> None:
    page = open_window().new_page()
    sign_in(page, clinic_server, "director")
    wrong, walked = [], 0
    for path in LISTS:
        page.goto(clinic_server.url + path)
        count = page.evaluate(ROWS)
        if not count:  # the tiny clinic has nothing of the kind
            continue
        walked += 1
        found = [row_after(page, key) for key in "jjk"]
        if found != [0, min(1, count - 1), 0]:
            wrong.append(f"{path}: j, j and k lead to the rows {found} of {count}")
        elif page.evaluate("document.activeElement.matches('a[href]')"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
    assert not wrong, "\n".join(wrong)
    assert walked > len(LISTS) / 2


def row_after(page: Page, key: str) -> int:
    page.keyboard.press(key)
    return int(page.evaluate(ROW))


FORMS = (
    "/today/",
    "/search/",
    "/intake/new/",
    "/schedule/week/",
    "/schedule/groups/add/",
    "/account/security/",
)
MOST = 400  # presses of Tab; no page has so much on it
# What has the focus: its place in the page, what it is, and whether somebody sees that it has it.
FOCUS = """async () => {
    await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
    const it = document.activeElement;
    if (it === document.body || it === null) return null;
    const shown = (each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    };
    const row = it.closest("tr, li");
    const seen = [it, it.nextElementSibling, it.closest("label"), row, it.closest(".dw-palette-field")];
    const box = it.getBoundingClientRect();
    const all = [...document.querySelectorAll("*")];
    return {
        place: all.indexOf(it),
        name: `${it.tagName} ${(it.innerText || it.name || it.getAttribute("aria-label") || "").slice(0, 30)}`,
        // Within a date the browser itself marks the part, and its calendar.
        seen: it.matches("[type=date], [type=time], [type=datetime-local]") || seen.some((each) => each && shown(each)),
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def test_tab_comes_by_everything_and_is_seen(clinic_server: ClinicServer, open_window: Window) -> None:
    page = open_window().new_page()
    sign_in(page, clinic_server, "director")
    wrong = []
    for path in FORMS:
        page.goto(clinic_server.url + path)
        page.evaluate("document.activeElement.blur()")
        stops = list(tabbed(page))
        wrong += [f"{path}: {stop['name']!r} does not show its focus" for stop in stops if not stop["seen"]]
        wrong += [f"{path}: {stop['name']!r} is out of sight" for stop in stops if not stop["inside"]]
        if len(stops) >= MOST:
            wrong.append(f"{path}: Tab does not come out")
        elif "Skip to the page" not in {stop["name"].partition(" ")[2] for stop in stops}:
            wrong.append(f"{path}: Tab does not come by the link to the page")
    assert not wrong, "\n".join(wrong)


def tabbed(page: Page) -> Iterator[dict[str, Any]]:
    """Everything that Tab comes by, once around the page; between its end and its beginning stands the window."""
    places: set[object] = set()
    last: object = None
    for _press in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        place = stop and stop["place"]
        if stop and place != last and place in places:
            return
        last = place
        if stop:
            places.add(place)
            yield stop
