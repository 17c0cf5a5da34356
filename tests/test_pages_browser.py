"""axe and the width of the screen on every page that needs no id, and on the pages of one person's chart.

Which pages there are, and to whom they are open, is read from `access_table.md`: a new page is looked at here
without being named.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import APIResponse, Browser, BrowserContext, Error, Page, Response

from dayward.foundation.access.roles import ROLES
from dayward.kernel.permissions import Audience
from tests import access_walk as walk
from tests.access_walk import Address
from tests.fixtures.server import ClinicServer
from tests.signing_in import sign_in
from tests.widths import STANDS_OUT, TOO_WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
# Each page is looked at as the first of these who may open it, at that width; together they open every page.
READERS = (
    ("therapist", 1024),
    ("intake", 390),
    ("compliance", 1440),
    ("director", 390),
    ("administrator", 1024),
)
# Answers of their own kind, or nothing to look at: files, pieces for htmx, redirects, signing out.
NO_PAGE = {
    "account_logout",
    "mfa_login_webauthn",
    "staff:palette",
    "staff:home",
}


def share(role: str, part: str) -> list[str]:
    """The addresses that this reader looks at; `part` is what the address needs ("" or "person")."""
    rows = walk.read_table()
    earlier = [key for key, _width in READERS[: [key for key, _width in READERS].index(role)]]
    return [
        address.name
        for address in walk.addresses()
        if _is_page(address, part)
        and rows[address.name][role] != walk.REFUSED
        and all(rows[address.name][key] == walk.REFUSED for key in earlier)
    ]


def _is_page(address: Address, part: str) -> bool:
    staff = address.access is not None and address.access.audience not in (Audience.PORTAL, Audience.PUBLIC)
    return staff and list(address.kwargs) == ([part] if part else []) and address.name not in NO_PAGE


@pytest.fixture(scope="module")
def patient(clinic_server: ClinicServer, browser: Browser) -> str:
    """The public id of somebody on the therapist's list of today."""
    window = browser.new_context()
    page = window.new_page()
    sign_in(page, clinic_server, "therapist")
    page.goto(f"{clinic_server.url}/today/")
    address = page.locator("#panel-my-people a.dw-row-link").first.get_attribute("href") or ""
    window.close()
    return address.strip("/").split("/")[-1]


#: What the browser keeps.
KEPT = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await caches.keys()),
    ...(await indexedDB.databases()).map((each) => each.name),
]"""


def look(page: Page, clinic: ClinicServer, names: list[str], person: str, axe: Axe) -> list[str]:
    """What is wrong with these pages, and what the browser keeps of them."""
    wrong = []
    for name in names:
        kwargs = {"person": person} if person else {}
        status, is_page = _open(page, clinic.url + reverse(name, kwargs=kwargs))
        if status in (405, 404):  # acts, and what this person does not have
            continue
        if status >= 400:
            wrong.append(f"{name}: {status}")
        elif is_page:
            wrong += _problems(page, name, axe)
    return wrong + [f"the browser keeps {name}" for name in page.evaluate(KEPT)]


def _open(page: Page, address: str) -> tuple[int, bool]:
    """The status, and whether it is a page; what the browser keeps as a file is asked for beside it."""
    answer: Response | APIResponse | None
    try:
        answer = page.goto(address)
    except Error:
        answer = page.request.get(address)
    assert answer is not None, address
    return answer.status, "text/html" in answer.headers.get("content-type", "")


# What a thumb would miss on a phone: buttons, fields and rows lower than 44 px.
THUMB = 44
TOUCHED = (
    "main :is(.btn, button, .form-control, .form-select, .form-check, .dw-choice, .dw-tab,"
    " .dw-list > li:has(.dw-row-link))"
)
TOO_SMALL = """([touched, least]) => [...document.querySelectorAll(touched)]
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([each, box]) => box.width > 0 && box.height + 0.5 < least && !each.closest("details:not([open])"))
    .map(([each, box]) => `${each.className || each.tagName}, ${box.height} px: ${each.innerText.slice(0, 30)}`)"""
PHONE = 480


def _problems(page: Page, name: str, axe: Axe) -> list[str]:
    found = []
    too_wide = page.evaluate(TOO_WIDE)
    if too_wide > 0:
        found.append(f"{name}: {too_wide} px wider than the screen: {page.evaluate(STANDS_OUT)}")
    if page.evaluate("window.innerWidth") < PHONE:
        found += [
            f"{name}: too small for a thumb: {each}" for each in page.evaluate(TOO_SMALL, [TOUCHED, THUMB])
        ]
    try:
        axe(page)
    except AssertionError as problem:
        found.append(f"{name}: {problem}")
    return found


@pytest.mark.parametrize(("role", "width"), READERS)
def test_every_page_is_accessible_and_fits(
    clinic_server: ClinicServer, open_window: Window, axe: Axe, role: str, width: int
) -> None:
    page = open_window(width=width).new_page()
    sign_in(page, clinic_server, role)
    wrong = look(page, clinic_server, share(role, ""), "", axe)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("role", "width"), [("therapist", 390), ("director", 1024), ("compliance", 1440)])
def test_every_page_of_a_chart_is_accessible_and_fits(
    clinic_server: ClinicServer, open_window: Window, axe: Axe, patient: str, role: str, width: int
) -> None:
    page = open_window(width=width).new_page()
    sign_in(page, clinic_server, role)
    wrong = look(page, clinic_server, share(role, "person"), patient, axe)
    assert not wrong, "\n".join(wrong)


def test_the_readers_together_open_every_page() -> None:
    rows = walk.read_table()
    pages = {address.name for address in walk.addresses() if _is_page(address, "")}
    seen = {name for role, _width in READERS for name in share(role, "")}
    assert pages - seen == {
        name for name in pages if not any(rows[name][role] != walk.REFUSED for role in ROLES)
    }
