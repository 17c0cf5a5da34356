"""Links that lead nowhere are found at start-up, not by a person."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

from dayward.ui import icons, navigation


@register("ui")
def navigation_leads_somewhere(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every navigation item has a page and an icon."""
    found: list[CheckMessage] = []
    for item in navigation.items.values():
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            found.append(Error(f"Navigation item {item.key!r}: no page {item.url_name!r}.", id="ui.E001"))
        if item.icon not in icons.paths():
            found.append(Error(f"Navigation item {item.key!r}: no icon {item.icon!r}.", id="ui.E002"))
    return found
