"""The gallery in a real Chromium, served from here with the product's own policy."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, Page, Route

from dayward.ui.middleware import POLICY
from dayward.ui.tests.gallery.render import PAGES, page

pytestmark = pytest.mark.browser
SITE = "http://gallery.test"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
Window = Callable[..., BrowserContext]


def answer(route: Route) -> None:
    """A page of the gallery, a static file, or what the test said before."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str), path
        route.fulfill(path=found, content_type=TYPES[found.rpartition(".")[2]])
    else:
        body = page(path.strip("/") or "staff")
        route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})


def opened(context: BrowserContext, name: str = "staff") -> Page:
    context.route(f"{SITE}/**", answer)
    window = context.new_page()
    window.goto(f"{SITE}/{name}")
    return window


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1024, "dark"), (390, "light")])
@pytest.mark.parametrize("name", PAGES)
def test_every_component_is_accessible(
    name: str, width: int, scheme: str, open_window: Window, axe: Callable[[Page], None]
) -> None:
    window = opened(open_window(width=width, color_scheme=scheme), name)
    axe(window)
    assert window.evaluate("document.documentElement.scrollWidth") <= width


def test_letters_walk_a_list_and_can_be_switched_off(open_window: Window) -> None:
    window = opened(open_window())
    window.evaluate("document.activeElement.blur()")
    focused = "document.activeElement.textContent"
    window.keyboard.press("j")
    window.keyboard.press("j")
    assert window.evaluate(focused) == "Devon Achterberg"
    window.keyboard.press("k")
    assert window.evaluate(focused) == "Maribel Ortega-Quist"
    window.keyboard.press("?")
    window.uncheck("[data-keys-switch]")
    window.keyboard.press("Escape")
    window.locator(".dw-row-link").first.focus()
    window.keyboard.press("j")
    assert window.evaluate(focused) == "Maribel Ortega-Quist"


def test_the_summary_of_errors_has_the_focus(open_window: Window) -> None:
    window = opened(open_window(), "public")
    assert "things to put right" in window.evaluate("document.activeElement.textContent")


def test_a_dialog_opens_and_gives_the_focus_back(open_window: Window) -> None:
    window = opened(open_window())
    opener = window.locator("[data-dialog-open=dlg]")
    opener.click()
    assert window.locator("#dlg").is_visible()
    window.keyboard.press("Escape")
    assert not window.locator("#dlg").is_visible()
    assert window.evaluate("document.activeElement.dataset.dialogOpen") == "dlg"


def test_dropped_files_go_into_the_form(open_window: Window) -> None:
    window = opened(open_window())
    window.locator("[data-dropzone]").evaluate(
        """(zone) => {
            const data = new DataTransfer();
            data.items.add(new File(["{}"], "bundle.json"));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert window.locator("#id_files").evaluate("(input) => input.files[0].name") == "bundle.json"
    assert "bundle.json" in window.locator("[data-dropzone-list]").inner_text()


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        (200, "Draft saved at 2:14 p.m.", "saved", "Draft saved at 2:14 p.m."),
        (500, "x", "failed", "Not saved yet"),
    ],
)
def test_a_draft_says_whether_it_was_saved(
    status: int, body: str, state: str, words: str, open_window: Window
) -> None:
    window = opened(open_window())
    window.route(
        f"{SITE}/draft/", lambda route: route.fulfill(status=status, body=body, content_type="text/html")
    )
    window.fill("#id_note", "Slept well.")
    window.wait_for_selector(f"[data-draft][data-state={state}]")
    assert words in window.locator("[data-draft]").inner_text()
    assert window.input_value("#id_note") == "Slept well."


def test_colors_change_at_once(open_window: Window) -> None:
    window = opened(open_window(color_scheme="light"))
    window.route(f"{SITE}/ui/theme/", lambda route: route.fulfill(status=302, headers={"Location": "/"}))
    before = window.evaluate("getComputedStyle(document.body).backgroundColor")
    window.click("[data-theme-switch] button")
    window.wait_for_function(
        "before => getComputedStyle(document.body).backgroundColor !== before", arg=before
    )
    assert window.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_without_script_nothing_is_hidden_that_is_needed(open_window: Window) -> None:
    window = opened(open_window(java_script_enabled=False))
    assert window.locator("button[name=_search]").is_visible()
    assert not window.locator("[data-copy]").first.is_visible()
    assert window.locator("#id_files").is_visible()
