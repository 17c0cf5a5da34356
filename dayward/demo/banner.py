"""The line on top of every page of the synthetic clinic."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dayward.ui import banners
from dayward.ui.banners import Banner

BANNER = Banner(
    _("This is a made-up clinic for trying Dayward: nobody in it exists. Never type in a real person."),
    state="warn",
    icon="info-circle",
)


def show() -> None:
    """From now on in this process. The server asks once at its start whether it serves the demo."""
    banners.sources.register("demo", _banner)


def _banner(request: HttpRequest) -> Banner | None:
    return BANNER
