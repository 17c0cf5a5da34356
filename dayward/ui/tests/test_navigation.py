from __future__ import annotations

import pytest
from django.test import RequestFactory

from dayward.kernel.permissions import Permission
from dayward.kernel.registry import Registry
from dayward.ui import checks, navigation
from dayward.ui.navigation import Area, NavItem

SEE = Permission("test.see", "May see.")


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> Registry[NavItem]:
    fresh: Registry[NavItem] = Registry("navigation")
    monkeypatch.setattr(navigation, "items", fresh)
    return fresh


def urls(*, path: str = "/", may: bool = True) -> list[tuple[str, bool]]:
    return [(link.key, link.active) for link in navigation.links(Area.STAFF, path=path, may=lambda p: may)]


def test_links_stand_in_order_and_only_in_their_area(items: Registry[NavItem]) -> None:
    navigation.register(NavItem("late", "Late", "ui:language", "sun", order=90))
    navigation.register(NavItem("early", "Early", "ui:theme", "moon", order=10))
    navigation.register(NavItem("mine", "Mine", "ui:theme", "moon", area=Area.USER))
    assert [key for key, _ in urls()] == ["early", "late"]


def test_a_link_needs_its_permission(items: Registry[NavItem]) -> None:
    navigation.register(NavItem("open", "Open", "ui:theme", "sun"))
    navigation.register(NavItem("closed", "Closed", "ui:language", "sun", permission=SEE))
    assert [key for key, _ in urls(may=False)] == ["open"]


def test_the_longest_address_we_are_inside_is_active(
    items: Registry[NavItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"today": "/", "intake": "/intake/", "waitlist": "/intake/waitlist/"}
    monkeypatch.setattr(navigation, "reverse", pages.__getitem__)
    for key in pages:
        navigation.register(NavItem(key, key, key, "sun"))
    active = [key for key, is_active in urls(path="/intake/waitlist/4/") if is_active]
    assert active == ["waitlist"]
    assert [key for key, is_active in urls(path="/") if is_active] == ["today"]
    assert [key for key, is_active in urls(path="/people/") if is_active] == []


def test_a_link_to_nowhere_is_left_out_and_reported(items: Registry[NavItem]) -> None:
    navigation.register(NavItem("gone", "Gone", "nowhere:at-all", "no-such-icon"))
    assert urls() == []
    assert [problem.id for problem in checks.navigation_leads_somewhere(None)] == ["ui.E001", "ui.E002"]


def test_a_link_may_say_when_it_is_shown(items: Registry[NavItem]) -> None:
    navigation.register(NavItem("always", "Always", "ui:theme", "sun"))
    navigation.register(
        NavItem("asked", "Asked", "ui:language", "sun", when=lambda request: "on" in request.GET)
    )
    factory, shown = RequestFactory(), {}
    for query in ("", "?on=1"):
        links = navigation.links(Area.STAFF, path="/", may=lambda p: True, request=factory.get(f"/{query}"))
        shown[query] = [link.key for link in links]
    assert shown == {"": ["always"], "?on=1": ["always", "asked"]}
    assert [key for key, _ in urls()] == ["always"]  # nobody's request: it is not shown


def test_a_link_that_is_active_alone_is_not_active_below(
    items: Registry[NavItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "reverse", {"home": "/my/"}.__getitem__)
    navigation.register(NavItem("home", "Home", "home", "sun", alone=True))
    assert urls(path="/my/") == [("home", True)]
    assert urls(path="/my/forms/") == [("home", False)]
