"""Whole pages: nothing the content security policy would refuse, and headers that say so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dayward.kernel.errors import Refused
from dayward.ui import banners, toasts
from dayward.ui.middleware import POLICY, SecurityHeadersMiddleware
from dayward.ui.tests.gallery.render import PAGES, page, request, snippet

ERRORS = ("400", "403", "404", "500", "503", "403_csrf")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_style_or_script(name: str) -> None:
    html = page(name)
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<style", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_main_heading_and_no_id_twice(name: str) -> None:
    html = page(name)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    found = re.findall(r'\sid="([^"]+)"', html)
    if name != "staff":  # the gallery shows one form twice
        assert len(found) == len(set(found))


def test_no_page_is_kept_by_the_browser_for_later() -> None:
    assert '"historyCacheSize":0' in page("staff")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_request(name: str) -> None:
    html = snippet("{% include name %}", {"name": f"{name}.html"})
    assert "<h1>" in html
    assert "/static/" in html


def test_a_closed_chart_says_how_to_open_it_in_need() -> None:
    html = snippet('{% include "403.html" %}', {"break_glass_url": "/access/glass/x/"})
    assert 'href="/access/glass/x/"' in html
    assert "compliance officer" in html


def test_every_answer_carries_the_headers_and_a_view_may_be_stricter() -> None:
    plain = SecurityHeadersMiddleware(lambda r: HttpResponse("x"))(RequestFactory().get("/"))
    assert plain.headers["Content-Security-Policy"] == POLICY
    assert plain.headers["Cache-Control"] == "no-store, private"
    own = SecurityHeadersMiddleware(
        lambda r: HttpResponse("x", headers={"Content-Security-Policy": "sandbox"})
    )
    assert own(RequestFactory().get("/")).headers["Content-Security-Policy"] == "sandbox"


def test_a_banner_shows_only_where_it_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banners.sources, "_items", {})
    banners.sources.register("never", lambda r: None)
    banners.sources.register("demo", lambda r: banners.Banner("All made up.", state="warn"))
    assert [banner.text for banner in banners.banners_for(request())] == ["All made up."]


@pytest.mark.parametrize(
    ("level", "tags", "expected"),
    [
        (constants.SUCCESS, "undo:/x/undo/", toasts.Toast("Done.", "ok", "/x/undo/")),
        (constants.SUCCESS, "", toasts.Toast("Done.", "ok", "")),
        (constants.ERROR, "", toasts.Toast("Done.", "bad", "")),
        (constants.INFO, "elsewhere", toasts.Toast("Done.", "info", "")),
    ],
)
def test_a_message_becomes_a_toast(level: int, tags: str, expected: toasts.Toast) -> None:
    assert toasts.toast(Message(level, "Done.", extra_tags=tags)) == expected


def _told(act: Callable[[], object]) -> list[toasts.Toast]:
    asked = request()
    store = CookieStorage(asked)
    asked._messages = store  # type: ignore[attr-defined]
    with toasts.telling(asked, "Booked.", undo_url="/x/undo/"):
        act()
    return [toasts.toast(message) for message in store]


def test_a_button_says_what_was_done_or_each_reason_why_not() -> None:
    def full() -> None:
        raise Refused(reasons=("The group is full.", "The room is closed."))

    assert _told(lambda: None) == [toasts.Toast("Booked.", "ok", "/x/undo/")]
    assert _told(full) == [
        toasts.Toast("The group is full.", "bad", ""),
        toasts.Toast("The room is closed.", "bad", ""),
    ]
    with pytest.raises(ZeroDivisionError):
        _told(lambda: 1 // 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("next_url", "goes"), [("/people/", "/people/"), ("https://evil.example/", "/"), ("", "/")]
)
def test_colors_are_remembered_and_lead_back_to_our_own_page(next_url: str, goes: str) -> None:
    response = Client().post("/ui/theme/", {"theme": "dark", "next": next_url})
    assert response.headers["Location"] == goes
    assert response.cookies["dayward_theme"].value == "dark"


@pytest.mark.django_db
def test_an_unknown_color_is_not_remembered() -> None:
    assert not Client().post("/ui/theme/", {"theme": "<script>"}).cookies


@pytest.mark.django_db
def test_language_is_chosen_by_form() -> None:
    response = Client().post("/ui/language/", {"language": "es", "next": "/my/"})
    assert response.cookies["django_language"].value == "es"
