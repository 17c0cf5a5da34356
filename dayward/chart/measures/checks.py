from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.chart.measures import library
from dayward.kernel.errors import Misconfigured


def check_library(**kwargs: Any) -> list[CheckMessage]:
    """Each instrument can be read, and has worked examples."""
    found: list[CheckMessage] = []
    for name in library.names():
        try:
            instrument = library.instrument(name)
            for row in library.examples(name):
                library.answers_of(instrument, row["answers"])
        except (Misconfigured, KeyError, ValueError) as problem:
            found.append(Error(f"measures/library/{name}: {problem}", id="measures.E001"))
    return found
