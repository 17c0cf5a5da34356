"""Whoever opens a page of the staff sees where they are: one link of the menus is lit, never none and never two."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import resolve

from benchmarks.pages import listed
from dayward.foundation.access.roles import ROLES
from dayward.kernel.permissions import Audience
from dayward.ui import navigation
from dayward.ui.navigation import Area
from tests import access_walk as walk
from tests.access_walk import Address

# No staff menu on them: files and pieces of pages, what stands before the sign-in, and the way on to a first page.
NO_MENU = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_still",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "operations:healthz",
    "operations:serving",
    "staff:home",
    "terms:icd",
}
PAGES = [
    address
    for address in walk.addresses()
    if address.name in listed()
    and address.name not in NO_MENU
    and address.access is not None
    and address.access.audience not in (Audience.PORTAL, Audience.PUBLIC)
]


def lit(address: Address, role: str) -> list[str]:
    """The links that are lit on this page for this role."""
    url, may = walk.empty_url(address), ROLES[role].permissions
    request = RequestFactory().get(url)
    request.resolver_match = resolve(url)
    links = [
        link
        for area in (Area.STAFF, Area.USER)
        for link in navigation.links(area, path=url, may=lambda word: word.key in may, request=request)
    ]
    return [link.key for link in links if link.active]


@pytest.mark.parametrize("role", ROLES)
def test_one_link_is_lit_on_every_page(role: str) -> None:
    rows = walk.read_table()
    wrong = {
        address.name: found
        for address in PAGES
        if rows[address.name][role] != walk.REFUSED and len(found := lit(address, role)) != 1
    }
    assert not wrong


def test_the_words_of_consents_stand_under_setting_up() -> None:
    texts = next(address for address in PAGES if address.name == "consent:texts")
    assert (lit(texts, "administrator"), lit(texts, "compliance")) == (["setup"], ["rules"])


def test_aftercare_of_a_person_stands_under_aftercare() -> None:
    page = next(address for address in PAGES if address.name == "journey:aftercare")
    assert (lit(page, "case_manager"), lit(page, "alumni")) == (["aftercare"], ["aftercare"])
