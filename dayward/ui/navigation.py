"""Links of the shells (left, bottom, user menu): packages register theirs in `apps.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse
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
_places: list[tuple[str, str]] = []  # a page by its url name, and the link it stands under
OF_PERSON = "person"  # the part of an address that says whose page it is
PEOPLE = "people"  # the link such pages stand under


def register(item: NavItem) -> None:
    """Add a link."""
    items.register(item.key, item)


def under(key: str, *pages: str) -> None:
    """These pages (`space:name`, or `space:*`) stand under the link `key`, though their addresses do not say so.

    Whoever does not see that link finds them under the next one said.
    """
    _places.extend((page, key) for page in pages)


def links(
    area: Area, *, path: str, may: Callable[[Permission], bool], request: HttpRequest | None = None
) -> list[Link]:
    """The links of `area` that this person may follow, in order; the one we are on is active."""
    chosen = [
        item for item in items.values() if item.area is area and _allowed(item, may) and _fits(item, request)
    ]
    reached = [(item, url) for item in sorted(chosen, key=lambda i: (i.order, i.key)) if (url := _url(item))]
    match = getattr(request, "resolver_match", None)
    elsewhere = match is not None and any(
        item.url_name == match.view_name and item.area is not area for item in items.values()
    )
    here = _here(reached, path, None if elsewhere else match)
    return [Link(item.key, item.label, url, item.icon, item.key == here) for item, url in reached]


def _here(reached: list[tuple[NavItem, str]], path: str, match: ResolverMatch | None) -> str:
    """The link of the page we are on.

    Its own, else the one said of this page, else the longest address it lies within, else people for a person's,
    else the one said of all pages of its space.
    """
    shown = {item.key for item, _url in reached}
    name = match.view_name if match else ""
    own = [item.key for item, url in reached if path == url]
    own += [key for page, key in _places if page == name and key in shown]
    if own:
        return own[0]
    within = [(len(url), item.key) for item, url in reached if not item.alone and _inside(path, url)]
    if within or match is None:
        return max(within, default=(0, ""))[1]
    if OF_PERSON in match.kwargs and PEOPLE in shown:
        return PEOPLE
    return next((key for page, key in _places if key in shown and fnmatchcase(name, page)), "")


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
