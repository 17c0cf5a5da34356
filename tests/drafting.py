"""Typing into a form that keeps itself as a draft."""

from __future__ import annotations

from urllib.parse import parse_qs

from playwright.sync_api import Locator, Page, Response


def type_and_keep(page: Page, box: Locator, text: str) -> None:
    """And the server has it: "Draft saved" may stand there for what was typed before."""
    page.wait_for_load_state()  # before its script is there, a page keeps nothing
    name = box.get_attribute("name") or ""

    def took_it(answer: Response) -> bool:
        return answer.ok and parse_qs(answer.request.post_data or "").get(name) == [text]

    with page.expect_response(took_it):
        box.fill(text)
