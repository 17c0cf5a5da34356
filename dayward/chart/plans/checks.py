from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.chart.plans import library
from dayward.chart.plans.models import PlanSignature
from dayward.kernel.errors import Misconfigured


def check_library(**kwargs: Any) -> list[CheckMessage]:
    """Starters and seats can be read with their examples, and each seat is one a signature can have."""
    reading: tuple[Callable[[], object], ...] = (
        library.starters,
        library.beginning,
        _known_seats,
        library.starter_examples,
        library.seat_examples,
    )
    found = [_problem(read) for read in reading]
    return [Error(text, id="plans.E001") for text in found if text]


def _problem(read: Callable[[], object]) -> str:
    try:
        read()
    except (Misconfigured, KeyError) as problem:
        return str(problem)
    return ""


def _known_seats() -> None:
    unknown = set(library.seats()) - set(PlanSignature.Role.values)
    if unknown:
        raise Misconfigured(
            f"team/us-general/table.toml: no signature is called {', '.join(sorted(unknown))}"
        )
