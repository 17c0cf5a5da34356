"""Events: frozen dataclasses published by a package and heard by packages above it.

Handlers run at once, in the same transaction: either everything happened or nothing did.
Slow work is deferred as a job by the handler.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` for each published `event_type`. Called from `apps.py`; twice is once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Let everybody who subscribed hear of it, in the order of subscription."""
    for handler in _handlers[type(event)]:
        handler(event)
