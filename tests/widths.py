"""Whether a page fits its window."""

from __future__ import annotations

from playwright.sync_api import Page

#: When what follows from another width of the window is drawn: a page that is too wide stays so.
TOO_WIDE = """async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    const beyond = () => document.documentElement.scrollWidth - window.innerWidth;
    await frame();
    for (let frames = 0; frames < 60 && beyond() > 0; frames++) await frame();
    return beyond();
}"""
#: What reaches out of the window, from the outermost on.
STANDS_OUT = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth)
    .map((each) => each.cloneNode(false).outerHTML.slice(0, 120)).slice(0, 8)"""


def assert_fits(page: Page) -> None:
    beyond = page.evaluate(TOO_WIDE)
    assert beyond <= 0, f"{page.url} is {beyond} px wider than its window: {page.evaluate(STANDS_OUT)}"


def assert_fits_at(page: Page, width: int) -> None:
    """In a window of another width; it is as before afterwards."""
    before = page.viewport_size
    assert before is not None
    if before["width"] == width:
        return
    page.set_viewport_size({"width": width, "height": before["height"]})
    assert_fits(page)
    page.set_viewport_size(before)
