"""Lines across the top of every page: demo data, an open break-glass, a site that is closed today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.utils.functional import Promise

from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Banner:
    """`state` is one of info, warn, bad; the link is where to read more or to end it."""

    text: str | Promise
    state: str = "info"
    icon: str = "info-circle"
    url: str = ""
    link: str | Promise = ""


class BannerSource(Protocol):
    """Asked on every page; keep it to one cheap query or none."""

    def __call__(self, request: HttpRequest) -> Banner | None: ...


sources: Registry[BannerSource] = Registry("banners")


def banners_for(request: HttpRequest) -> list[Banner]:
    """All banners of this page, in the order of registration."""
    return [banner for source in sources.values() if (banner := source(request)) is not None]
