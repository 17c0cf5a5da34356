"""How fast the machine is just now: a fixed piece of work, done beside each request.

On a shared machine the same work takes half as long again from one second to the next, which a 95th percentile tells
as if it were the page's. A page's times at full pace are its times, each divided by how much longer than the quickest
ever the piece took just then.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence

PIECE = 6_000  # steps: about half a millisecond
FIRST = 2_000  # pieces that find the quickest
AROUND = 4  # pieces before and after: a single one may have been interrupted


def piece() -> float:
    """Milliseconds that it takes now."""
    began = time.perf_counter()
    found: dict[int, str] = {}
    for number in range(PIECE):
        found[number % 50] = f"{number}"
    return (time.perf_counter() - began) * 1000


def quickest() -> float:
    return min(piece() for _each in range(FIRST))


def at_full_pace(milliseconds: Sequence[float], pieces: Sequence[float], best: float) -> list[float]:
    """Each time as it would have been, had the machine been as fast then as it can be."""
    return [
        each * best / max(statistics.median(pieces[max(at - AROUND, 0) : at + AROUND + 1]), best)
        for at, each in enumerate(milliseconds)
    ]


def p95(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]
