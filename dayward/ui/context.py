"""What the shells need: links, banners, theme. Worked out only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from dayward.kernel.permissions import Permission
from dayward.ui import banners, navigation
from dayward.ui.navigation import Area

THEMES = ("light", "dark")
THEME_COOKIE = "dayward_theme"
PHONE_LINKS = 4


@dataclass
class Shell:
    """`ui` in every template."""

    request: HttpRequest

    @cached_property
    def theme(self) -> str:
        """light, dark, or empty for what the device says."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def links(self) -> list[navigation.Link]:
        return self._links(Area.STAFF)

    @property
    def phone_links(self) -> list[navigation.Link]:
        """The ones that fit along the bottom of a phone; the rest is under More."""
        return self.links[:PHONE_LINKS]

    @cached_property
    def user_links(self) -> list[navigation.Link]:
        return self._links(Area.USER)

    @cached_property
    def portal_links(self) -> list[navigation.Link]:
        return self._links(Area.PORTAL)

    @cached_property
    def banners(self) -> list[banners.Banner]:
        return banners.banners_for(self.request)

    @property
    def search_url(self) -> str:
        return _url("staff:search")

    @cached_property
    def finds_people(self) -> bool:
        """Whether the search page opens to this person's roles: it says itself what it asks for."""
        if not self.search_url:
            return False
        access = getattr(resolve(self.search_url).func, "dayward_access", None)
        return access is not None and (access.permission is None or self._may(access.permission))

    @property
    def find_url(self) -> str:
        """Where finding goes without the palette: to people, or for who may find nobody to pages alone."""
        return self.search_url if self.finds_people else self.palette_url

    @property
    def palette_url(self) -> str:
        return _url("staff:palette")

    @property
    def sign_in_url(self) -> str:
        return _url("account_login")

    @property
    def still_url(self) -> str:
        """Where the page asks whether somebody is still signed in; empty for nobody."""
        user = getattr(self.request, "user", None)
        return _url("account_still") if user is not None and user.is_authenticated else ""

    @property
    def idle_seconds(self) -> int:
        return int(settings.IDLE_MINUTES) * 60

    @property
    def sign_out_url(self) -> str:
        return _url("account_logout")

    def _links(self, area: Area) -> list[navigation.Link]:
        return navigation.links(area, path=self.request.path, may=self._may, request=self.request)

    def _may(self, permission: Permission) -> bool:
        may = getattr(self.request, "may", None)
        return bool(may(permission)) if may is not None else False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"ui": Shell(request)}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
