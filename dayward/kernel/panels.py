"""Panels: pieces of a page that packages contribute; a door composes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from dayward.kernel.gathering import Reading, lift, side_by_side
from dayward.kernel.permissions import Permission
from dayward.kernel.registry import Registry

Context = dict[str, Any] | None  # None: there is nothing to show


@dataclass(frozen=True)
class Panel:
    """One panel: a template and the function that gets its context.

    `context(request, person)` for chart panels, `context(request)` for today panels. A function that reads is
    best a reading (kernel/gathering.py): then the page reads for all its panels together. A panel and a line
    in the header that show parts of the same share one function.
    `url_name` is the panel's own page, for `hx-get` refresh and for opening it alone.
    """

    key: str
    title: str
    template: str
    context: Callable[..., Context | Reading[Context]]
    permission: Permission
    order: int = 100
    url_name: str = ""


chart_panels: Registry[Panel] = Registry("chart panels")
today_panels: Registry[Panel] = Registry("today panels")
pipeline_panels: Registry[Panel] = Registry(
    "pipeline panels"
)  # `context(request)`: what waits before it is a case
chart_header: Registry[Panel] = Registry("chart header")


def for_request(request: HttpRequest, registry: Registry[Panel]) -> list[Panel]:
    """The panels this person's roles may see, in order."""
    may = getattr(request, "may", None)
    shown = [panel for panel in registry.values() if may is None or may(panel.permission)]
    return sorted(shown, key=lambda panel: (panel.order, panel.key))


def contexts(panels: Iterable[Panel], *given: Any) -> Reading[list[Context]]:
    """What each panel shows, read side by side; where several show parts of the same, it is read once."""
    shown = list(panels)
    functions = list(dict.fromkeys(panel.context for panel in shown))
    found = yield from side_by_side(lift(function(*given)) for function in functions)
    by_function = dict(zip(functions, found, strict=True))
    return [by_function[panel.context] for panel in shown]
