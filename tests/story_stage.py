"""Windows of a real browser in which a story is told: who signs in, and that every page they open is in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.signing_in import give_password
from tests.widths import assert_fits, assert_fits_at

PUBLIC_ID = re.compile(r"(?<=/)[0-9a-z]{16}(?=/)")
Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]


@dataclass(kw_only=True)
class Windows:
    """The clinic as its people see it, in windows that look at every page they open."""

    url: str
    width: int
    password: str
    window: Window
    axe: Axe
    fits: tuple[int, ...] = ()  # each page has to fit windows of these widths too
    looked_at: set[str] = field(default_factory=set)

    def sign_in(self, email: str, width: int | None = None) -> Page:
        page = self.window(width=width or self.width).new_page()
        page.goto(f"{self.url}/account/sign-in/")
        give_password(page, email, self.password)
        return page

    def look(self, page: Page, heading: str | re.Pattern[str]) -> None:
        """The page is there, nothing has to be scrolled sideways, and axe finds nothing.

        A page that looks the same again (same address but for the ids, same heading and state) is not searched twice.
        """
        title = page.get_by_role("heading", level=1, name=heading)
        expect(title).to_be_visible()
        page.wait_for_load_state()  # what stands below the heading is there too
        assert_fits(page)
        kind = f"{PUBLIC_ID.sub('*', page.url)} {title.inner_text()}"
        if kind not in self.looked_at:
            self.axe(page)
            for width in self.fits:
                assert_fits_at(page, width)
            self.looked_at.add(kind)


def write(page: Page, text: str) -> None:
    """Say something in every box that is still empty."""
    for box in page.get_by_role("main").locator("textarea:visible").all():
        if not box.input_value():
            box.fill(text)


def said(place: Page | Locator, shape: str) -> str:
    """The first words of this shape that stand there; it waits for some."""
    words = re.compile(shape)
    found = words.search(place.get_by_text(words).first.inner_text())
    assert found
    return found[0]


def sign(page: Page, name: str, button: str) -> None:
    page.get_by_label("Type your full name to sign").fill(name)
    page.get_by_role("button", name=button).click()
