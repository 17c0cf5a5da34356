"""Links of the shells (left, bottom, user menu): packages register theirs in `apps.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from dayward.kernel.permissions import Permission
from dayward.kernel.registry import Registry

Text = str | Promise


class Area(Enum):
    """Where a link stands."""

    STAFF = "staff"  # left on a desk, along the bottom on a phone
    USER = "user"  # in the menu under the person's own name
    PORTAL = "portal"  # the patient's page


@dataclass(frozen=True)
class NavItem:
    """One link; shown to those whose roles have `permission` (None: to everybody in that shell)."""

    key: str
    label: Text
    url_name: str
    icon: str
    permission: Permission | None = None
    order: int = 100
    area: Area = Area.STAFF
    when: Callable[[HttpRequest], bool] | None = None  # shown only where this says so (None: always)
    alone: bool = False  # active on its own page only, not on those below it


@dataclass(frozen=True)
class Link:
    """A nav item as shown on one page."""

    key: str
    label: Text
    url: str
    icon: str
    active: bool


items: Registry[NavItem] = Registry("navigation")


def register(item: NavItem) -> None:
    """Add a link."""
    items.register(item.key, item)


def links(
    area: Area, *, path: str, may: Callable[[Permission], bool], request: HttpRequest | None = None
) -> list[Link]:
    """The links of `area` that this person may follow, in order; the one we are on is active."""
    chosen = [
        item for item in items.values() if item.area is area and _allowed(item, may) and _fits(item, request)
    ]
    reached = [(item, url) for item in sorted(chosen, key=lambda i: (i.order, i.key)) if (url := _url(item))]
    within = (url for item, url in reached if path == url or (not item.alone and _inside(path, url)))
    here = max(within, key=len, default="")
    return [Link(item.key, item.label, url, item.icon, url == here) for item, url in reached]


def _allowed(item: NavItem, may: Callable[[Permission], bool]) -> bool:
    return item.permission is None or may(item.permission)


def _fits(item: NavItem, request: HttpRequest | None) -> bool:
    return item.when is None or (request is not None and item.when(request))


def _inside(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _url(item: NavItem) -> str:
    """Empty when there is no such page: a system check reports it, the page still opens."""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""
