"""Signing in with a real browser: password, authenticator app, recovery code, passkey."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.server import Clinics, clinic_environment, free_port, run_program, serving

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "robin@northside.example", "a calm sentence to keep"
WIDTHS = (1440, 1024, 390)
Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


@pytest.fixture(scope="module")
def clinic(clinics: Clinics) -> Iterator[str]:
    """A clinic set up as `dayward init` does, with one administrator and no second factor; its address."""
    yield from made_clinic(clinics, "off")


@pytest.fixture(scope="module")
def strict_clinic(clinics: Clinics) -> Iterator[str]:
    """The same, as `dayward init` makes it when nothing is said: staff must show a second factor."""
    yield from made_clinic(clinics, "on")


def made_clinic(clinics: Clinics, second_factor: str) -> Iterator[str]:
    var = clinics.copy("migrated")
    environment = {**clinic_environment(var), "DAYWARD_ADMIN_PASSWORD": PASSWORD}
    answers = {
        "--second-factor": second_factor,
        "--organization": "Northside Recovery",
        "--neutral-name": "Northside",
        "--site": "Main Street",
        "--time-zone": "America/Chicago",
        "--state": "IL",
        "--given": "Robin",
        "--family": "Vale",
        "--email": EMAIL,
    }
    run_program(environment, "init", "--no-input", *(part for pair in answers.items() for part in pair))
    port = free_port()
    with serving(environment, port, var / "server-output"):
        yield f"http://localhost:{port}"


def give_password(page: Page, clinic: str) -> None:
    page.goto(f"{clinic}/account/sign-in/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".dw-user").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_load_state()  # a passkey is asked for by the page's script


def expect_first_page(page: Page) -> None:
    expect(
        page.get_by_role("heading", level=1, name="Set up")
    ).to_be_visible()  # an administrator's first page


def code(secret: str, now: float | None = None) -> str:
    """RFC 6238, written from the text of the standard."""
    counter = int((time.time() if now is None else now) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_the_code_is_that_of_the_standard() -> None:
    """The first two vectors of RFC 6238, appendix B, cut to six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert (code(secret, 59), code(secret, 1111111109)) == ("287082", "081804")


@pytest.mark.parametrize("width", WIDTHS)
def test_password_and_a_page_one_wanted(clinic: str, open_window: Window, axe: Axe, width: int) -> None:
    page = open_window(width=width).new_page()
    page.goto(f"{clinic}/access/roles/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    axe(page)
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("not correct")
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="What each role may")).to_be_visible()
    axe(page)


def test_authenticator_app_and_recovery_code(clinic: str, open_window: Window, axe: Axe) -> None:
    page = open_window().new_page()
    give_password(page, clinic)
    expect_first_page(page)
    page.goto(f"{clinic}/account/security/")
    axe(page)
    page.get_by_role("link", name="Set it up").click()
    axe(page)
    confirm(page)
    axe(page)
    secret = page.get_by_role("textbox", name="Copy").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    recovery = page.locator("main li").first.inner_text().strip()
    sign_out(page)

    give_password(page, clinic)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect_first_page(page)

    page.goto(f"{clinic}/account/security/app/remove/")
    confirm(page)
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_text("Set it up")).to_be_visible()


def test_the_first_sign_in_sets_up_a_second_factor(strict_clinic: str, open_window: Window, axe: Axe) -> None:
    """Nothing else opens before; afterwards the digits are asked for each time."""
    page = open_window(width=390).new_page()
    give_password(page, strict_clinic)
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    axe(page)
    page.goto(f"{strict_clinic}/access/staff/")
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    page.get_by_role("link", name="Set it up").click()
    secret = page.get_by_role("textbox", name="Copy").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("main li").first.inner_text().strip()
    page.goto(f"{strict_clinic}/access/sessions/")
    expect(page.get_by_text("this one")).to_be_visible()
    axe(page)
    other = open_window().new_page()
    give_password(other, strict_clinic)
    expect(other.get_by_role("heading", name="Second step")).to_be_visible()
    other.get_by_label("Code").fill(recovery)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect_first_page(other)  # let in, before another page is asked for
    other.goto(f"{strict_clinic}/access/staff/")
    expect(other.get_by_role("heading", name="Staff")).to_be_visible()


def confirm(page: Page) -> None:
    """What changes a sign-in asks for the password again."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_passkey(clinic: str, open_window: Window, axe: Axe) -> None:
    window = open_window()
    page = window.new_page()
    device = window.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    give_password(page, clinic)
    expect_first_page(page)
    page.goto(f"{clinic}/account/security/passkeys/add/")
    confirm(page)
    axe(page)
    expect(page.get_by_label("Name")).to_have_value("Passkey")
    page.get_by_label("Name").fill("Phone")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{clinic}/account/security/passkeys/")
    expect(page.get_by_role("rowheader", name="Phone")).to_be_visible()
    axe(page)
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()
    expect_first_page(page)

    page.goto(f"{clinic}/account/security/passkeys/")
    page.get_by_role("link", name="Remove").click()
    confirm(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No passkeys yet")).to_be_visible()
